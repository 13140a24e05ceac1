"""What was asked, how it went and what people thought of it, in all channels: the source of ``tracuu stats``.

A question's words are kept only where nothing was claimed in reply (``OPEN``), and where somebody found the answer wrong or
sent it to the admin: that is the admin's to-do list. Whatever people wrote is kept without names and numbers of people.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from bot.nameless import nameless
from rag.documents import Answer, Status
from rag.storage import State

OPEN: tuple[Status, ...] = ("offered", "not_found")
"""The statuses of answers that claim nothing."""
# What is known of a question besides stands in a table of its own: a journal begun before there was one is used as it is.
_TABLES = """
CREATE TABLE IF NOT EXISTS questions (
    id TEXT PRIMARY KEY, asked DOUBLE PRECISION NOT NULL, channel TEXT NOT NULL, who TEXT NOT NULL, kind TEXT NOT NULL,
    status TEXT NOT NULL, seconds DOUBLE PRECISION NOT NULL, cited TEXT NOT NULL, question TEXT NOT NULL, vote TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS questions_by_day ON questions (asked);
CREATE TABLE IF NOT EXISTS remarks (
    id TEXT PRIMARY KEY, role TEXT NOT NULL DEFAULT '', topic TEXT NOT NULL DEFAULT '',
    sent DOUBLE PRECISION NOT NULL DEFAULT 0, note TEXT NOT NULL DEFAULT '', done DOUBLE PRECISION NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS aside (at DOUBLE PRECISION NOT NULL, channel TEXT NOT NULL, cause TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS suggestions (
    id TEXT PRIMARY KEY, sent DOUBLE PRECISION NOT NULL, channel TEXT NOT NULL, who TEXT NOT NULL, words TEXT NOT NULL
);
"""
_WHY = "ALTER TABLE remarks ADD COLUMN why TEXT NOT NULL DEFAULT '';"
_FORGOTTEN = "CREATE TABLE IF NOT EXISTS forgotten (who TEXT PRIMARY KEY, at DOUBLE PRECISION NOT NULL);"
_LATEST = 86_400.0  # seconds until an answer is noted: that of another process, or what waited for a server
_AT_ONCE = 2000  # that are deleted: nobody waits long for their place
_BEFORE = "DROP TRIGGER IF EXISTS remarks_go_too;"


@dataclass(frozen=True, slots=True)
class Entry:
    """A question and how it went; ``vote`` is ``up``, ``down`` or empty, ``asked`` seconds since 1970.

    ``role`` is who asked (a key of ``ROLES``), ``topic`` what it is about in the words of a heading; either may be unknown.
    ``sent`` is when the asker sent it to the admin, with a ``note``; ``done`` when an admin was through with it; 0 for never.
    ``why`` is why nothing was claimed in reply, as far as it is known.
    """

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
    role: str = ""
    topic: str = ""
    sent: float = 0.0
    note: str = ""
    done: float = 0.0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What somebody wrote with /gopy."""

    sent: float
    channel: str
    who: str
    words: str


class Aside(NamedTuple):
    """How often a channel brought what nobody could read, for one kind of fault."""

    channel: str
    cause: str
    times: int


class _Noted(NamedTuple):
    """What the journal has of an answer; ``question`` and ``why`` only where nothing was claimed in reply."""

    kind: str
    status: str
    cited: str
    question: str
    why: str


class Journal:
    """The journal. ``who`` is always an alias."""

    def __init__(self, state: State) -> None:
        self._database = state.open("journal", (_TABLES, _WHY, _FORGOTTEN), before=_BEFORE)

    def note(
        self, id: str, channel: str, who: str, answer: Answer, seconds: float, role: str = "", topic: str = "", at: float | None = None
    ) -> None:
        """Note an answer, given ``at`` (seconds since 1970; now), unless who asked has had everything deleted since then.

        The same ``id`` is noted once. ``seconds`` is the time from the message to its answer.
        """
        noted, moment = _noted(answer), time.time() if at is None else at
        if self._database.run(
            "INSERT INTO questions SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '' "
            "WHERE NOT EXISTS (SELECT 1 FROM forgotten WHERE who = ? AND at >= ?) ON CONFLICT (id) DO NOTHING",
            *(id, moment, channel, who, noted.kind, noted.status, seconds, noted.cited, noted.question),
            *(who, moment),
        ):
            known = "INSERT INTO remarks (id, role, topic, why) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING"
            self._database.run(known, id, role, topic, noted.why)

    def change(self, id: str, answer: Answer) -> None:
        """Note that a question got another answer in the end, where it is still noted; what was complained of keeps its words."""
        complained = "vote = 'down' OR id IN (SELECT id FROM remarks WHERE sent > 0)"
        words = f"question = CASE WHEN {complained} THEN question ELSE ? END"
        noted = _noted(answer)
        changed = (noted.kind, noted.status, noted.cited, noted.question, id)
        self._database.run("UPDATE remarks SET why = ? WHERE id = ?", noted.why, id)
        self._database.run(f"UPDATE questions SET kind = ?, status = ?, cited = ?, {words} WHERE id = ?", *changed)

    def together(self) -> AbstractContextManager[None]:
        """Keep what is noted inside at once, which costs as much as keeping one; nobody is forgotten meanwhile."""
        return self._database.transaction(alone=True)

    def vote(self, id: str, vote: str, reason: str = "", words: str = "", *, channel: str = "") -> bool:
        """Keep what somebody thought of an answer, one of this ``channel`` alone where that is given; ``False`` when there is none.

        With a ``down``, the ``words`` of the question are kept too, where they are not there yet.
        """
        statement = "UPDATE questions SET vote = ?, reason = ? WHERE id = ? AND ? IN ('', channel)"
        kept = self._database.run(statement, vote, nameless(reason), id, channel) > 0
        if kept and vote == "down":
            self._keep_words(id, words)
        return kept

    def send(self, id: str, note: str, words: str = "") -> bool:
        """Keep that the asker wants an admin to see an answer, the first time; ``False`` when the journal no longer has it."""
        statement = (
            "INSERT INTO remarks (id, sent, note) SELECT id, ?, ? FROM questions WHERE id = ? "
            "ON CONFLICT (id) DO UPDATE SET sent = excluded.sent, note = excluded.note, done = 0 WHERE remarks.sent = 0"
        )
        if not self._database.run(statement, time.time(), "\n".join(map(nameless, note.splitlines())), id):
            return bool(self._database.rows("SELECT 1 FROM questions WHERE id = ?", id))
        self._keep_words(id, words)
        return True

    def settle(self, ids: Sequence[str], *, done: bool) -> None:
        """Keep that an admin is through with these questions, or is not after all."""
        statement = "INSERT INTO remarks (id, done) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET done = excluded.done"
        with self._database.transaction():
            for id in ids:
                self._database.run(statement, id, time.time() if done else 0.0)

    def question(self, id: str) -> str:
        """Return the words of a question, empty where they are not kept."""
        rows = self._database.rows("SELECT question FROM questions WHERE id = ?", id)
        return str(rows[0][0]) if rows else ""

    def suggest(self, id: str, channel: str, who: str, words: str) -> None:
        """Keep a suggestion."""
        self._database.run(
            "INSERT INTO suggestions VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING", id, time.time(), channel, who, nameless(words)
        )

    def put_aside(self, channel: str, cause: str) -> None:
        """Count something that a channel brought and nobody could read; nothing of it is kept but the kind of fault."""
        self._database.run("INSERT INTO aside VALUES (?, ?, ?)", time.time(), channel, cause)

    def aside(self, since: float = 0.0) -> list[Aside]:
        """Return what could not be read since a moment, by channel and kind of fault."""
        query = "SELECT channel, cause, count(*) FROM aside WHERE at >= ? GROUP BY channel, cause ORDER BY channel, cause"
        return [Aside(*row) for row in self._database.rows(query, since)]

    def entries(self, since: float = 0.0) -> list[Entry]:
        """Return the questions since a moment, the oldest first."""
        return self._read("asked >= ?", since)

    def troubled(self, since: float = 0.0) -> list[Entry]:
        """Return the questions since a moment that an admin may look at: refused, only offered, found wrong, sent; the oldest first."""
        return self._read("asked >= ? AND (status IN (?, ?) OR vote = 'down' OR sent > 0)", since, *OPEN)

    def entry(self, id: str) -> Entry | None:
        """Return one question; ``None`` when it is no longer noted."""
        return next(iter(self._read("questions.id = ?", id)), None)

    def suggestions(self, since: float = 0.0) -> list[Suggestion]:
        """Return the suggestions since a moment, the oldest first."""
        query = "SELECT sent, channel, who, words FROM suggestions WHERE sent >= ? ORDER BY sent, id"
        return [Suggestion(*row) for row in self._database.rows(query, since)]

    def asked_by(self, who: str) -> list[str]:
        """Return the questions of an alias whose words are kept."""
        return [row[0] for row in self._database.rows("SELECT DISTINCT question FROM questions WHERE who = ? AND question != ''", who)]

    def forget(self, who: str) -> None:
        """Delete everything that an alias asked or wrote, also what another process was to note only now."""
        with self._database.transaction(alone=True):
            statement = "INSERT INTO forgotten VALUES (?, ?) ON CONFLICT (who) DO UPDATE SET at = excluded.at"
            self._database.run(statement, who, time.time())
            self._delete("who = ?", who)
            self._database.run("DELETE FROM suggestions WHERE who = ?", who)
        self._database.scrub()

    def close(self) -> None:
        """Give the file back."""
        self._database.close()

    def prune(self, older_than: timedelta) -> int:
        """Delete what is older and return how much it was."""
        limit = time.time() - older_than.total_seconds()
        questions = 0
        while gone := self._delete_some(limit):
            questions += gone
        suggestions = self._database.run("DELETE FROM suggestions WHERE sent < ?", limit)
        self._database.run("DELETE FROM aside WHERE at < ?", limit)
        self._database.run("DELETE FROM forgotten WHERE at < ?", time.time() - _LATEST)
        self._database.scrub()
        return questions + suggestions

    def _delete_some(self, limit: float) -> int:
        with self._database.transaction():
            return self._delete(f"id IN (SELECT id FROM questions WHERE asked < ? ORDER BY asked, id LIMIT {_AT_ONCE})", limit)

    def _delete(self, condition: str, value: object) -> int:
        """Delete questions with what is known of them besides, and return how many they were."""
        self._database.run(f"DELETE FROM remarks WHERE id IN (SELECT id FROM questions WHERE {condition})", value)
        return self._database.run(f"DELETE FROM questions WHERE {condition}", value)

    def _keep_words(self, id: str, words: str) -> None:
        self._database.run("UPDATE questions SET question = ? WHERE id = ? AND question = ''", nameless(words), id)

    def _read(self, condition: str, *values: object) -> list[Entry]:
        known = "coalesce(role, ''), coalesce(topic, ''), coalesce(sent, 0.0), coalesce(note, ''), coalesce(done, 0.0), coalesce(why, '')"
        query = f"SELECT questions.*, {known} FROM questions LEFT JOIN remarks ON remarks.id = questions.id"
        return [Entry(*row) for row in self._database.rows(f"{query} WHERE {condition} ORDER BY asked, questions.id", *values)]


def _noted(answer: Answer) -> _Noted:
    cited = "; ".join(dict.fromkeys(f"{citation.document} {citation.section}" for citation in answer.citations))
    question, why = (nameless(answer.question), nameless(answer.why)) if answer.status in OPEN else ("", "")
    return _Noted(answer.kind or answer.status, answer.status, cited, question, why)
