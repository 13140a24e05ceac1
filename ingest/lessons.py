"""What admins taught, where several machines share a PostgreSQL server: it is true there, and each machine's file follows it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from rag.index.bank import BankEntry
from rag.storage import KEY, State

_MIGRATIONS = (f"CREATE TABLE IF NOT EXISTS taught (number {KEY}, entry TEXT NOT NULL);",)
_JOINED = "taught.joined"  # in the data folder of a machine that brought what it had been taught alone


class Lessons:
    """The entries on the server. Every fault is a ``TracuuError``."""

    def __init__(self, state: State) -> None:
        self._database = state.open("taught", _MIGRATIONS, lasting=True)
        self._joined = state.folder / _JOINED

    @classmethod
    def shared(cls, state: State) -> Lessons | None:
        """Return the lessons of the server; ``None`` where the file is all there is."""
        return cls(state) if state.server else None

    def all(self) -> list[BankEntry]:
        """Return every entry, the oldest first."""
        return [_entry(entry) for (entry,) in self._database.rows("SELECT entry FROM taught ORDER BY number")]

    @contextmanager
    def changing(self, here: list[BankEntry]) -> Iterator[list[BankEntry]]:
        """Be the only machine that changes them; yield all, with those ``here`` where this machine was never among the others."""
        with self._database.transaction(alone=True):
            there = self.all()
            if not self._joined.exists():
                there += [entry for entry in here if entry not in there]
            yield there
        self._joined.parent.mkdir(parents=True, exist_ok=True)
        self._joined.touch()

    def put(self, entries: Iterable[BankEntry]) -> None:
        """Keep these instead of all others."""
        self._database.run("DELETE FROM taught")
        for entry in entries:
            self._database.run("INSERT INTO taught (entry) VALUES (?)", json.dumps(asdict(entry), ensure_ascii=False))

    def are_those(self, here: list[BankEntry]) -> bool:
        """Say whether a machine has them already."""
        return self._joined.exists() and self.all() == here


def _entry(text: str) -> BankEntry:
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in json.loads(text).items()}
    return BankEntry(**values)
