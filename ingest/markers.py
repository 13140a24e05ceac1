"""What a paragraph announces by its first characters: ``Chương II``, ``Điều 5.``, ``1.``, ``a)``, ``-``, ``(2)`` …"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.documents import ProvisionKind

_ROMAN = r"(?:X{0,3}(?:IX|IV|V?I{1,3}|V|X))"
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_ORDINALS = {
    "nhất": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Marker:
    """How a paragraph begins: ``rank`` is its depth in the tree (small is high), ``name`` its own part of the path."""

    kind: ProvisionKind
    rank: int
    name: str
    rest: str


_PATTERNS: list[tuple[ProvisionKind, int, re.Pattern[str]]] = [
    ("annex", 0, re.compile(rf"^(?i:phụ lục)(?:\s+(?i:số\s+)?(\d+[a-z]?|{_ROMAN}|[A-Z])\b)?\s*[.:–-]?\s*(.*)$")),
    ("part", 1, re.compile(rf"^PHẦN\s+(?:THỨ\s+(\w+)|({_ROMAN}|\d+))\s*[.:–-]?\s*(.*)$", re.I)),
    ("chapter", 2, re.compile(rf"^CHƯƠNG\s+({_ROMAN}|\d+)\s*[.:–-]?\s*(.*)$", re.I)),
    ("part", 2, re.compile(rf"^({_ROMAN})\s?[.)/]\s+(.+)$")),
    ("section", 3, re.compile(rf"^(?i:mục)\s+(\d+|{_ROMAN})\s*[.:–-]?\s*(.*)$")),
    ("section", 3, re.compile(r"^([A-HĐ])\.\s+(.+)$")),
    ("article", 4, re.compile(r"^ĐIỀU\s+(\d+[a-zđ]?)\s*[.:](?:\s+|(?=\D)|$)(.*)$", re.I)),
    ("clause", 6, re.compile(r"^(\d{1,2}(?:\.\d{1,2}){1,2})[.)]?\s+(?=\D)(.+)$")),
    ("clause", 5, re.compile(r"^(\d{1,3}[a-zđ]?)\s?[.)]\s+(.+)$")),
    ("clause", 5, re.compile(r"^(\d{1,2})\.(?=[^\W\d_])(.+)$")),
    ("point", 7, re.compile(r"^([a-zđ](?:\.\d)?)\s?\)\s*(.+)$")),
    ("item", 8, re.compile(r"^\((\d{1,2})\)\s+(.+)$")),
    ("bullet", 9, re.compile(r"^([-–—•▪*])\s+(.+)$")),
]  # fmt: skip


def read_marker(text: str) -> Marker | None:
    """Return what ``text`` announces, or ``None`` for a plain paragraph."""
    for kind, rank, pattern in _PATTERNS:
        if found := pattern.match(text):
            *names, rest = found.groups()
            if kind in ("annex", "section") and rest and not (rest[0].isupper() or rest[0] in '(“"'):
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
