"""The answers that are kept, so that a conversation can be read again and an answer shared."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from bot.web.forms_under_way import FORMS, FormsUnderWay
from rag.storage import KEY, State

# The links to shared answers of versions without ``shares`` named the turn itself: they still open it, and ``Turn.is_told`` says
# what that costs.
_TABLES = f"""
CREATE TABLE IF NOT EXISTS turns (
    position {KEY}, id TEXT NOT NULL UNIQUE, conversation TEXT NOT NULL, asked DOUBLE PRECISION NOT NULL, answer TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS turns_by_conversation ON turns (conversation, position);
CREATE INDEX IF NOT EXISTS turns_by_day ON turns (asked);
CREATE TABLE IF NOT EXISTS picked (turn TEXT PRIMARY KEY, place BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS shares (turn TEXT PRIMARY KEY, share TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS before (turn TEXT PRIMARY KEY, state TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS owners (conversation TEXT PRIMARY KEY, owner TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS owners_by_owner ON owners (owner);
INSERT INTO shares SELECT id, id FROM turns WHERE id NOT IN (SELECT turn FROM shares) ON CONFLICT DO NOTHING;
"""
_AT_ONCE = 2000  # that are deleted: nobody waits long for their place
_BEFORE = "DROP TRIGGER IF EXISTS picked_goes_too; DROP TRIGGER IF EXISTS rest_goes_too;"
_LISTED = """
SELECT talks.conversation, answer, talks.asked, times FROM (
    SELECT conversation, min(position) AS first, max(position) AS last, max(asked) AS asked, count(*) AS times
    FROM owners JOIN turns USING (conversation) WHERE owner = ? GROUP BY conversation
) AS talks JOIN turns ON position = first ORDER BY last DESC
"""
_PICK = "INSERT INTO picked VALUES (?, ?) ON CONFLICT (turn) DO UPDATE SET place = excluded.place WHERE picked.place != excluded.place"
_UNOWNED = "DELETE FROM owners WHERE NOT EXISTS (SELECT 1 FROM turns WHERE turns.conversation = owners.conversation)"


def new_id() -> str:
    """Return a name that nobody can guess."""
    return secrets.token_urlsafe(12)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its answer, which is the object that the API returns; ``asked`` is in seconds since 1970.

    ``id`` is who asked's own: with it votes and picks are made. ``share`` is for everybody, and gives only the answer away.
    ``picked`` is which of the provisions that it offers was meant, -1 as long as nobody said. ``owner`` is the digest of the
    browser that asked; empty where the page alone holds the conversation, ``None`` where it was not asked on a page.
    """

    id: str
    conversation: str
    asked: float
    answer: dict[str, Any]
    picked: int = -1
    share: str = field(default_factory=new_id)
    owner: str | None = None

    @property
    def is_told(self) -> bool:
        """Whether the id may have been told to others, as links of versions before ``share`` did: then it gives no rights."""
        return self.share == self.id

    @property
    def alone(self) -> Turn:
        """The turn as it is shared: the answer, and nothing of who asked."""
        return replace(self, id=self.share, conversation="", picked=-1, owner=None)

    def belongs_to(self, owner: str) -> bool:
        """Say whether who names this turn, from the browser ``owner``, may vote on it and ask it anew."""
        return not self.is_told and self.owner is not None and self.owner in ("", owner)


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation as the history lists it: its first question, when something was last asked, how many questions."""

    id: str
    question: str
    asked: float
    times: int


class Turns:
    """The turns; threads and processes share them."""

    def __init__(self, state: State) -> None:
        self._database = state.open("turns", (_TABLES + FORMS,), before=_BEFORE)
        self.forms = FormsUnderWay(self._database)

    def add(self, turn: Turn, before: str = "", instead: str = "") -> None:
        """Keep a turn and the conversation ``before`` it; ``instead`` of another of the same conversation and what follows that."""
        with self._database.transaction():
            if instead:
                rest = "conversation = ? AND position >= (SELECT position FROM turns WHERE id = ?)"
                self._delete(rest, turn.conversation, instead)
            statement = "INSERT INTO turns (id, conversation, asked, answer) VALUES (?, ?, ?, ?)"
            self._database.run(statement, turn.id, turn.conversation, turn.asked, json.dumps(turn.answer, ensure_ascii=False))
            self._database.run("INSERT INTO shares VALUES (?, ?)", turn.id, turn.share)
            if turn.owner is not None:
                self._database.run("INSERT INTO before VALUES (?, ?)", turn.id, before)
                self._database.run("INSERT INTO owners VALUES (?, ?) ON CONFLICT (conversation) DO NOTHING", turn.conversation, turn.owner)

    def change(self, id: str, answer: dict[str, Any]) -> None:
        """Put another answer in a turn, where it is still kept."""
        self._database.run("UPDATE turns SET answer = ? WHERE id = ?", json.dumps(answer, ensure_ascii=False), id)

    def pick(self, id: str, place: int) -> bool:
        """Keep which provision of a turn's answer was meant; ``False`` where that is known."""
        return self._database.run(_PICK, id, place) > 0

    def get(self, id: str) -> Turn | None:
        """Return the turn called ``id``."""
        found = self._read("turns.id = ?", id)
        return found[0] if found else None

    def shared(self, share: str) -> Turn | None:
        """Return the turn that is shared as ``share``, as others may see it."""
        found = self._read("share = ?", share)
        return found[0].alone if found else None

    def of(self, conversation: str) -> list[Turn]:
        """Return the turns of a conversation, the oldest first."""
        return self._read("turns.conversation = ? ORDER BY position", conversation)

    def before(self, id: str) -> str:
        """Return the conversation before a turn, empty where it is not kept."""
        rows = self._database.rows("SELECT state FROM before WHERE turn = ?", id)
        return str(rows[0][0]) if rows else ""

    def owner(self, conversation: str) -> str | None:
        """Return who owns a conversation, as ``Turn.owner`` says it."""
        rows = self._database.rows("SELECT owner FROM owners WHERE conversation = ?", conversation)
        return str(rows[0][0]) if rows else None

    def talks(self, owner: str) -> list[Talk]:
        """Return the conversations of a browser, the latest first."""
        listed = self._database.rows(_LISTED, owner) if owner else []
        return [Talk(talk, json.loads(answer)["question"], asked, times) for talk, answer, asked, times in listed]

    def forget(self, conversation: str) -> int:
        """Delete a conversation and return how many turns it had."""
        with self._database.transaction():
            gone = self._delete("conversation = ?", conversation)
            self._database.run(f"{_UNOWNED} AND conversation = ?", conversation)
        self._database.scrub()
        return gone

    def prune(self, older_than: timedelta) -> int:
        """Delete what is older and return how much it was."""
        limit, gone = time.time() - older_than.total_seconds(), 0
        while some := self._delete_some(limit):
            gone += some
        self._database.run(_UNOWNED)
        self._database.scrub()
        return gone

    def close(self) -> None:
        """Give the file back."""
        self._database.close()

    def _delete_some(self, limit: float) -> int:
        with self._database.transaction():
            return self._delete(f"id IN (SELECT id FROM turns WHERE asked < ? ORDER BY asked, id LIMIT {_AT_ONCE})", limit)

    def _delete(self, condition: str, *values: object) -> int:
        """Delete turns with all that is kept of them but who owns their conversation; return how many they were."""
        for table in ("picked", "shares", "before"):
            self._database.run(f"DELETE FROM {table} WHERE turn IN (SELECT id FROM turns WHERE {condition})", *values)
        return self._database.run(f"DELETE FROM turns WHERE {condition}", *values)

    def _read(self, condition: str, value: str) -> list[Turn]:
        query = (
            "SELECT id, turns.conversation, asked, answer, coalesce(place, -1), coalesce(share, id), owner FROM turns "
            "LEFT JOIN picked ON picked.turn = id LEFT JOIN shares ON shares.turn = id LEFT JOIN owners USING (conversation)"
        )
        rows = self._database.rows(f"{query} WHERE {condition}", value)
        return [Turn(id, talk, asked, json.loads(answer), *rest) for id, talk, asked, answer, *rest in rows]
