"""What was asked before, kept between messages so that follow-up questions are understood (SQLite)."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

from rag.conversation import Conversation
from rag.errors import TracuuError

_TABLE = "CREATE TABLE IF NOT EXISTS conversations (id TEXT PRIMARY KEY, state TEXT NOT NULL, saved REAL NOT NULL)"


class Conversations:
    """The conversations under a data folder; every call opens the file anew, so threads and processes can share it."""

    def __init__(self, data: Path) -> None:
        self._path = data / "conversations.sqlite3"
        data.mkdir(parents=True, exist_ok=True)
        with self._opened() as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute(_TABLE)

    def load(self, id: str) -> Conversation:
        """Return the conversation called ``id``, a new one where there is none."""
        with self._opened() as database:
            row = database.execute("SELECT state FROM conversations WHERE id = ?", (id,)).fetchone()
        return Conversation.from_json(row[0]) if row else Conversation()

    def save(self, id: str, conversation: Conversation) -> None:
        """Keep ``conversation`` under ``id``, in place of what was there."""
        with self._opened() as database:
            database.execute("INSERT OR REPLACE INTO conversations VALUES (?, ?, ?)", (id, conversation.to_json(), time.time()))

    def prune(self, older_than: timedelta) -> int:
        """Forget the conversations last saved more than ``older_than`` ago and return how many they were."""
        with self._opened() as database:
            limit = time.time() - older_than.total_seconds()
            return database.execute("DELETE FROM conversations WHERE saved < ?", (limit,)).rowcount

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, timeout=10)) as database, database:
                yield database
        except sqlite3.Error as error:
            raise TracuuError(f"Không dùng được tệp hội thoại {self._path} ({error}). Nếu hỏng, hãy xóa: không mất văn bản nào.") from error
