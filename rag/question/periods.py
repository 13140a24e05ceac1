"""Stretches of time that a question names: ``tháng 12/2025``, ``cuối quý 1``, ``tuần này``, ``từ nay đến cuối năm``."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, NamedTuple

from rag.language.series import to_roman
from rag.language.text import fold
from rag.slots.numerals import spelled_out

Unit = Literal["day", "week", "month", "quarter", "year", "coming"]
Span = tuple[date, date]

_YEAR = r"(?:20\d\d)"
_PART = r"(?:(?P<part>dau|giua|cuoi)\s+)?"
_SPELT = re.compile(
    rf"(?<![\d/.-])\b{_PART}(?P<unit>thang|t(?=\d{{1,2}}\s?/)|quy|qui)\s*(?P<number>\d{{1,2}}|iv|i{{1,3}})"
    rf"(?:\s*(?:/|-|nam|\s)\s*(?P<year>{_YEAR}))?(?![\d/.%]|\s+lan\b)"
)
_RELATIVE = re.compile(
    rf"\b{_PART}(?P<unit>tuan|thang|quy|qui|nam)\s+(?P<which>nay|sau|toi|ke tiep|truoc|roi|vua roi|vua qua|ngoai)\b(?!\s+hoc)"
)
_YEARLY = re.compile(rf"\b{_PART}nam\s+(?P<year>{_YEAR})(?!\s?[-–/]\s?\d)\b")
_BARE_PART = re.compile(r"\b(?P<part>dau|giua|cuoi|het)\s+(?P<unit>thang|nam|tuan|quy)\b(?!\s+(?:hoc|\d))")
_COMING = re.compile(r"\b(?:sap toi|thoi gian toi|toi day|sap den han|sap toi han|sap het han)\b")
DAYS = {"hom nay": 0, "ngay mai": 1, "ngay kia": 2, "ngay mot": 2, "hom qua": -1, "hom kia": -2}
"""What days are called, without diacritics: how many days from today."""
_DAY = re.compile(rf"\b(?P<which>{'|'.join(DAYS)})\b")
_FROM_NOW = re.compile(r"\b(?:ke )?tu (?:nay|hom nay|bay gio|gio|day) (?:cho )?(?:den|toi)\b")
_JOINED = re.compile(r"\s*(?:cho\s+)?(?:den|toi|-|–)\s*(?:het\s+|cuoi\s+)?")
_IN_A_DATE = re.compile(r"(?:\d|\bngay\s+\S{1,4}|\b(?:hang|moi|may|lop))\s*$")
_ROMAN = {to_roman(number).lower(): number for number in range(1, 5)}
_SHIFTS = {"nay": 0, "truoc": -1, "roi": -1, "vua roi": -1, "vua qua": -1, "ngoai": -1}
_UNITS: dict[str, Unit] = {"thang": "month", "t": "month", "quy": "quarter", "qui": "quarter", "tuan": "week", "nam": "year"}
_PARTS = {"dau": "đầu", "giua": "giữa", "cuoi": "cuối"}
_AHEAD = 366  # days that "sắp tới" looks ahead
_TYPED = re.compile(rf"\b(tháng|thang|quý|quí|quy|qui|t(?=\d))\s*(\d{{1,2}}|IV|I{{1,3}})\s*[/-]\s*({_YEAR})(?![\d/-])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time as far as it is named; ``number`` and ``year`` are 0 where it is counted from today, by ``shift``.

    ``part`` is its beginning, middle or end; ``from_now`` says that it begins today, ``until`` is the one that it reaches to.
    """

    text: str
    unit: Unit
    number: int = 0
    year: int = 0
    shift: int = 0
    part: str = ""
    from_now: bool = False
    until: Period | None = None

    @property
    def open_year(self) -> bool:
        """Whether a month or quarter is named without its year (``tháng 1``)."""
        return self.number > 0 and not self.year and not (self.until and self.until.year)


def find_periods(text: str) -> tuple[Period, ...]:
    """Return the stretches of time in ``text``, which may be typed without diacritics, in order."""
    plain = fold(spelled_out(text))
    found: dict[int, tuple[int, Period]] = {}
    for pattern in (_SPELT, _RELATIVE, _YEARLY, _BARE_PART, _COMING, _DAY):
        for match in pattern.finditer(plain):
            taken = any(start < match.end() and match.start() < end for start, (end, _) in found.items())
            if not taken and not _IN_A_DATE.search(plain[: match.start()]) and (period := _period(match)):
                found[match.start()] = match.end(), period
    return tuple(_joined(plain, [_Found(start, *found[start]) for start in sorted(found)]))


def with_spaced_years(text: str) -> str:
    """Return ``text`` with ``tháng 12/2025`` written ``tháng 12 năm 2025``, which nothing takes for the number of a document."""
    return _TYPED.sub(lambda found: f"{'tháng' if found.group(1) in 'tT' else found.group(1)} {found.group(2)} năm {found.group(3)}", text)


def _period(match: re.Match[str]) -> Period | None:
    named = match.groupdict()
    if match.re is _COMING:
        return Period(match.group(), "coming")
    if match.re is _DAY:
        return Period(match.group(), "day", shift=DAYS[named["which"]])
    unit = _UNITS[named.get("unit") or "nam"]
    part = {"het": ""}.get(named["part"] or "", named["part"] or "")
    if match.re in (_RELATIVE, _BARE_PART):
        which = named.get("which")
        return Period(match.group(), unit, shift=_SHIFTS.get(which, 1) if which else 0, part=part)
    written = named.get("number") or ""
    number = _ROMAN.get(written) or int(written or 0)
    if unit != "year" and not 1 <= number <= (12 if unit == "month" else 4):
        return None
    return Period(match.group(), unit, number, int(named["year"] or 0), part=part)


class _Found(NamedTuple):
    """A period, and where it stands."""

    start: int
    end: int
    period: Period


def _joined(plain: str, found: list[_Found]) -> list[Period]:
    """``tháng 1 đến tháng 3/2026`` is one stretch, ``từ nay đến cuối năm`` one that begins today."""
    result: list[Period] = []
    before_end = -1
    for start, end, period in found:
        if result and _JOINED.fullmatch(plain[before_end:start]):
            result[-1] = replace(result[-1], text=f"{result[-1].text} đến {period.text}", until=period)
        elif (now := list(_FROM_NOW.finditer(plain[:start]))) and plain[now[-1].end() : start].strip() in ("", "het", "cuoi"):
            result.append(replace(period, from_now=True))
        elif not _is_of_school_year(period):
            result.append(period)
        before_end = end
    return result


def _is_of_school_year(period: Period) -> bool:
    """``cuối năm``: of which year it is the end is not said, and of the school year more often than not."""
    return period.unit == "year" and bool(period.part) and not period.year and period.text.count(" ") == 1


def span_of(period: Period, today: date, year: int = 0) -> Span:
    """Return the first and last day of a period, in this order; ``year`` stands in where it names none."""
    start, end = _span(period, today, year)
    if period.until is not None:
        return _reaching(period, period.until, today, year)
    return (today, end) if period.from_now and end >= today else (start, end)


def _reaching(period: Period, until: Period, today: date, year: int) -> Span:
    """From one stretch to another: an end without a year is in the one nearest to the other end (``tháng 12 đến tháng 1/2026``)."""
    if until.year and not period.year:
        last = _span(until, today, 0)
        first = _span(period, today, until.year)
        if first[0] > last[1] and period.number:
            first = _span(period, today, until.year - 1)
    else:
        first = _span(period, today, year)
        last = _span(until, today, first[0].year)
        if first[0] > last[1] and until.number and not until.year:
            last = _span(until, today, first[0].year + 1)
    return min(first[0], last[0]), max(first[1], last[1])  # said the wrong way round, it is the same stretch


def _span(period: Period, today: date, year: int) -> Span:
    if period.unit == "coming":
        return today, today + timedelta(days=_AHEAD)
    if period.unit == "day":
        day = today + timedelta(days=period.shift)
        return day, day
    if period.unit == "week":
        monday = today + timedelta(days=7 * period.shift - today.weekday())
        return _part(period.part, monday, monday + timedelta(days=6))
    if period.unit == "year":
        whole = period.year or today.year + period.shift
        return _part(period.part, date(whole, 1, 1), date(whole, 12, 31))
    months = 3 if period.unit == "quarter" else 1
    if period.number:
        first = (period.year or year or today.year) * 12 + (period.number - 1) * months
    else:
        first = today.year * 12 + (today.month - 1) // months * months + period.shift * months
    last = first + months - 1
    start = date(first // 12, first % 12 + 1, 1)
    return _part(period.part, start, date(last // 12, last % 12 + 1, calendar.monthrange(last // 12, last % 12 + 1)[1]))


def _part(part: str, start: date, end: date) -> Span:
    """The first, middle or last third of a stretch; of a month the days up to the 10th, the 20th and the last."""
    month = (start.year, start.month) == (end.year, end.month) and start.day == 1
    third = timedelta(days=10 if month else ((end - start).days + 1) // 3)
    first, second = start + third, start + 2 * third
    day = timedelta(days=1)
    return {"": (start, end), "dau": (start, first - day), "giua": (first, second - day), "cuoi": (second, end)}[part]


def name_of(period: Period, span: Span) -> str:
    """Return how a period is called to people (``tháng 12/2025``, ``tuần từ 24/11 đến 30/11/2026``)."""
    start, end = span
    exact = f"từ {start:%d/%m/%Y} đến {end:%d/%m/%Y}"
    if period.unit == "coming":
        return f"từ hôm nay ({start:%d/%m/%Y})"
    if period.unit == "day":
        return f"ngày {start:%d/%m/%Y}"
    if period.until or period.from_now or period.unit == "week":
        return f"{'tuần ' if period.unit == 'week' and not period.from_now else ''}{exact}"
    whole = {
        "month": f"tháng {start.month}/{start.year}",
        "quarter": f"quý {(start.month + 2) // 3}/{start.year}",
        "year": f"năm {start.year}",
    }[period.unit]
    if not period.part:
        return whole
    exact = f"từ ngày {start.day} đến ngày {end.day}" if period.unit == "month" else exact
    return f"{_PARTS[period.part]} {whole} ({exact})"
