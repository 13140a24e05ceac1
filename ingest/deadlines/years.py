"""Gives days that stand without a year the one that they are sure to have: that of the next such day after the document.

Only a document for one occasion says it surely, and only for the months ahead: a regulation means every year.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from rag.documents import Deadline, Document
from rag.language.text import fold
from rag.slots.moments import moments_in

_ONCE = frozenset({"cong van", "thong bao", "cong dien", "giay moi", "thu moi", "thu", "lich", "ke hoach"})
_AHEAD = timedelta(days=183)
_LASTING = re.compile(r"giai doan|hang nam|cac nam|dinh ky|quy che|quy dinh|noi quy|(?:19|20)\d\d\s*[-–]\s*(?:19|20)\d\d")
_SCHOOL_YEAR = re.compile(r"nam hoc\s+\d{4}\s*[-–]+\s*\d{4}")
_YEARLY = re.compile(r"(?:hang|moi|tung) (?:nam|thang|quy|ky)|dinh ky")
_DAY = re.compile(r"(\d{1,2})(?:\s?[/.-]\s?|\s+tháng\s+)(\d{1,2})(?![\d/.-]|\s+tháng)", re.IGNORECASE)


def with_year(deadline: Deadline, document: Document) -> Deadline:
    """Return a deadline with its day where it is one without a year and the year is sure."""
    if deadline.date or not _is_for_once(document) or _YEARLY.search(fold(f"{deadline.what} {deadline.quote}")):
        return deadline
    day = _next(deadline.when, date.fromisoformat(document.issued))
    return replace(deadline, date=day.isoformat(), recurrence="") if day else deadline


def _is_for_once(document: Document) -> bool:
    title = _SCHOOL_YEAR.sub("", fold(document.title))
    return bool(document.issued) and fold(document.kind) in _ONCE and not _LASTING.search(title)


def _next(when: str, issued: date) -> date | None:
    """The last day that a time names, the next time that it comes after the document, if that is soon."""
    named = _DAY.findall(when)
    if not named or len(moments_in(when)) != 1 or re.search(r"\d{4}", when):
        return None
    try:
        days = [date(year, int(named[-1][1]), int(named[-1][0])) for year in (issued.year, issued.year + 1)]
    except ValueError:
        return None
    return next((day for day in days if issued <= day <= issued + _AHEAD), None)
