"""What came in and what is still to go out (SQLite), so that a restart neither loses nor repeats anything.

An update is put into ``inbox`` before Telegram is told that it arrived. Handling it ends in one transaction: the update is done,
and what it says is in ``outbox``. A letter leaves the outbox when Telegram has taken it. While its last byte is on the way it
is marked as ``leaving``; a letter found so marked after a crash is taken as sent, because the machine sends what was handed
to it even when the program dies.

What remains: a crash in the microseconds between the mark and handing over the bytes loses that letter, and a letter whose
answer never came back (a timeout) is sent again, though Telegram may have taken it.
"""

from __future__ import annotations

import hashlib
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from bot.database import Database

_SCHEMA = """
CREATE TABLE IF NOT EXISTS inbox (update_id INTEGER PRIMARY KEY, came REAL NOT NULL, tries INTEGER NOT NULL DEFAULT 0, payload TEXT);
CREATE TABLE IF NOT EXISTS outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT, chat INTEGER NOT NULL, method TEXT NOT NULL, payload TEXT NOT NULL,
    made REAL NOT NULL, leaving INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS outbox_by_chat ON outbox (chat, id);
CREATE TABLE IF NOT EXISTS reminded (person TEXT NOT NULL, what TEXT NOT NULL, sent REAL NOT NULL, PRIMARY KEY (person, what));
CREATE TABLE IF NOT EXISTS places (key TEXT PRIMARY KEY, document TEXT NOT NULL, section TEXT NOT NULL, used REAL NOT NULL);
"""
Method = Literal["sendMessage", "editMessageText", "editMessageReplyMarkup", "deleteMessage"]


@dataclass(frozen=True, slots=True)
class Letter:
    """Something to be said in a chat: a Bot API method with its parameters; ``id`` is 0 before it is in the outbox."""

    chat: int
    method: Method
    payload: dict[str, Any]
    id: int = 0
    made: float = 0.0


@dataclass(frozen=True, slots=True)
class Place:
    """A provision that a button leads to."""

    document: str
    section: str

    @property
    def key(self) -> str:
        """Twelve characters for the button; the same after every reindex."""
        digest = hashlib.blake2b(f"{self.document}|{self.section}".encode(), digest_size=9).digest()
        return urlsafe_b64encode(digest).decode()


class Mailbox:
    """The mailbox under a data folder."""

    def __init__(self, data: Path) -> None:
        self._database = Database(data / "telegram.sqlite3", _SCHEMA, alone=True)

    # --- in ---

    def receive(self, update_id: int, payload: str) -> bool:
        """Keep an update; ``False`` when it is here already, handled or not."""
        return self._database.run("INSERT OR IGNORE INTO inbox VALUES (?, ?, 0, ?)", update_id, time.time(), payload) > 0

    def unhandled(self) -> list[tuple[str, int]]:
        """Return the updates that came and were not handled, the oldest first, each with how often it was begun again."""
        self._database.run("UPDATE inbox SET tries = tries + 1 WHERE payload IS NOT NULL")
        return self._database.rows("SELECT payload, tries FROM inbox WHERE payload IS NOT NULL ORDER BY update_id")

    # --- out ---

    def commit(
        self,
        letters: Iterable[Letter],
        places: Iterable[Place] = (),
        update_id: int | None = None,
        reminded: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Keep what is to be said, and in the same moment that the update is handled and the reminders are given."""
        now = time.time()
        with self._database.transaction():
            if update_id is not None:
                self._database.run("UPDATE inbox SET payload = NULL WHERE update_id = ?", update_id)
            for letter in letters:
                payload = json.dumps(letter.payload, ensure_ascii=False)
                self._database.run(
                    "INSERT INTO outbox (chat, method, payload, made) VALUES (?, ?, ?, ?)", letter.chat, letter.method, payload, now
                )
            for place in places:
                self._database.run("INSERT OR REPLACE INTO places VALUES (?, ?, ?, ?)", place.key, place.document, place.section, now)
            for person, what in reminded:
                self._database.run("INSERT OR IGNORE INTO reminded VALUES (?, ?, ?)", person, what, now)

    def chats(self) -> list[int]:
        """Return the chats that something is still to be said in."""
        return [row[0] for row in self._database.rows("SELECT DISTINCT chat FROM outbox ORDER BY chat")]

    def next(self, chat: int) -> Letter | None:
        """Return the oldest letter for a chat."""
        rows = self._database.rows("SELECT chat, method, payload, id, made FROM outbox WHERE chat = ? ORDER BY id LIMIT 1", chat)
        return Letter(rows[0][0], rows[0][1], json.loads(rows[0][2]), rows[0][3], rows[0][4]) if rows else None

    def leaving(self, id: int, is_leaving: bool) -> None:
        """Mark a letter as on its way, or as still here."""
        self._database.run("UPDATE outbox SET leaving = ? WHERE id = ?", int(is_leaving), id)

    def drop(self, id: int) -> None:
        """Take a letter out: it has arrived, or cannot."""
        self._database.run("DELETE FROM outbox WHERE id = ?", id)

    def drop_chat(self, chat: int) -> int:
        """Take out everything for a chat and return how much it was."""
        return self._database.run("DELETE FROM outbox WHERE chat = ?", chat)

    def replace(self, letter: Letter) -> None:
        """Change what a letter says and to whom."""
        payload = json.dumps(letter.payload, ensure_ascii=False)
        self._database.run(
            "UPDATE outbox SET chat = ?, method = ?, payload = ?, leaving = 0 WHERE id = ?",
            *(letter.chat, letter.method, payload, letter.id),
        )

    def settle(self) -> int:
        """After a start: take what was on its way as sent and return how many letters that were; edits and deletions are made again."""
        self._database.run("UPDATE outbox SET leaving = 0 WHERE leaving = 1 AND method != 'sendMessage'")
        return self._database.run("DELETE FROM outbox WHERE leaving = 1")

    # --- what buttons and reminders know ---

    def place(self, key: str) -> Place | None:
        """Return what a button leads to."""
        rows = self._database.rows("SELECT document, section FROM places WHERE key = ?", key)
        return Place(*rows[0]) if rows else None

    def reminded(self, person: str) -> set[str]:
        """Return what a person has been reminded of."""
        return {row[0] for row in self._database.rows("SELECT what FROM reminded WHERE person = ?", person)}

    def forget(self, person: str) -> None:
        """Delete what is kept about a person."""
        self._database.run("DELETE FROM reminded WHERE person = ?", person)
        self._database.scrub()

    def prune(self, handled: timedelta, places: timedelta) -> None:
        """Forget handled updates, which Telegram no longer repeats, and the places of buttons that nobody used for long."""
        now = time.time()
        self._database.run("DELETE FROM inbox WHERE payload IS NULL AND came < ?", now - handled.total_seconds())
        self._database.run("DELETE FROM places WHERE used < ?", now - places.total_seconds())
        self._database.run("DELETE FROM reminded WHERE sent < ?", now - timedelta(days=400).total_seconds())
        self._database.scrub()

    def close(self) -> None:
        """Give the file back."""
        self._database.close()
