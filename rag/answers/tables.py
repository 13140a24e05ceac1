"""What a table says to a question: the row that is meant, the column that is asked for."""

from __future__ import annotations

import re

from rag.choosing.table_rows import values_asked_for
from rag.language.tables import Row, told
from rag.language.text import fold_tokens, syllables
from rag.question.understanding import Question
from rag.slots.clocks import CLOCK

_DIGIT = re.compile(r"\d")
_DAY = re.compile(r"\b\d{1,2}/\d{1,2}\b")
_HOUR = re.compile(CLOCK, re.IGNORECASE)


def cells_asked_for(question: Question, row: Row) -> str:
    """Return a row read out, without the other figures of the same form where the title of one column is asked for.

    ``Lớp 1 tựu trường`` is not asked of the other classes; the day stands beside the hour that is asked for.
    """
    asked = [
        (title, _form(cell))
        for title, cell in row.cells
        if _DIGIT.search(cell) and _is_named(question, title) and not values_asked_for(question, title)
    ]
    titles, forms = {title for title, _ in asked}, {form for _, form in asked}
    return told(tuple((title, cell) for title, cell in row.cells if title in titles or _form(cell) not in forms))


def _form(cell: str) -> str:
    """What kind of figure a cell holds: a day, an hour, another number; empty where it holds none."""
    if not _DIGIT.search(cell):
        return ""
    return "day" if _DAY.search(cell) else "hour" if _HOUR.search(cell) else "number"


def _is_named(question: Question, title: str) -> bool:
    """Whether the question has all words of a column's title, without what stands in brackets."""
    words = fold_tokens(syllables(re.sub(r"\([^()]*\)", "", title)))
    return bool(words) and f" {' '.join(words)} " in f" {question.said} "
