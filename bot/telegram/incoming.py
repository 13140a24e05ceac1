"""What Telegram brings → the mailbox: updates as they came, without names; what cannot be read is counted and left.

Of joining and leaving, nothing is kept but that it came.
"""

from __future__ import annotations

import hashlib
import json
import logging
from typing import Any, Literal

from telegram import Bot, Chat, ChatMember, Message, Update

from bot.messenger import reminders, texts
from bot.messenger.desk import Desk
from bot.messenger.handling import Handling
from bot.messenger.mailbox import Update as Kept
from bot.messenger.runs import plain
from bot.telegram.groups import concerns_us, words_of

_log = logging.getLogger(__name__)
_NAMES = ("first_name", "sender_user_name", "phone_number")  # the library wants them to be there
_MORE_NAMES = ("last_name", "username", "language_code", "author_signature", "vcard")
_GONE = (ChatMember.LEFT, ChatMember.BANNED)
_THERE = (ChatMember.MEMBER, ChatMember.ADMINISTRATOR)


class Incoming:
    """Takes updates in for ``bot``."""

    def __init__(self, bot: Bot, desk: Desk, handling: Handling) -> None:
        self._bot = bot
        self._desk = desk
        self._handling = handling

    def take(self, raw: object) -> None:
        """Keep an update, once. Raises ``TracuuError`` where it cannot be kept, and then it has to come again."""
        if not isinstance(raw, dict) or not isinstance(raw.get("update_id"), int):
            self._desk.service.kept.journal.put_aside("telegram", "không có số")
            _log.warning("Để riêng một cập nhật không có số")
            return
        body = json.dumps(_nameless(raw), ensure_ascii=False).encode("utf-8", "replace").decode()  # half a character is none
        key = _key(raw["update_id"], body)
        try:
            update = Update.de_json(raw, self._bot)
            chat, is_ours, moved = _chat_of(update), concerns_us(update, self._bot), _moved(update)
            _check_words(update)
        except Exception as error:  # whatever the library makes of it, the next updates are to be heard
            self._put_aside(raw, key, error)
            return
        if is_ours:
            self._handling.take(Kept(key, chat, body))
        elif self._desk.mailbox.note(key):
            self._settle(chat, moved)

    def _settle(self, chat: str, moved: str) -> None:
        """Say hello to a group that the bot was put into, and to who comes back, that reminders stopped; where put out, no more."""
        if moved == "out":
            self._desk.delivery.stop(chat)
        elif moved == "in":
            self._desk.tell(chat, [plain(texts.GROUP_WELCOME.format(name=self._desk.name))])
        elif moved == "back":
            reminders.tell_stopped(self._desk, chat)

    def _put_aside(self, raw: dict[str, Any], key: str, error: Exception) -> None:
        """Only the kind of the fault is kept: the words of the update may name somebody."""
        if self._desk.mailbox.note(key):
            self._desk.service.kept.journal.put_aside("telegram", type(error).__name__)
            _log.warning("Để riêng cập nhật %d, không đọc được (%s)", raw["update_id"], type(error).__name__)


def read(body: str, bot: Bot) -> Update:
    """Return an update as the library reads it; what it raises is not foreseen."""
    return Update.de_json(json.loads(body), bot)


def _moved(update: Update) -> Literal["in", "out", "back", ""]:
    """Say whether the bot was put into a group, or out of any chat (blocked, removed), or is no longer blocked."""
    told = update.my_chat_member
    if told is None:
        return ""
    before, now = told.old_chat_member.status, told.new_chat_member.status
    if now in _GONE:
        return "out"
    if before not in _GONE or now not in _THERE:
        return ""
    return "in" if told.chat.type in (Chat.GROUP, Chat.SUPERGROUP) else "back" if told.chat.type == Chat.PRIVATE else ""


def _check_words(update: Update) -> None:
    """The library takes anything for a text. Raises ``TypeError`` for what is none."""
    message = update.effective_message
    for each in (message, message.reply_to_message) if isinstance(message, Message) else ():
        if isinstance(each, Message) and not isinstance(words_of(each), str):
            raise TypeError(type(words_of(each)).__name__)


def _chat_of(update: Update) -> str:
    """Return in whose order an update is handled."""
    chat = update.effective_chat or update.effective_user
    return str(chat.id) if chat else ""


def _key(number: int, body: str) -> str:
    """Return what an update is known by: its number, which may come again after a week, and what it says."""
    return f"{number}-{hashlib.blake2b(body.encode(), digest_size=6).hexdigest()}"


def _nameless(value: Any) -> Any:  # noqa: ANN401
    """Return a part of an update without what people are called: no answer needs it."""
    if isinstance(value, list):
        return [_nameless(one) for one in value]
    if not isinstance(value, dict):
        return value
    kept = {name: _nameless(one) for name, one in value.items() if name not in _MORE_NAMES}
    return kept | {name: "" for name in _NAMES if name in kept}
