"""What a question names outright: document numbers, dates, phones, links, provisions (``Điều 5 khoản 2``)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from rag.language.kinds import EVERYDAY, OF_SYMBOL, any_of, typed
from rag.language.numbers import DATE, EMAIL, LINK, PERCENT, PHONE, digits, parse_number
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
_SCHOOL_YEAR = re.compile(r"(?<![\d/.-])((?:20)?\d{2})\s?[-–/]\s?((?:20)?\d{2})(?![\d/.%-])")
_OFFICES = frozenset(("so bo truong phong tinh thanh pho xa phuong cuc vu ban uy trung tam anh chi thay co ong ba dong").split())
_PROVISION = re.compile(
    r"\b(?:diem\s+([a-zđ])\s*,?\s*)?(?:khoan\s+(\d+)\s*,?\s*)?(?:cua\s+)?dieu\s+(\d+[a-z]?)(?:\s*,?\s*khoan\s+(\d+))?(?:\s*,?\s*diem\s+([a-zđ])\b)?"
)
_SECTION = re.compile(r"\b(?:muc|phan)\s+((?:[ivx]+|\d+)(?:\.\d+)*(?:\(\d+\))?|[a-e](?=\s|$))(?![\w%])")
_ANNEX = re.compile(r"\b(?:phu luc|pl|phu luc so)\s*(\d+|[ivx]+)\b")


class NamedDay(NamedTuple):
    """A day that is named; the year is 0 where it is not."""

    day: int
    month: int
    year: int


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

    ``places`` are those of the ``names`` that say of which province the rules are asked for; ``around`` those that only the message
    around the question names (``em ở Nghệ An, hạn nộp khi nào?``).
    """

    rest: str
    numbers: tuple[NumberMention, ...] = ()
    dates: tuple[NamedDay, ...] = ()
    periods: tuple[Period, ...] = ()
    phones: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    percents: tuple[str, ...] = ()
    school_year: tuple[str, str] | None = None
    names: tuple[Name, ...] = ()
    places: tuple[Name, ...] = ()
    around: tuple[Name, ...] = ()
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
    dates = tuple(_dates(rest))
    rest = re.sub(r"(?<![\d/])\d{1,2}\s?[/.-]\s?\d{1,2}\s?(?:[/.-]\s?\d{2,4})?(?![\d/])", " ", DATE.sub(" ", rest))
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
        dates=dates,
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


def _dates(text: str) -> list[NamedDay]:
    result = []
    pattern = re.compile(
        r"(?<![\d/])(\d{1,2})\s?[/.-]\s?(\d{1,2})(?:\s?[/.-]\s?(\d{4}))?(?![\d/%])|"
        r"ng[aà]y\s*(\d{1,2})\s+th[aá]ng\s+(\d{1,2})(?:\s+n[aă]m\s+(\d{4}))?",
        re.IGNORECASE,
    )
    for found in pattern.finditer(text):
        day, month, year = found.group(1, 2, 3) if found.group(1) else found.group(4, 5, 6)
        if 1 <= int(day) <= 31 and 1 <= int(month) <= 12:
            result.append(NamedDay(int(day), int(month), int(year or 0)))
    return result


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
    """``năm học 2025-2026`` (or ``25-26``) as two years, and the text without it."""
    found = _SCHOOL_YEAR.search(text)
    if not found:
        return None, text
    first, second = (year if len(year) == 4 else f"20{year}" for year in found.groups())
    if int(second) != int(first) + 1:
        return None, text
    return (first, second), text[: found.start()] + " " + text[found.end() :]


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
