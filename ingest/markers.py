"""What a paragraph announces by its first characters: ``Chương II``, ``Điều 5.``, ``1.``, ``a)``, ``-``, ``(2)`` …"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from rag.documents import ProvisionKind

_ROMAN = r"(?:X{0,3}(?:IX|IV|V?I{1,3}|V|X))"
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_ORDINALS = {
    "nhất": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10,
}  # fmt: skip
LETTERS = "abcdđeghiklmnopqrstuvxy"
"""The order of điểm: ``đ`` after ``d``; no ``f``, ``j``, ``w``, ``z``."""
_CONTENTS_LINE = re.compile(r"(?:\.{3}|…)[.…]*\s*\d{1,3}$")


class Rank(IntEnum):
    """Depth in the tree, small is high: a paragraph goes under the nearest open one of a smaller rank."""

    ANNEX = 0
    FORM = 1
    PART = 2
    CHAPTER = 3
    SECTION = 4
    SUBSECTION = 5
    ARTICLE = 6
    CLAUSE = 7
    SUBCLAUSE = 8
    POINT = 9
    ITEM = 10
    BULLET = 11


@dataclass(frozen=True, slots=True)
class Marker:
    """How a paragraph begins. ``name`` is its own part of the path, ``rest`` what follows the mark."""

    kind: ProvisionKind
    rank: Rank
    name: str
    rest: str


_PATTERNS: list[tuple[ProvisionKind, Rank, re.Pattern[str]]] = [
    ("annex", Rank.ANNEX, re.compile(rf"^(?i:phụ lục)(?:\s+(?i:số\s+)?(\d+[a-zA-Z]?|{_ROMAN}|[A-Z])\b)?\s*[.:–-]?\s*(.*)$")),
    ("section", Rank.FORM, re.compile(r"^(?i:mẫu)\s+(?i:số)\s*:?\s*(\d+[a-zA-Z]?(?:[-/][A-Z0-9]+)*)\b\s*[.:–-]?\s*(.*)$")),
    ("part", Rank.PART, re.compile(rf"^PHẦN\s+(?:THỨ\s+(\w+)|({_ROMAN}|\d+)\b)\s*[.:–-]?\s*(.*)$", re.I)),
    ("chapter", Rank.CHAPTER, re.compile(rf"^CHƯƠNG\s+({_ROMAN}|\d+)\b\s*[.:–-]?\s*(.*)$", re.I)),
    ("part", Rank.CHAPTER, re.compile(rf"^({_ROMAN})\s?[.)/]\s+(.+)$")),
    ("section", Rank.SUBSECTION, re.compile(rf"^(?i:tiểu mục)\s+(\d+|{_ROMAN})\b\s*[.:–-]?\s*(.*)$")),
    ("section", Rank.SECTION, re.compile(rf"^(?i:mục)\s+(\d+|{_ROMAN})\b\s*[.:–-]?\s*(.*)$")),
    ("section", Rank.SECTION, re.compile(r"^([A-HĐ])\.\s+(.+)$")),
    ("article", Rank.ARTICLE, re.compile(r"^ĐIỀU\s+(\d+[a-zđ]?)\s*(?:[.:](?:\s+|(?=\D)|$)|$)(.*)$", re.I)),
    ("clause", Rank.SUBCLAUSE, re.compile(r"^(\d{1,2}(?:\.\d{1,2}){1,2})[.)]?\s+(?=\D)(.+)$")),
    ("clause", Rank.CLAUSE, re.compile(r"^(\d{1,3}[a-zđ]?)\s?[.)]\s+(.+)$")),
    ("clause", Rank.CLAUSE, re.compile(r"^(\d{1,2})\.(?=[^\W\d_])(.+)$")),
    ("point", Rank.POINT, re.compile(r"^([a-zđ](?:\.\d)?)\s?\)\s*(.+)$")),
    ("point", Rank.POINT, re.compile(r"^([a-zđ])\.\s+(.+)$")),
    ("item", Rank.ITEM, re.compile(r"^\((\d{1,2})\)\s+(.+)$")),
    ("bullet", Rank.BULLET, re.compile(r"^([-–—•▪*])\s+(.+)$")),
]  # fmt: skip
_NAMED_BY_WORD = (Rank.ANNEX, Rank.FORM, Rank.SECTION, Rank.SUBSECTION)


def read_marker(text: str) -> Marker | None:
    """Return what ``text`` announces, or ``None`` for a plain paragraph, a table row, a line of a table of contents."""
    if text.startswith("|") or _CONTENTS_LINE.search(text):
        return None
    for kind, rank, pattern in _PATTERNS:
        if found := pattern.match(text):
            *names, rest = found.groups()
            if rank in _NAMED_BY_WORD and rest and not (rest[0].isupper() or rest[0] in '(“"'):
                return None  # "Phụ lục 1, Phụ lục 2 đính kèm …" and "Mục 3 của Kế hoạch" go on a sentence
            return Marker(kind, rank, next((name for name in names if name), ""), rest.strip())
    return None


def number_of(name: str) -> str:
    """Return a roman, written or arabic number as arabic digits (``IV`` → ``4``, ``nhất`` → ``1``)."""
    if name.lower() in _ORDINALS:
        return str(_ORDINALS[name.lower()])
    if not re.fullmatch(_ROMAN, name):
        return name.lstrip("0") or name
    values = [_ROMAN_VALUES[letter] for letter in name]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return str(sum(-value if value < following else value for value, following in pairs))


def place_of(name: str) -> int:
    """Return the place in its series that a name stands for (``5`` → 5, ``1.3`` → 3, ``IV`` → 4, ``đ`` → 5, ``B`` → 2); 0 if none."""
    last = number_of(name.rsplit(".", 1)[-1])
    digits = re.match(r"\d+", last)
    if digits:
        return int(digits.group())
    return LETTERS.find(name[:1].lower()) + 1
