"""How well the texts of a hundred candidates fit a question: light features, computed for all of them at once with numpy.

Every candidate is compared with the question on its tokens: BM25 of the whole entry and of its headings, exact and
folded; the share of the question's rare words and pairs that stand in it, in its headings, and in its best stretch of
32 or 128 tokens; the cosine of the vectors; and how it stands to the best of the candidates.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rag.index.arrays import Floats, Ints
from rag.index.bm25 import K1, B, idf
from rag.index.entries import Entries
from rag.index.lexical import Frequencies, frequencies
from rag.index.token_index import TokenNumbers

_BLOCK = 32  # tokens
_STRETCHES = (1, 4)  # blocks
_B_HEADINGS = 0.5
_SPREAD = 3.0  # BM25 points by which a candidate's weight in its document falls to a third
_STRETCH_NAMES = [f"{name}_{_BLOCK * blocks}" for blocks in _STRETCHES for name in ("words", "pairs", "stretch", "headed")]
TEXT_FEATURES = (
    *("folded", "headings", "exact", "cosine"),
    *("words", "pairs", "heading_words", "heading_pairs", "heading_share"),
    *_STRETCH_NAMES,
    *("folded_ratio", "headings_ratio", "exact_ratio", "cosine_ratio", "cosine_gap", "folded_gap"),
    *("length", "heading_length", "question_length", "document_share"),
)


def text_columns(
    question: Mapping[str, Sequence[str]],
    texts: Texts,
    ids: Sequence[int],
    cosines: Mapping[int, float],
    documents: Sequence[Hashable],
    index: TokenNumbers,
    lexical: Frequencies,
) -> Floats:
    """Return one row of ``TEXT_FEATURES`` for each entry of ``ids``, whose tokens are ``texts``.

    ``question`` has the question's tokens in both forms, ``exact`` and ``folded``; ``cosines`` what the vectors say of
    some of the entries; ``documents`` names the document of each.
    """
    folded = View.of(question["folded"], index.folded, frequencies(lexical, "folded"), index.size)
    exact = View.of(question["exact"], index.exact, frequencies(lexical, "exact"), index.size)
    plain = folded.find(texts.folded, texts.place)
    marked = exact.find(texts.tokens, texts.place)
    whole, headings = (texts.counts(plain, folded, part) for part in ("whole", "headings"))
    known = np.array([cosines.get(id_, np.nan) for id_ in ids], dtype=np.float32)
    bm25 = texts.bm25(whole, folded, index)
    bm25_headings = _bm25(headings, folded, texts.heading_lengths, index.mean_heading, _B_HEADINGS)
    bm25_exact = texts.bm25(texts.counts(marked, exact, "whole"), exact, index)
    cosine = np.where(np.isnan(known), min(cosines.values(), default=0.0), known)  # what was not found is no nearer
    columns = [
        *(bm25, bm25_headings, bm25_exact, cosine),
        *(_shares(whole, folded)),
        *(_shares(headings, folded)),
        texts.sums(plain[0].positions[texts.in_headings[plain[0].positions]]) / np.maximum(texts.heading_lengths, 1),
        *_stretches(texts, plain, folded, headings),
        *(_ratio(bm25), _ratio(bm25_headings), _ratio(bm25_exact), _ratio(cosine)),
        *(cosine.max(initial=0.0) - cosine, bm25.max(initial=0.0) - bm25),
        *(texts.text_lengths, texts.heading_lengths, np.full(len(ids), len(question["folded"]))),
        _document_shares(bm25, documents),
    ]
    return np.stack(columns, axis=1).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Found:
    """Where (positions among all tokens) which of the question's terms stand."""

    positions: Ints
    terms: Ints


@dataclass(frozen=True, slots=True)
class View:
    """The question in one form: its distinct tokens and pairs, and their rarity (idf)."""

    lookup: NDArray[np.int16]  # token number → place among the question's tokens, or -1
    pairs: NDArray[np.int16]  # (tokens, tokens) → place among the question's pairs, or -1
    weights: tuple[Floats, Floats]  # of tokens, of pairs

    @classmethod
    def of(cls, tokens: Sequence[str], numbers: Mapping[str, int], frequency: Callable[[str], int], entries: int) -> View:
        known = list(dict.fromkeys(token for token in tokens if token in numbers))
        joined = [pair for pair in dict.fromkeys(pairwise(tokens)) if pair[0] in numbers and pair[1] in numbers]
        terms = (known, [f"{first}_{second}" for first, second in joined])
        rarity = [np.array([idf(frequency(term), entries) for term in group], dtype=np.float32) for group in terms]
        return cls.of_terms(known, joined, numbers, (rarity[0], rarity[1]))

    @classmethod
    def of_terms(
        cls, tokens: Sequence[str], joined: Sequence[tuple[str, str]], numbers: Mapping[str, int], weights: tuple[Floats, Floats]
    ) -> View:
        """Look for these tokens, all of which have ``numbers``, and for pairs of them."""
        place = {token: at for at, token in enumerate(tokens)}
        lookup = np.full(len(numbers) + 1, -1, dtype=np.int16)
        lookup[[numbers[token] for token in place]] = np.arange(len(place))
        pairs = np.full((len(place), len(place)), -1, dtype=np.int16)
        for at, (first, second) in enumerate(joined):
            pairs[place[first], place[second]] = at
        return cls(lookup, pairs, weights)

    def find(self, tokens: Ints, place: Ints) -> tuple[Found, Found]:
        """Return where the question's tokens stand, and where its pairs do (both in one ``place``)."""
        at = self.lookup[tokens]
        hits = np.flatnonzero(at >= 0)
        firsts = hits[:-1][(np.diff(hits) == 1) & (place[hits[:-1]] == place[hits[1:]])]
        pair = self.pairs[at[firsts], at[firsts + 1]] if len(firsts) else np.zeros(0, dtype=np.int16)
        joined = pair >= 0
        return Found(hits, at[hits].astype(np.int64)), Found(firsts[joined], pair[joined].astype(np.int64))


@dataclass(frozen=True, slots=True)
class Texts:
    """The tokens of all candidates in a row, headings before text."""

    tokens: Ints
    folded: Ints
    owner: Ints  # candidate of each token
    place: Ints  # piece of each token: two a candidate, its headings and its text
    in_headings: NDArray[np.bool_]
    heading_lengths: Ints
    text_lengths: Ints

    @classmethod
    def of(cls, entries: Entries, index: TokenNumbers) -> Texts:
        place = np.repeat(np.arange(2 * len(entries.ids)), entries.lengths.reshape(-1))
        tokens = entries.tokens.astype(np.int64)
        folded = index.to_folded[tokens].astype(np.int64) if len(tokens) else tokens
        return cls(tokens, folded, place // 2, place, place % 2 == 0, entries.lengths[:, 0], entries.lengths[:, 1])

    def holding(self, words: Sequence[str], index: TokenNumbers) -> NDArray[np.bool_]:
        """Return which folded words stand in which candidate, shape (len(words), candidates)."""
        numbers = np.full(len(index.folded) + 1, -1, dtype=np.int32)
        known = [(index.folded[word], at) for at, word in enumerate(words) if word in index.folded]
        for number, at in known:
            numbers[number] = at
        place = numbers[self.folded]
        found = np.zeros((len(words), len(self.text_lengths)), dtype=bool)
        found[place[place >= 0], self.owner[place >= 0]] = True
        return found

    def sums(self, positions: Ints) -> Floats:
        """Return how many of the tokens at ``positions`` each candidate has."""
        return np.bincount(self.owner[positions], minlength=len(self.text_lengths)).astype(np.float32)

    def counts(self, found: tuple[Found, Found], view: View, part: str) -> tuple[Floats, Floats]:
        """Return how often each token, and each pair, stands in each candidate; headings count twice in the whole."""
        tables = []
        for hits, weights in zip(found, view.weights, strict=True):
            at = self.owner[hits.positions] * len(weights) + hits.terms
            headed = self.in_headings[hits.positions]
            worth = np.where(headed, 2.0 if part == "whole" else 1.0, 1.0 if part == "whole" else 0.0)
            table = np.bincount(at, weights=worth, minlength=len(self.text_lengths) * len(weights))
            tables.append(table.reshape(len(self.text_lengths), len(weights)).astype(np.float32))
        return tables[0], tables[1]

    def bm25(self, tables: tuple[Floats, Floats], view: View, index: TokenNumbers) -> Floats:
        """Return the BM25 of the whole of each candidate."""
        return _bm25(tables, view, self.text_lengths + 2 * self.heading_lengths, index.mean_length, B)


def _bm25(tables: tuple[Floats, Floats], view: View, lengths: Ints, mean: float, b: float) -> Floats:
    norm = (K1 * (1 - b + b * lengths / max(mean, 1.0)))[:, None]
    parts = [(table * (K1 + 1) / (table + norm)) @ weights for table, weights in zip(tables, view.weights, strict=True)]
    return np.asarray(sum(parts), dtype=np.float32)


def _shares(tables: Sequence[NDArray[np.bool_] | Floats], view: View) -> list[Floats]:
    """Return the share of the question's words, and of its pairs, that stand there, by rarity."""
    return [_sums(table > 0, weights) / max(weights.sum(), 1e-9) for table, weights in zip(tables, view.weights, strict=True)]


def _sums(present: NDArray[np.bool_], weights: Floats) -> Floats:
    """The weights of what is present, summed row by row.

    Without BLAS: its kernels may report an invalid value where all are finite, and round otherwise on another processor.
    """
    return np.asarray(np.einsum("ij,j->i", present.astype(np.float32), weights), dtype=np.float32)


def _stretches(texts: Texts, found: tuple[Found, Found], view: View, headings: tuple[Floats, Floats]) -> list[Floats]:
    """Return the best shares of any stretch of each text: words, pairs, both, and both together with the headings."""
    blocks = np.maximum(1, -(-texts.text_lengths // _BLOCK))
    first_block = np.cumsum(blocks) - blocks
    starts = np.cumsum(texts.heading_lengths + texts.text_lengths) - texts.text_lengths
    block_owner = np.repeat(np.arange(len(blocks)), blocks)
    present = []
    for hits, weights in zip(found, view.weights, strict=True):
        own = ~texts.in_headings[hits.positions]
        positions, terms = hits.positions[own], hits.terms[own]
        owner = texts.owner[positions]
        table = np.zeros((int(blocks.sum()), len(weights)), dtype=bool)
        table[first_block[owner] + (positions - starts[owner]) // _BLOCK, terms] = True
        present.append(table)
    columns: list[Floats] = []
    for length in _STRETCHES:
        stretch = [_joined(table, block_owner, length) for table in present]
        words, pairs = _shares(stretch, view)
        headed = _shares([table | (heading[block_owner] > 0) for table, heading in zip(stretch, headings, strict=True)], view)
        values = (words, pairs, words + pairs, headed[0] + headed[1])
        columns += [np.maximum.reduceat(value, first_block) if len(value) else value for value in values]
    return columns


def _joined(present: NDArray[np.bool_], owner: Ints, length: int) -> NDArray[np.bool_]:
    """Return what stands in each block or the ``length - 1`` that follow it in the same text."""
    joined = present.copy()
    for step in range(1, length):
        same = (owner[step:] == owner[:-step])[:, None]
        joined[:-step] |= present[step:] & same
    return joined


def _ratio(values: Floats) -> Floats:
    return values / max(float(values.max(initial=0.0)), 1e-9)


def _document_shares(scores: Floats, documents: Sequence[Hashable]) -> Floats:
    """Return how much of all candidates' weight stands in the document of each."""
    _, group = np.unique(np.array([hash(document) for document in documents]), return_inverse=True)
    weights = np.exp((scores - scores.max(initial=0.0)) / _SPREAD)
    sums = np.bincount(group, weights=weights)
    return np.asarray(sums[group] / max(float(sums.sum()), 1e-9), dtype=np.float32)
