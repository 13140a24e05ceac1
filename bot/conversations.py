"""What was asked before, kept between messages so that follow-up questions are understood (SQLite)."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from pathlib import Path

from bot.database import Database
from rag.errors import TracuuError
from rag.question.conversation import Conversation

_LOG = logging.getLogger(__name__)
_TABLE = "CREATE TABLE IF NOT EXISTS conversations (id TEXT PRIMARY KEY, state TEXT NOT NULL, saved REAL NOT NULL)"


class Conversations:
    """The conversations under a data folder; threads and processes can share it."""

    def __init__(self, data: Path) -> None:
        self._database = Database(data / "conversations.sqlite3", _TABLE)

    def load(self, id: str, silence: timedelta | None = None) -> Conversation:
        """Return the conversation called ``id``, a new one where there is none or ``silence`` has passed since.

        One that cannot be read is a new one too, which is logged: the question is answered all the same.
        """
        since = time.time() - silence.total_seconds() if silence else 0.0
        try:
            rows = self._database.rows("SELECT state FROM conversations WHERE id = ? AND saved >= ?", id, since)
        except TracuuError as error:
            _LOG.warning("%s", error)
            return Conversation()
        return Conversation.from_json(rows[0][0]) if rows else Conversation()

    def save(self, id: str, conversation: Conversation) -> float:
        """Keep ``conversation`` under ``id``, in place of what was there; return the moment, for ``correct``.

        Where it cannot be written, that is logged.
        """
        now = time.time()
        try:
            self._database.run("INSERT OR REPLACE INTO conversations VALUES (?, ?, ?)", id, conversation.to_json(), now)
        except TracuuError as error:
            _LOG.warning("%s", error)
        return now

    def correct(self, id: str, conversation: Conversation, saved: float) -> None:
        """Put ``conversation`` in place of what was saved at a moment, unless it went on since then or was forgotten."""
        statement = "UPDATE conversations SET state = ?, saved = ? WHERE id = ? AND saved = ?"
        self._database.run(statement, conversation.to_json(), time.time(), id, saved)

    def forget(self, id: str) -> None:
        """Forget the conversation called ``id``."""
        self._database.run("DELETE FROM conversations WHERE id = ?", id)

    def forget_person(self, person: str) -> None:
        """Forget every conversation of a person: those whose id ends in ``@person``."""
        self._database.run("DELETE FROM conversations WHERE substr(id, -length(?)) = ?", f"@{person}", f"@{person}")
        self._database.scrub()

    def prune(self, older_than: timedelta) -> int:
        """Forget the conversations last saved more than ``older_than`` ago and return how many they were."""
        gone = self._database.run("DELETE FROM conversations WHERE saved < ?", time.time() - older_than.total_seconds())
        self._database.scrub()
        return gone

    def close(self) -> None:
        """Give the file back."""
        self._database.close()
