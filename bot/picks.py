"""The provisions that people said they meant, where an answer only offered some; shared by the channels.

Nothing is answered otherwise because of a pick: an admin reads them, and teaches what is right. Nobody's name is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.nameless import nameless
from rag.storage import State

_TABLES = """
CREATE TABLE IF NOT EXISTS picks (
    question TEXT NOT NULL, document TEXT NOT NULL, section TEXT NOT NULL, day TEXT NOT NULL, times BIGINT NOT NULL,
    PRIMARY KEY (question, document, section, day)
);
"""
_ADD = "INSERT INTO picks VALUES (?, ?, ?, ?, 1) ON CONFLICT (question, document, section, day) DO UPDATE SET times = picks.times + 1"


@dataclass(frozen=True, slots=True)
class Pick:
    """A provision picked for a question, how often, and the last day (ISO) on which it was."""

    question: str
    document: str
    section: str
    times: int
    day: str


class Picks:
    """The picks; threads and processes share them."""

    def __init__(self, state: State, today: Callable[[], date] = date.today) -> None:
        """``today`` says what day it is for the people who pick."""
        self._database = state.open("picks", (_TABLES,))
        self._today = today

    def add(self, question: str, document: str, section: str) -> None:
        """Note that somebody who asked ``question`` meant this provision."""
        self._database.run(_ADD, nameless(question), document, section, self._today().isoformat())

    def all(self, days: int) -> list[Pick]:
        """Return the picks of the last ``days`` days, the most frequent first."""
        query = (
            "SELECT question, document, section, CAST(sum(times) AS BIGINT) AS often, max(day) AS last FROM picks WHERE day >= ? "
            "GROUP BY question, document, section ORDER BY often DESC, last DESC, question, document, section"
        )
        return [Pick(*row) for row in self._database.rows(query, self._before(timedelta(days=days)))]

    def drop(self, question: str) -> None:
        """Delete what was picked for a question: it is dealt with."""
        self._database.run("DELETE FROM picks WHERE question = ?", nameless(question))
        self._database.scrub()

    def prune(self, older_than: timedelta) -> int:
        """Delete what is older and return how many rows it was."""
        gone = self._database.run("DELETE FROM picks WHERE day < ?", self._before(older_than))
        self._database.scrub()
        return gone

    def close(self) -> None:
        """Give the file back."""
        self._database.close()

    def _before(self, span: timedelta) -> str:
        return (self._today() - span).isoformat()
