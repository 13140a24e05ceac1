"""Days as documents and people write them: ``10/01/2026``, ``5/1/27``, ``10/01``, ``ngày 10 tháng 01 năm 2026``.

The forms are the inside of groups of patterns, which say what may stand around them; whatever has one of the forms,
``read_day`` reads.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date
from typing import NamedTuple

_LEAP_YEAR = 2024
_CENTURY = 70  # '69 is 2069, '70 is 1970, as in POSIX

DAY_AND_MONTH = r"\d{1,2}\s?[/.-]\s?\d{1,2}"
"""``10/01``, ``10-1``: the form of a share or of an address of a provision, too."""
IN_FIGURES = rf"{DAY_AND_MONTH}\s?[/.-]\s?\d{{4}}"
_IN_A_ROW = "|".join(rf"0?{first}[/-]0?{first + 1}[/-]0?{first + 2}(?!\d)" for first in range(1, 12))
_BEHIND_A_CLASS = "".join(f"(?<!{word}{gap})" for word in ("lớp", "lop", "khối", "khoi") for gap in ("", r"\s", r":\s"))
NO_CLASSES = rf"(?=\d{{1,2}}[/-]\d{{1,2}}[/-]\d{{2}})(?!{_IN_A_ROW}){_BEHIND_A_CLASS}"
"""Stands before a day with a short year: ``10/11/12``, ``lớp 12/11/10`` number classes. The pattern ignores case."""
WITH_SHORT_YEAR = rf"{NO_CLASSES}\d{{1,2}}/\d{{1,2}}/\d{{2}}"
"""``5/1/27``; with any other mark it might be anything. What follows may be no figure."""
IN_WORDS = r"\d{1,2}\s+th[áa]ng\s+\d{1,2}(?:(?:\s*,)?\s+n[ăa]m\s+\d{4})?"
"""``10 tháng 01 năm 2026``, ``10 tháng 1``; as people type it without marks, too."""
_WRITTEN = re.compile(
    rf"(?<![\d/.])(?:{IN_FIGURES}|{WITH_SHORT_YEAR}|{IN_WORDS}|\d{{1,2}}\s?/\s?\d{{1,2}})(?!\d|\s?/\s?\d)",
    re.IGNORECASE,
)


def has_neighbours(year: int) -> bool:
    """Say whether dates hold the year with those before and behind it, so that days can be counted from it."""
    return MINYEAR < year < MAXYEAR


class Day(NamedTuple):
    """A day that is written; the year is 0 where it is not. It need be none of the calendar."""

    day: int
    month: int
    year: int

    @property
    def is_real(self) -> bool:
        """Whether it is in the calendar, of some year where it has none."""
        return 1 <= self.month <= 12 and 1 <= self.day <= monthrange(self.year or _LEAP_YEAR, self.month)[1]

    @property
    def iso(self) -> str:
        """The day as ISO (``2026-01-10``); empty where it has no year, is not in the calendar, or dates end beside it."""
        return date(self.year, self.month, self.day).isoformat() if has_neighbours(self.year) and self.is_real else ""


class Written(NamedTuple):
    """A day at ``start``-``end`` of a text."""

    start: int
    end: int
    day: Day


def days_in(text: str) -> list[Written]:
    """Return the days in a text that is one of times, in order: elsewhere ``3/4`` may be no day, and ``1-2`` is none here."""
    return [Written(*found.span(), read_day(found.group())) for found in _WRITTEN.finditer(text)]


def read_day(written: str) -> Day:
    """Return the day that is written in one of the forms, whatever words stand before it. Raises ``ValueError`` for any other text."""
    day, month, *rest = re.findall(r"\d+", written)
    year = int(rest[0]) if rest else 0
    if rest and len(rest[0]) == 2:
        year += 1900 if year >= _CENTURY else 2000
    return Day(int(day), int(month), year)
