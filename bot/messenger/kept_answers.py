"""The answers of the last day, so that a later press finds its question, and a page that was read leads back to its answer.

They are kept no longer than people press their buttons, go with ``/xoa``, and are nobody's source of anything.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from bot.messenger.runs import Run
from rag.language.text import squeeze
from rag.storage import Database

SCHEMA = """
CREATE TABLE IF NOT EXISTS answers (
    chat TEXT NOT NULL, id TEXT NOT NULL, person TEXT NOT NULL, question TEXT NOT NULL, text TEXT NOT NULL, buttons TEXT NOT NULL,
    made DOUBLE PRECISION NOT NULL, PRIMARY KEY (chat, id)
);
"""
_KEEP = (
    "INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (chat, id) DO UPDATE SET person = excluded.person, "
    "question = excluded.question, text = excluded.text, buttons = excluded.buttons, made = excluded.made"
)
_KEPT = timedelta(days=1)
_NAMED_BY = 80  # characters


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer as it was said in a ``chat`` to a ``person``; ``id`` is what votes on it are kept under."""

    chat: str
    id: str
    person: str
    question: str
    text: tuple[Run, ...]
    buttons: list[list[tuple[str, str]]]

    @property
    def name(self) -> str:
        """The question, short enough to be quoted."""
        words = squeeze(self.question)
        return words if len(words) <= _NAMED_BY else f"{words[:_NAMED_BY].rsplit(' ', 1)[0]}…"


class KeptAnswers:
    """The part of a mailbox's ``database`` that knows the answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, answer: KeptAnswer) -> None:
        """Keep an answer, in the place of what was said before under its id."""
        text = json.dumps([(run.text, run.style) for run in answer.text], ensure_ascii=False)
        buttons = json.dumps(answer.buttons, ensure_ascii=False)
        self._database.run(_KEEP, answer.chat, answer.id, answer.person, answer.question, text, buttons, time.time())

    def find(self, chat: str, id: str) -> KeptAnswer | None:
        """Return the answer with this ``id``, where it was said in this chat and is still kept."""
        return next(iter(self._read("chat = ? AND id = ?", chat, id)), None)

    def called(self, chat: str, name: str) -> KeptAnswer | None:
        """Return the last answer in a chat to the question of this ``name``."""
        return next((answer for answer in self._read("chat = ?", chat) if answer.name == name), None)

    def question(self, chat: str, id: str) -> str:
        """Return the words of a question; empty where they are not kept."""
        found = self.find(chat, id)
        return found.question if found else ""

    def forget(self, person: str, chats: Iterable[str]) -> None:
        """Forget what a person was answered, and everything in the ``chats``."""
        self._database.run("DELETE FROM answers WHERE person = ?", person)
        for chat in chats:
            self._database.run("DELETE FROM answers WHERE chat = ?", chat)

    def prune(self) -> None:
        """Forget what is older than people press its buttons."""
        self._database.run("DELETE FROM answers WHERE made < ?", time.time() - _KEPT.total_seconds())

    def _read(self, condition: str, *values: str) -> Iterable[KeptAnswer]:
        query = f"SELECT chat, id, person, question, text, buttons FROM answers WHERE {condition} ORDER BY made DESC"
        for chat, id, person, question, text, buttons in self._database.rows(query, *values):
            rows = [[(label, data) for label, data in row] for row in json.loads(buttons)]
            yield KeptAnswer(chat, id, person, question, tuple(Run(*run) for run in json.loads(text)), rows)
