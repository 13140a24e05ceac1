"""What was asked in all channels, as figures for charts."""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.journal import Entry
from bot.stats import KINDS

_STATUSES = {"answered": "trả lời được", "offered": "chưa chắc", "not_found": "không trả lời được", "chat": "chào hỏi"}
_CHANNELS = {"web": "trang web, API", "telegram": "Telegram"}

Bars = list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts by name, for bars; times in milliseconds."""

    total: int
    people: int
    answered: float
    median: float
    p95: float
    by_day: Bars
    by_kind: Bars
    by_status: Bars
    by_channel: Bars
    votes: Bars


def figures(entries: list[Entry], days: int, clock: Clock) -> Figures:
    """Return the figures of the last ``days`` days."""
    times = sorted(entry.seconds * 1000 for entry in entries) or [0.0]
    asked = [entry for entry in entries if entry.status != "chat"]
    counted = Counter(datetime.fromtimestamp(entry.asked, clock.zone).date() for entry in entries)
    last = datetime.now(clock.zone).date()
    spread = [last - timedelta(days=back) for back in reversed(range(days))]
    votes = Counter(entry.vote for entry in entries)
    return Figures(
        total=len(entries),
        people=len({entry.who for entry in entries if entry.who}),
        answered=sum(entry.status == "answered" for entry in asked) / len(asked) if asked else 0.0,
        median=statistics.median(times),
        p95=statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0],
        by_day=[(day.strftime("%d/%m"), counted[day]) for day in spread],
        by_kind=_bars(Counter(KINDS.get(entry.kind, entry.kind) for entry in entries)),
        by_status=_bars(Counter(_STATUSES.get(entry.status, entry.status) for entry in entries)),
        by_channel=_bars(Counter(_CHANNELS.get(entry.channel, entry.channel) for entry in entries)),
        votes=[("👍 đúng, có ích", votes["up"]), ("👎 sai hoặc thiếu", votes["down"])],
    )


def _bars(counted: Counter[str]) -> Bars:
    return counted.most_common(12)
