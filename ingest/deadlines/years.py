"""The days of a deadline: one for each that it names, and the year that a day without one is sure to have.

That is the year of the next such day after the document; only a document for one occasion says it surely, and only for
the months ahead: a regulation means every year.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from rag.documents import Deadline, Document
from rag.language.days import Day, Written, days_in
from rag.language.text import fold
from rag.slots.moments import Moment, moments_in

_ONCE = frozenset({"cong van", "thong bao", "cong dien", "giay moi", "thu moi", "thu", "lich", "ke hoach"})
_PERHAPS = frozenset({"huong dan", ""})
"""For one occasion where their title says of which year they are."""
_AHEAD = timedelta(days=183)
_LASTING = re.compile(r"giai doan|hang nam|cac nam|(?:19|20)\d\d\s*[-–]\s*(?:19|20)\d\d")
_RULES = re.compile(r"dinh ky|quy che|quy dinh|noi quy")
_SCHOOL_YEAR = re.compile(r"(?<!tu )(?<!ke tu )nam hoc\s+\d{4}\s*[-–]+\s*\d{4}")
_MONTH = re.compile(r"thang\s+\d{1,2}\s*(?:/|nam\s)\s*\d{4}")
_YEARLY = re.compile(r"(?:hang|moi|tung) (?:nam|thang|quy|ky)|dinh ky")
_NUMBERS = re.compile(r"(?<=ngày )(?:\d{1,2}\s*(?:,|và)\s*)+(?=\d)", re.IGNORECASE)  # the days before ``…/01/2027``
_STARTS = ("from", "after")
_SPANS = ("within", "through")


def each_day(deadline: Deadline, document: Document) -> list[Deadline]:
    """Return a deadline for each day that this one names, with its year where that is sure: mostly itself alone."""
    moment = _only_time(deadline.when)
    named = days_in(deadline.when)
    if moment is None or not named or moment.every or moment.unreal or moment.tailed or moment.direction in _STARTS:
        return [deadline]
    last = deadline.date or _end(named, deadline, document)
    if not last:
        return [deadline]
    dated = replace(deadline, date=last, recurrence="")
    days = [] if moment.direction in _SPANS else _listed(deadline.when, named, date.fromisoformat(last))
    return [replace(dated, when=when, date=day.isoformat()) for when, day in days] or [dated]


def _only_time(when: str) -> Moment | None:
    found = moments_in(when) or moments_in(f"trong {when}")  # a cell of a table says no more than the day
    return found[0] if len(found) == 1 else None


def _listed(when: str, named: Sequence[Written], last: date) -> list[tuple[str, date]]:
    """The days of a list (``10/01, 20/01 và 30/01/2027``), each as it is called; none where they follow each other, as a window does."""
    numbers = _NUMBERS.search(when)
    places = [found.span() for found in re.finditer(r"\d+", when[: numbers.end()]) if found.start() >= numbers.start()] if numbers else []
    days = [*(Day(int(when[start:end]), last.month, 0) for start, end in places), *(each.day for each in named)]
    places += [(each.start, each.end) for each in named]
    found = [_before(day, last) for day in days]
    if len(found) < 2 or not all(found) or all(after - before <= timedelta(days=1) for before, after in pairwise(filter(None, found))):
        return []
    cue = re.sub(r"các\s+(?=ngày)", "", when[: places[0][0]])
    return [(f"{cue}{when[start:end]}", day) for (start, end), day in zip(places, found, strict=True) if day]


def _before(day: Day, last: date) -> date | None:
    """A day of a list that ends with ``last``, whose year it shares; before the New Year it is that of the year before."""
    years = [day.year] if day.year else [last.year, last.year - 1]
    found = [date.fromisoformat(iso) for year in years if (iso := day._replace(year=year).iso)]
    return next((each for each in found if each <= last), None)


def _end(named: Sequence[Written], deadline: Deadline, document: Document) -> str:
    """The last day where it has no year: the next one after the first day of its window, or after the document."""
    last, first = named[-1].day, named[0].day
    if last.year or first.iso:
        return "" if last.year else _next(last, date.fromisoformat(first.iso))
    if re.search(r"\d{4}", deadline.when) or not _is_for_once(document) or _YEARLY.search(fold(f"{deadline.what} {deadline.quote}")):
        return ""
    return _next(last, date.fromisoformat(document.issued))


def _next(day: Day, start: date) -> str:
    """The next time that a day comes from ``start``, if that is soon."""
    days = [iso for year in (start.year, start.year + 1) if (iso := day._replace(year=year).iso)]
    return next((iso for iso in days if start <= date.fromisoformat(iso) <= start + _AHEAD), "")


def _is_for_once(document: Document) -> bool:
    title, kind = fold(document.title), fold(document.kind)
    if not document.issued or _LASTING.search(_SCHOOL_YEAR.sub("", title)):
        return False
    if _SCHOOL_YEAR.search(title) or _MONTH.search(title):
        return kind in _ONCE or kind in _PERHAPS
    return kind in _ONCE and not _RULES.search(title)
