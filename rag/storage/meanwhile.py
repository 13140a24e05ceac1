"""What a store is kept in while its server is away: memory, and what was said there, to be said to the server when it is back."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Sequence
from threading import RLock
from typing import Any

from rag.errors import TracuuError
from rag.storage.sqlite import in_memory

Statement = tuple[str, Sequence[object]]
Result = tuple[list[Any], int]
_MOST = 20_000  # units; of more, the oldest are not told


class Meanwhile:
    """An empty store in memory, shared by threads; it ``is_over`` once the server was told everything."""

    def __init__(self, migrations: Sequence[str]) -> None:
        self._connection = in_memory(migrations)
        self._lock = RLock()
        self._said: list[Statement] | None = None
        self._untold: deque[list[Statement]] = deque(maxlen=_MOST)
        self.is_over = False

    def execute(self, statement: str, values: Sequence[object]) -> Result:
        """Run a statement."""
        with self._lock:
            try:
                cursor = self._connection.execute(statement, values)
                result = cursor.fetchall(), cursor.rowcount
            except sqlite3.Error as error:
                raise TracuuError(f"Không ghi tạm được vào bộ nhớ: {error}.") from error
            if not statement.lstrip().upper().startswith("SELECT"):
                if self._said is None:
                    self._untold.append([(statement, values)])
                else:
                    self._said.append((statement, values))
            return result

    def begin(self) -> bool:
        """Begin a transaction, in which no other thread gets in; ``False`` where it is over."""
        self._lock.acquire()
        if self.is_over:
            self._lock.release()
            return False
        self._connection.execute("BEGIN")
        self._said = []
        return True

    def end(self, keeps: bool) -> None:
        """End a transaction; ``keeps`` what was run in it, or nothing of it."""
        self._connection.execute("COMMIT" if keeps else "ROLLBACK")
        if keeps and self._said:
            self._untold.append(self._said)
        self._said = None
        self._lock.release()

    def untold(self) -> list[Statement]:
        """Return the oldest that the server was not told; nothing where it ``is_over``."""
        with self._lock:
            self.is_over = not self._untold
            return [] if self.is_over else self._untold[0]

    def told(self, unit: list[Statement]) -> None:
        """Note that the server was told this, which may be gone by now as one too many."""
        with self._lock:
            if self._untold and self._untold[0] is unit:
                self._untold.popleft()
