"""Delivers the outbox: one letter after the other within a chat, the chats side by side, until Telegram has taken each."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from html import unescape

from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.telegram.mailbox import Letter, Mailbox
from bot.telegram.wire import MARK

_log = logging.getLogger(__name__)
_FIRST_WAIT = 1.0
_LONGEST_WAIT = 60.0
_TOO_OLD = 24 * 3600
_GONE = re.compile(r"message to edit not found|message can't be edited|MESSAGE_ID_INVALID|message to reply not found", re.I)
_CLOSED = re.compile(r"chat not found|not enough rights|have no rights|CHAT_WRITE_FORBIDDEN|TOPIC_CLOSED|PEER_ID_INVALID", re.I)
_DONE = re.compile(r"message is not modified|message to delete not found", re.I)
_TAG = re.compile(r"<[^>]*>")


def _seconds(time: int | timedelta) -> float:
    return time.total_seconds() if isinstance(time, timedelta) else float(time)


class Sender:
    """Sends letters with ``bot``; ``on_blocked`` is told of chats that no longer want any. ``name`` is a chat's alias for the log."""

    def __init__(self, bot: Bot, mailbox: Mailbox, name: Callable[[int], str], on_blocked: Callable[[int], None]) -> None:
        self._bot = bot
        self._mailbox = mailbox
        self._name = name
        self._on_blocked = on_blocked
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._closing = False

    def resume(self) -> None:
        """Go on with what was left before the last stop."""
        if sent := self._mailbox.settle():
            _log.warning("%d tin đang gửi dở khi dừng lần trước: coi như đã gửi", sent)
        for chat in self._mailbox.chats():
            self.kick(chat)

    def kick(self, chat: int) -> None:
        """Deliver what is there for a chat."""
        if chat not in self._tasks and not self._closing:
            self._tasks[chat] = asyncio.create_task(self._deliver(chat), name=f"deliver {chat}")

    async def close(self, patience: float = 5.0) -> None:
        """Finish what is on its way; the rest stays in the outbox for the next start."""
        self._closing = True
        if self._tasks:
            _, late = await asyncio.wait(self._tasks.values(), timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _deliver(self, chat: int) -> None:
        failures = 0
        try:
            while not self._closing and (letter := self._mailbox.next(chat)) is not None:
                wait = await self._attempt(letter, failures)
                failures = failures + 1 if wait else 0
                if wait and not self._closing:
                    await asyncio.sleep(wait)
        except Exception:
            _log.exception("Không gửi được tin cho %s", self._name(chat))
        finally:
            del self._tasks[chat]

    async def _attempt(self, letter: Letter, failures: int) -> float:
        """Try to deliver a letter; return 0 when it is out of the outbox or changed, else the seconds to wait."""
        if time.time() - letter.made > _TOO_OLD:
            return self._give_up(letter, "quá một ngày chưa gửi được")
        MARK.set(partial(self._mailbox.leaving, letter.id) if letter.method == "sendMessage" else None)
        try:
            await self._post(letter)
        except RetryAfter as error:
            seconds = _seconds(error.retry_after)
            _log.warning("Telegram bảo chờ %s giây", seconds)
            return seconds + 0.1
        except ChatMigrated as error:
            self._mailbox.replace(replace(letter, chat=error.new_chat_id))
            self.kick(error.new_chat_id)
            return 0.0
        except Forbidden as error:
            dropped = self._mailbox.drop_chat(letter.chat)
            self._on_blocked(letter.chat)
            _log.info("%s không nhận tin nữa (%s): bỏ %d tin", self._name(letter.chat), error, dropped)
            return 0.0
        except BadRequest as error:
            return self._rejected(letter, str(error))
        except TelegramError as error:
            wait = min(_FIRST_WAIT * 2.0**failures, _LONGEST_WAIT)
            _log.warning("Chưa gửi được cho %s (%s): thử lại sau %.0f giây", self._name(letter.chat), error, wait)
            return wait
        self._mailbox.drop(letter.id)
        return 0.0

    async def _post(self, letter: Letter) -> None:
        match letter.method:
            case "sendMessage":
                await self._bot.send_message(chat_id=letter.chat, **letter.payload)
            case "editMessageText":
                await self._bot.edit_message_text(chat_id=letter.chat, **letter.payload)
            case "editMessageReplyMarkup":
                await self._bot.edit_message_reply_markup(chat_id=letter.chat, **letter.payload)
            case "deleteMessage":
                await self._bot.delete_message(chat_id=letter.chat, **letter.payload)

    def _rejected(self, letter: Letter, reason: str) -> float:
        """What Telegram will never take as it is goes another way, where there is one."""
        if _DONE.search(reason):
            self._mailbox.drop(letter.id)
            return 0.0
        if letter.method != "sendMessage" and _GONE.search(reason):
            if letter.method != "editMessageText":
                return self._give_up(letter, reason)
            payload = {name: value for name, value in letter.payload.items() if name != "message_id"}
            self._mailbox.replace(replace(letter, method="sendMessage", payload=payload))
            return 0.0
        if "parse_mode" in letter.payload and not _CLOSED.search(reason):
            _log.error("Telegram không nhận định dạng của một tin (%s): gửi lại dạng chữ thường", reason)
            payload = {name: value for name, value in letter.payload.items() if name != "parse_mode"}
            payload["text"] = unescape(_TAG.sub("", payload["text"]))
            self._mailbox.replace(replace(letter, payload=payload))
            return 0.0
        return self._give_up(letter, reason)

    def _give_up(self, letter: Letter, reason: str) -> float:
        self._mailbox.drop(letter.id)
        _log.warning("Bỏ một tin cho %s: %s", self._name(letter.chat), reason)
        return 0.0
