"""What Zalo sends, read: by polling or webhook, with or without its envelope, and whatever it may be."""

from __future__ import annotations

import hashlib
import json
import math
import re
import time
import unicodedata
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.zalo.platform import Bot

Kind = Literal["text", "image", "sticker", "voice", "file", "other"]
_KINDS: dict[str, Kind] = {
    "message.text.received": "text",
    "message.image.received": "image",
    "message.sticker.received": "sticker",
    "message.voice.received": "voice",
}
_EARLIEST, _LATEST = 1e9, 1e11  # seconds; Zalo counts thousandths, of which an instant of our days has more than this


@dataclass(frozen=True, slots=True)
class Message:
    """What a person sent. Who it was and what they wrote does not get into a log by accident."""

    id: str
    chat: str
    user: str
    kind: Kind
    is_group: bool
    at: float
    text: str = field(default="", repr=False)
    name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What cannot be understood, and why; nothing of what it says."""

    reason: str


def parse(body: bytes) -> dict[str, Any] | None:
    """Return the object that a body holds; nothing where it holds none."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def key(raw: dict[str, Any]) -> str:
    """Return by what an update is known again when it comes once more: the event and its message, else all that it says."""
    update = _unwrapped(raw)
    message = update.get("message")
    id = _id(message.get("message_id")) if isinstance(message, dict) else ""
    if id:
        return f"{_id(update.get('event_name'))} {id}"
    try:
        said = json.dumps(update, sort_keys=True)
    except RecursionError:  # nothing of Zalo's is so deep: all of it may count as one
        said = ""
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


def read(raw: object, me: Bot) -> Message | Unreadable | None:
    """Return the message in an update; nothing where it holds none, or one of a bot's."""
    if not isinstance(raw, dict):
        return Unreadable("không phải một đối tượng")
    update = _unwrapped(raw)
    event, message = _id(update.get("event_name")), update.get("message")
    if message is None or (event and not event.startswith("message.")):
        return None if event else Unreadable("không có sự kiện nào")
    if not isinstance(message, dict):
        return Unreadable("tin không phải một đối tượng")
    sender, chat = message.get("from"), message.get("chat")
    if not isinstance(sender, dict) or not isinstance(chat, dict):
        return Unreadable("không rõ ai gửi, ở đâu")
    id, where, who = (_id(value) for value in (message.get("message_id"), chat.get("id"), sender.get("id")))
    if not (id and where and who):
        return Unreadable("thiếu mã của tin, của người gửi hoặc của cuộc trò chuyện")
    if sender.get("is_bot") is True or who == me.id:
        return None
    is_group = chat.get("chat_type") == "GROUP"
    text = _text(message.get("text")) or _text(message.get("caption"))
    return Message(
        id=id,
        chat=where,
        user=who,
        kind=_KINDS.get(event, "other" if event or not text else "text"),
        is_group=is_group,
        at=_instant(message.get("date")),
        text=without_mention(text, me) if is_group else text,
        name=_text(sender.get("display_name")) or _text(sender.get("first_name")),
    )


def without_mention(text: str, me: Bot) -> str:
    """Return what is said to the bot in a group, without its name; how Zalo writes a mention is not documented: ``@Name`` is a guess."""
    for name in (me.name, me.account):
        if words := r"\s+".join(map(re.escape, unicodedata.normalize("NFC", name).split())):
            text = re.sub(rf"(?<!\w)@\s?{words}(?!\w)[,:]?", " ", text, flags=re.IGNORECASE)
    return re.sub(r"[^\S\n]+", " ", text).strip()


def _unwrapped(raw: dict[str, Any]) -> dict[str, Any]:
    inner = raw.get("result")
    return inner if isinstance(inner, dict) and "message" not in raw else raw


def _id(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _text(value)


def _text(value: object) -> str:
    """Return a text that can be stored: no half characters, no zeros."""
    if not isinstance(value, str):
        return ""
    return unicodedata.normalize("NFC", value.encode(errors="replace").decode().replace("\0", "")).strip()


def _instant(value: object) -> float:
    """Return when a message was sent, in seconds; now where that cannot be."""
    try:
        seconds = float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else math.nan
    except (ValueError, OverflowError):
        seconds = math.nan
    if seconds >= _LATEST:
        seconds /= 1000
    return seconds if _EARLIEST <= seconds < _LATEST else time.time()
