"""The facts written in a text, each in one form however it is written: dates, phones, numbers, links, document numbers.

``10/01/2026`` = ``ngày 10 tháng 1 năm 2026``, ``30%`` = ``ba mươi phần trăm``, ``0917.792.140`` = ``0917792140``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Literal

from rag.language.days import IN_WORDS, read_day
from rag.language.honorifics import WRITTEN
from rag.language.kinds import EVERYDAY, any_of
from rag.language.measures import COUNTS, HELD, MEASURES, NUMBERED
from rag.language.numbers import DATE, EMAIL, LINK, PHONE, digits, find_numbers, number_key
from rag.language.series import of_roman, to_roman
from rag.language.text import canonical, fold, squeeze
from rag.slots.clocks import CLOCK, hour_and_minute
from rag.slots.numerals import spelled_out

FactKind = Literal["link", "email", "document", "years", "date", "phone", "label", "number", "code", "weekday", "person", "word"]


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact at ``start``-``end`` of the text it was found in; equal facts have the same ``key``.

    ``key`` by kind: a date is ``("2026", "1", "10")`` with empty parts where the text has none; a number is value and
    measure (``("30", "%")``); a document is serial, year and symbol; a label is its word and number (``("lop", "9")``);
    a word of a class is the class and what it says.
    """

    kind: FactKind
    key: tuple[str, ...]
    text: str
    start: int
    end: int
    issued: bool = False  # a date right behind the number of its document

    @property
    def series(self) -> str:
        """What it competes with: dates with dates, percentages with percentages, ``lớp 9`` with ``lớp 8``."""
        if self.issued:
            return "issued"
        if self.kind == "number":
            return f"number {self.key[1]}"
        return f"{self.kind} {self.key[0]}" if self.kind in ("label", "word") else self.kind

    def is_in(self, source: Fact) -> bool:
        """Say whether ``source`` says this fact, which may leave out its year or its symbol."""
        if self.kind != source.kind:
            return False
        if self.kind == "date":
            year_alone = self.key[0] and not self.key[2]  # "năm 2021" of 30/03/2021
            return self._leaves_out_at_most(source) and (bool(year_alone) or bool(self.key[2]) == bool(source.key[2]))
        if self.kind == "document":
            return self.key[0] == source.key[0] and self._leaves_out_at_most(source)
        if self.kind == "number":
            return self.key[0] == source.key[0] and (self.key[1] == source.key[1] or (not self.key[1] and source.key[1] in COUNTS))
        if self.kind == "label" and self.key[0] in _PARTS:  # "phần II" is what is cited as "mục II.1"
            return source.key[0] in _PARTS and f"{source.key[1]}.".startswith((f"{self.key[1]}.", f"{_ROMAN_OF.get(self.key[1], '')}."))
        return self.key == source.key

    def _leaves_out_at_most(self, source: Fact) -> bool:
        return all(mine in ("", theirs) for mine, theirs in zip(self.key, source.key, strict=True))


_DOMAIN = re.compile(r"(?<![\w@.-])(?:[a-zA-Z0-9-]{2,}\.)+[a-z]{2,}(?:/[^\s<>()\"“”,;]*)?(?!\w)")
_KINDS = any_of(*EVERYDAY, "Thông tư liên tịch", "Công điện", "Thông báo", "Hướng dẫn")
_SHORT_DOCUMENT = re.compile(
    rf"(?<!\w)({_KINDS}|TT|QĐ|NĐ|NQ|KH|CV|CT)\s+(?:số\s+)?(\d{{1,5}})(?:/((?:19|20)\d\d))?(?![\w/%-]|[.,]\d| (?:tháng|ngày|%))",
    re.IGNORECASE,
)
_YEARS = re.compile(r"(?<![\d/.-])((?:19|20)\d\d)\s?[-–—/]\s?((?:19|20)\d\d)(?![\d/.-]\d)")
_YEARS_APART = re.compile(
    r"(?<!\w)từ\s+(?:năm\s+)?((?:19|20)\d\d)\s+(?:đến|tới)\s+(?:hết\s+)?(?:năm\s+)?((?:19|20)\d\d)(?![\d/])", re.IGNORECASE
)
_DAY_MONTH = re.compile(
    rf"(?<![\d/.,-])(?:(?:ngày\s+)?\d{{1,2}}\s?/\s?\d{{1,2}}(?![\d/]|[.,]\d)|{IN_WORDS}(?!\d))",
    re.IGNORECASE,
)
_MONTH_YEAR = re.compile(r"(?<!\w)tháng\s+(\d{1,2})(?:\s*(?:/|năm\s|-)\s*(\d{4}))?(?!\d)", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\w)năm\s+((?:19|20)\d\d)(?!\d)", re.IGNORECASE)
_DAY = re.compile(r"(?<!\w)ngày\s+(?:m[ùồ]ng\s+)?(\d{1,2})(?![\d/.,-])(?!\s+tháng \d)", re.IGNORECASE)
_CODE = re.compile(r"(?<!\w)[A-ZĐ]{1,5}-\d+(?!\w)")
_WEEKDAY = re.compile(r"(?<!\w)(?:thứ\s+(Hai|Ba|Tư|Năm|Sáu|Bảy|[2-7])|(Chủ nhật|chủ nhật))(?!\w)")
_LABELS = any_of(*NUMBERED, *HELD)
_VALUE = r"[IVX]+(?:\.\d+)*(?:\(\d+\))?|\d+(?:\.\d+)*(?:\(\d+\))?"
_LABEL = re.compile(
    rf"(?<!\w)({_LABELS})\s+(?:thứ\s+|số\s+)?({_VALUE})(?![\w%/]|[.,]\d)((?:\s*(?:,|và|hoặc|hay)\s+(?:{_VALUE})(?![\w%/]|[.,]\d))*)",
    re.IGNORECASE,
)
_POINT = re.compile(r"(?<!\w)(điểm)\s+([a-zđ])(?!\w)")
_ORDINAL = re.compile(r"(?<!\w)(?:thứ|bước|trụ cột|ý|nhóm)\s+\d(?!\d)|^\s*\d{1,2}[.)]\s|\(\d{1,2}\)", re.IGNORECASE | re.MULTILINE)
_CLOCK = re.compile(rf"(?<![\w.,]){CLOCK}", re.IGNORECASE)
_NUMBER = re.compile(rf"(?<![\w.,/-])(\d{{1,3}}(?:\.\d{{3}})+|\d+)(?:[,.](\d{{1,2}}))?(?!\d)\s*({any_of(*MEASURES)})?(?!\w)", re.IGNORECASE)
_PERSON = re.compile(rf"(?<!\w)(?:{WRITTEN})((?:\s+[^\W\d_]+){{2,5}})")
_PARTS = ("phan", "muc", "y")
_ROMAN_OF = {str(number): to_roman(number) for number in range(1, 11)}


def facts_in(text: str) -> list[Fact]:
    """Return the facts of a normalised text in order; numbers in words count. Positions are those in ``spelled_out(text)``."""
    text = spelled_out(text)
    taken = [False] * len(text)
    found: list[Fact] = []
    for find in _FINDERS:
        for fact in find(text):
            if not any(taken[fact.start : fact.end]):
                taken[fact.start : fact.end] = [True] * (fact.end - fact.start)
                if fact.key:
                    found.append(fact)
    found.sort(key=lambda fact: fact.start)
    return [
        replace(fact, issued=True) if fact.kind == "date" and _follows(before, fact, text) else fact
        for before, fact in zip([None, *found], found, strict=False)
    ]


def _follows(before: Fact | None, date: Fact, text: str) -> bool:
    """``Quyết định số 764/QĐ-BGDĐT ngày 08/3/2024``, ``Kế hoạch 138/KH-UBND (09/6/2025)``."""
    return before is not None and before.kind == "document" and text[before.end : date.start].strip(" (,") in ("", "ban hành", "ký")


def missing(facts: Iterable[Fact], sources: Iterable[Fact]) -> list[Fact]:
    """Return the facts that none of ``sources`` says; names of people are looked up as they are written."""
    known = list(sources)
    return [fact for fact in facts if fact.kind != "person" and not any(fact.is_in(source) for source in known)]


def _of(kind: FactKind, pattern: re.Pattern[str], key: Callable[[re.Match[str]], tuple[str, ...]]) -> Callable[[str], Iterator[Fact]]:
    def find(text: str) -> Iterator[Fact]:
        for match in pattern.finditer(text):
            yield Fact(kind, key(match), squeeze(match.group()), match.start(), match.end())

    return find


def _documents(text: str) -> Iterator[Fact]:
    for match in find_numbers(text):
        serial, year, *symbol = number_key(match.group()).split("/")
        yield Fact("document", (serial, year, "/".join(symbol)), squeeze(match.group()), match.start(), match.end())


def _labels(text: str) -> Iterator[Fact]:
    """``lớp 1, 2 và 3`` is three labels."""
    for match in _LABEL.finditer(text):
        word = fold(match.group(1)).replace("hoc ki", "ki").replace("hoc ky", "ki").replace("ky", "ki")
        values = [match.group(2), *re.findall(_VALUE, match.group(3))]
        for place, value in enumerate(values):
            start, end = ((match.start(), match.end(2)), match.span(3), (match.end(), match.end()))[min(place, 2)]
            yield Fact("label", (word, _arabic(value)), f"{match.group(1)} {value}", start, end)


def _persons(text: str) -> Iterator[Fact]:
    """The names behind a title (``đồng chí Cao Bá Duyệt``)."""
    for match in _PERSON.finditer(text):
        name = list(takewhile(lambda word: word[0].isupper(), match.group(1).split()))
        if len(name) > 1:
            end = match.start(1) + match.group(1).index(name[-1]) + len(name[-1])
            yield Fact("person", tuple(map(canonical, name)), " ".join(name), match.start(), end)


def _arabic(value: str) -> str:
    roman, dot, _ = value.upper().partition(".")
    if not set(roman) <= set("IVX"):
        return value.lstrip("0") or "0"
    if dot or "(" in value:
        return value
    return str(of_roman(roman))


def link_key(address: str) -> str:
    """Return one spelling for all spellings of an address: hosts are the same in any case, paths are not."""
    host, slash, path = re.sub(r"^https?://", "", address, flags=re.IGNORECASE).partition("/")
    return f"{host.lower().removeprefix('www.')}{slash}{path}".rstrip("/.")


def _link(match: re.Match[str]) -> tuple[str, ...]:
    return (link_key(match.group()),)


def _date(match: re.Match[str]) -> tuple[str, ...]:
    day, month, year = read_day(match.group())
    return (str(year) if year else "", str(month), str(day))


def _clock(match: re.Match[str]) -> tuple[str, ...]:
    hour, minute = hour_and_minute(match.group())
    return (f"{hour}:{minute:02}" if minute else str(hour), "giờ")


def _numbers(text: str) -> Iterator[Fact]:
    """Numbers with their measure, and again without where that is a part of something else (``ngày`` of a date)."""
    for match in _NUMBER.finditer(text):
        whole = match.group(1).replace(".", "").lstrip("0") or "0"  # no int: a key in a text may have thousands of digits
        value = f"{whole},{match.group(2)}" if match.group(2) else whole
        measure = (match.group(3) or "").lower().replace("kí tự", "ký tự")
        yield Fact("number", (value, measure), squeeze(match.group()), match.start(), match.end())
        yield Fact("number", (value, ""), match.group(1), match.start(), match.end(1))


def _short_document(match: re.Match[str]) -> tuple[str, ...]:
    return (match.group(2).lstrip("0") or "0", match.group(3) or "", "")


_FINDERS: tuple[Callable[[str], Iterator[Fact]], ...] = (
    _of("email", EMAIL, lambda match: (match.group().lower(),)),
    _of("link", LINK, _link),
    _of("link", _DOMAIN, _link),
    _documents,
    _of("document", _SHORT_DOCUMENT, _short_document),
    _of("years", _YEARS, lambda match: match.group(1, 2)),
    _of("years", _YEARS_APART, lambda match: match.group(1, 2)),
    _of("date", DATE, _date),
    _of("phone", PHONE, lambda match: (digits(match.group()),)),
    _of("code", _CODE, lambda match: (match.group(),)),
    _of("date", _DAY_MONTH, _date),
    _of("date", _MONTH_YEAR, lambda match: (match.group(2) or "", str(int(match.group(1))), "")),
    _of("date", _YEAR, lambda match: (match.group(1), "", "")),
    _of("date", _DAY, lambda match: ("", "", str(int(match.group(1))))),
    _of("weekday", _WEEKDAY, lambda match: (fold(match.group(1) or "chu nhat"),)),
    _labels,
    _of("label", _POINT, lambda match: ("diem", match.group(2))),
    _persons,
    _of("number", _ORDINAL, lambda match: ()),  # the numbering of a list says nothing
    _of("number", _CLOCK, _clock),
    _numbers,
)
