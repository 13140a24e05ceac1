"""Delivers the letters: one after the other within a chat, the chats side by side, until the service has taken each."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from aiolimiter import AsyncLimiter

from bot.messenger.crew import Crew
from bot.messenger.http import MARK
from bot.messenger.mailbox import Mailbox
from bot.messenger.posting import SAYS, Blocked, Later, Letter, Moved, Otherwise, Post, Unreachable, Unwanted
from bot.messenger.side_by_side import SideBySide
from rag.errors import DatabaseAway, TracuuError

_log = logging.getLogger(__name__)
_FIRST_WAIT = 1.0
_LONGEST_WAIT = 60.0
_MOST_FAULTS = 5
_TOO_OLD = 24 * 3600
_PAUSE = 1.0  # seconds until the mailbox is asked again that failed
_APART = 1.05  # a little more than the time between two letters: the network brings them closer together


class Overtaken(Exception):
    """Another process leads by now, and sends the letter."""


@dataclass
class _Leaving:
    """Marks a letter as leaving, and takes the mark back; ``is_marked`` says that it was handed over.

    ``fault`` is why it could not be marked: the wire, inside which that happens, tells it as a fault of its own.
    """

    mailbox: Mailbox
    letter: Letter
    term: int
    is_marked: bool = False
    fault: TracuuError | None = None

    def __call__(self, is_leaving: bool) -> None:
        """Mark it, or take the mark back. Raises ``TracuuError``, and ``Overtaken`` where another process leads."""
        if is_leaving:
            self._leave()
        elif self.is_marked:
            self.is_marked = False
            with suppress(TracuuError):  # as long as this process leads, it knows that its own marks mean nothing
                self.mailbox.stays(self.letter, self.term)

    def _leave(self) -> None:
        try:
            if not self.mailbox.leaves(self.letter.id, self.term):
                raise Overtaken
        except TracuuError as error:
            self.fault = error
            raise
        self.is_marked = True


class Delivery(SideBySide):
    """Delivers with ``post``, at most ``per_second`` letters a second (0: without limit), evenly also when many wait.

    ``on_blocked`` is told of chats that no longer want any. ``name`` is a chat's alias for the log.
    """

    def __init__(
        self,
        post: Post,
        mailbox: Mailbox,
        crew: Crew,
        per_second: float,
        name: Callable[[str], str],
        on_blocked: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._post = post
        self._mailbox = mailbox
        self._crew = crew
        self._pace = AsyncLimiter(1, _APART / per_second) if per_second else None
        self._name = name
        self._on_blocked = on_blocked
        self._to_scrub: set[str] = set()
        self._faults: Counter[int] = Counter()  # of the program, by the letter at which it failed

    def resume(self) -> None:
        """Go on with what was left before the last stop, or by another process."""
        if sent := self._mailbox.settle():
            _log.warning("%d tin đang gửi dở khi dừng lần trước: coi như đã gửi", sent)
        self.look()

    def check(self) -> None:
        """Raise ``DatabaseAway`` where the mailbox cannot be reached."""
        self._mailbox.next("")

    def look(self) -> None:
        """Deliver whatever is there."""
        for chat in self._mailbox.chats():
            self.kick(chat)

    def kick(self, chat: str) -> None:
        """Deliver what is there for a chat, or have it delivered by the process that leads."""
        if self._crew.is_leading:
            super().kick(chat)
        else:
            self._crew.tell()

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
        try:
            while not await self._gone_through(chat) and not self._closing:
                await asyncio.sleep(_PAUSE)
        finally:
            del self._tasks[chat]

    async def _gone_through(self, chat: str) -> bool:
        """Deliver what is there for a chat; ``False`` where the mailbox failed: the letters wait there."""
        failures = 0
        try:
            while not self._closing and self._crew.is_leading and (letter := self._mailbox.next(chat)) is not None:
                wait = await self._attempt(letter, failures)
                failures = failures + 1 if wait else 0
                if wait and not self._closing:
                    await asyncio.sleep(wait)
            if chat in self._to_scrub:
                self._mailbox.scrub()
                self._to_scrub.discard(chat)
        except DatabaseAway:  # which the storage tells
            return False
        except TracuuError as error:
            _log.error("Chưa gửi được tin cho %s: %s", self._name(chat), error)
            return False
        return True

    async def _attempt(self, letter: Letter, failures: int) -> float:
        """Try to deliver a letter; return 0 when it is out of the mailbox or changed, else the seconds to wait."""
        if letter.leaving not in (0, self._crew.term):  # it left under another leader
            await self._arrived(letter, "")
            return 0.0
        if time.time() - letter.made > _TOO_OLD:
            return self._give_up(letter, "quá một ngày chưa gửi được")
        if self._pace:
            await self._pace.acquire()
        mark = _Leaving(self._mailbox, letter, self._crew.term) if letter.method == SAYS and not letter.instead else None
        MARK.set(mark)
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
            if mark and mark.fault:
                raise mark.fault from error
            wait = min(_FIRST_WAIT * 2.0**failures, _LONGEST_WAIT)
            _log.warning("Chưa gửi được cho %s (%s): thử lại sau %.0f giây", self._name(letter.chat), error, wait)
            return wait
        except TracuuError:
            raise
        except Exception:
            _log.exception("Không gửi được một tin cho %s", self._name(letter.chat))
            if not (mark and mark.is_marked):
                return self._failed(letter)
            arrived = ""  # it was handed over: only what came after that went wrong
        await self._arrived(letter, arrived or "")
        return 0.0

    def _failed(self, letter: Letter) -> float:
        """Give up a letter at which the program has failed often enough, so that it keeps no other from the chat."""
        self._faults[letter.id] += 1
        if self._faults[letter.id] < _MOST_FAULTS:
            return _FIRST_WAIT * 2.0 ** self._faults[letter.id]
        del self._faults[letter.id]
        return self._give_up(letter, f"{_MOST_FAULTS} lần đều lỗi")

    async def _arrived(self, letter: Letter, id: str) -> None:
        """Take a letter out, however long that takes: it must not be sent again."""
        while True:
            try:
                self._mailbox.arrived(letter, id)
            except TracuuError as error:
                _log.warning("Tin đã gửi cho %s chưa được ghi là đã gửi: %s", self._name(letter.chat), error)
                await asyncio.sleep(_PAUSE)
            else:
                return

    def _give_up(self, letter: Letter, reason: str) -> float:
        self._mailbox.drop(letter.id)
        _log.warning("Bỏ một tin cho %s: %s", self._name(letter.chat), reason)
        return 0.0
