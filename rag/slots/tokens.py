"""Texts as rows of words, facts and punctuation: what every slot is read from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from rag.language.text import canonical, syllables
from rag.slots.facts import Fact, facts_in
from rag.slots.numerals import spelled_out

Token = str | Fact
"""A word in its exact form (``rag.language.text.canonical``), a punctuation mark, or a fact."""
Row = Sequence[Token]

MARKS = frozenset(',;:.()|\n“”"-–+/?!')
ENDS = frozenset(".;\n:")
_PIECE = re.compile(r"[^\W_]+|[,;:.()|\n“”\"\-–+/?!]")


def exact(text: str) -> list[str]:
    """Return the words of ``text`` in their exact form."""
    return [canonical(word) for word in text.split()]


AND = canonical("và")


def tokens(text: str) -> list[Token]:
    """Return the tokens of a normalised text; abbreviations in capitals are written out."""
    return list(_tokens(text))


@lru_cache(maxsize=4096)  # one question looks at the same provisions many times
def _tokens(text: str) -> tuple[Token, ...]:
    text = spelled_out(text)
    result: list[Token] = []
    at = 0
    for fact in facts_in(text):
        result += _plain(text[at : fact.start])
        result.append(fact)
        at = fact.end
    return (*result, *_plain(text[at:]))


def _plain(text: str) -> list[Token]:
    return [
        token
        for piece in _PIECE.findall(text)
        for token in ([piece] if piece in MARKS else syllables(piece) if not piece.isdigit() else [])
    ]


def words_of(row: Sequence[Token]) -> list[str]:
    """Return the words among tokens."""
    return [token for token in row if isinstance(token, str) and token not in MARKS]


def facts_of(row: Sequence[Token]) -> list[Fact]:
    """Return the facts among tokens."""
    return [token for token in row if isinstance(token, Fact)]


def unmarked(row: Row) -> list[Token]:
    """Return words and facts without the punctuation."""
    return [token for token in row if isinstance(token, Fact) or token not in MARKS]


def parts(row: Sequence[Token], marks: str = ",;:.") -> Iterator[Sequence[Token]]:
    """Cut a row at punctuation marks."""
    start = 0
    for at, token in enumerate([*row, marks[0]]):
        if isinstance(token, str) and token in marks:
            yield row[start:at]
            start = at + 1


def places(row: Row, phrases: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Yield where phrases stand in a row, the longest at each place."""
    forms = _forms(tuple(phrases))
    end = 0
    for at, first in enumerate(row):
        if at < end or not isinstance(first, str) or first not in forms:
            continue
        if form := next((form for form in forms[first] if list(row[at : at + len(form)]) == form), None):
            end = at + len(form)
            yield at, end


@lru_cache(maxsize=512)
def _forms(phrases: tuple[str, ...]) -> dict[str, list[list[str]]]:
    """The phrases by their first word, the longest first."""
    forms: dict[str, list[list[str]]] = {}
    for form in sorted(map(exact, phrases), key=len, reverse=True):
        forms.setdefault(form[0], []).append(form)
    return forms


def says(row: Row, phrases: Iterable[str]) -> bool:
    """Say whether one of the phrases stands in a row."""
    return any(True for _ in places(row, phrases))
