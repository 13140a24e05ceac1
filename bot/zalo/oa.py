"""What an Official Account brings → messages; and what differs there: reminders, which Zalo allows for two days only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.messenger import commands
from bot.messenger.commands import Handler
from bot.messenger.exchange import Exchange
from bot.messenger.runs import bold, plain
from bot.zalo import texts
from bot.zalo.events import Event
from bot.zalo.events import read as read_event
from bot.zalo.incoming import Kind, Message

_KINDS: dict[str, Kind] = {
    "user_send_text": "text",
    "user_send_image": "image",
    "user_send_gif": "sticker",
    "user_send_sticker": "sticker",
    "user_send_audio": "voice",
    "user_send_file": "file",
}


def message_of(event: Event) -> Message | None:
    """Return the message that an event brings; nothing where somebody only came or left."""
    if not event.is_action:
        return None
    kind = _KINDS.get(event.name, "other")
    return Message(id=event.message, chat=event.user, user=event.user, kind=kind, is_group=False, at=event.at, text=event.text)


def read(raw: Any) -> Message | None:  # noqa: ANN401 (what was kept of an event)
    """Return the message in an event that was kept."""
    event = read_event(json.dumps(raw).encode())
    return message_of(event) if isinstance(event, Event) else None


async def remind(exchange: Exchange) -> None:
    """Say what Zalo allows before reminders are turned on; ``/nhac bat`` agrees to it."""
    if exchange.behind_command:
        await commands.remind(exchange)
    else:
        chosen = exchange.desk.service.settings
        limits = texts.REMINDERS_OA_BODY.format(hours=chosen.zalo_oa_free_hours, replies=chosen.zalo_oa_replies)
        exchange.say([bold(texts.REMINDERS_OA), plain(limits)])


COMMANDS: Mapping[str, Handler] = commands.COMMANDS | {"nhac": remind}
