"""Who asks, as far as they told us: their role and whether they want reminders; shared by the channels.

A person's id names the channel: ``telegram:123``. Statistics and logs only ever see ``alias(id)``.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass
from datetime import timedelta

from rag.documents import Deadline
from rag.question.audience import Audience, Level
from rag.question.audience import concerns as owed_by
from rag.storage import State

_TABLES = """
CREATE TABLE IF NOT EXISTS people (
    id TEXT PRIMARY KEY, role TEXT NOT NULL DEFAULT '', reminded_since TEXT NOT NULL DEFAULT '', seen DOUBLE PRECISION NOT NULL
);
CREATE TABLE IF NOT EXISTS stopped (id TEXT PRIMARY KEY, at DOUBLE PRECISION NOT NULL);
CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Role:
    """What somebody is: ``audience`` is who they are to the documents, ``who`` names them in a sentence."""

    key: str
    name: str
    who: str
    audience: frozenset[Audience]


def _school(key: str, name: str, level: Level) -> Role:
    return Role(key, name, f"trường {name.removeprefix('Trường ')}", frozenset({"school", level}))


ROLES = {
    role.key: role
    for role in (
        _school("thpt", "Trường THPT", "trung học phổ thông"),
        _school("thcs", "Trường THCS", "trung học cơ sở"),
        _school("th", "Trường tiểu học", "tiểu học"),
        _school("mn", "Trường mầm non", "mầm non"),
        Role("gdtx", "Trung tâm GDTX", "trung tâm GDTX", frozenset({"school", "giáo dục thường xuyên"})),
        Role("xa", "Xã, phường", "xã, phường", frozenset({"commune"})),
        Role("so", "Sở GDĐT", "Sở GDĐT", frozenset({"department"})),
    )
}


def audience_of(role: str) -> frozenset[Audience]:
    """Return whom an answer is for where the question does not say, for a key of ``ROLES``; nobody for any other word."""
    return ROLES[role].audience if role in ROLES else frozenset()


def concerns(deadline: Deadline, role: Role | None) -> bool:
    """Say whether a deadline is for people of ``role``, as answers do; one that names nobody, or a person without a role, counts."""
    return role is None or owed_by(deadline.who, deadline.to, role.audience)


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
    """The people; only those are kept who chose a role or reminders."""

    def __init__(self, state: State) -> None:
        self._database = state.open("people", (_TABLES,))
        self._key = b""

    def alias(self, id: str) -> str:
        """Return what a person is called in logs and statistics: a keyed hash that nobody can turn back."""
        return hashlib.blake2b(id.encode(), digest_size=6, key=self._key or self._kept_key()).hexdigest()

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
        with self._database.transaction():
            self._set(id, "reminded_since", since)
            self._database.run("DELETE FROM stopped WHERE id = ?", id)

    def stop_reminders(self, id: str) -> None:
        """Stop the reminders of who wants no messages any more, and keep that there were some; of others nothing is kept."""
        with self._database.transaction():
            if self.load(id).reminded_since:
                self._set(id, "reminded_since", "")
                self._database.run("INSERT INTO stopped VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at", id, time.time())

    def was_stopped(self, id: str) -> bool:
        """Say whether the person had reminders until ``stop_reminders``, and has not chosen anew since then."""
        return bool(self._database.rows("SELECT 1 FROM stopped WHERE id = ?", id))

    def wanting_reminders(self, channel: str) -> list[Person]:
        """Return the people of a channel who want reminders."""
        query = "SELECT id, role, reminded_since FROM people WHERE reminded_since != '' AND substr(id, 1, length(?)) = ? ORDER BY id"
        return [_person(row) for row in self._database.rows(query, f"{channel}:", f"{channel}:")]

    def forget(self, id: str) -> None:
        """Delete the person."""
        self._database.run("DELETE FROM people WHERE id = ?", id)
        self._database.run("DELETE FROM stopped WHERE id = ?", id)
        self._database.scrub()

    def close(self) -> None:
        """Give the file back."""
        self._database.close()

    def prune(self, unseen_for: timedelta) -> int:
        """Delete the people who have not been there for so long and return how many they were."""
        gone = self._database.run("DELETE FROM people WHERE seen < ?", time.time() - unseen_for.total_seconds())
        self._database.run("DELETE FROM stopped WHERE id NOT IN (SELECT id FROM people)")
        self._database.scrub()
        return gone

    def _kept_key(self) -> bytes:
        """Return the key of all machines; one that only a memory has is asked for again."""
        self._database.run("INSERT INTO secrets VALUES ('alias', ?) ON CONFLICT (name) DO NOTHING", secrets.token_hex(16))
        key = bytes.fromhex(self._database.rows("SELECT value FROM secrets WHERE name = 'alias'")[0][0])
        self._key = b"" if self._database.trouble else key
        return key

    def _set(self, id: str, column: str, value: str) -> None:
        statement = f"INSERT INTO people (id, {column}, seen) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET {column} = ?, seen = ?"
        now = time.time()
        self._database.run(statement, id, value, now, value, now)


def _person(row: tuple[str, str, str]) -> Person:
    return Person(row[0], ROLES.get(row[1]), row[2])
