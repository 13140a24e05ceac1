"""Which provisions hold the words of a question: BM25 over syllables and bigrams, kept by tantivy.

A provision is searched together with its headings and document title, as one field: summed BM25 scores of separate
fields rank far worse (Zalo legal dev, R@10: .850 apart, .887 together, .896 together with a little weight for the
headings apart). Every field is kept twice, with diacritics (exact) and without (folded).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Protocol, cast

import tantivy

from rag.index.bm25 import idf
from rag.index.entries import Rarity
from rag.index.native import native
from rag.language.text import fold_tokens, normalise, syllables, terms

BOOSTS = {"whole": 1.0, "headings": 0.1, "title": 0.1}
REPEATS = {"text": 1, "headings": 2, "title": 1}  # in the field "whole"
FORMS = ("exact", "folded")
_BETTER = 10.0
_HEAP_BYTES = 256_000_000
_LENGTHS = "lengths.json"
_USUAL = {"whole": 500, "headings": 20, "title": 20}  # where the format before did not keep them; read until the next release


@dataclass(frozen=True, slots=True)
class Entry:
    """What is searched for one provision: its own text, the headings above it, the title of its document."""

    id: int
    text: str
    headings: str
    title: str


class Frequencies(Protocol):
    """How often terms stand in the entries of a whole snapshot."""

    @property
    def size(self) -> int:
        """The number of entries."""

    @property
    def means(self) -> Mapping[str, float]:
        """How long each of ``BOOSTS`` is on average, in terms."""

    def frequency(self, field: str, term: str) -> int:
        """Return how many entries hold a term in a field (``whole_folded``)."""


def field_of(part: str, form: str) -> str:
    """Return the field that has a part of the entries (of ``BOOSTS``) in one of the ``FORMS``."""
    return f"{part}_{form}"


def frequencies(of: Frequencies, form: str) -> Callable[[str], int]:
    """Return what says how many entries hold a term (``exact`` or ``folded``) in their text, headings or title."""
    return partial(of.frequency, field_of("whole", form))


def rarity(of: Frequencies, folded: Iterable[str], exact: Iterable[str]) -> Rarity:
    """Return the idf of each term in each field that has it."""
    fields = [(field_of(part, form), wanted) for form, wanted in (("folded", folded), ("exact", exact)) for part in BOOSTS]
    return {
        field: {term: idf(frequency, of.size) for term in wanted if (frequency := of.frequency(field, term))} for field, wanted in fields
    }


class LexicalIndex:
    """A read-only index of entries, safe to search from several threads."""

    def __init__(self, index: tantivy.Index, lengths: Mapping[str, int] | None) -> None:
        self._schema = index.schema
        self._searcher = index.searcher()
        self.means = {part: max(lengths.get(part, 0) / max(self.size, 1), 1e-9) for part in BOOSTS} if lengths is not None else _USUAL
        self.frequency = lru_cache(maxsize=100_000)(self._frequency)

    @classmethod
    def build(cls, path: Path, entries: Iterable[Entry]) -> None:
        """Write a new index into the folder ``path``.

        Raises ``OSError`` when it cannot be written, for example because the disk is full.
        """
        cls.build_of_tokens(path, ((entry.id, {part: _tokens(getattr(entry, part)) for part in REPEATS}) for entry in entries))

    @classmethod
    def build_of_tokens(cls, path: Path, entries: Iterable[tuple[int, Mapping[str, tuple[str, ...]]]]) -> None:
        """Do what ``build`` does with the id of each entry and the exact tokens of its parts. Raises ``OSError``."""
        path.mkdir(parents=True)
        lengths: Counter[str] = Counter()
        try:
            # One thread: two builds of the same entries then rank ties alike.
            writer = tantivy.Index(_schema(), str(path)).writer(_HEAP_BYTES, num_threads=1)
            for id_, parts in entries:
                writer.add_document(_document(id_, parts, lengths))
            with native("tantivy"):
                writer.commit()
                writer.wait_merging_threads()
        except ValueError as error:  # tantivy's only error, whatever went wrong
            raise OSError(f"tantivy: {error}") from error
        (path / _LENGTHS).write_text(json.dumps(lengths), encoding="utf-8")

    @classmethod
    def open(cls, path: Path) -> LexicalIndex:
        """Open the index in ``path``. Raises ``ValueError`` or ``OSError`` when there is none or it is damaged."""
        with native("tantivy"):
            index = tantivy.Index.open(str(path))
        kept = path / _LENGTHS
        return cls(index, json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else None)

    @property
    def size(self) -> int:
        """The number of entries."""
        return int(self._searcher.num_docs)

    def dictionary(self, field: str, prefix: str) -> list[tuple[str, int]]:
        """Return the terms of a field that begin with ``prefix``, each with the number of entries that hold it."""
        with native("tantivy"):
            return self._searcher.terms_with_prefix(field, prefix)

    def search(
        self,
        folded: Mapping[str, float],
        exact: Mapping[str, float],
        k: int,
        rarity: Rarity | None = None,
        within: tuple[int, int] | None = None,
    ) -> list[tuple[int, float]]:
        """Return the ``k`` best entries as (id, score), best first; ties by id.

        ``folded`` and ``exact`` map terms (syllables, or bigrams ``a_b``) to weights; the score is the weighted sum of
        the terms' BM25. ``rarity`` is the terms' idf where this index is not all there is; ``within`` the first and the last id
        that count.
        """
        clauses = [*self._clauses("folded", folded, rarity), *self._clauses("exact", exact, rarity)]
        if not clauses or k <= 0:
            return []
        if within is None:
            return self._best(clauses, k)
        inside = tantivy.Query.range_query(self._schema, "id", tantivy.FieldType.Unsigned, *within)
        among = tantivy.Query.boolean_query(clauses)
        return self._best([(tantivy.Occur.Must, tantivy.Query.const_score_query(inside, 0.0)), (tantivy.Occur.Must, among)], k)

    def holding(self, terms: Iterable[str], better: Iterable[str], form: str, k: int) -> list[tuple[int, float]]:
        """Return the ``k`` best of the entries that hold all of these terms as (id, BM25), best first; ties by id.

        Those that hold the terms of ``better`` too come before others. ``form`` is ``exact`` or ``folded``.
        """
        field = field_of("whole", form)
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

    def _clauses(self, form: str, weights: Mapping[str, float], rarity: Rarity | None) -> Iterator[tuple[tantivy.Occur, tantivy.Query]]:
        for part, boost in BOOSTS.items():
            field = field_of(part, form)
            for term, weight in weights.items():
                if rarity is not None:
                    weight *= rarity[field].get(term, 0.0) / idf(self.frequency(field, term), self.size)
                if weight > 0:
                    yield tantivy.Occur.Should, tantivy.Query.boost_query(self._term(field, term), weight * boost)

    def _term(self, field: str, term: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, term, "freq")


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder().add_unsigned_field("id", fast=True)
    for part in BOOSTS:
        for form in FORMS:
            builder.add_text_field(field_of(part, form), tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def _document(id_: int, tokens: Mapping[str, tuple[str, ...]], lengths: Counter[str]) -> tantivy.Document:
    document = tantivy.Document()
    document.add_unsigned("id", id_)
    parts = {part: _terms(of) for part, of in tokens.items()}
    for form in FORMS:
        document.add_text(field_of("headings", form), parts["headings"][form])
        document.add_text(field_of("title", form), parts["title"][form])
        document.add_text(field_of("whole", form), " ".join(parts[p][form] for p, n in REPEATS.items() for _ in range(n)))
    sizes = {part: max(2 * len(of) - 1, 0) for part, of in tokens.items()}
    lengths.update(headings=sizes["headings"], title=sizes["title"], whole=sum(REPEATS[part] * size for part, size in sizes.items()))
    return document


@lru_cache(maxsize=64)  # neighbours share their headings and title
def _tokens(text: str) -> tuple[str, ...]:
    return tuple(syllables(normalise(text)))


@lru_cache(maxsize=64)
def _terms(tokens: tuple[str, ...]) -> dict[str, str]:
    return {"exact": " ".join(terms(tokens)), "folded": " ".join(terms(fold_tokens(tokens)))}


def terms_of(text: str) -> dict[str, list[str]]:
    """Return the terms of a text in each form."""
    exact = syllables(normalise(text))
    return {"exact": terms(exact), "folded": terms(fold_tokens(exact))}
