"""What a follow-up puts in the place of what the question before it named: another half of the year, level, department, field.

What stands for what in general is data (``rag/data/alternatives.txt``); the fields are those of the people to call in the documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rag.language.text import data_lines

_ANNEX = re.compile(r"\bphụ lục \d+\b")
_PARTY = "nhà trường"
_FIELD = re.compile(r"^lĩnh vực\s+")


def without_replaced(topic: str, addition: str, fields: Sequence[str]) -> str:
    """Return a ``topic`` without what ``addition`` names another of its kind of (``cuối năm`` for ``học kì 1``).

    ``fields`` are those of the people to call (``lĩnh vực chuyển đổi số``): each stands for any other.
    """
    for kind in (*_kinds(), _ANNEX, *_of_fields(tuple(fields))):
        if kind.search(addition):
            topic = kind.sub(" ", topic)
    return " ".join(topic.split())


def without_parties(topic: str) -> str:
    """Return a ``topic`` without whom it concerns (``trường``, ``sở``)."""
    party = next(kind for kind in _kinds() if kind.search(_PARTY))
    return " ".join(party.sub(" ", topic).split())


@lru_cache(maxsize=1)
def _kinds() -> tuple[re.Pattern[str], ...]:
    return tuple(_any_of(line.split(",")) for line in data_lines("alternatives.txt"))


@lru_cache(maxsize=16)
def _of_fields(fields: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    called = [name for field in fields for name in _called(_FIELD.sub("", field.lower().strip()).split())]
    return (_any_of(called),) if called else ()


def _called(words: Sequence[str]) -> Iterable[str]:
    """A field by its whole name, by how that begins (``thống kê``, giáo dục), or by most of how it ends (``công nghệ thông tin``)."""
    size = len(words)
    for length in range(2, size + 1):
        if 2 * length >= size:
            yield " ".join(words[:length])
        if 2 * length > size:
            yield " ".join(words[size - length :])


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """Match the longest phrase that stands there, ``kì`` in both spellings."""
    longest = sorted({phrase.strip() for phrase in phrases}, key=lambda phrase: (-len(phrase), phrase))
    return re.compile(rf"\b(?:{'|'.join(re.escape(phrase).replace('kì', 'k[ìỳ]') for phrase in longest)})\b")
