"""A SQLite file of the bot's own: opened once, shared by threads, safe beside other processes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from rag.errors import TracuuError

# A killed process loses nothing that was committed; a power cut may lose the last moments. What is deleted is overwritten.
_PRAGMAS = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON;"


class Database:
    """One connection under a lock: statements take microseconds. Every fault is a ``TracuuError`` that names the file."""

    def __init__(self, path: Path, schema: str) -> None:
        self._path = path
        self._lock = RLock()
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._faults_named():
            self._connection = sqlite3.connect(path, timeout=10, check_same_thread=False, isolation_level=None)
            self._connection.executescript(_PRAGMAS + schema)

    def rows(self, query: str, *values: object) -> list[Any]:
        """Return the rows of a query."""
        with self._lock, self._faults_named():
            return self._connection.execute(query, values).fetchall()

    def run(self, statement: str, *values: object) -> int:
        """Run one statement, kept at once, and return how many rows it touched."""
        with self._lock, self._faults_named():
            return self._connection.execute(statement, values).rowcount

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep everything that is run inside, or nothing of it."""
        with self._lock:
            self.run("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self.run("ROLLBACK")
                raise
            self.run("COMMIT")

    def scrub(self) -> None:
        """Empty the log beside the file too, where what was deleted still stands."""
        self.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _faults_named(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise TracuuError(f"Không dùng được tệp {self._path} ({error}). Nếu hỏng, hãy xóa: không mất văn bản nào.") from error
