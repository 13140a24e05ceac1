"""What was asked, how it went and what people thought of it (SQLite, shared by the channels): the source of ``tracuu stats``.

A question's words are kept only where nothing was claimed in reply (``OPEN``): that is the admin's to-do list.
"""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.database import Database
from rag.documents import Answer, Status

OPEN: tuple[Status, ...] = ("offered", "not_found")
"""The statuses of answers that claim nothing."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS questions (
    id TEXT PRIMARY KEY, asked REAL NOT NULL, channel TEXT NOT NULL, who TEXT NOT NULL, kind TEXT NOT NULL, status TEXT NOT NULL,
    seconds REAL NOT NULL, cited TEXT NOT NULL, question TEXT NOT NULL, vote TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS questions_by_day ON questions (asked);
CREATE TABLE IF NOT EXISTS suggestions (
    id TEXT PRIMARY KEY, sent REAL NOT NULL, channel TEXT NOT NULL, who TEXT NOT NULL, words TEXT NOT NULL
);
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A question and how it went; ``vote`` is ``up``, ``down`` or empty, ``asked`` seconds since 1970."""

    id: str
    asked: float
    channel: str
    who: str
    kind: str
    status: str
    seconds: float
    cited: str
    question: str
    vote: str
    reason: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What somebody wrote with /gopy."""

    sent: float
    channel: str
    who: str
    words: str


class Journal:
    """The journal under a data folder. ``who`` is always an alias."""

    def __init__(self, data: Path) -> None:
        self._database = Database(data / "journal.sqlite3", _SCHEMA)

    def note(self, id: str, channel: str, who: str, answer: Answer, seconds: float) -> None:
        """Note an answer; the same ``id`` is noted once. ``seconds`` is the time from the message to its answer."""
        kind, status, cited, words = _noted(answer)
        self._database.run(
            "INSERT OR IGNORE INTO questions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', '')",
            *(id, time.time(), channel, who, kind, status, seconds, cited, words),
        )

    def change(self, id: str, answer: Answer) -> None:
        """Note that a question got another answer in the end, where it is still noted."""
        self._database.run("UPDATE questions SET kind = ?, status = ?, cited = ?, question = ? WHERE id = ?", *_noted(answer), id)

    def together(self) -> AbstractContextManager[None]:
        """Keep what is noted inside at once, which costs as much as keeping one."""
        return self._database.transaction()

    def vote(self, id: str, vote: str, reason: str = "") -> bool:
        """Keep what somebody thought of an answer; ``False`` when the journal no longer has it."""
        return self._database.run("UPDATE questions SET vote = ?, reason = ? WHERE id = ?", vote, reason, id) > 0

    def question(self, id: str) -> str:
        """Return the words of a question, empty where they are not kept."""
        rows = self._database.rows("SELECT question FROM questions WHERE id = ?", id)
        return str(rows[0][0]) if rows else ""

    def suggest(self, id: str, channel: str, who: str, words: str) -> None:
        """Keep a suggestion."""
        self._database.run("INSERT OR IGNORE INTO suggestions VALUES (?, ?, ?, ?, ?)", id, time.time(), channel, who, words)

    def entries(self, since: float = 0.0) -> list[Entry]:
        """Return the questions since a moment, the oldest first."""
        return [Entry(*row) for row in self._database.rows("SELECT * FROM questions WHERE asked >= ? ORDER BY asked, id", since)]

    def suggestions(self, since: float = 0.0) -> list[Suggestion]:
        """Return the suggestions since a moment, the oldest first."""
        query = "SELECT sent, channel, who, words FROM suggestions WHERE sent >= ? ORDER BY sent, id"
        return [Suggestion(*row) for row in self._database.rows(query, since)]

    def forget(self, who: str) -> None:
        """Delete everything that an alias asked or wrote."""
        with self._database.transaction():
            self._database.run("DELETE FROM questions WHERE who = ?", who)
            self._database.run("DELETE FROM suggestions WHERE who = ?", who)
        self._database.scrub()

    def close(self) -> None:
        """Give the file back."""
        self._database.close()

    def prune(self, older_than: timedelta) -> int:
        """Delete what is older and return how much it was."""
        limit = time.time() - older_than.total_seconds()
        with self._database.transaction():
            questions = self._database.run("DELETE FROM questions WHERE asked < ?", limit)
            suggestions = self._database.run("DELETE FROM suggestions WHERE sent < ?", limit)
        self._database.scrub()
        return questions + suggestions


def _noted(answer: Answer) -> tuple[str, str, str, str]:
    """Return the kind, the status, what is cited, and the question where nothing was claimed in reply."""
    cited = "; ".join(dict.fromkeys(f"{citation.document} {citation.section}" for citation in answer.citations))
    return answer.kind or answer.status, answer.status, cited, answer.question if answer.status in OPEN else ""
