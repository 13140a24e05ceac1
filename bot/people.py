"""Who asks, as far as they told us: their role and whether they want reminders (SQLite, shared by the channels).

A person's id names the channel: ``telegram:123``. Statistics and logs only ever see ``alias(id)``.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.database import Database
from rag.documents import Deadline
from rag.question.audience import Audience, audience_of

_SCHEMA = """
CREATE TABLE IF NOT EXISTS people (
    id TEXT PRIMARY KEY, role TEXT NOT NULL DEFAULT '', reminded_since TEXT NOT NULL DEFAULT '', seen REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Role:
    """What somebody is: ``level`` finds the schools of that level in a text, ``who`` names them in a sentence."""

    key: str
    name: str
    who: str
    audience: frozenset[Audience]
    level: re.Pattern[str] | None = None


def _school(key: str, name: str, level: str) -> Role:
    return Role(key, name, f"trường {name.removeprefix('Trường ')}", frozenset({"school"}), re.compile(level, re.I))


_GENERAL = r"giáo dục phổ thông|trường phổ thông"
ROLES = {
    role.key: role
    for role in (
        _school("thpt", "Trường THPT", rf"THPT|trung học phổ thông|{_GENERAL}"),
        _school("thcs", "Trường THCS", rf"THCS|trung học cơ sở|{_GENERAL}"),
        _school("th", "Trường tiểu học", rf"tiểu học|{_GENERAL}"),
        _school("mn", "Trường mầm non", r"mầm non|mẫu giáo"),
        Role(
            "gdtx",
            "Trung tâm GDTX",
            "trung tâm GDTX",
            frozenset({"school"}),
            re.compile(r"GDTX|thường xuyên", re.I),
        ),
        Role("xa", "Xã, phường", "xã, phường", frozenset({"commune"})),
        Role("so", "Sở GDĐT", "Sở GDĐT", frozenset({"department"})),
    )
}


def concerns(deadline: Deadline, role: Role | None) -> bool:
    """Say whether a deadline is for people of ``role``; one that names nobody, or a person without a role, counts."""
    meant = audience_of(deadline.who, deadline.to)
    if role is None or not meant:
        return True
    if not meant & role.audience:
        return False
    named = [other for other in ROLES.values() if other.level and other.level.search(deadline.who)]
    return role.level is None or not named or role in named


@dataclass(frozen=True, slots=True)
class Person:
    """What is kept of a person; ``reminded_since`` is the ISO date from which they want reminders, or empty."""

    id: str
    role: Role | None = None
    reminded_since: str = ""

    @property
    def audience(self) -> frozenset[Audience]:
        """Whom an answer is for when the question does not say."""
        return self.role.audience if self.role else frozenset()


class People:
    """The people under a data folder; only those are kept who chose a role or reminders."""

    def __init__(self, data: Path) -> None:
        self._database = Database(data / "people.sqlite3", _SCHEMA)
        self._database.run("INSERT OR IGNORE INTO secrets VALUES ('alias', ?)", secrets.token_hex(16))
        self._key = bytes.fromhex(self._database.rows("SELECT value FROM secrets WHERE name = 'alias'")[0][0])

    def alias(self, id: str) -> str:
        """Return what a person is called in logs and statistics: a keyed hash that nobody can turn back."""
        return hashlib.blake2b(id.encode(), digest_size=6, key=self._key).hexdigest()

    def load(self, id: str) -> Person:
        """Return the person called ``id``."""
        rows = self._database.rows("SELECT id, role, reminded_since FROM people WHERE id = ?", id)
        return _person(rows[0]) if rows else Person(id)

    def seen(self, id: str) -> None:
        """Note that the person is still there."""
        self._database.run("UPDATE people SET seen = ? WHERE id = ?", time.time(), id)

    def set_role(self, id: str, role: str) -> None:
        """Keep the role of the person; ``""`` for none."""
        self._set(id, "role", role)

    def set_reminders(self, id: str, since: str) -> None:
        """Keep from which ISO date the person wants reminders; ``""`` to stop them."""
        self._set(id, "reminded_since", since)

    def wanting_reminders(self, channel: str) -> list[Person]:
        """Return the people of a channel who want reminders."""
        query = "SELECT id, role, reminded_since FROM people WHERE reminded_since != '' AND id LIKE ? ORDER BY id"
        return [_person(row) for row in self._database.rows(query, f"{channel}:%")]

    def forget(self, id: str) -> None:
        """Delete the person."""
        self._database.run("DELETE FROM people WHERE id = ?", id)
        self._database.scrub()

    def close(self) -> None:
        """Give the file back."""
        self._database.close()

    def prune(self, unseen_for: timedelta) -> int:
        """Delete the people who have not been there for so long and return how many they were."""
        gone = self._database.run("DELETE FROM people WHERE seen < ?", time.time() - unseen_for.total_seconds())
        self._database.scrub()
        return gone

    def _set(self, id: str, column: str, value: str) -> None:
        statement = f"INSERT INTO people (id, {column}, seen) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET {column} = ?, seen = ?"
        now = time.time()
        self._database.run(statement, id, value, now, value, now)


def _person(row: tuple[str, str, str]) -> Person:
    return Person(row[0], ROLES.get(row[1]), row[2])
