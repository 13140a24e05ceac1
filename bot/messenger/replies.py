"""Which messages of ours answer which message of theirs: so an edit replaces its answer, and a reply goes on with that answer's topic.

What is kept are the ids of messages; of words only what tells whether they changed. Nothing is kept for longer than people can edit.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.messenger.posting import SAYS, UNSAYS, Letter
from rag.storage import Database

SCHEMA = """
CREATE TABLE IF NOT EXISTS heard (
    chat TEXT NOT NULL, message TEXT NOT NULL, person TEXT NOT NULL, words TEXT NOT NULL, at DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (chat, message)
);
CREATE TABLE IF NOT EXISTS said (
    chat TEXT NOT NULL, message TEXT NOT NULL, part BIGINT NOT NULL, id TEXT NOT NULL, at DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (chat, message, part)
);
CREATE INDEX IF NOT EXISTS said_by_id ON said (chat, id);
"""
_HEARD = (
    "INSERT INTO heard VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (chat, message) DO UPDATE SET person = excluded.person, words = excluded.words, at = excluded.at"
)
_SAID = (
    "INSERT INTO said SELECT chat, message, ?, ?, ? FROM heard WHERE chat = ? AND message = ? "
    "ON CONFLICT (chat, message, part) DO UPDATE SET id = excluded.id, at = excluded.at"
)
_KEPT = timedelta(days=3)  # Telegram lets people edit for two


@dataclass(frozen=True, slots=True)
class Heard:
    """A message (or a press) that is answered: where, its id, who from; ``words`` changes when its words do.

    ``revises`` says that the answer takes the place of an earlier one.
    """

    chat: str
    message: str
    person: str
    words: str = ""
    revises: bool = False


class Replies:
    """The part of a mailbox's ``database`` that knows what answers what; written inside its transactions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def arranged(self, heard: Heard, letters: Iterable[Letter]) -> list[Letter]:
        """Keep what was heard, and return the letters as parts of its answer, with what takes away parts that there are too many of."""
        self._database.run(_HEARD, heard.chat, heard.message, heard.person, heard.words, time.time())
        known = self._parts(heard)
        part = 0 if heard.revises else known
        arranged = []
        for letter in letters:
            if letter.method == SAYS and letter.chat == heard.chat:
                arranged.append(replace(letter, question=heard.message, part=part))
                part += 1
            else:
                arranged.append(letter)
        if heard.revises and part:
            self._withdraw(heard)
            arranged += [Letter(heard.chat, UNSAYS, {}, question=heard.message, part=surplus) for surplus in range(part, known)]
        return arranged

    def arrived(self, letter: Letter, id: str) -> None:
        """Keep which message a letter became; nothing of what was forgotten meanwhile."""
        if letter.method == UNSAYS:
            where = (letter.chat, letter.question, letter.part)
            self._database.run("DELETE FROM said WHERE chat = ? AND message = ? AND part = ?", *where)
        elif id:
            self._database.run(_SAID, letter.part, id, time.time(), letter.chat, letter.question)

    def lost(self, letter: Letter) -> None:
        """Keep that the message which a letter was to replace is no longer there."""
        where = (letter.chat, letter.question, letter.part)
        self._database.run("DELETE FROM said WHERE chat = ? AND message = ? AND part = ?", *where)

    def words(self, chat: str, message: str) -> str | None:
        """Return what tells the words of a message that was answered; ``None`` for one that was not."""
        rows = self._database.rows("SELECT words FROM heard WHERE chat = ? AND message = ?", chat, message)
        return rows[0][0] if rows else None

    def answered_by(self, chat: str, id: str) -> Heard | None:
        """Return what the message of ours with this ``id`` answers, where that is known."""
        query = "SELECT heard.message, heard.person, heard.words FROM said JOIN heard USING (chat, message) WHERE said.chat = ? AND id = ?"
        rows = self._database.rows(query, chat, id)
        return Heard(chat, *rows[0]) if rows else None

    def forget(self, person: str, chats: Iterable[str]) -> None:
        """Forget what a person was answered, and everything in the ``chats``."""
        query = "DELETE FROM said WHERE EXISTS (SELECT 1 FROM heard WHERE chat = said.chat AND message = said.message AND person = ?)"
        self._database.run(query, person)
        self._database.run("DELETE FROM heard WHERE person = ?", person)
        for chat in chats:
            self._database.run("DELETE FROM said WHERE chat = ?", chat)
            self._database.run("DELETE FROM heard WHERE chat = ?", chat)

    def prune(self) -> None:
        """Forget what nobody can edit any more."""
        before = time.time() - _KEPT.total_seconds()
        self._database.run("DELETE FROM said WHERE at < ?", before)
        self._database.run("DELETE FROM heard WHERE at < ?", before)

    def _parts(self, heard: Heard) -> int:
        """Return of how many messages an answer is, said or still to be said."""
        query = (
            "SELECT coalesce(max(part) + 1, 0) FROM (SELECT part FROM said WHERE chat = ? AND message = ? UNION ALL "
            "SELECT part FROM letters WHERE chat = ? AND message = ?) AS parts"
        )
        return int(self._database.rows(query, heard.chat, heard.message, heard.chat, heard.message)[0][0])

    def _withdraw(self, heard: Heard) -> None:
        """Take out what was still to be said of an earlier answer."""
        query = "DELETE FROM letters WHERE chat = ? AND is_leaving = 0 AND message = ?"
        self._database.run(query, heard.chat, heard.message)
