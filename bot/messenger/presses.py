"""The presses of buttons. Data is a letter for what to do and what it needs, at most 64 bytes; what has gone stale says so."""

from __future__ import annotations

from bot.messenger import asking, commands, feedback, lists, reading, reminders, texts
from bot.messenger.exchange import Exchange


async def on_press(exchange: Exchange, data: str) -> None:
    """Do what the button with this ``data`` says."""
    what, _, rest = data.partition(":")
    first, second, third = (*rest.split(":", 2), "", "")[:3]
    match what:
        case "t" | "g":
            reading.show_text(exchange, first, _number(second), in_place=what == "g", id=third)
        case "c":
            reading.show_contents(exchange, first, _number(second), third)
        case "b":
            reading.show_answer(exchange, first)
        case "r":
            await reading.show_related(exchange, first, second)
        case "u":
            feedback.up(exchange, first)
        case "d":
            feedback.down(exchange, first)
        case "p":
            feedback.meant(exchange, first, second)
        case "y":
            feedback.reason(exchange, first, second)
        case "l" if first in lists.LISTS:
            exchange.toast()
            lists.show(exchange, first, _number(second))
        case "k":
            lists.send_calendar(exchange, is_own=first == "own")
        case "s":
            feedback.send_to_admin(exchange, first)
        case "n":
            reminders.switch(exchange, on=first == "1")
        case "v":
            _document(exchange, first)
        case "i":
            await commands.set_role(exchange, first)
        case "x":
            commands.delete_now(exchange, first == "1")
        case "h":
            _hide(exchange)
        case "q":
            await _example(exchange, data)
        case _:
            exchange.toast(texts.STALE, alert=True)


def _document(exchange: Exchange, key: str) -> None:
    place = exchange.desk.mailbox.place(key)
    if place is None:
        exchange.toast(texts.STALE, alert=True)
    else:
        lists.show_document(exchange, place.document)


def _hide(exchange: Exchange) -> None:
    """Take a wording away; pressed twice, it is gone all the same."""
    if exchange.take_away():
        exchange.toast(texts.HIDDEN)
    else:
        exchange.toast(texts.TOO_OLD_TO_HIDE, alert=True)


async def _example(exchange: Exchange, data: str) -> None:
    """The question stands on the button itself, so it never goes stale."""
    labels = [label for row in exchange.rows for label, known in row if known == data]
    if not labels:
        exchange.toast(texts.STALE, alert=True)
        return
    exchange.toast(labels[0])
    await asking.answer(exchange, labels[0], repeat=True)


def _number(text: str) -> int:
    return int(text) if text.removeprefix("-").isdigit() else 0
