"""What the model cost today, and the replies that are kept (SQLite, ``llm.sqlite3`` in the data folder)."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from rag.wording.model import Usage

_TABLES = """
CREATE TABLE IF NOT EXISTS usage (
    day TEXT PRIMARY KEY, calls INTEGER NOT NULL DEFAULT 0, tokens_in INTEGER NOT NULL DEFAULT 0,
    tokens_out INTEGER NOT NULL DEFAULT 0, cost REAL NOT NULL DEFAULT 0, shown INTEGER NOT NULL DEFAULT 0,
    dropped INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, text TEXT NOT NULL, made REAL NOT NULL) WITHOUT ROWID;
"""
_MOST_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What a day may cost; ``None`` is no limit. Prices are for a million tokens, in the currency of ``cost``."""

    calls: int | None = None
    tokens: int | None = None
    cost: float | None = None
    price_in: float = 0.0
    price_out: float = 0.0

    def price(self, usage: Usage) -> float:
        """Return what a call costs."""
        return (usage.tokens_in * self.price_in + usage.tokens_out * self.price_out) / 1_000_000


@dataclass(frozen=True, slots=True)
class Day:
    """What was used on one day, and what became of the replies."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    shown: int = 0
    dropped: int = 0
    failed: int = 0


class Ledger:
    """Opens its file anew at every call, so threads and processes share it. Raises ``sqlite3.Error`` or ``OSError``."""

    def __init__(self, data: Path, limits: Limits, cache_days: int) -> None:
        self._path = data / "llm.sqlite3"
        self._limits = limits
        self._cache_days = cache_days

    def take(self, usage: Usage) -> bool:
        """Book a call with its tokens as estimated; ``False`` (and nothing booked) where the day's limit is reached."""
        with self._opened() as database:
            database.execute("BEGIN IMMEDIATE")  # nobody else books between the look and the entry
            day = _day(database)
            limits = self._limits
            if (
                (limits.calls is not None and day.calls + 1 > limits.calls)
                or (limits.tokens is not None and day.tokens_in + day.tokens_out + usage.tokens_in + usage.tokens_out > limits.tokens)
                or (limits.cost is not None and day.cost + limits.price(usage) > limits.cost)
            ):
                return False
            _add(database, calls=1, tokens_in=usage.tokens_in, tokens_out=usage.tokens_out, cost=limits.price(usage))
            return True

    def settle(self, booked: Usage, used: Usage) -> None:
        """Put what a call really used in the place of what was booked."""
        more = {"tokens_in": used.tokens_in - booked.tokens_in, "tokens_out": used.tokens_out - booked.tokens_out}
        with self._opened() as database:
            _add(database, **more, cost=self._limits.price(used) - self._limits.price(booked))

    def count(self, outcome: Literal["shown", "dropped", "failed"]) -> None:
        """Count what became of a reply."""
        with self._opened() as database:
            _add(database, **{outcome: 1})

    def today(self) -> Day:
        """Return what was used today."""
        with self._opened() as database:
            return _day(database)

    def kept(self, key: str) -> str | None:
        """Return the reply kept under ``key``, if it is not too old."""
        with self._opened() as database:
            row = database.execute("SELECT text FROM replies WHERE key = ? AND made > ?", (key, self._oldest())).fetchone()
        return str(row[0]) if row else None

    def keep(self, key: str, text: str) -> None:
        """Keep a reply that was verified; the oldest make room."""
        if not self._cache_days:
            return
        with self._opened() as database:
            database.execute("INSERT OR REPLACE INTO replies VALUES (?, ?, ?)", (key, text, time.time()))
            database.execute("DELETE FROM replies WHERE made <= ?", (self._oldest(),))
            database.execute(
                "DELETE FROM replies WHERE key IN (SELECT key FROM replies ORDER BY made DESC LIMIT -1 OFFSET ?)", (_MOST_KEPT,)
            )

    def _oldest(self) -> float:
        return time.time() - self._cache_days * 86_400

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._path, timeout=5)) as database, database:
            database.execute("PRAGMA journal_mode = WAL")
            database.executescript(_TABLES)
            yield database


def _day(database: sqlite3.Connection) -> Day:
    columns = ", ".join(Day.__slots__)
    row = database.execute(f"SELECT {columns} FROM usage WHERE day = ?", (_name(),)).fetchone()
    return Day(*row) if row else Day()


def _add(database: sqlite3.Connection, **amounts: float) -> None:
    database.execute("INSERT OR IGNORE INTO usage (day) VALUES (?)", (_name(),))
    changes = ", ".join(f"{column} = {column} + :{column}" for column in amounts)
    database.execute(f"UPDATE usage SET {changes} WHERE day = :day", {**amounts, "day": _name()})


def _name() -> str:
    return date.today().isoformat()
