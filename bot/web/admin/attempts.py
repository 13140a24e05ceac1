"""How long somebody who tries to log in has to wait; shared by the workers. There are delays, but no locks.

Every address, every known browser and the machine itself waits for its own wrong passwords only: so nobody can keep the
admin out from elsewhere. A password is costly to check. So few are checked at a time, those from where nobody has logged
in yet apart from the others, and where too many wait already, one is sent away unchecked: first who was wrong before.
"""

from __future__ import annotations

import math
import random
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from anyio import CapacityLimiter, to_thread

from bot.web.admin import tables
from bot.web.admin.passwords import hash_of, is_right
from rag.storage import State

T = TypeVar("T")
Lane = Literal["known", "unknown"]

_AGAIN = "INSERT INTO tries VALUES (?, 1, ?) ON CONFLICT (who) DO UPDATE SET failures = tries.failures + 1, last = excluded.last"
_FORGOTTEN = 3600.0  # seconds after the last wrong password
_FREE = 3  # tries without a delay
_FIRST = 2.0  # seconds; each wrong password more doubles them
_LONGEST: dict[Lane, float] = {"known": 8.0, "unknown": 60.0}
_ROOM = 40  # that wait in one lane of a worker, at about 50 ms each
_ROOM_OF_THE_WRONG = 8
_BUSY = (2, 5)  # seconds until who is sent away may try again, at random: not all at the same moment
_THREADS = 2


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a try comes from: ``who`` waits for its own wrong ones, beside the others of its ``lane``.

    ``network`` is where the address is one of many: it has no delay, but is let in later where many of it were wrong.
    """

    who: str
    lane: Lane
    network: str = ""


@dataclass(slots=True)
class _Room:
    waiting: int = 0
    hashing: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(1))


class Wait(Exception):
    """It may not be tried now; ``seconds`` is when it may be, ``busy`` whether that is because of others."""

    def __init__(self, seconds: float, busy: bool = False) -> None:
        super().__init__(seconds)
        self.seconds = max(1, math.ceil(seconds))
        self.busy = busy


class Attempts:
    """The tries of all workers and machines."""

    def __init__(self, state: State) -> None:
        self._database = tables.opened(state)
        self._rooms: dict[Lane, _Room] = {"known": _Room(), "unknown": _Room()}
        self._writing = CapacityLimiter(_THREADS)  # never all the threads that answer questions
        self._nobodys = hash_of(secrets.token_urlsafe(32))

    async def run(self, work: Callable[..., T], *given: object) -> T:
        """Run something that reads or writes the admins' file in one of the door's own threads."""
        return await to_thread.run_sync(work, *given, limiter=self._writing)

    async def check(self, password: str, hashed: str, origin: Origin) -> bool:
        """Say whether a password is right; without a hash (there is nobody of the name) that takes as long, and is never so.

        Raises ``Wait`` where it may not be tried now; that does not count as wrong.
        """
        wrong_before = await self.run(self._begin, origin)
        try:
            with self._place(origin.lane, wrong_before=wrong_before) as room:
                right = await to_thread.run_sync(is_right, password, hashed or self._nobodys, limiter=room.hashing)
        except BaseException:
            await self.run(self._take_back, origin)
            raise
        if not (right and hashed):
            await self.run(self._was_wrong, origin.who)
            return False
        await self.run(self._take_back, origin)
        return True

    def close(self) -> None:
        """Give the file back."""
        self._database.close()

    @contextmanager
    def _place(self, lane: Lane, *, wrong_before: bool) -> Iterator[_Room]:
        room = self._rooms[lane]
        if room.waiting >= (_ROOM_OF_THE_WRONG if wrong_before else _ROOM):
            raise Wait(random.uniform(*_BUSY), busy=True)
        room.waiting += 1
        try:
            yield room
        finally:
            room.waiting -= 1

    def _begin(self, origin: Origin) -> bool:
        """Count a try as a wrong one until it is known to be right: many at once are no way round the delay.

        Returns whether there were wrong ones before.
        """
        now = time.time()
        with self._database.transaction(alone=True):
            self._database.run("DELETE FROM tries WHERE last < ?", now - _FORGOTTEN)
            rows = self._database.rows("SELECT failures, last FROM tries WHERE who = ?", origin.who)
            failures, last = rows[0] if rows else (0, 0.0)
            delay = min(_LONGEST[origin.lane], _FIRST * 2.0 ** min(failures - _FREE, 10)) if failures >= _FREE else 0.0
            if (wait := min(last + delay - now, delay)) > 0:  # a clock that was set back makes nobody wait longer
                raise Wait(wait)
            beside = self._database.rows("SELECT failures FROM tries WHERE who = ?", origin.network)
            for each in filter(None, (origin.who, origin.network)):
                self._database.run(_AGAIN, each, now)
        return failures > 0 or bool(beside and beside[0][0] >= _FREE)

    def _was_wrong(self, who: str) -> None:
        """Let the delay begin now, however long the check took."""
        self._database.run("UPDATE tries SET last = ? WHERE who = ?", time.time(), who)

    def _take_back(self, origin: Origin) -> None:
        statement = "UPDATE tries SET failures = failures - 1 WHERE failures > 0 AND who IN (?, ?)"
        self._database.run(statement, origin.who, origin.network)
