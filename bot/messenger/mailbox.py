"""What came in and what is still to go out, so that a restart neither loses nor repeats anything.

An update is put into ``updates`` before the service is told that it arrived. Handling it ends in one transaction: the update is
done, and what it says is in ``letters``. A letter goes when the service has taken it. While its last byte is on the way it
is marked as ``leaving``; a letter found so marked after a crash is taken as sent, because the machine sends what was handed
to it even when the program dies.

Where several processes share the mailbox (``Claims``), the mark is the term of the one that leads, and only the newest may leave.

What remains: a crash between the mark and handing over the bytes loses that letter, within microseconds of a file, a millisecond
of a server; so does one between a refusal and taking the mark back. A letter whose answer never came back (a timeout) is sent
again, though the service may have taken it. A primary that dies takes with it what it confirmed and no standby had yet.
"""

from __future__ import annotations

import hashlib
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.messenger.kept_answers import KeptAnswers
from bot.messenger.mailbox_tables import BEFORE, MIGRATIONS
from bot.messenger.posting import SAYS, Letter
from bot.messenger.replies import Heard, Replies
from rag.storage import State

_PLACE = (
    "INSERT INTO places VALUES (?, ?, ?, ?) "
    "ON CONFLICT (key) DO UPDATE SET document = excluded.document, section = excluded.section, used = excluded.used"
)
_MENU = (
    "INSERT INTO menus VALUES (?, ?, ?, ?) "
    "ON CONFLICT (chat) DO UPDATE SET choices = excluded.choices, prompt = excluded.prompt, made = excluded.made"
)
_BACK = "INSERT INTO letters (id, chat, method, payload, made, message, part) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING"
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


class _DoneBefore(Exception):
    """Another process did it."""


class Mailbox:
    """The mailbox of a channel: nothing of it is done without where it cannot be kept."""

    def __init__(self, state: State, channel: str) -> None:
        self._database = state.open(channel, MIGRATIONS, before=BEFORE, alone=True, lasting=True)
        self.replies = Replies(self._database)
        self.answers = KeptAnswers(self._database)

    # --- in ---

    def receive(self, update: Update) -> bool:
        """Keep an update; ``False`` when it came before, handled or not."""
        statement = "INSERT INTO updates (id, chat, came, body) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING"
        return self._database.run(statement, update.id, update.chat, time.time(), update.body) > 0

    def note(self, id: str) -> bool:
        """Keep that an update came of which nothing else is kept; ``False`` when it came before."""
        statement = "INSERT INTO updates (id, chat, came) VALUES (?, '', ?) ON CONFLICT (id) DO NOTHING"
        return self._database.run(statement, id, time.time()) > 0

    def recover(self, chat: str = "") -> None:
        """After a start: count a crash for what was being handled; only in one ``chat`` where that is taken over."""
        among, values = ("AND chat = ?", [chat]) if chat else ("", [])
        self._database.run(f"UPDATE updates SET crashes = crashes + is_begun, is_begun = 0 WHERE is_begun > 0 {among}", *values)

    def chats_waiting(self) -> list[str]:
        """Return the chats in which updates wait, the oldest first."""
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
    ) -> bool:
        """Keep what is to be said, and in the same moment that the update ``done`` is handled and the reminders are given.

        ``heard`` is what the letters answer. Of an update that is done, only that it came is kept, not where. ``False`` where another
        process has handled the update, or given a reminder, before: then nothing is kept.
        """
        with suppress(_DoneBefore), self._database.transaction():
            if done is not None:
                self._close(done)
            self._keep(self.replies.arranged(heard, letters) if heard else letters, places, reminded, menus or {})
            return True
        return False

    def _close(self, id: str) -> None:
        """Keep that an update is done. Raises ``_DoneBefore``."""
        if not self._database.run("UPDATE updates SET body = NULL, chat = '', is_begun = 0 WHERE id = ? AND body IS NOT NULL", id):
            raise _DoneBefore

    def _keep(
        self, letters: Iterable[Letter], places: Iterable[Place], reminded: Iterable[tuple[str, str]], menus: Mapping[str, Menu]
    ) -> None:
        now = time.time()
        for letter in letters:
            values = (letter.chat, letter.method, _json(letter.payload), now, letter.question, letter.part)
            self._database.run("INSERT INTO letters (chat, method, payload, made, message, part) VALUES (?, ?, ?, ?, ?, ?)", *values)
        for place in places:
            self._database.run(_PLACE, place.key, place.document, place.section, now)
        for person, what in reminded:
            if not self._database.run("INSERT INTO reminded VALUES (?, ?, ?) ON CONFLICT DO NOTHING", person, what, now):
                raise _DoneBefore
        for chat, menu in menus.items():
            self._database.run(_MENU, chat, _json(menu.choices), menu.prompt, now)

    def chats(self) -> list[str]:
        """Return the chats that something is still to be said in."""
        return [row[0] for row in self._database.rows("SELECT DISTINCT chat FROM letters ORDER BY chat")]

    def next(self, chat: str) -> Letter | None:
        """Return the oldest letter for a chat."""
        query = (
            "SELECT l.chat, l.method, l.payload, l.id, l.made, l.message, l.part, coalesce(s.id, ''), l.is_leaving FROM letters l "
            "LEFT JOIN said s ON s.chat = l.chat AND s.message = l.message AND s.part = l.part WHERE l.chat = ? ORDER BY l.id LIMIT 1"
        )
        rows = self._database.rows(query, chat)
        if not rows:
            return None
        where, method, payload, *rest = rows[0]
        return Letter(where, method, json.loads(payload), *rest)

    def leaves(self, id: int, term: int) -> bool:
        """Mark a letter as on its way in a leader's ``term``; ``False`` where it is another's to send, or gone."""
        statement = (
            "UPDATE letters SET is_leaving = ? WHERE id = ? AND is_leaving IN (0, ?) AND NOT EXISTS (SELECT 1 FROM leaders WHERE term > ?)"
        )
        return self._database.run(statement, term, id, term, term) > 0

    def stays(self, letter: Letter, term: int) -> None:
        """Take back that a letter is on its way; one that a later leader took for sent is put back into its place."""
        with self._database.transaction():
            if self._database.run("UPDATE letters SET is_leaving = 0 WHERE id = ? AND is_leaving = ?", letter.id, term):
                return
            if self._database.rows("SELECT 1 FROM leaders WHERE term > ?", term):
                values = (letter.id, letter.chat, letter.method, _json(letter.payload), letter.made, letter.question, letter.part)
                self._database.run(_BACK, *values)

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
        with self._database.transaction():
            self._database.run(
                "UPDATE letters SET chat = ?, method = ?, payload = ?, is_leaving = 0 WHERE id = ?",
                *(letter.chat, letter.method, _json(letter.payload), letter.id),
            )
            if letter.question and not letter.instead:
                self.replies.lost(letter)

    def settle(self) -> int:
        """After a start, or a change of leaders: take what was on its way as sent, and return how many letters that were.

        Edits and deletions are made again.
        """
        self._database.run("UPDATE letters SET is_leaving = 0 WHERE is_leaving != 0 AND method != ?", SAYS)
        return self._database.run("DELETE FROM letters WHERE is_leaving != 0")

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


def _json(value: Any) -> str:  # noqa: ANN401
    return json.dumps(value, ensure_ascii=False)
