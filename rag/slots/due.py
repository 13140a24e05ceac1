"""Until when a record says that something is due: the day, whether that day is still in time, windows, recurrences."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from rag.documents import Deadline
from rag.language.days import has_neighbours
from rag.language.text import fold, normalise, squeeze
from rag.slots.bounds import order_at
from rag.slots.clocks import Clock, clocks_in
from rag.slots.facts import Fact
from rag.slots.numerals import spelled_out
from rag.slots.tokens import Row, Token, exact, tokens

_EVERY = r"(?:hang|moi)"
_YEARLY = re.compile(rf"\b(\d{{1,2}})\s*(?:thang|/)\s*(\d{{1,2}}),?\s+{_EVERY} nam\b")
_MONTHLY = re.compile(rf"\bngay\s+(?:m[uo]ng\s+)?(\d{{1,2}})\s+{_EVERY} thang\b")
_QUARTERLY = re.compile(rf"\b{_EVERY} quy\b.*\bngay\s+(\d{{1,2}})\s+(?:cua\s+)?thang (dau|cuoi) (?:cua\s+)?quy\b(?!\s+(?:sau|ke))")
_IN_FORCE = re.compile(r"(?<!\w)(?:có|hết|phát sinh) hiệu lực(?: thi hành)?[\s,:]*$", re.IGNORECASE)
_BEFORE_DATE = frozenset((",", *exact("sáng trưa chiều tối đêm của")))


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
    if not deadline.recurrence and _is_of_force(deadline):
        return None
    when = spelled_out(normalise(deadline.when))
    row = tokens(when)
    if not deadline.date:
        coming = occurrences(deadline.when, today, today + timedelta(days=366)) if today else []
        return Due(coming[0], _included(row)) if coming else None
    if (day := _iso_day(deadline.date)) is None or _order(row) == "after":
        return None
    first, clock = _first_day(row, day), _clock(row, when)
    included = _included(row)
    if included is None and first:
        included = True  # ``19/01 - 26/01/2026``: the last day of a window is one of its days
    if clock and clock.minute is None:
        return Due(day, None, first)  # ``12h đêm``: of which night is not told
    if included is False and clock and not clock.minute:
        return Due(day, included, first)  # ``trước 0h``: nothing of that day is in time
    return Due(day, included, first, clock.minute if clock else None)


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


def _is_of_force(deadline: Deadline) -> bool:
    """``Luật này có hiệu lực từ ngày …``: the day is that of the force; ``nộp giấy phép còn hiệu lực trước ngày …`` is a duty."""
    before, found, _ = squeeze(normalise(deadline.quote)).partition(squeeze(normalise(deadline.when)))
    return bool(_IN_FORCE.search(before if found and before else normalise(deadline.what)))


def _iso_day(text: str) -> date | None:
    """The day that a record carries, ``None`` for what is no day: a record may come from a package, or from an index made long ago."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if has_neighbours(day.year) else None


def _first_day(row: Row, last: date) -> date | None:
    """The first day of a window that ends with ``last``, which may leave its year to that of the last (``từ 01/12 đến 10/12/2026``)."""
    at, fact = next(((at, token) for at, token in enumerate(row) if isinstance(token, Fact) and token.kind == "date"), (0, None))
    if fact is None or not fact.key[2] or (not fact.key[0] and order_at(row, at) != "after"):
        return None
    year, month, number = (int(part) if part else same for part, same in zip(fact.key, (last.year, last.month, last.day), strict=True))
    first = _day(year, month, number) if 1 <= month <= 12 else None
    if first and first > last and not fact.key[0]:
        first = _day(year - 1, month, number)
    return first if first and first < last else None


def _day(year: int, month: int, day: int) -> date | None:
    return date(year, month, day) if 1 <= day <= calendar.monthrange(year, month)[1] else None


def _leading(row: Row) -> range:
    """Where the hour, part of the day and weekday stand that lead up to the day (``17 giờ chiều thứ Hai, ngày 10/01``)."""
    date_at = max((at for at, token in enumerate(row) if isinstance(token, Fact) and token.kind == "date"), default=0)
    start = at = date_at
    while at > 0 and _leads(row[at - 1]):
        at -= 1
        start = start if row[at] == "," else at
    return range(start, date_at)


def _leads(token: Token) -> bool:
    return token.kind == "weekday" or _is_hour(token) if isinstance(token, Fact) else token in _BEFORE_DATE


def _is_hour(fact: Fact) -> bool:
    return fact.kind == "number" and fact.key[1:] == ("giờ",)


def _order(row: Row) -> str:
    return order_at(row, _leading(row).start)


def _included(row: Row) -> bool | None:
    order = _order(row)
    return None if not order else order != "before"


def _clock(row: Row, when: str) -> Clock | None:
    """The hour that leads up to the last date, with the part of the day that stands beside it (``5h chiều``)."""
    hours = [fact for at in _leading(row) if isinstance(fact := row[at], Fact) and _is_hour(fact)]
    return next((clock for clock in clocks_in(when) if hours and clock.start <= hours[-1].start < clock.end), None)
