"""Who is logged in to the admin page, and how often somebody tried (SQLite, shared by the workers)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from bot.database import Database

_SCHEMA = """
CREATE TABLE IF NOT EXISTS sessions (digest TEXT PRIMARY KEY, csrf TEXT NOT NULL, opened REAL NOT NULL, seen REAL NOT NULL);
CREATE TABLE IF NOT EXISTS attempts (client TEXT NOT NULL, at REAL NOT NULL);
"""
_LONGEST = 8 * 3600.0
_IDLE = 3600.0
_WINDOW = 900.0
_TRIES = 5
_TRIES_OF_ALL = 50


@dataclass(frozen=True, slots=True)
class Session:
    """A login; ``csrf`` has to come with everything that changes something."""

    token: str
    csrf: str

    def allows(self, csrf: str) -> bool:
        """Say whether a form was written for this session."""
        return hmac.compare_digest(self.csrf, csrf)


class Sessions:
    """The sessions under a data folder. A token is kept only as a hash: who reads the file cannot log in."""

    def __init__(self, data: Path) -> None:
        self._database = Database(data / "admin.sqlite3", _SCHEMA)

    def open(self) -> Session:
        """Begin a session."""
        session = Session(secrets.token_urlsafe(32), secrets.token_urlsafe(32))
        now = time.time()
        self._database.run("DELETE FROM sessions WHERE opened < ? OR seen < ?", now - _LONGEST, now - _IDLE)
        self._database.run("INSERT INTO sessions VALUES (?, ?, ?, ?)", _digest(session.token), session.csrf, now, now)
        return session

    def find(self, token: str) -> Session | None:
        """Return the session of a token, unless it has ended or nobody has used it for an hour."""
        now = time.time()
        query = "SELECT csrf FROM sessions WHERE digest = ? AND opened >= ? AND seen >= ?"
        rows = self._database.rows(query, _digest(token), now - _LONGEST, now - _IDLE)
        if not rows:
            return None
        self._database.run("UPDATE sessions SET seen = ? WHERE digest = ?", now, _digest(token))
        return Session(token, rows[0][0])

    def end(self, token: str) -> None:
        """End a session."""
        self._database.run("DELETE FROM sessions WHERE digest = ?", _digest(token))

    def may_try(self, client: str) -> bool:
        """Count a try to log in and say whether it may be made: five in a quarter of an hour, fifty of all clients together."""
        since = time.time() - _WINDOW
        self._database.run("DELETE FROM attempts WHERE at < ?", since)
        all_tries = self._database.rows("SELECT count(*), coalesce(sum(client = ?), 0) FROM attempts", client)[0]
        if all_tries[0] >= _TRIES_OF_ALL or all_tries[1] >= _TRIES:
            return False
        self._database.run("INSERT INTO attempts VALUES (?, ?)", client, time.time())
        return True

    def succeeded(self, client: str) -> None:
        """Forget the tries of a client that had the right password."""
        self._database.run("DELETE FROM attempts WHERE client = ?", client)

    def close(self) -> None:
        """Give the file back."""
        self._database.close()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
