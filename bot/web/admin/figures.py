"""What was asked in all channels, as figures for charts, and as sentences where there is too little for a chart."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.clock import Clock
from bot.journal import Entry
from bot.people import ROLES
from bot.stats import KINDS, OUTCOMES, failed, part_of
from bot.web.admin.review import CHANNELS

ENOUGH = 5
"""Questions of which a chart says more than a sentence."""
NO_TOPIC = "Chưa rõ chủ đề"
NO_ROLE = "Không chọn vai trò"
_BY_DAY = 31  # days; what is longer is told by week
_ROWS = 12
_HOURS = ((0, 6), (6, 9), (9, 12), (12, 14), (14, 17), (17, 20), (20, 24))


@dataclass(frozen=True, slots=True)
class Bar:
    """How many questions of one name there were, and how many of them got no answer that stood."""

    name: str
    count: int
    failed: int = 0
    key: str = ""

    @property
    def share(self) -> str:
        """How many failed, in words."""
        return part_of(self.failed, self.count)


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts for bars; ``total`` leaves small talk (``chats``) out, times are in seconds.

    ``kinds`` are those of what was answered; ``spread`` is by day or, where ``weekly``, by week, from the first question on;
    ``teach_next`` are the topics that failed most.
    """

    total: int
    chats: int
    people: int
    outcomes: list[Bar]
    votes: list[Bar]
    sent: int
    median: float
    slow: float
    weekly: bool
    spread: list[Bar]
    topics: list[Bar]
    teach_next: list[Bar]
    roles: list[Bar]
    channels: list[Bar]
    kinds: list[Bar]
    hours: list[Bar]


def figures(entries: Sequence[Entry], days: int, clock: Clock) -> Figures:
    """Return the figures of the last ``days`` days."""
    asked = [entry for entry in entries if entry.status != "chat"]
    answered = [entry for entry in asked if entry.status == "answered"]
    votes = Counter(entry.vote for entry in entries)
    times = sorted(entry.seconds for entry in entries) or [0.0]
    topics = _bars(asked, lambda entry: entry.topic or NO_TOPIC, lambda entry: entry.topic)
    weekly = days > _BY_DAY
    return Figures(
        total=len(asked),
        chats=len(entries) - len(asked),
        people=len({entry.who for entry in entries if entry.who}),
        outcomes=[Bar(name, sum(entry.status == status for entry in asked), key=status) for status, name in OUTCOMES.items()],
        votes=[Bar("Đúng, có ích", votes["up"]), Bar("Sai hoặc thiếu", votes["down"])],
        sent=sum(entry.sent > 0 for entry in entries),
        median=statistics.median(times),
        slow=statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0],
        weekly=weekly,
        spread=_spread(asked, weekly, clock),
        topics=topics[:_ROWS],
        teach_next=sorted((bar for bar in topics if bar.failed and bar.key), key=lambda bar: -bar.failed)[:3],
        roles=_bars(asked, lambda entry: ROLES[entry.role].name if entry.role in ROLES else NO_ROLE),
        channels=_bars(asked, lambda entry: CHANNELS.get(entry.channel, entry.channel)),
        kinds=_bars(answered, lambda entry: KINDS.get(entry.kind, entry.kind).capitalize())[:_ROWS],
        hours=_hours(asked, clock),
    )


def seconds(time: float) -> str:
    """Return a time as people say it: ``0,03 giây``."""
    return f"{time:.2g} giây".replace(".", ",") if time < 10 else f"{time:.0f} giây"


def _bars(entries: Iterable[Entry], name: Callable[[Entry], str], key: Callable[[Entry], str] = lambda entry: "") -> list[Bar]:
    """Count entries by what ``name`` says of them, the most frequent first."""
    grouped: dict[str, list[Entry]] = {}
    for entry in entries:
        grouped.setdefault(name(entry), []).append(entry)
    bars = [Bar(called, len(group), sum(map(failed, group)), key(group[0])) for called, group in grouped.items()]
    return sorted(bars, key=lambda bar: -bar.count)


def _spread(entries: Sequence[Entry], weekly: bool, clock: Clock) -> list[Bar]:
    """Count entries by day or week, from the first one until now."""
    if not entries:
        return []

    def begin(day: date) -> date:
        return day - timedelta(days=day.weekday()) if weekly else day

    days = [begin(datetime.fromtimestamp(entry.asked, clock.zone).date()) for entry in entries]
    step, last = timedelta(days=7 if weekly else 1), begin(datetime.now(clock.zone).date())
    first = min(days)
    counted = Counter(days)
    failing = Counter(day for day, entry in zip(days, entries, strict=True) if failed(entry))
    spread = [first + step * at for at in range((last - first) // step + 1)]
    return [Bar(day.strftime("%d/%m"), counted[day], failing[day]) for day in spread]


def _hours(entries: Sequence[Entry], clock: Clock) -> list[Bar]:
    counted = Counter(datetime.fromtimestamp(entry.asked, clock.zone).hour for entry in entries)
    bars = [Bar(f"{start} giờ đến {end} giờ", sum(counted[hour] for hour in range(start, end))) for start, end in _HOURS]
    return [bar for bar in bars if bar.count]
