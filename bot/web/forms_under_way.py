"""A form that is sent twice, by an impatient press of Enter, is answered once, whichever worker process gets it."""

from __future__ import annotations

import time

from rag.storage import Database

FORMS = "CREATE TABLE IF NOT EXISTS sent (form TEXT PRIMARY KEY, at DOUBLE PRECISION NOT NULL, turn TEXT NOT NULL);"
_TWICE = 3.0  # seconds after the answer in which the same form is the same question
_GIVEN_UP = 60.0  # seconds after which no answer comes any more: its process died


class FormsUnderWay:
    """Which form is answered with which turn, in the file of the turns. A form is known by a digest, and for seconds only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, form: str) -> str | None:
        """Return the turn that answers a form, ``None`` while another request answers it, ``""`` where it is to be answered now."""
        now = time.time()
        self._database.run("DELETE FROM sent WHERE at < ? OR (turn != '' AND at < ?)", now - _GIVEN_UP, now - _TWICE)
        if self._database.run("INSERT INTO sent VALUES (?, ?, '') ON CONFLICT (form) DO NOTHING", form, now):
            return ""
        rows = self._database.rows("SELECT turn FROM sent WHERE form = ?", form)
        return (rows[0][0] or None) if rows else None

    def answered(self, form: str, turn: str) -> None:
        """Keep which turn answers a form."""
        self._database.run("UPDATE sent SET turn = ?, at = ? WHERE form = ?", turn, time.time(), form)

    def failed(self, form: str) -> None:
        """Let a form be answered when it is sent again."""
        self._database.run("DELETE FROM sent WHERE form = ?", form)
