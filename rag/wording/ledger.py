"""What the model cost today, and the replies that are kept."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from rag.errors import TracuuError
from rag.storage import Database, State
from rag.wording.model import Usage

_TABLES = """
CREATE TABLE IF NOT EXISTS usage (
    day TEXT PRIMARY KEY, calls BIGINT NOT NULL DEFAULT 0, tokens_in BIGINT NOT NULL DEFAULT 0,
    tokens_out BIGINT NOT NULL DEFAULT 0, cost DOUBLE PRECISION NOT NULL DEFAULT 0, shown BIGINT NOT NULL DEFAULT 0,
    dropped BIGINT NOT NULL DEFAULT 0, failed BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, text TEXT NOT NULL, made DOUBLE PRECISION NOT NULL);
CREATE INDEX IF NOT EXISTS replies_by_moment ON replies (made);
"""
_KEEP = "INSERT INTO replies VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET text = excluded.text, made = excluded.made"
_SURPLUS = "DELETE FROM replies WHERE made < (SELECT made FROM replies ORDER BY made DESC LIMIT 1 OFFSET ?)"
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


def opened(state: State) -> Database:
    """Open the store."""
    return state.open("llm", (_TABLES,), lasting=True)


class Ledger:
    """One for all threads, processes and machines. Raises ``TracuuError`` where it cannot be used."""

    def __init__(self, state: State, limits: Limits, cache_days: int, clock: Callable[[], date] = date.today) -> None:
        """``clock`` says which day it is where the limits count."""
        self._state = state
        self._clock = clock
        self._limits = limits
        self._cache_days = cache_days

    def take(self, usage: Usage) -> date | None:
        """Book a call with its tokens as estimated; return on which day, ``None`` (and nothing booked) where its limit is reached."""
        limits = self._limits
        if self._database.trouble:  # what only a memory counts is no limit
            raise TracuuError(self._database.trouble)
        with self._database.transaction(alone=True):  # nobody else books between the look and the entry
            now = self._clock()
            day = self._used_on(now)
            if (
                (limits.calls is not None and day.calls + 1 > limits.calls)
                or (limits.tokens is not None and day.tokens_in + day.tokens_out + usage.tokens_in + usage.tokens_out > limits.tokens)
                or (limits.cost is not None and day.cost + limits.price(usage) > limits.cost)
            ):
                return None
            self._add(now, calls=1, tokens_in=usage.tokens_in, tokens_out=usage.tokens_out, cost=limits.price(usage))
            return now

    def settle(self, day: date, booked: Usage, used: Usage) -> None:
        """Put what a call really used in the place of what was booked on a day, which may be over by now."""
        cost = self._limits.price(used) - self._limits.price(booked)
        self._add(day, tokens_in=used.tokens_in - booked.tokens_in, tokens_out=used.tokens_out - booked.tokens_out, cost=cost)

    def count(self, outcome: Literal["shown", "dropped", "failed"]) -> None:
        """Count what became of a reply."""
        self._add(self._clock(), **{outcome: 1})

    def today(self) -> Day:
        """Return what was used today."""
        return self._used_on(self._clock())

    def _used_on(self, day: date) -> Day:
        rows = self._database.rows(f"SELECT {', '.join(Day.__slots__)} FROM usage WHERE day = ?", day.isoformat())
        return Day(*rows[0]) if rows else Day()

    def kept(self, key: str) -> str | None:
        """Return the reply kept under ``key``, if it is not too old."""
        rows = self._database.rows("SELECT text FROM replies WHERE key = ? AND made > ?", key, self._oldest())
        return str(rows[0][0]) if rows else None

    def keep(self, key: str, text: str) -> None:
        """Keep a reply that was verified; the oldest make room."""
        if not self._cache_days:
            return
        self._database.run(_KEEP, key, text, time.time())
        self._database.run("DELETE FROM replies WHERE made <= ?", self._oldest())
        self._database.run(_SURPLUS, _MOST_KEPT - 1)

    @cached_property
    def _database(self) -> Database:
        """Opened with the first call: who asks no model has no such store."""
        return opened(self._state)

    def _add(self, day: date, **amounts: float) -> None:
        columns = ", ".join(amounts)
        more = ", ".join(f"{column} = usage.{column} + excluded.{column}" for column in amounts)
        marks = ", ?" * len(amounts)
        statement = f"INSERT INTO usage (day, {columns}) VALUES (?{marks}) ON CONFLICT (day) DO UPDATE SET {more}"
        self._database.run(statement, day.isoformat(), *amounts.values())

    def _oldest(self) -> float:
        return time.time() - self._cache_days * 86_400
