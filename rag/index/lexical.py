"""Which provisions hold the words of a question: BM25 over syllables and bigrams, kept by tantivy.

A provision is searched together with its headings and document title, as one field: summed BM25 scores of separate
fields rank far worse (Zalo legal dev, R@10: .850 apart, .887 together, .896 together with a little weight for the
headings apart). Every field is kept twice, with diacritics (exact) and without (folded).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import cast

import tantivy

from rag.index.native import native
from rag.language.text import fold_tokens, normalise, syllables, terms

_BOOSTS = {"whole": 1.0, "headings": 0.1, "title": 0.1}
_REPEATS = {"text": 1, "headings": 2, "title": 1}  # in the field "whole"
_FORMS = ("exact", "folded")
_BETTER = 10.0
_HEAP_BYTES = 256_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """What is searched for one provision: its own text, the headings above it, the title of its document."""

    id: int
    text: str
    headings: str
    title: str


class LexicalIndex:
    """A read-only index of entries, safe to search from several threads."""

    def __init__(self, index: tantivy.Index) -> None:
        self._schema = index.schema
        self._searcher = index.searcher()

    @classmethod
    def build(cls, path: Path, entries: Iterable[Entry]) -> None:
        """Write a new index into the folder ``path``.

        Raises ``OSError`` when it cannot be written, for example because the disk is full.
        """
        path.mkdir(parents=True)
        try:
            # One thread: two builds of the same entries then rank ties alike.
            writer = tantivy.Index(_schema(), str(path)).writer(_HEAP_BYTES, num_threads=1)
            for entry in entries:
                writer.add_document(_document(entry))
            with native("tantivy"):
                writer.commit()
                writer.wait_merging_threads()
        except ValueError as error:  # tantivy's only error, whatever went wrong
            raise OSError(f"tantivy: {error}") from error

    @classmethod
    def open(cls, path: Path) -> LexicalIndex:
        """Open the index in ``path``. Raises ``ValueError`` or ``OSError`` when there is none or it is damaged."""
        with native("tantivy"):
            return cls(tantivy.Index.open(str(path)))

    @property
    def size(self) -> int:
        """The number of entries."""
        return int(self._searcher.num_docs)

    def frequencies(self, form: str) -> Callable[[str], int]:
        """Return what says how many entries hold a term (``exact`` or ``folded``) in their text, headings or title."""
        return partial(self._frequency, _field("whole", form))

    def search(self, folded: Mapping[str, float], exact: Mapping[str, float], k: int) -> list[tuple[int, float]]:
        """Return the ``k`` best entries as (id, score), best first; ties by id.

        ``folded`` and ``exact`` map terms (syllables, or bigrams ``a_b``) to weights; the score is the weighted sum of
        the terms' BM25.
        """
        clauses = [*self._clauses("folded", folded), *self._clauses("exact", exact)]
        if not clauses or k <= 0:
            return []
        return self._best(clauses, k)

    def holding(self, terms: Iterable[str], better: Iterable[str], form: str, k: int) -> list[tuple[int, float]]:
        """Return the ``k`` best of the entries that hold all of these terms as (id, BM25), best first; ties by id.

        Those that hold the terms of ``better`` too come before others. ``form`` is ``exact`` or ``folded``.
        """
        field = _field("whole", form)
        clauses = [(tantivy.Occur.Must, self._term(field, term)) for term in terms]
        if not clauses or k <= 0:
            return []
        more = [(tantivy.Occur.Should, tantivy.Query.boost_query(self._term(field, term), _BETTER)) for term in better]
        return self._best([*clauses, *more], k)

    def _best(self, clauses: list[tuple[tantivy.Occur, tantivy.Query]], k: int) -> list[tuple[int, float]]:
        with native("tantivy"):
            hits = self._searcher.search(tantivy.Query.boolean_query(clauses), k, count=False).hits
            ids = self._searcher.fast_field_values("id", [address for _, address in hits])
        found = ((cast(int, id), cast(float, score)) for id, (score, _) in zip(ids, hits, strict=True))
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))

    def _frequency(self, field: str, term: str) -> int:
        with native("tantivy"):
            return int(self._searcher.doc_freq(field, term))

    def _clauses(self, form: str, weights: Mapping[str, float]) -> list[tuple[tantivy.Occur, tantivy.Query]]:
        return [
            (tantivy.Occur.Should, tantivy.Query.boost_query(self._term(_field(part, form), term), weight * boost))
            for term, weight in weights.items()
            if weight > 0
            for part, boost in _BOOSTS.items()
        ]

    def _term(self, field: str, term: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, term, "freq")


def _field(part: str, form: str) -> str:
    return f"{part}_{form}"


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder().add_unsigned_field("id", fast=True)
    for part in _BOOSTS:
        for form in _FORMS:
            builder.add_text_field(_field(part, form), tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def _document(entry: Entry) -> tantivy.Document:
    document = tantivy.Document()
    document.add_unsigned("id", entry.id)
    parts = {part: _tokens(getattr(entry, part)) for part in _REPEATS}
    for form in _FORMS:
        document.add_text(_field("headings", form), parts["headings"][form])
        document.add_text(_field("title", form), parts["title"][form])
        document.add_text(_field("whole", form), " ".join(parts[p][form] for p, n in _REPEATS.items() for _ in range(n)))
    return document


@lru_cache(maxsize=64)  # neighbours share their headings and title
def _tokens(text: str) -> dict[str, str]:
    exact = syllables(normalise(text))
    return {"exact": " ".join(terms(exact)), "folded": " ".join(terms(fold_tokens(exact)))}
