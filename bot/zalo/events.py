"""What Zalo brings to the webhook of an Official Account, and whether it is from Zalo.

Whatever the body is, reading it raises nothing. A press of a button comes as the text that the button says.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

_log = logging.getLogger(__name__)
_USER_SENT = "user_send_"
_MEMBERS = ("follow", "unfollow")
_AHEAD = 600.0  # seconds by which a clock may be wrong
_STAMP = re.compile(r"\d{12,14}", re.ASCII)  # milliseconds
_LONGEST_ID = 128
_STAMP_HEADER = "X-ZEvent-Timestamp"
SIGNATURE = "X-ZEvent-Signature"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a person did; ``attachments`` are the kinds of what they sent, ``at`` is in seconds."""

    name: str
    user: str
    message: str
    text: str
    attachments: tuple[str, ...]
    at: float

    @property
    def key(self) -> str:
        """The same for a repetition, and for nothing else."""
        return f"{self.name}:{self.message or f'{self.user}:{self.at:.3f}'}"

    @property
    def is_action(self) -> bool:
        """Whether it lets the account reply for free: whether following does is not published, so only what is sent counts."""
        return self.name.startswith(_USER_SENT)


@dataclass(frozen=True, slots=True)
class Ignored:
    """An event that is not for us, such as what the account itself said."""

    name: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What is no event at all."""

    reason: str


def read(body: bytes) -> Event | Ignored | Unreadable:
    """Return what a body says."""
    told = _json(body)
    if told is None:
        return Unreadable("không phải JSON")
    name = _word(told.get("event_name"))
    if not name:
        return Unreadable("không có event_name")
    if not name.startswith(_USER_SENT) and name not in _MEMBERS:
        return Ignored(name)
    message = _part(told, "message")
    user = _word(_part(told, "follower" if name in _MEMBERS else "sender").get("id"))
    at, id = _milliseconds(told.get("timestamp")), _word(message.get("msg_id"))
    if not user or at is None:
        return Unreadable(f"{name} không có người gửi hoặc thời điểm")
    if not id and name not in _MEMBERS:
        return Unreadable(f"{name} không có msg_id")
    attachments = message.get("attachments")
    kinds = [_word(one.get("type")) for one in attachments if isinstance(one, dict)] if isinstance(attachments, list) else []
    text = message.get("text")
    return Event(name, user, id, _clean(text) if isinstance(text, str) else "", tuple(filter(None, kinds)), at)


class Signature:
    """Whether what came is from Zalo: ``SHA-256(app id + body + timestamp + the account's secret key)``, over the bytes as they came.

    Zalo repeats what it could not deliver with the same body, for nearly two hours; what is older than ``oldest`` is refused.
    Within that time the mailbox sees to it that nothing is handled twice.
    """

    def __init__(self, app_id: str, secret: str, oldest: timedelta, clock: Callable[[], float] = time.time) -> None:
        self._app_id = app_id
        self._secret = secret
        self._oldest = oldest.total_seconds()
        self._clock = clock

    def is_genuine(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Say whether a body was signed with the secret, and not long ago."""
        told = _json(body) or {}
        stamp = _word(told.get("timestamp")) or headers.get(_STAMP_HEADER, "")
        at = _milliseconds(stamp)
        given = headers.get(SIGNATURE, "").removeprefix("mac=").lower()
        if at is None or not hmac.compare_digest(
            given.encode(errors="replace"), signature(self._app_id, body, stamp, self._secret).encode()
        ):
            return False
        now = self._clock()
        if not now - self._oldest <= at <= now + _AHEAD:
            _log.warning("Bỏ một tin của Zalo lệch %.0f giây so với đồng hồ của máy", now - at)
            return False
        return True


def signature(app_id: str, body: bytes, stamp: str, secret: str) -> str:
    """Return the signature of a body, in hexadecimal."""
    return hashlib.sha256(app_id.encode() + body + stamp.encode() + secret.encode()).hexdigest()


def _json(body: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _part(told: dict[str, Any], name: str) -> dict[str, Any]:
    part = told.get(name)
    return part if isinstance(part, dict) else {}


def _word(value: object) -> str:
    """Return a name or id, which some send as a number; empty for what is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**_LONGEST_ID else ""
    return _clean(value) if isinstance(value, str) and len(value) <= _LONGEST_ID else ""


def _clean(text: str) -> str:
    """Return a text that can be kept: without halves of characters."""
    return text.encode("utf-8", "replace").decode()


def _milliseconds(value: object) -> float | None:
    stamp = _word(value)
    return int(stamp) / 1000 if _STAMP.fullmatch(stamp) else None
