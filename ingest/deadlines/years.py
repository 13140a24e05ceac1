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
from typing import NamedTuple

from rag.documents import Deadline, Document
from rag.language.days import Day, Written, days_in
from rag.language.text import fold, squeeze
from rag.slots.moments import Moment, moments_in

_ONCE = frozenset({"cong van", "thong bao", "cong dien", "giay moi", "thu moi", "thu", "lich", "ke hoach"})
_PERHAPS = frozenset({"huong dan", ""})
"""For one occasion where their title says of which year they are."""
_AHEAD = timedelta(days=183)
_LASTING = re.compile(r"giai doan|hang nam|cac nam|(?:19|20)\d\d\s*[-–]\s*(?:19|20)\d\d")
_RULES = re.compile(r"dinh ky|quy che|quy dinh|noi quy")
_SCHOOL_YEAR = re.compile(r"(?<!tu )(?<!ke tu )nam hoc\s+\d{4}\s*[-–]+\s*\d{4}")
_MONTH = re.compile(r"(?<!\d )(?<!\d, )thang\s+\d{1,2}\s*(?:/|nam\s)\s*\d{4}")
_YEARLY = re.compile(r"(?:hang|moi|tung) (?:nam|thang|quy|ky)|dinh ky")
_NUMBERS = re.compile(r"(?<=ngày )(?:\d{1,2}\s*(?:,|và)\s*)+(?=\d)", re.IGNORECASE)  # the days before ``…/01/2027``
_FIGURES = re.compile(r"\d+")
_STARTS = ("from", "after")
_SPANS = ("within", "through")


def each_day(deadline: Deadline, document: Document) -> list[Deadline]:
    """Return a deadline for each day that this one names, with its year where that is sure: mostly itself alone."""
    time = _only_time(deadline.when)
    if time is None or not time.named or time.moment.every or time.moment.unreal or time.moment.tailed or time.moment.direction in _STARTS:
        return [deadline]
    last = deadline.date or _end(time.named, deadline, document)
    if not last:
        return [deadline]
    dated = replace(deadline, date=last, recurrence="")
    listed = [] if time.moment.direction in _SPANS else _listed(deadline.when, time)
    if len(listed) < 2:
        return [dated]
    days = _placed([day for _, day in listed], date.fromisoformat(last), document.issued)
    if not days:
        return [deadline]
    if all(after - before <= timedelta(days=1) for before, after in pairwise(days)):
        return [dated]  # days that follow each other are a window
    return [replace(dated, when=when, date=day.isoformat()) for (when, _), day in zip(listed, days, strict=True)]


class _Time(NamedTuple):
    """The one time of what is written as a deadline, ``start``-``end`` of that, and the days that stand in it."""

    moment: Moment
    start: int
    end: int
    named: list[Written]


def _only_time(when: str) -> _Time | None:
    lead = "" if moments_in(when) else "trong "  # a cell of a table says no more than the day
    found = moments_in(lead + when)
    if len(found) != 1:
        return None
    start, end = max(0, found[0].start - len(lead)), found[0].end - len(lead)
    return _Time(found[0], start, end, [each for each in days_in(when) if start <= each.start and each.end <= end])


def _listed(when: str, time: _Time) -> list[tuple[str, Day]]:
    """The days of a list (``10/01, 20/01 và 30/01/2027``), each as it is called; numbers alone are of the month written behind them."""
    numbers = _NUMBERS.search(when, time.start, time.end)
    days = sorted([*(_of_month(numbers, time.named) if numbers else ()), *time.named])
    cue = re.sub(r"các\s+(?=ngày)", "", when[: days[0].start])
    return [(f"{cue}{when[each.start : each.end]}", each.day) for each in days]


def _of_month(numbers: re.Match[str], named: Sequence[Written]) -> list[Written]:
    month = next((each.day for each in named if each.start >= numbers.end()), None)
    places = [found.span() for found in _FIGURES.finditer(numbers.string, *numbers.span())] if month else []
    return [Written(start, end, month._replace(day=int(numbers.string[start:end]))) for start, end in places if month]


def _placed(days: Sequence[Day], last: date, issued: str) -> list[date]:
    """The days of a list that ends with ``last``, whose year they share; before New Year they are of the year before.

    None at all where one of them is not sure: a list that does not ascend, a day before the document.
    """
    found = [last]
    for day in reversed(days[:-1]):
        years = [day.year] if day.year else [found[0].year, found[0].year - 1]
        near = [date.fromisoformat(iso) for year in years if (iso := day._replace(year=year).iso)]
        before = next((each for each in near if each <= found[0]), None)
        crosses = before is not None and before.year < found[0].year and not day.year
        if before is None or (crosses and found[0] - before > _AHEAD) or (not day.year and before.isoformat() < issued):
            return []
        found.insert(0, before)
    return found


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
    return next((iso for iso in days if timedelta(0) <= date.fromisoformat(iso) - start <= _AHEAD), "")


def _is_for_once(document: Document) -> bool:
    title, kind = fold(squeeze(document.title)), fold(document.kind)
    if not document.issued or _LASTING.search(_SCHOOL_YEAR.sub("", title)):
        return False
    if _SCHOOL_YEAR.search(title):
        return kind in _ONCE or kind in _PERHAPS
    return not _RULES.search(title) and (kind in _ONCE or (kind in _PERHAPS and bool(_MONTH.search(title))))
