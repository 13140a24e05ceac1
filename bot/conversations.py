"""What was asked before, kept between messages so that follow-up questions are understood."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import NamedTuple

from bot.recent import Recent
from rag.errors import TracuuError
from rag.question.conversation import Conversation
from rag.storage import State

_LOG = logging.getLogger(__name__)
_MIGRATIONS = ("CREATE TABLE IF NOT EXISTS conversations (id TEXT PRIMARY KEY, state TEXT NOT NULL, saved DOUBLE PRECISION NOT NULL);",)
_LATELY = 500
_SAVE = "INSERT INTO conversations VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET state = excluded.state, saved = excluded.saved"


class _Saved(NamedTuple):
    """How a conversation stood (``Conversation.to_json``), and when it was saved."""

    state: str
    at: float


class Conversations:
    """The conversations; threads and processes share them."""

    def __init__(self, state: State) -> None:
        self._database = state.open("conversations", _MIGRATIONS)
        self._lately: Recent[str, _Saved] = Recent(_LATELY)  # what this process can go on with while a server is away

    def load(self, id: str, silence: timedelta | None = None) -> Conversation:
        """Return the conversation called ``id``, a new one where there is none or ``silence`` has passed since.

        One that cannot be read is a new one too, which is logged: the question is answered all the same.
        """
        since = time.time() - silence.total_seconds() if silence else 0.0
        try:
            rows = self._database.rows("SELECT state FROM conversations WHERE id = ? AND saved >= ?", id, since)
        except TracuuError as error:
            _LOG.warning("%s", error)
            return Conversation()
        if not rows and self._database.trouble and (known := self._lately.get(id)) and known.at >= since:
            return Conversation.from_json(known.state)
        return Conversation.from_json(rows[0][0]) if rows else Conversation()

    def save(self, id: str, conversation: Conversation) -> float:
        """Keep ``conversation`` under ``id``, in place of what was there; return the moment, for ``correct``.

        Where it cannot be written, that is logged.
        """
        now = time.time()
        self._lately.put(id, _Saved(conversation.to_json(), now))
        try:
            self._database.run(_SAVE, id, conversation.to_json(), now)
        except TracuuError as error:
            _LOG.warning("%s", error)
        return now

    def correct(self, id: str, conversation: Conversation, saved: float) -> None:
        """Put ``conversation`` in place of what was saved at a moment, unless it went on since then or was forgotten."""
        statement = "UPDATE conversations SET state = ?, saved = ? WHERE id = ? AND saved = ?"
        self._database.run(statement, conversation.to_json(), time.time(), id, saved)

    def forget(self, id: str) -> None:
        """Forget the conversation called ``id``."""
        self._lately.drop(id)
        self._database.run("DELETE FROM conversations WHERE id = ?", id)

    def forget_person(self, person: str) -> None:
        """Forget every conversation of a person: those whose id ends in ``@person``."""
        for id in self._lately.kept():
            if id.endswith(f"@{person}"):
                self._lately.drop(id)
        self._database.run("DELETE FROM conversations WHERE substr(id, length(id) - length(?) + 1) = ?", f"@{person}", f"@{person}")
        self._database.scrub()

    def prune(self, older_than: timedelta) -> int:
        """Forget the conversations last saved more than ``older_than`` ago and return how many they were."""
        gone = self._database.run("DELETE FROM conversations WHERE saved < ?", time.time() - older_than.total_seconds())
        self._database.scrub()
        return gone

    def close(self) -> None:
        """Give the file back."""
        self._database.close()
