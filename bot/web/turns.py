"""The answers that the page gave, so that a conversation can be read again and an answer shared (SQLite)."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.database import Database

_SCHEMA = """
CREATE TABLE IF NOT EXISTS turns (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, conversation TEXT NOT NULL, asked REAL NOT NULL, answer TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS turns_by_conversation ON turns (conversation, position);
CREATE INDEX IF NOT EXISTS turns_by_day ON turns (asked);
CREATE TABLE IF NOT EXISTS picked (turn TEXT PRIMARY KEY, place INTEGER NOT NULL);
CREATE TRIGGER IF NOT EXISTS picked_goes_too AFTER DELETE ON turns BEGIN DELETE FROM picked WHERE turn = OLD.id; END;
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its answer, which is the object that the API returns; ``asked`` is in seconds since 1970.

    ``picked`` is which of the provisions that it offers was meant, -1 as long as nobody said.
    """

    id: str
    conversation: str
    asked: float
    answer: dict[str, Any]
    picked: int = -1


def new_id() -> str:
    """Return a name that nobody can guess."""
    return secrets.token_urlsafe(12)


class Turns:
    """The turns under a data folder; threads and processes can share it."""

    def __init__(self, data: Path) -> None:
        self._database = Database(data / "turns.sqlite3", _SCHEMA)

    def add(self, turn: Turn) -> None:
        """Keep a turn."""
        statement = "INSERT INTO turns (id, conversation, asked, answer) VALUES (?, ?, ?, ?)"
        self._database.run(statement, turn.id, turn.conversation, turn.asked, json.dumps(turn.answer, ensure_ascii=False))

    def change(self, id: str, answer: dict[str, Any]) -> None:
        """Put another answer in a turn, where it is still kept."""
        self._database.run("UPDATE turns SET answer = ? WHERE id = ?", json.dumps(answer, ensure_ascii=False), id)

    def pick(self, id: str, place: int) -> bool:
        """Keep which provision of a turn's answer was meant; ``False`` where that is known."""
        statement = "INSERT INTO picked VALUES (?, ?) ON CONFLICT DO UPDATE SET place = excluded.place WHERE place != excluded.place"
        return self._database.run(statement, id, place) > 0

    def get(self, id: str) -> Turn | None:
        """Return the turn called ``id``."""
        found = self._read("id = ?", id)
        return found[0] if found else None

    def of(self, conversation: str) -> list[Turn]:
        """Return the turns of a conversation, the oldest first."""
        return self._read("conversation = ? ORDER BY position", conversation)

    def forget(self, conversation: str) -> int:
        """Delete a conversation and return how many turns it had."""
        return self._database.run("DELETE FROM turns WHERE conversation = ?", conversation)

    def prune(self, older_than: timedelta) -> int:
        """Delete what is older and return how much it was."""
        return self._database.run("DELETE FROM turns WHERE asked < ?", time.time() - older_than.total_seconds())

    def close(self) -> None:
        """Give the file back."""
        self._database.close()

    def _read(self, condition: str, value: str) -> list[Turn]:
        query = "SELECT id, conversation, asked, answer, coalesce(place, -1) FROM turns LEFT JOIN picked ON turn = id"
        rows = self._database.rows(f"{query} WHERE {condition}", value)
        return [Turn(id, conversation, asked, json.loads(answer), picked) for id, conversation, asked, answer, picked in rows]
