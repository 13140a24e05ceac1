"""The presses of buttons. Data is a letter for what to do and what it needs, at most 64 bytes; what has gone stale says so."""

from __future__ import annotations

from bot.messenger import asking, commands, feedback, lists, reading, reminders, texts
from bot.messenger.turn import Turn


async def on_press(turn: Turn, data: str) -> None:
    """Do what the button with this ``data`` says."""
    what, _, rest = data.partition(":")
    first, second, third = (*rest.split(":", 2), "", "")[:3]
    match what:
        case "t" | "g":
            reading.show_text(turn, first, _number(second), in_place=what == "g", id=third)
        case "c":
            reading.show_contents(turn, first, _number(second), third)
        case "b":
            reading.show_answer(turn, first)
        case "r":
            await reading.show_related(turn, first, second)
        case "u":
            feedback.up(turn, first)
        case "d":
            feedback.down(turn, first)
        case "p":
            feedback.meant(turn, first, second)
        case "y":
            feedback.reason(turn, first, second)
        case "l" if first in lists.LISTS:
            turn.toast()
            lists.show(turn, first, _number(second))
        case "k":
            lists.send_calendar(turn, is_own=first == "own")
        case "s":
            feedback.send_to_admin(turn, first)
        case "n":
            reminders.switch(turn, on=first == "1")
        case "v":
            _document(turn, first)
        case "i":
            await commands.set_role(turn, first)
        case "x":
            commands.delete_now(turn, first == "1")
        case "h":
            _hide(turn)
        case "q":
            await _example(turn, data)
        case _:
            turn.toast(texts.STALE, alert=True)


def _document(turn: Turn, key: str) -> None:
    place = turn.desk.mailbox.place(key)
    if place is None:
        turn.toast(texts.STALE, alert=True)
    else:
        lists.show_document(turn, place.document)


def _hide(turn: Turn) -> None:
    """Take a wording away; pressed twice, it is gone all the same."""
    if turn.take_away():
        turn.toast(texts.HIDDEN)
    else:
        turn.toast(texts.TOO_OLD_TO_HIDE, alert=True)


async def _example(turn: Turn, data: str) -> None:
    """The question stands on the button itself, so it never goes stale."""
    labels = [label for row in turn.rows for label, known in row if known == data]
    if not labels:
        turn.toast(texts.STALE, alert=True)
        return
    turn.toast(labels[0])
    await asking.answer(turn, labels[0], repeat=True)


def _number(text: str) -> int:
    return int(text) if text.removeprefix("-").isdigit() else 0
