"""Until when a record says that something is due: the day, whether that day is still in time, windows, recurrences."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from rag.documents import Deadline
from rag.language.numbers import DATE, iso_date
from rag.language.text import fold, normalise
from rag.slots.bounds import order_at
from rag.slots.facts import Fact
from rag.slots.tokens import Row, tokens

_EVERY = r"(?:hang|moi)"
_YEARLY = re.compile(rf"\b(\d{{1,2}})\s*(?:thang|/)\s*(\d{{1,2}}),?\s+{_EVERY} nam\b")
_MONTHLY = re.compile(rf"\bngay\s+(?:mung\s+)?(\d{{1,2}})\s+{_EVERY} thang\b")
_QUARTERLY = re.compile(rf"\b{_EVERY} quy\b.*\bngay\s+(\d{{1,2}})\s+(?:cua\s+)?thang (dau|cuoi) (?:cua\s+)?quy\b(?!\s+(?:sau|ke))")
_IN_FORCE = "hiệu lực"


@dataclass(frozen=True, slots=True)
class Due:
    """The day that a record names, and whether that day is in time (``None``: not told).

    ``first`` is the first day of a window, ``clock`` the hour (in minutes) until which the day counts.
    """

    day: date
    included: bool | None
    first: date | None = None
    clock: int | None = None

    @property
    def last(self) -> date:
        """The last day that is surely not too late; of a day not told to be in time, that day."""
        return self.day - timedelta(days=1) if self.included is False and self.clock is None else self.day


def due_of(deadline: Deadline, today: date | None = None) -> Due | None:
    """Return until when something is due; of what comes every year, month or quarter the next time from ``today``.

    ``None`` where it has no day, and where its day is none by which something is due: a start, a day of coming into force.
    """
    if _IN_FORCE in f"{deadline.what} {deadline.quote}".lower() and not deadline.recurrence:
        return None
    row = tokens(normalise(deadline.when))
    if not deadline.date:
        coming = occurrences(deadline.when, today, today + timedelta(days=366)) if today else []
        return Due(coming[0], _included(row)) if coming else None
    days = [date.fromisoformat(said) for found in DATE.finditer(deadline.when) if (said := iso_date(found))]
    day = date.fromisoformat(deadline.date)
    if len(days) > 1 and days[0] < day:
        return Due(day, included=True, first=days[0])
    if _order(row) == "after":
        return None
    return Due(day, _included(row), clock=_clock(row))


def occurrences(when: str, start: date, end: date) -> list[date]:
    """Return the days between ``start`` and ``end`` on which a recurrence falls (``ngày 10 tháng 10 hằng năm``), in order."""
    said = fold(when)
    if found := _YEARLY.search(said):
        months, day = [int(found.group(2))], int(found.group(1))
    elif found := _MONTHLY.search(said):
        months, day = list(range(1, 13)), int(found.group(1))
    elif found := _QUARTERLY.search(said):
        months, day = [3, 6, 9, 12] if found.group(2) == "cuoi" else [1, 4, 7, 10], int(found.group(1))
    else:
        return []
    days = [_day(year, month, day) for year in range(start.year, end.year + 1) for month in months if 1 <= month <= 12]
    return [day for day in days if day and start <= day <= end]


def _day(year: int, month: int, day: int) -> date | None:
    return date(year, month, day) if 1 <= day <= calendar.monthrange(year, month)[1] else None


def _last_date(row: Row) -> int:
    return max((at for at, token in enumerate(row) if isinstance(token, Fact) and token.kind == "date"), default=-1)


def _hour_at(row: Row) -> int:
    """Where the hour right before the last date stands, -1 without one (``trước 17h00 ngày 05/11/2025``)."""
    before = _last_date(row) - 1
    near = range(before, max(-1, before - 3), -1)
    return next((at for at in near if isinstance(fact := row[at], Fact) and fact.kind == "number" and fact.key[1:] == ("giờ",)), -1)


def _order(row: Row) -> str:
    at = _hour_at(row)
    return order_at(row, at if at >= 0 else _last_date(row)) if _last_date(row) >= 0 else ""


def _included(row: Row) -> bool | None:
    order = _order(row)
    return None if not order else order != "before"


def _clock(row: Row) -> int | None:
    at = _hour_at(row)
    if at < 0:
        return None
    fact = row[at]
    assert isinstance(fact, Fact)
    hour, _, minute = fact.key[0].partition(":")
    return int(hour) * 60 + int(minute or 0)
