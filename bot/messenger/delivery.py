"""Delivers the letters: one after the other within a chat, the chats side by side, until the service has taken each."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from aiolimiter import AsyncLimiter

from bot.messenger.http import MARK
from bot.messenger.mailbox import Mailbox
from bot.messenger.posting import SAYS, Blocked, Later, Letter, Moved, Otherwise, Post, Unreachable, Unwanted
from bot.messenger.side_by_side import SideBySide

_log = logging.getLogger(__name__)
_FIRST_WAIT = 1.0
_LONGEST_WAIT = 60.0
_TOO_OLD = 24 * 3600
_APART = 1.05  # a little more than the time between two letters: the network brings them closer together


class Delivery(SideBySide):
    """Delivers with ``post``, at most ``per_second`` letters a second (0: without limit), evenly also when many wait.

    ``on_blocked`` is told of chats that no longer want any. ``name`` is a chat's alias for the log.
    """

    def __init__(
        self, post: Post, mailbox: Mailbox, per_second: float, name: Callable[[str], str], on_blocked: Callable[[str], None]
    ) -> None:
        super().__init__()
        self._post = post
        self._mailbox = mailbox
        self._pace = AsyncLimiter(1, _APART / per_second) if per_second else None
        self._name = name
        self._on_blocked = on_blocked
        self._to_scrub: set[str] = set()

    def resume(self) -> None:
        """Go on with what was left before the last stop."""
        if sent := self._mailbox.settle():
            _log.warning("%d tin đang gửi dở khi dừng lần trước: coi như đã gửi", sent)
        for chat in self._mailbox.chats():
            self.kick(chat)

    def stop(self, chat: str) -> int:
        """Say nothing more to a chat that wants nothing more, and return how much was to be said."""
        dropped = self._mailbox.drop_chat(chat)
        self._on_blocked(chat)
        return dropped

    def scrub_after(self, chat: str) -> None:
        """Leave no trace of what was deleted: now, and once what is being said to the chat is out of the mailbox."""
        self._mailbox.scrub()
        if chat in self._tasks:
            self._to_scrub.add(chat)

    async def _go_through(self, chat: str) -> None:
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
            if chat in self._to_scrub:
                self._to_scrub.discard(chat)
                self._mailbox.scrub()

    async def _attempt(self, letter: Letter, failures: int) -> float:
        """Try to deliver a letter; return 0 when it is out of the mailbox or changed, else the seconds to wait."""
        if time.time() - letter.made > _TOO_OLD:
            return self._give_up(letter, "quá một ngày chưa gửi được")
        if self._pace:
            await self._pace.acquire()
        MARK.set(partial(self._mailbox.leaving, letter.id) if letter.method == SAYS and not letter.instead else None)
        try:
            arrived = await self._post.send(letter)
        except Later as error:
            _log.warning("Máy chủ bảo %s: %s", self._name(letter.chat), error)
            return error.seconds + 0.1
        except Moved as error:
            self._mailbox.replace(replace(letter, chat=error.chat))
            self.kick(error.chat)
            return 0.0
        except Blocked as error:
            _log.info("%s không nhận tin nữa (%s): bỏ %d tin", self._name(letter.chat), error, self.stop(letter.chat))
            return 0.0
        except Otherwise as error:
            _log.warning("Một tin phải gửi cách khác (%s)", error)
            self._mailbox.replace(error.letter)
            return 0.0
        except Unwanted as error:
            return self._give_up(letter, str(error))
        except Unreachable as error:
            wait = min(_FIRST_WAIT * 2.0**failures, _LONGEST_WAIT)
            _log.warning("Chưa gửi được cho %s (%s): thử lại sau %.0f giây", self._name(letter.chat), error, wait)
            return wait
        self._mailbox.arrived(letter, arrived or "")
        return 0.0

    def _give_up(self, letter: Letter, reason: str) -> float:
        self._mailbox.drop(letter.id)
        _log.warning("Bỏ một tin cho %s: %s", self._name(letter.chat), reason)
        return 0.0
