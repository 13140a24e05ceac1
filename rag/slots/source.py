"""The provisions that a reply may cite, as the checks read them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from rag.documents import Contact, Deadline
from rag.language.text import normalise, sentences, syllables
from rag.slots.facts import Fact
from rag.slots.tokens import Token, facts_of, tokens

_OPENING = 160


@dataclass(frozen=True)
class Source:
    """A provision that a reply may cite.

    ``text`` is what it says (with what stands below it), ``context`` what it stands in: the document's name, headings,
    label. Facts and words may come from both. ``records`` say who owes what to whom by when there, and who may be called.
    """

    text: str
    context: str
    records: tuple[Deadline | Contact, ...] = ()

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
