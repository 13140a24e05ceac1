"""What a paragraph announces by its first characters: ``Chương II``, ``Điều 5.``, ``1.``, ``a)``, ``-``, ``(2)`` …"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from enum import IntEnum

from rag.documents import ProvisionKind
from rag.language.series import LETTERS, ORDINALS, of_roman

_ROMAN = r"(?:X{0,3}(?:IX|IV|V?I{1,3}|V|X))"
_CONTENTS_LINE = re.compile(r"(?:\.{3}|…)\s*\d{1,3}$")
_CONTENTS_TAIL = 20


class Rank(IntEnum):
    """Depth in the tree, small is high: a paragraph goes under the nearest open one of a smaller rank."""

    ANNEX = 0
    FORM = 1
    PART = 2
    LETTER = 3
    CHAPTER = 4
    SECTION = 5
    SUBSECTION = 6
    ARTICLE = 7
    CLAUSE = 8
    SUBCLAUSE = 9
    STEP = 10
    POINT = 11
    ITEM = 12
    BULLET = 13


@dataclass(frozen=True, slots=True)
class Marker:
    """How a paragraph begins. ``name`` is its own part of the path, ``mark`` what is printed, ``rest`` what follows the mark.

    ``under`` is the part that a number repeats (``I`` of ``I.2.``); ``word`` what a step is called (``Bước`` of ``Bước 2:``).
    """

    kind: ProvisionKind
    rank: Rank
    name: str
    rest: str
    mark: str = ""
    under: str = ""
    word: str = ""


_BULLETS = "•▪●○◦■□♦❖➢►✓✔·⁃‣➤▶❑◆\uf0a7\uf0b7\uf0d8\uf076\uf0fc"
_PATTERNS: list[tuple[ProvisionKind, Rank, re.Pattern[str]]] = [
    ("annex", Rank.ANNEX, re.compile(rf"^(?i:phụ lục)(?:\s+(?i:số\s+)?(\d+[a-zA-Z]?|{_ROMAN}|[A-Z])\b)?\s*[.:–-]?\s*(.*)$")),
    ("section", Rank.FORM, re.compile(r"^(?i:mẫu)\s+(?i:số)\s*:?\s*(\d+[a-zA-Z]?(?:[-/][A-Z0-9]+)*)\b\s*[.:–-]?\s*(.*)$")),
    ("part", Rank.PART, re.compile(rf"^PHẦN\s+(?:THỨ\s+(\w+)|({_ROMAN}|\d+)\b)\s*[.:–-]?\s*(.*)$", re.I)),
    ("chapter", Rank.CHAPTER, re.compile(rf"^CHƯƠNG\s+({_ROMAN}|\d+)\b\s*[.:–-]?\s*(.*)$", re.I)),
    ("part", Rank.CHAPTER, re.compile(rf"^({_ROMAN})\s?(?:[.)/]\.?\s+|[-–—:](?:\s+|(?=[^\W\d_]))(?=[^\Wa-zà-ỹ]))(.+)$")),
    ("section", Rank.SUBSECTION, re.compile(rf"^(?i:tiểu mục)\s+(\d+|{_ROMAN})\b\s*[.:–-]?\s*(.*)$")),
    ("section", Rank.SECTION, re.compile(rf"^(?i:mục)\s+(\d+|{_ROMAN})\b\s*[.:–-]?\s*(.*)$")),
    ("section", Rank.SECTION, re.compile(r"^([A-HĐ])\s?[.)/]\s+(.+)$")),
    ("article", Rank.ARTICLE, re.compile(r"^ĐIỀU\s+(\d+[a-zđ]?)\s*(?:[.:](?:\s+|(?=\D)|$)|$)(.*)$", re.I)),
    ("clause", Rank.SUBCLAUSE, re.compile(r"^(\d{1,2}(?:\.\d{1,2}){1,3})[.)]?\s+(?=\D)(.+)$")),
    ("clause", Rank.SUBCLAUSE, re.compile(r"^(\d{1,2}(?:\.\d{1,2}){1,3})[.)]?(?=[^\W\d_a-zà-ỹ])(.+)$")),
    ("clause", Rank.CLAUSE, re.compile(r"^(\d{1,3}[a-zđ]?)\s?(?:[.)]|/(?=\s))\s+(.+)$")),
    ("clause", Rank.CLAUSE, re.compile(r"^(\d{1,2})[.)](?=[^\W\d_])(.+)$")),
    ("clause", Rank.CLAUSE, re.compile(r"^(\d{1,2})\s?[-–]\s+(?=[^\W\d_a-zà-ỹ])(.+)$")),
    ("point", Rank.POINT, re.compile(r"^([a-zđ](?:\.?\d)?)\s?\)\s*(.+)$")),
    ("point", Rank.POINT, re.compile(r"^([a-zđ])\.\s+(.+)$")),
    ("item", Rank.ITEM, re.compile(r"^\((\d{1,2})\)\s*(?=\S)(.+)$")),
    ("bullet", Rank.BULLET, re.compile(r"^([-–—*])\s+(.+)$")),
    ("bullet", Rank.BULLET, re.compile(rf"^([-–—+{_BULLETS}])\s*(?=[^\W_]|[(“\"])(?!\d)(.+)$")),
    ("bullet", Rank.BULLET, re.compile(rf"^([+{_BULLETS}])\s+(.+)$")),
]  # fmt: skip
_UNDER_A_PART = re.compile(rf"^({_ROMAN}|[A-HĐ])\.(\d{{1,2}}(?:\.\d{{1,2}}){{0,2}})(?:\.([a-zđ]))?[.)]?\s+(?=\D)(.+)$")
_STEP = re.compile(rf"^([^\W\d_a-zà-ỹ][^\W\d_]*(?: [^\W\d_]+)?) (\d{{1,2}}|{_ROMAN})\s?(?:[.:]|[-–](?=\s))\s+(?=\S)(.+)$")
_NOT_STEPS = ("điều", "khoản", "điểm", "mục", "phần", "chương", "số")
_PICTURES = ("So", "Co", "Cn")
_NAMED_BY_WORD = (Rank.ANNEX, Rank.FORM, Rank.SECTION, Rank.SUBSECTION)


def read_marker(text: str) -> Marker | None:
    """Return what ``text`` announces, or ``None`` for a plain paragraph, a table row, a line of a table of contents."""
    if text.startswith("|") or _CONTENTS_LINE.search(text[-_CONTENTS_TAIL:]):
        return None
    plain = text[_ornament(text) :]
    marker = _read(plain)
    ornament = text[: len(text) - len(plain)].strip()
    if not ornament:
        return marker
    if marker:
        return replace(marker, mark=f"{ornament} {marker.mark}".rstrip())
    return Marker("bullet", Rank.BULLET, ornament, plain, ornament) if plain else None


def _ornament(text: str) -> int:
    """Where the text begins behind a picture that only adorns it (``📎 PHỤ LỤC``)."""
    at = 0
    while at < len(text) and (unicodedata.category(text[at]) in _PICTURES or (at and text[at] in " \ufe0f")):
        if text[at] in _BULLETS:
            break
        at += 1
    return at


def _read(text: str) -> Marker | None:
    if found := _UNDER_A_PART.match(text):
        under, number, letter, rest = found.groups()
        mark = text[: found.start(4)].strip()
        if letter:
            return Marker("point", Rank.POINT, letter, rest.strip(), mark, under)
        return Marker("clause", Rank.SUBCLAUSE if "." in number else Rank.CLAUSE, number, rest.strip(), mark, under)
    for kind, rank, pattern in _PATTERNS:
        if found := pattern.match(text):
            *names, rest = found.groups()
            if rank in _NAMED_BY_WORD and rest and not (rest[0].isupper() or rest[0] in '(“"'):
                return None  # "Phụ lục 1, Phụ lục 2 đính kèm …" and "Mục 3 của Kế hoạch" go on a sentence
            mark = text[: len(text) - len(rest)].strip()
            return Marker(kind, rank, next((name for name in names if name), ""), rest.strip(), mark)
    if (found := _STEP.match(text)) and found.group(1).lower() not in _NOT_STEPS:
        word, number, rest = found.groups()
        return Marker("point", Rank.STEP, f"{word} {number}", rest.strip(), text[: found.start(3)].strip(), word=word)
    return None


def number_of(name: str) -> str:
    """Return a roman, written or arabic number as arabic digits (``IV`` → ``4``, ``nhất`` → ``1``)."""
    if name.lower() in ORDINALS:
        return str(ORDINALS[name.lower()])
    if not re.fullmatch(_ROMAN, name):
        return name.lstrip("0") or name
    return str(of_roman(name))


def place_of(name: str) -> int:
    """Return the place in its series that a name stands for (``5`` → 5, ``1.3`` → 3, ``IV`` → 4, ``đ`` → 5, ``B`` → 2); 0 if none."""
    last = number_of(name.rsplit(".", 1)[-1])
    digits = re.match(r"\d+", last)
    if digits:
        return int(digits.group())
    return LETTERS.find(name[:1].lower()) + 1
