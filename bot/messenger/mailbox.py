"""What came in and what is still to go out (SQLite), so that a restart neither loses nor repeats anything.

An update is put into ``updates`` before the service is told that it arrived. Handling it ends in one transaction: the update is
done, and what it says is in ``letters``. A letter goes when the service has taken it. While its last byte is on the way it
is marked as ``leaving``; a letter found so marked after a crash is taken as sent, because the machine sends what was handed
to it even when the program dies.

What remains: a crash in the microseconds between the mark and handing over the bytes loses that letter, and a letter whose
answer never came back (a timeout) is sent again, though the service may have taken it.
"""

from __future__ import annotations

import hashlib
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.database import Database
from bot.messenger.kept_answers import SCHEMA as ANSWERS
from bot.messenger.kept_answers import KeptAnswers
from bot.messenger.posting import SAYS, Letter
from bot.messenger.replies import SCHEMA as REPLIES
from bot.messenger.replies import Heard, Replies

_SCHEMA = (
    """
CREATE TABLE IF NOT EXISTS updates (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, chat TEXT NOT NULL, came REAL NOT NULL,
    is_begun INTEGER NOT NULL DEFAULT 0, crashes INTEGER NOT NULL DEFAULT 0, body TEXT
);
CREATE INDEX IF NOT EXISTS updates_by_chat ON updates (chat, number) WHERE body IS NOT NULL;
CREATE TABLE IF NOT EXISTS letters (
    id INTEGER PRIMARY KEY AUTOINCREMENT, chat TEXT NOT NULL, method TEXT NOT NULL, payload TEXT NOT NULL,
    made REAL NOT NULL, is_leaving INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS letters_by_chat ON letters (chat, id);
CREATE TABLE IF NOT EXISTS reminded (person TEXT NOT NULL, what TEXT NOT NULL, sent REAL NOT NULL, PRIMARY KEY (person, what));
CREATE TABLE IF NOT EXISTS places (key TEXT PRIMARY KEY, document TEXT NOT NULL, section TEXT NOT NULL, used REAL NOT NULL);
CREATE TABLE IF NOT EXISTS menus (chat TEXT PRIMARY KEY, choices TEXT NOT NULL, prompt TEXT NOT NULL, made REAL NOT NULL);
"""
    + REPLIES
    + ANSWERS
)
# Until there was another channel than Telegram, updates and letters stood in tables of these names.
_BEFORE = """
INSERT OR IGNORE INTO updates (id, chat, came, crashes, body) SELECT update_id, '', came, tries, payload FROM inbox ORDER BY update_id;
DROP TABLE inbox;
INSERT INTO letters (chat, method, payload, made, is_leaving) SELECT chat, method, payload, made, leaving FROM outbox ORDER BY id;
DROP TABLE outbox;
"""
_LOOKED_AHEAD = 20
Choice = tuple[str, str]


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


@dataclass(frozen=True, slots=True)
class Menu:
    """What may be chosen in a chat that has no buttons, as (label, data), and what a written reply would answer."""

    choices: tuple[Choice, ...] = ()
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class Update:
    """Something that came in; ``crashes`` is how often the program ended while it was being handled, ``came`` seconds since 1970."""

    id: str
    chat: str
    body: str
    crashes: int = 0
    came: float = 0.0


class Mailbox:
    """The mailbox of a channel under a data folder."""

    def __init__(self, data: Path, channel: str) -> None:
        self._database = Database(data / f"{channel}.sqlite3", _SCHEMA, alone=True)
        self.replies = Replies(self._database)
        self.answers = KeptAnswers(self._database)
        with self._database.transaction():
            if self._database.rows("SELECT 1 FROM sqlite_schema WHERE name = 'inbox'"):
                for statement in filter(None, map(str.strip, _BEFORE.split(";"))):
                    self._database.run(statement)

    # --- in ---

    def receive(self, update: Update) -> bool:
        """Keep an update; ``False`` when it came before, handled or not."""
        statement = "INSERT OR IGNORE INTO updates (id, chat, came, body) VALUES (?, ?, ?, ?)"
        return self._database.run(statement, update.id, update.chat, time.time(), update.body) > 0

    def note(self, id: str) -> bool:
        """Keep that an update came of which nothing else is kept; ``False`` when it came before."""
        statement = "INSERT OR IGNORE INTO updates (id, chat, came) VALUES (?, '', ?)"
        return self._database.run(statement, id, time.time()) > 0

    def recover(self) -> list[str]:
        """After a start: count a crash for what was being handled, and return the chats in which updates wait, the oldest first."""
        self._database.run("UPDATE updates SET crashes = crashes + is_begun, is_begun = 0 WHERE is_begun > 0")
        query = "SELECT chat FROM updates WHERE body IS NOT NULL GROUP BY chat ORDER BY min(number)"
        return [row[0] for row in self._database.rows(query)]

    def next_update(self, chat: str) -> Update | None:
        """Return the oldest update of a chat that is not handled."""
        query = "SELECT id, chat, body, crashes, came FROM updates WHERE chat = ? AND body IS NOT NULL ORDER BY number LIMIT 1"
        rows = self._database.rows(query, chat)
        return Update(*rows[0]) if rows else None

    def waiting(self, update: str, chat: str) -> list[str]:
        """Return the bodies of what came in a chat after an update and is not handled: the first of them."""
        query = (
            "SELECT body FROM updates WHERE chat = ? AND body IS NOT NULL AND number > (SELECT number FROM updates WHERE id = ?) "
            "ORDER BY number LIMIT ?"
        )
        return [row[0] for row in self._database.rows(query, chat, update, _LOOKED_AHEAD)]

    def begin(self, id: str, is_begun: bool) -> None:
        """Mark an update as being worked on, or as waiting for its turn."""
        self._database.run("UPDATE updates SET is_begun = ? WHERE id = ?", int(is_begun), id)

    # --- out ---

    def commit(
        self,
        letters: Iterable[Letter],
        places: Iterable[Place] = (),
        done: str | None = None,
        reminded: Iterable[tuple[str, str]] = (),
        menus: Mapping[str, Menu] | None = None,
        heard: Heard | None = None,
    ) -> None:
        """Keep what is to be said, and in the same moment that the update ``done`` is handled and the reminders are given.

        ``heard`` is what the letters answer. Of an update that is done, only that it came is kept, not where.
        """
        now = time.time()
        with self._database.transaction():
            if done is not None:
                self._database.run("UPDATE updates SET body = NULL, chat = '', is_begun = 0 WHERE id = ?", done)
            for letter in self.replies.arranged(heard, letters) if heard else letters:
                payload = json.dumps(letter.payload, ensure_ascii=False)
                statement = "INSERT INTO letters (chat, method, payload, made) VALUES (?, ?, ?, ?)"
                self._database.run(statement, letter.chat, letter.method, payload, now)
                if letter.question:
                    self._database.run("INSERT INTO answering VALUES (last_insert_rowid(), ?, ?)", letter.question, letter.part)
            for place in places:
                self._database.run("INSERT OR REPLACE INTO places VALUES (?, ?, ?, ?)", place.key, place.document, place.section, now)
            for person, what in reminded:
                self._database.run("INSERT OR IGNORE INTO reminded VALUES (?, ?, ?)", person, what, now)
            for chat, menu in (menus or {}).items():
                choices = json.dumps(menu.choices, ensure_ascii=False)
                self._database.run("INSERT OR REPLACE INTO menus VALUES (?, ?, ?, ?)", chat, choices, menu.prompt, now)

    def chats(self) -> list[str]:
        """Return the chats that something is still to be said in."""
        return [row[0] for row in self._database.rows("SELECT DISTINCT chat FROM letters ORDER BY chat")]

    def next(self, chat: str) -> Letter | None:
        """Return the oldest letter for a chat."""
        query = (
            "SELECT l.chat, l.method, l.payload, l.id, l.made, coalesce(a.message, ''), coalesce(a.part, 0), coalesce(s.id, '') "
            "FROM letters l LEFT JOIN answering a ON a.letter = l.id "
            "LEFT JOIN said s ON s.chat = l.chat AND s.message = a.message AND s.part = a.part WHERE l.chat = ? ORDER BY l.id LIMIT 1"
        )
        rows = self._database.rows(query, chat)
        if not rows:
            return None
        where, method, payload, *rest = rows[0]
        return Letter(where, method, json.loads(payload), *rest)

    def leaving(self, id: int, is_leaving: bool) -> None:
        """Mark a letter as on its way, or as still here."""
        self._database.run("UPDATE letters SET is_leaving = ? WHERE id = ?", int(is_leaving), id)

    def arrived(self, letter: Letter, id: str) -> None:
        """Take a letter out: it has become the message ``id``, empty where the service does not tell."""
        with self._database.transaction():
            self.drop(letter.id)
            if letter.question:
                self.replies.arrived(letter, id)

    def drop(self, id: int) -> None:
        """Take a letter out: it cannot arrive."""
        self._database.run("DELETE FROM letters WHERE id = ?", id)

    def drop_chat(self, chat: str) -> int:
        """Take out everything for a chat and return how much it was."""
        return self._database.run("DELETE FROM letters WHERE chat = ?", chat)

    def replace(self, letter: Letter) -> None:
        """Change what a letter says and to whom; one that takes no message's place any more is said below."""
        payload = json.dumps(letter.payload, ensure_ascii=False)
        with self._database.transaction():
            self._database.run(
                "UPDATE letters SET chat = ?, method = ?, payload = ?, is_leaving = 0 WHERE id = ?",
                *(letter.chat, letter.method, payload, letter.id),
            )
            if letter.question and not letter.instead:
                self.replies.lost(letter)

    def settle(self) -> int:
        """After a start: take what was on its way as sent and return how many letters that were; edits and deletions are made again."""
        self._database.run("UPDATE letters SET is_leaving = 0 WHERE is_leaving = 1 AND method != ?", SAYS)
        return self._database.run("DELETE FROM letters WHERE is_leaving = 1")

    # --- what buttons, menus and reminders know ---

    def place(self, key: str) -> Place | None:
        """Return what a button leads to."""
        rows = self._database.rows("SELECT document, section FROM places WHERE key = ?", key)
        return Place(*rows[0]) if rows else None

    def menu(self, chat: str, within: timedelta) -> Menu:
        """Return what may be chosen in a chat, as it was said ``within`` this time."""
        query = "SELECT choices, prompt FROM menus WHERE chat = ? AND made >= ?"
        rows = self._database.rows(query, chat, time.time() - within.total_seconds())
        return Menu(tuple((label, data) for label, data in json.loads(rows[0][0])), rows[0][1]) if rows else Menu()

    def reminded(self, person: str) -> set[str]:
        """Return what a person has been reminded of."""
        return {row[0] for row in self._database.rows("SELECT what FROM reminded WHERE person = ?", person)}

    def forget(self, person: str, chats: Sequence[str] = ()) -> None:
        """Delete what is kept about a person, and what was said to them in the ``chats`` that nobody else reads."""
        with self._database.transaction():
            self._database.run("DELETE FROM reminded WHERE person = ?", person)
            self.replies.forget(person, chats)
            self.answers.forget(person, chats)
            for chat in chats:
                self._database.run("DELETE FROM menus WHERE chat = ?", chat)
                self._database.run("DELETE FROM letters WHERE chat = ?", chat)
                self._database.run("UPDATE updates SET chat = '' WHERE chat = ? AND body IS NULL", chat)
        self._database.scrub()

    def scrub(self) -> None:
        """Leave nothing of what was deleted in the file, nor beside it."""
        self._database.scrub()

    def prune(self, handled: timedelta, places: timedelta) -> None:
        """Forget handled updates, which the service no longer repeats, and the places of buttons that nobody used for long."""
        now = time.time()
        self._database.run("DELETE FROM updates WHERE body IS NULL AND came < ?", now - handled.total_seconds())
        self._database.run("DELETE FROM places WHERE used < ?", now - places.total_seconds())
        self._database.run("DELETE FROM menus WHERE made < ?", now - places.total_seconds())
        self.replies.prune()
        self.answers.prune()
        self._database.run("DELETE FROM reminded WHERE sent < ?", now - timedelta(days=400).total_seconds())
        self._database.scrub()

    def close(self) -> None:
        """Give the file back."""
        self._database.close()
