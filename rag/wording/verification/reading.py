"""Texts as the checks read them: words, facts and punctuation in a row, cut into sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rag.language.text import canonical, normalise, sentences, syllables
from rag.wording.verification.facts import Fact, facts_in
from rag.wording.verification.numerals import spelled_out

Token = str | Fact
"""A word in its exact form (``rag.language.text.canonical``), a punctuation mark, or a fact."""
Row = Sequence[Token]

_OPENING = 160
MARKS = frozenset(',;:.()|\n“”"-–+/?!')
ENDS = frozenset(".;\n:")
_PIECE = re.compile(r"[^\W_]+|[,;:.()|\n“”\"\-–+/?!]")


def exact(text: str) -> list[str]:
    """Return the words of ``text`` in their exact form."""
    return [canonical(word) for word in text.split()]


AND = canonical("và")


def tokens(text: str) -> list[Token]:
    """Return the tokens of a normalised text; abbreviations in capitals are written out."""
    text = spelled_out(text)
    result: list[Token] = []
    at = 0
    for fact in facts_in(text):
        result += _plain(text[at : fact.start])
        result.append(fact)
        at = fact.end
    return result + _plain(text[at:])


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
    at = 0
    while at < len(row):
        form = next((form for form in forms if list(row[at : at + len(form)]) == form), None)
        if form:
            yield at, at + len(form)
        at += len(form) if form else 1


@lru_cache(maxsize=512)
def _forms(phrases: tuple[str, ...]) -> list[list[str]]:
    return sorted(map(exact, phrases), key=len, reverse=True)


def says(row: Row, phrases: Iterable[str]) -> bool:
    """Say whether one of the phrases stands in a row."""
    return any(True for _ in places(row, phrases))


@dataclass(frozen=True)
class Source:
    """A provision that a reply may cite.

    ``text`` is what it says (with what stands below it), ``context`` what it stands in: the document's name, headings,
    label. Facts and words may come from both.
    """

    text: str
    context: str

    @cached_property
    def rows(self) -> list[list[Token]]:
        """The sentences and clauses of the text."""
        text = normalise(self.text)
        return [tokens(text[start:end]) for start, end in sentences(text)]

    @cached_property
    def lead(self) -> list[Token]:
        """Whom the text speaks of first (``Phòng Kế hoạch - Tài chính: …``), empty where it opens otherwise."""
        opening = tokens(normalise(self.text[:_OPENING]).removeprefix("Đối với "))
        return opening[: opening.index(":")] if ":" in opening else []

    @cached_property
    def context_rows(self) -> list[list[Token]]:
        """The lines of the context."""
        return [tokens(line) for line in normalise(self.context).split("\n") if line.strip()]

    @cached_property
    def own_number(self) -> list[Fact]:
        """The number of the document itself, which opens the context."""
        return [fact for row in self.context_rows[:1] for fact in facts_of(row) if fact.kind == "document"][:1]

    @cached_property
    def all_rows(self) -> list[list[Token]]:
        """Text and context."""
        return [*self.rows, *self.context_rows]

    @cached_property
    def facts(self) -> list[Fact]:
        """Every fact of text and context."""
        return [fact for row in self.all_rows for fact in facts_of(row)]

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of text and context."""
        return frozenset(self.sequence.split())

    @cached_property
    def sequence(self) -> str:
        """All words of text and context in a row, those of facts among them: what names and phrases are looked up in."""
        lines = [line for text in (self.text, self.context) for line in normalise(text).split("\n")]
        return f" {' | '.join(' '.join(syllables(line)) for line in lines)} "
