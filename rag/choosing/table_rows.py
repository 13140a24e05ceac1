"""Which row of a table is asked for: its classes, groups and numbers, its cells below the column that the question names."""

from __future__ import annotations

import re

from rag.language.tables import Row
from rag.language.text import fold, fold_tokens, syllables
from rag.question.understanding import Question

_IN_CELLS, _FITS = 0.03, 0.001
_OF_THE_ASKED = 0.3  # more than a word beside it can make up for
_VALUE = re.compile(r"\b\d+[a-z]?\b")


def fits(question: Question, row: Row) -> bool:
    """Whether a row is not of another class, group or number than the one asked for (``khối 12`` where it says ``Khối: 10, 11``)."""
    for title, cell in row.cells:
        wanted, given = set(values_asked_for(question, title)), set(_VALUE.findall(fold(cell)))
        if wanted and given and not wanted & given:
            return False
    return True


def values_asked_for(question: Question, title: str) -> list[str]:
    """Return the values that the question has behind the title of a column (``khối 12``)."""
    words = " ".join(fold_tokens(syllables(title)))
    return re.findall(rf"\b{re.escape(words)} (\d+[a-z]?)\b", question.said) if words else []


def row_worth(question: Question, row: Row) -> float:
    """Return what tells a row from its neighbours: any word of the question in its cells, were it one of no topic; then its class."""
    others = _beside_the_asked(question, row)
    own = {word for title, cell in row.cells if title not in others for word in fold_tokens(syllables(cell)) if not word.isdigit()}
    held = any(_holds_asked(question, title, cell) for title, cell in row.cells if others and title not in others)
    return _IN_CELLS * len(own.intersection(question.said.split())) + _FITS * fits(question, row) + _OF_THE_ASKED * held


def _holds_asked(question: Question, title: str, cell: str) -> bool:
    """Whether the cell below the title that is asked for has a word of the question that is none of the title."""
    named = fold_tokens(syllables(title))
    if len(named) < 2 or f" {' '.join(named)} " not in f" {question.said} ":
        return False
    own = {word for word in fold_tokens(syllables(cell)) if not word.isdigit()}.difference(named)
    return any(term.folded in own for term in question.terms if not term.light)


def _beside_the_asked(question: Question, row: Row) -> set[str]:
    """The columns beside the one that is asked for, of the same kind (``Khối 10``, ``Khối 12`` where ``khối 11`` is)."""
    words = {title: fold_tokens(syllables(title)) for title, _ in row.cells}
    asked = [title for title, own in words.items() if len(own) > 1 and f" {' '.join(own)} " in f" {question.said} "]
    first = {words[title][0] for title in asked}
    return {title for title, own in words.items() if own and own[0] in first and title not in asked}
