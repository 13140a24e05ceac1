"""What a question names outright: document numbers, dates, phones, links, provisions (``Điều 5 khoản 2``)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from rag.language.days import DAY_AND_MONTH, IN_FIGURES, IN_WORDS, WITH_SHORT_YEAR, Day, read_day
from rag.language.kinds import EVERYDAY, OF_SYMBOL, any_of, typed
from rag.language.measures import MEASURES, NUMBERED
from rag.language.numbers import EMAIL, LINK, PERCENT, PHONE, digits, parse_number
from rag.language.text import fold
from rag.question.periods import Period, find_periods, with_spaced_years

_KIND_WORDS = {
    **{fold(kind): symbol for symbol, kind in OF_SYMBOL.items() if kind in (*EVERYDAY, "Thông báo", "Hướng dẫn", "Công điện")},
    **{symbol: symbol for symbol in ("qd", "tt", "nd", "nq", "kh", "ct", "cv")},
    "cong van": "cv", "bo luat": "l", "van ban": "", "vb": "", "de an": "", "bo chi so": "", "chuong trinh": "",
    "decision": "qd", "circular": "tt", "plan": "kh", "resolution": "nq", "decree": "nd", "directive": "cv", "document": "",
}  # fmt: skip
_CALLED = (*EVERYDAY, "Văn bản")
_SPELT_KINDS = (*_CALLED, *typed(*_CALLED), "qđ", "qd", "tt", "nđ", "nq", "kh", "cv")
_FULL = re.compile(
    r"(?<![\w/.-])\d{1,5}[a-z]?\s?(?:/\s?(?:19|20)\d{2}\s?)?[/-]\s?[a-zđ][a-zđ0-9&]*(?:\s?[-/]\s?[a-zđ][a-zđ0-9&]*)*(?![\w/])", re.I
)
_KIND_NUMBER = re.compile(
    r"\b("
    + any_of(*_KIND_WORDS)
    + r")\s*(?:so|s)?\s*[:.]?\s*0*(\d{1,5})(?:\s*/\s*((?:19|20)\d{2})|\s+nam\s+((?:19|20)\d{2}))?(?![\d/.]|\s*(?:/|%|-\d|thang|phan tram))"
)
_SAYS_NUMBER = re.compile(r"\bso\b")
_SURE_DIGITS = 3
_BARE_YEAR = re.compile(r"(?<![\w/.-])0*(\d{1,4})/((?:19|20)\d{2})(?![\w/])")
_LONE = re.compile(
    r"^\W*0*(\d{3,5})\W*$|(?:^|\b(?:so|cua|trong|theo) )0*(\d{4})"
    r"(?= (?:la|noi|ve|huong|ban|quy|cua|gom|co|yeu|thay|bi|con|het|neu|nhac|liet|sua)\b)"
)
_SCHOOL_YEAR = re.compile(
    r"(?<![\d/.-])(20\d\d)\s?[-–/]\s?(20\d\d|\d\d)(?![\d/.%-])|"
    r"\b(?:nam hoc|nh)\s*(\d\d)\s?(?:[-–]\s?(\d\d)|/\s?(1[3-9]|[2-9]\d))(?![\d/.%-])"
)
_DAY = re.compile(
    rf"(?:\bngày\s+(?={IN_FIGURES}))?(?<![\d/])(?<!\w\.)(?:{IN_FIGURES}|{WITH_SHORT_YEAR}|{DAY_AND_MONTH})(?![\d/%]|\.\d)|"
    rf"ng[aà]y\s*{IN_WORDS}",
    re.IGNORECASE,
)
_TO = re.compile(r"\s*(?:cho )?(?:den|toi|-|–)\s*(?:het )?(?:ngay )?\s*")
_DAY_TO = re.compile(r"\btu (?:ngay )?(0?[1-9]|[12]\d|3[01])\s*(?:den|toi|-|–)\s*(?:het )?(?:ngay )?\s*$")
_MONTH_OF_YEAR = re.compile(r"\bthang\s*(\d{1,2})\s+nam\s+(20\d\d)\b")
_IN_WORDS = re.compile(r"th[aá]ng", re.IGNORECASE)
_LABEL = re.compile(rf"\b(?:{any_of(*map(fold, NUMBERED), 'khoa', 'tiet', 'trang', 'pl', 'thang', 'qui')})\s*$")
_MEASURE = re.compile(rf"\s*(?:{any_of(*map(fold, MEASURES))})(?!\w)")
_OFFICES = frozenset(("so bo truong phong tinh thanh pho xa phuong cuc vu ban uy trung tam anh chi thay co ong ba dong").split())
_PROVISION = re.compile(
    r"\b(?:diem\s+([a-zđ])\s*,?\s*)?(?:khoan\s+(\d+)\s*,?\s*)?(?:cua\s+)?dieu\s+(\d+[a-z]?)(?:\s*,?\s*khoan\s+(\d+))?(?:\s*,?\s*diem\s+([a-zđ])\b)?"
)
_SECTION = re.compile(r"\b(?:muc|phan)\s+((?:[ivx]+|\d+)(?:\.\d+)*(?:\(\d+\))?|[a-e](?=\s|$))(?![\w%])")
_ANNEX = re.compile(r"\b(?:phu luc|pl|phu luc so)\s*(\d+|[ivx]+)\b")


@dataclass(frozen=True, slots=True)
class NumberMention:
    """A document number as far as the question gives it; empty parts are open."""

    text: str
    serial: str
    year: str = ""
    kind: str = ""
    symbol: tuple[str, ...] = ()


Name = tuple[str, ...]
"""A proper name: its folded words."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """Everything named; ``rest`` is the question without numbers, dates, phones and links.

    ``stretch`` are the days that one of ``dates`` reaches from and to (``từ 1/1 đến 15/1/2026``), ``no_days`` what is written like
    a day or month and is none (``31/02/2026``).
    """

    rest: str
    numbers: tuple[NumberMention, ...] = ()
    dates: tuple[Day, ...] = ()
    stretch: tuple[Day, Day] | None = None
    no_days: tuple[str, ...] = ()
    periods: tuple[Period, ...] = ()
    phones: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    percents: tuple[str, ...] = ()
    school_year: tuple[str, str] | None = None
    names: tuple[Name, ...] = ()
    article: str = ""
    section: str = ""
    annex: str = ""

    @property
    def path(self) -> str:
        """The section path of the place that is named, empty when none."""
        annex = f"PL{self.annex}" if self.annex else ""
        return ".".join(part for part in (annex, self.article or self.section) if part)


def find_mentions(text: str) -> Mentions:
    """Return what ``text`` names outright; it may be typed in any case, with or without diacritics."""
    rest = with_spaced_years(text)
    links = tuple(found.group() for found in LINK.finditer(rest))
    emails = tuple(found.group() for found in EMAIL.finditer(rest))
    for piece in (*links, *emails):
        rest = rest.replace(piece, " ")
    numbers, rest = _full_numbers(rest)
    school_year, rest = _school_year(rest)
    dates = _dates(rest)
    stretch = _stretch(fold(rest), dates)
    no_days = _no_days(rest, dates)
    for found in reversed(dates):
        rest = f"{rest[: found.start]} {rest[found.end :]}"
    no_days += _no_months(rest)
    phones = tuple(digits(found.group()) for found in PHONE.finditer(rest) if len(digits(found.group())) >= 8)
    rest = PHONE.sub(lambda found: " " if len(digits(found.group())) >= 8 else found.group(), rest)
    more, rest = _kind_numbers(rest)
    rest = PERCENT.sub(" ", rest)
    plain = fold(rest)
    annex = _ANNEX.search(plain)
    section = _SECTION.search(plain)
    return Mentions(
        rest=rest,
        numbers=(*numbers, *more),
        dates=tuple(found.day for found in dates if found.day),
        stretch=stretch,
        no_days=tuple(no_days),
        periods=find_periods(text),
        phones=phones,
        links=links,
        emails=emails,
        percents=tuple(found.group() for found in PERCENT.finditer(text)),
        school_year=school_year,
        names=_names(text),
        article=_article(plain, rest),
        section=section.group(1).upper() if section else "",
        annex=_arabic(annex.group(1)) if annex else "",
    )


def _full_numbers(text: str) -> tuple[list[NumberMention], str]:
    found: list[NumberMention] = []

    def take(match: re.Match[str]) -> str:
        parsed = parse_number(match.group())
        if parsed is None or not _is_symbol(parsed.symbol):
            return match.group()
        found.append(NumberMention(match.group().strip(), parsed.serial, parsed.year, "", parsed.symbol))
        return " "

    rest = _FULL.sub(take, text)
    return found, re.sub(rf"\b(?:{any_of(*_SPELT_KINDS)})(?:\s+số)?\s+(?=\s)", " ", rest + "  ", flags=re.I).rstrip() if found else rest


def _is_symbol(symbol: tuple[str, ...]) -> bool:
    """``131/qd-ttg`` is a number, ``lớp 6-hk1`` or ``10/thang`` is none."""
    known = {"ttg", "cp", "tw", "ubnd", "hdnd", "bgddt", "sgddt", "sgd", "bgd", "qh", *OF_SYMBOL}
    return any(part in known or part.startswith(("qh", "sgd", "bgd", "bt", "ubnd")) for part in symbol) or (
        len(symbol) > 1 and all(len(part) >= 2 for part in symbol)
    )


class _Dated(NamedTuple):
    """Where something stands that is written like a day, and which one: none where there is no such day."""

    day: Day | None
    start: int
    end: int


def _dates(text: str) -> list[_Dated]:
    """What is written like a day, in order; of ``từ 1 đến 15/1/2026`` the first one, too."""
    plain = fold(text)
    found = []
    for match in _DAY.finditer(text):
        day = read_day(match.group())
        if day.year or _IN_WORDS.search(match.group()) or not _is_no_day(plain, match):
            known = 1 <= day.day <= 31 and 1 <= day.month <= 12
            found.append(_Dated(day if known else None, *match.span()))
    if found and (last := found[0]).day and (first := _DAY_TO.search(plain, 0, last.start)):
        found.insert(0, _Dated(last.day._replace(day=int(first.group(1))), *first.span(1)))
    return found


def _stretch(plain: str, dates: list[_Dated]) -> tuple[Day, Day] | None:
    """The first two days that one reaches from and to."""
    for first, last in pairwise(dates):
        if first.day and last.day and _TO.fullmatch(plain, first.end, last.start):
            return first.day, last.day
    return None


def _no_days(text: str, dates: list[_Dated]) -> list[str]:
    """What is surely meant for a day, as it has a year or is called one, and is not in the calendar."""
    found = []
    for day, start, end in dates:
        called = re.search(r"\bngay\s*$", fold(text[:start])) or re.match("ng", text[start:], re.IGNORECASE)
        if not (day and day.is_real) and (called or re.search(r"\d{4}$", text[start:end])):
            found.append(re.sub(r"^(?:ngày|ngay)?\s*", "ngày ", text[start:end], flags=re.IGNORECASE))
    return found


def _no_months(text: str) -> list[str]:
    found = _MONTH_OF_YEAR.finditer(fold(text))
    return [f"tháng {month.group(1)}/{month.group(2)}" for month in found if not 1 <= int(month.group(1)) <= 12]


def _is_no_day(plain: str, pair: re.Match[str]) -> bool:
    """``lớp 10-11`` and ``mục 3.2`` are places, ``1-2 tuần`` is how long, ``10-11-12`` goes on."""
    if "-" in pair.group() and plain.startswith("-", pair.end()):
        return True
    return bool(_LABEL.search(plain, 0, pair.start()) or ("/" not in pair.group() and _MEASURE.match(plain, pair.end())))


def _kind_numbers(text: str) -> tuple[list[NumberMention], str]:
    """``thông tư 42 năm 2021``, ``TT42``, ``QĐ 4725``, ``42/2021``, a lone ``2607``."""
    plain = fold(text)
    found: list[NumberMention] = []
    spans: list[tuple[int, int]] = []
    for match in _KIND_NUMBER.finditer(plain):
        kind, serial, year, written = match.groups()
        if kind in ("van ban", "vb") and len(serial) < _SURE_DIGITS and not year and not _SAYS_NUMBER.search(match.group()):
            continue  # "văn bản 3 nhóm dịch vụ": three groups
        found.append(NumberMention(text[match.start() : match.end()].strip(), serial, year or written or "", _KIND_WORDS[kind]))
        spans.append(match.span())
    for match in _BARE_YEAR.finditer(plain):
        if not any(start <= match.start() < end for start, end in spans):
            found.append(NumberMention(match.group(), match.group(1), match.group(2)))
            spans.append(match.span())
    if not found and (lone := _LONE.search(plain)):
        found.append(NumberMention(lone.group().strip(), lone.group(1) or lone.group(2)))
        spans.append(lone.span())
    pieces = list(text)
    for start, end in spans:
        pieces[start:end] = " " * (end - start)
    return found, "".join(pieces)


def _school_year(text: str) -> tuple[tuple[str, str] | None, str]:
    """``năm học 2025-2026`` (or ``25-26``) as two years, and the text without it; ``11/12`` is a day."""
    for found in _SCHOOL_YEAR.finditer(fold(text)):
        first, second = (year if len(year) == 4 else f"20{year}" for year in found.groups() if year)
        if int(second) == int(first) + 1:
            start = found.start(1) if found.group(1) else found.start(3)
            return (first, second), text[:start] + " " + text[found.end() :]
    return None, text


def _names(text: str) -> tuple[tuple[str, ...], ...]:
    """Proper names of two words or more in a question that is not written in capitals throughout (``Hồng Gai``)."""
    letters = [word for word in text.split() if word[:1].isalpha()]
    if sum(word[0].isupper() for word in letters) * 2 > len(letters):
        return ()
    names: list[list[str]] = [[]]
    for before, word in pairwise(text.split()):
        bare = word.strip('.,;:?!()"“”')
        if bare.istitle() and bare.isalpha() and before[-1:] not in ".?!:":
            names[-1].append(fold(bare))
        else:
            names.append([])
        if bare != word:
            names.append([])
    proper = [name[next((at for at, word in enumerate(name) if word not in _OFFICES), len(name)) :] for name in names]
    return tuple(tuple(name) for name in proper if len(name) > 1)


def _article(plain: str, text: str) -> str:
    """``khoản 2 Điều 5`` → ``Điều 5.2``; the letter of a point is read as typed, for ``đ`` comes after ``d``."""
    found = _PROVISION.search(plain)
    if not found:
        return ""
    point, clause, article, clause_after, point_after = found.groups()
    at = found.start(1) if point else found.start(5)
    letter = text[at].lower() if at >= 0 and len(text) == len(plain) else point or point_after or ""
    parts = [f"Điều {article}", clause or clause_after or "", letter]
    return ".".join(part for part in parts if part)


def _arabic(number: str) -> str:
    values = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10"}
    return values.get(number, number.lstrip("0") or number)
