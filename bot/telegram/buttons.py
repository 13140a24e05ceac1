"""The presses of buttons. Data is a letter for what to do and what it needs, at most 64 bytes; what has gone stale says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.telegram import asking, commands, feedback, lists, reading, texts
from bot.telegram.turn import Turn

_CAN_BE_DELETED = timedelta(hours=48)  # core.telegram.org/bots/api#deletemessage


async def on_press(turn: Turn) -> None:
    """Do what the button says."""
    if turn.pressed.message is None:
        turn.toast(texts.STALE, alert=True)
        return
    what, _, rest = (turn.pressed.data or "").partition(":")
    first, _, second = rest.partition(":")
    match what:
        case "t" | "g":
            reading.show_text(turn, first, _number(second), in_place=what == "g")
        case "r":
            await reading.show_related(turn, first)
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
        case "v":
            _document(turn, first)
        case "i":
            await commands.set_role(turn, first)
        case "x":
            commands.delete_now(turn, first == "1")
        case "h":
            _hide(turn)
        case "q":
            await _example(turn)
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
    message = turn.pressed.message
    if message is None or datetime.now(UTC) - message.date > _CAN_BE_DELETED:
        turn.toast(texts.TOO_OLD_TO_HIDE, alert=True)
        return
    turn.toast(texts.HIDDEN)
    turn.take_away()


async def _example(turn: Turn) -> None:
    """The question stands on the button itself, so it never goes stale."""
    markup = getattr(turn.pressed.message, "reply_markup", None)
    labels = (
        [button.text for row in markup.inline_keyboard for button in row if button.callback_data == turn.pressed.data] if markup else []
    )
    if not labels:
        turn.toast(texts.STALE, alert=True)
        return
    turn.toast(labels[0])
    await asking.answer(turn, labels[0], repeat=True)


def _number(text: str) -> int:
    return int(text) if text.removeprefix("-").isdigit() else 0
