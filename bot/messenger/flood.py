"""How much one person may ask: so many questions a minute, one notice, then silence until it has calmed down."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

_WINDOW = 60.0
_PEOPLE = 10_000


class FloodGate:
    """Counts the questions of each person within the last minute."""

    def __init__(self, per_minute: int) -> None:
        self._limit = per_minute
        self._asked: OrderedDict[str, deque[float]] = OrderedDict()
        self._told: set[str] = set()
        self.working: set[str] = set()

    @contextmanager
    def work(self, update_id: str) -> Iterator[None]:
        """Count an update among those being answered."""
        self.working.add(update_id)
        try:
            yield
        finally:
            self.working.discard(update_id)

    def check(self, user: str) -> Literal["pass", "notice", "silence"]:
        """Count a question and say what to do with it."""
        now = time.monotonic()
        asked = self._asked.setdefault(user, deque())
        self._asked.move_to_end(user)
        while asked and now - asked[0] > _WINDOW:
            asked.popleft()
        if len(asked) < self._limit:
            asked.append(now)
            self._told.discard(user)
            self._tidy()
            return "pass"
        if user in self._told:
            return "silence"
        self._told.add(user)
        return "notice"

    def forget(self, user: str) -> None:
        """Forget how much somebody asked."""
        self._asked.pop(user, None)
        self._told.discard(user)

    def _tidy(self) -> None:
        while len(self._asked) > _PEOPLE:
            user, _ = self._asked.popitem(last=False)
            self._told.discard(user)
