"""Learnt weights that label the tokens of a message and tell the kinds of small talk apart.

The scores of a token are sums of weights, one row for every hashed feature of it: the folded words beside it with their
places, pairs and triples of them, the words at the ends of its clause and of its sentence, its kind, its case, its
distance to the ends. Words and pairs anywhere in the same sentence, in the same clause, before and after add theirs,
divided by the root of how many there are. How much oftener a word or a pair stands in questions than around them, its
``leaning``, makes features of its own: these carry over to stories that nobody has told yet. Learnt scores of neighbouring
labels are added, and Viterbi finds the best labels of the whole message.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from rag.language.text import fold

Rows = NDArray[np.uint32]
Numbers = NDArray[np.float32]
MESSAGE_KINDS = ("hello", "thanks", "bye", "ok", "help", "other")  # of messages; "other": a question
OUTSIDE, BEGIN, INSIDE = range(3)
BITS = 20  # 2 ** BITS rows of weights of labels
KIND_BITS = 12
LEAN_BITS = (14, 16)  # of the leanings of words and of pairs
BAGS = 4  # the same sentence, the same clause, before, after

_NEVER = -1e6  # the score of a question that does not begin
_REACH = 4
_SORTS = {name: at for at, name in enumerate(("link", "mention", "phone", "document", "number", "word", "emoji", "line", "mark"), 1)}
_POINTS = frozenset(("link", "phone", "document"))
_SAYS = _POINTS | {"number", "word"}
_SENTENCE_ENDS = frozenset(".!?…;")
_CLAUSE_ENDS = frozenset(",:-–—()")
_NEAR = np.array([min(at, 6) + (at > 8) + (at > 11) + (at > 16) + (at > 24) + (at > 40) for at in range(64)])

# What features are made of: columns 0 to 8 are the words around, 9 to 25 are named in _places, the others in _leanings.
_AROUND = tuple((offset,) for offset in range(2 * _REACH + 1))
_GROUPS = ((2, 3), (3, 4), (4, 5), (5, 6), (3, 5), (2, 4), (4, 6), (2, 3, 4), (3, 4, 5), (4, 5, 6))
_PLACES = ((9,), (9, 10), (12,), (11, 12), (13, 14), (15,), (16,), (17,), (18,), (19,), (22,), (24,), (25,))
_MIXED = ((4, 18), (4, 16), (4, 17), (4, 19), (20, 21, 22), (21, 22, 23), (18, 24), (16, 25), (16, 17), (18, 19, 22))
_LEANS = (
    *((column,) for column in range(26, 40)),
    *(
        (28, 29),
        (29, 30),
        (30, 31),
        (34, 35),
        (35, 36),
        (29, 30, 31),
        (38, 39),
        (38, 39, 3),
        (38, 39, 4),
        (36, 37),
        (36, 37, 21),
        (37, 21, 22),
    ),
    *((30, 35, 25), (38, 18), (39, 19), (36, 18, 19), (38, 16), (39, 17)),
)
_TEMPLATES = _AROUND + _GROUPS + _PLACES + _MIXED + _LEANS
_COLUMNS = 40
WORDED = [any(column <= 15 for column in columns) for columns in _TEMPLATES]  # the templates that know a word or pair


class Token(NamedTuple):
    """A piece of a message from ``start`` to ``end``; ``code`` is the hash of its folded form."""

    start: int
    end: int
    sort: str
    code: int

    @property
    def says(self) -> bool:
        """Whether it is more than a mark."""
        return self.sort in _SAYS

    @property
    def points(self) -> bool:
        """Whether it asks what it is, even alone."""
        return self.sort in _POINTS


@dataclass(frozen=True, slots=True)
class Features:
    """Of a message of n tokens: rows of weights (n × templates), those of its bags (n × bags × 2), its ``sentence`` and ``clause`` (n)."""

    rows: Rows
    bags: Rows
    sentence: NDArray[np.int64]
    clause: NDArray[np.int64]


def _multipliers() -> Rows:
    drawn = np.random.default_rng(2607).integers(1, 2**32, (_COLUMNS, len(_TEMPLATES)), dtype=np.uint32) | np.uint32(1)
    used = np.zeros_like(drawn)
    for at, columns in enumerate(_TEMPLATES):
        used[list(columns), at] = drawn[list(columns), at]
    return used


_MULTIPLIERS = _multipliers()
_SEEDS = np.random.default_rng(131).integers(1, 2**32, len(_TEMPLATES), dtype=np.uint32)
_BAG_SEEDS = np.random.default_rng(276).integers(1, 2**32, BAGS, dtype=np.uint32)


def _buckets(sums: Rows, bits: int) -> Rows:
    sums ^= sums >> np.uint32(15)
    sums *= np.uint32(0x2C1B3C6D)
    sums ^= sums >> np.uint32(12)
    sums *= np.uint32(0x297A2D39)
    return sums >> np.uint32(32 - bits)


def lean_rows(tokens: Sequence[Token]) -> list[NDArray[np.int64]]:
    """Return the row of the leaning of every token, and of every pair that it begins."""
    codes = np.array([token.code for token in tokens] + [1], dtype=np.uint32)
    paired = codes[:-1] * np.uint32(31) + codes[1:] * np.uint32(0x9E3779B1)
    return [_buckets(sums, bits).astype(np.int64) for sums, bits in zip((codes[:-1].copy(), paired), LEAN_BITS, strict=True)]


def _leanings(leans: Sequence[NDArray[np.int8]], sentence: NDArray[np.int64], clause: NDArray[np.int64]) -> NDArray[np.int64]:
    """Columns 26 to 39: of the words from 4 before to 3 behind, of pairs, then the mean of clause, sentence, 4 before, 4 from here on."""
    words, pairs = (np.zeros(len(lean) + 2 * _REACH, dtype=np.int64) for lean in leans)
    words[_REACH:-_REACH], pairs[_REACH:-_REACH] = leans
    near = np.lib.stride_tricks.sliding_window_view(words, 2 * _REACH)[:-1]
    near_pairs = np.lib.stride_tricks.sliding_window_view(pairs, 2 * _REACH)[:-1]
    both = near + near_pairs
    means = [np.rint(2 * (np.bincount(ids, both[:, _REACH]) / np.bincount(ids))[ids]) for ids in (clause, sentence)]
    sides = [np.rint(both[:, :_REACH].sum(axis=1) / 3), np.rint(both[:, _REACH:].sum(axis=1) / 3)]
    return np.column_stack([near, near_pairs[:, 3:5], *means, *sides]).astype(np.int64) + 64


def features_of(text: str, tokens: Sequence[Token], leans: Sequence[NDArray[np.int8]]) -> Features:
    """Return the features of the tokens of ``text``, of whose words and pairs the leanings are known."""
    count = len(tokens)
    words = np.ones(count + 2 * _REACH, dtype=np.uint32)
    words[_REACH:-_REACH] = [token.code for token in tokens]
    columns = np.empty((count, _COLUMNS), dtype=np.uint32)
    columns[:, : 2 * _REACH + 1] = np.lib.stride_tricks.sliding_window_view(words, 2 * _REACH + 1)
    places = _places(text, tokens, words[_REACH:-_REACH].astype(np.int64))
    columns[:, 9:26] = places[:, 2:]
    columns[:, 26:] = _leanings(leans, places[:, 0], places[:, 1])
    rows = _buckets(columns @ _MULTIPLIERS + _SEEDS, BITS)
    bagged = np.stack([columns[:, 4], columns[:, 4] * np.uint32(31) + columns[:, 5] * np.uint32(0x9E3779B1)], axis=1)
    return Features(rows, _buckets(bagged[:, None, :] + _BAG_SEEDS[:, None], BITS), places[:, 0], places[:, 1])


def _places(text: str, tokens: Sequence[Token], codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sentence, clause, then columns 9 to 25: ends of both, distances, place of the sentence, its ``?``, case, kind."""
    count = len(tokens)
    sentences, clauses, asks = [0], [0], [False]
    for at, token in enumerate(tokens):
        mark = text[token.start] if token.sort == "mark" else ""
        ends = mark in _SENTENCE_ENDS or token.sort == "line"
        asks[-1] |= mark == "?"
        if at + 1 < count and (ends or mark in _CLAUSE_ENDS):
            clauses.append(at + 1)
            if ends:
                sentences.append(at + 1)
                asks.append(False)
    sentence, first, last = _spread(sentences, count)
    clause, clause_first, clause_last = _spread(clauses, count)
    at_token = np.arange(count)
    case = _cases(text, tokens)
    whole = (first, np.minimum(first + 1, last), np.maximum(last - 1, first))
    around = (clause_first, np.minimum(clause_first + 1, clause_last), np.maximum(clause_last - 2, clause_first))
    ends_of = [codes[each] for each in (*around, np.maximum(clause_last - 1, clause_first), *whole)]
    distances = [_NEAR[np.minimum(far, 63)] for far in (at_token, count - 1 - at_token, at_token - first, last - at_token)]
    asked = np.array(asks, dtype=np.int64)
    before = 2 * (np.cumsum(asked) - asked > 0) + int(any(asks))
    place = [np.minimum(sentence, 3), np.minimum(len(sentences) - sentence, 4), asked[sentence], before[sentence]]
    return np.column_stack([sentence, clause, *ends_of, *distances, *place, case, [_SORTS[token.sort] for token in tokens]])


class _Spread(NamedTuple):
    """For every token the number of its part, and the first and the last token of that part."""

    number: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]


def _spread(starts: list[int], count: int) -> _Spread:
    sizes = np.diff([*starts, count])
    number = np.repeat(np.arange(len(starts)), sizes)
    first = np.array(starts)[number]
    return _Spread(number, first, first + sizes[number] - 1)


def _cases(text: str, tokens: Sequence[Token]) -> list[int]:
    if text.isupper():
        return [3] * len(tokens)
    return [2 if text[token.start : token.end].isupper() else int(text[token.start].isupper()) for token in tokens]


def pools_of(sentence: NDArray[np.int64], clause: NDArray[np.int64]) -> Numbers:
    """Return what each token gets of the bags of each (bags × n × n)."""
    at = np.arange(len(sentence))
    shared = np.stack([sentence[:, None] == sentence, clause[:, None] == clause, at[:, None] > at, at[:, None] < at]).astype(np.float32)
    pools: Numbers = shared / np.sqrt(np.maximum(shared.sum(axis=2, keepdims=True), 1))
    return pools


def kind_rows(text: str, tokens: Sequence[Token]) -> Rows:
    """Return the rows of weights of a whole message: its words, pairs of them, threes of letters."""
    codes = [1, *(token.code for token in tokens), 2]
    letters = f" {' '.join(fold(text[:400]).split())} "
    threes = [crc32(letters[at : at + 3].encode()) ^ 3 for at in range(len(letters) - 2)]
    pairs = [(first * 31 + second * 17 + 5) & 0xFFFFFFFF for first, second in pairwise(codes)]
    return _buckets(np.array([*codes, *pairs, *threes], dtype=np.uint32), KIND_BITS)


class Tagger:
    """The learnt weights: of labels (rows × 3), neighbouring labels (3 × 3), kinds of messages (rows × 6); leanings of words and pairs."""

    def __init__(self, labels: NDArray[np.int8], units: Numbers, steps: Numbers, kinds: Numbers, leans: Sequence[NDArray[np.int8]]) -> None:
        self._labels, self._units, self._kinds, self._leans = labels, units, kinds, leans
        self._steps: list[list[float]] = steps.T.tolist()  # to each label, from each
        self._steps[INSIDE][OUTSIDE] = _NEVER

    def labels(self, text: str, tokens: Sequence[Token]) -> list[int]:
        """Return the best labels of the tokens of a message (Viterbi)."""
        (outside, begin, inside), *scores = self.scores(text, tokens).tolist()
        best = [outside, begin, inside + _NEVER]
        steps = self._steps
        back: list[list[int]] = []
        for row in scores:
            came: list[int] = []
            here: list[float] = []
            for own, (from_outside, from_begin, from_inside) in zip(row, steps, strict=True):
                outside, begin, inside = best[0] + from_outside, best[1] + from_begin, best[2] + from_inside
                before = (INSIDE if inside >= begin else BEGIN) if begin >= outside or inside >= outside else OUTSIDE
                came.append(before)
                here.append(own + (outside, begin, inside)[before])
            best = here
            back.append(came)
        path = [best.index(max(best))]
        for came in reversed(back):
            path.append(came[path[-1]])
        return path[::-1]

    def scores(self, text: str, tokens: Sequence[Token]) -> Numbers:
        """Return the scores of the labels of every token (n × 3)."""
        features = features_of(text, tokens, [lean[rows] for lean, rows in zip(self._leans, lean_rows(tokens), strict=True)])
        bags = self._labels[features.bags].sum(axis=2, dtype=np.float32).transpose(1, 0, 2)
        pooled: Numbers = (pools_of(features.sentence, features.clause) @ bags).sum(axis=0)
        own: Numbers = self._labels[features.rows].sum(axis=1, dtype=np.float32)
        return (own + pooled) * self._units

    def kind(self, text: str, tokens: Sequence[Token]) -> tuple[str, float]:
        """Return the likeliest of ``MESSAGE_KINDS`` and its chance."""
        scores = self._kinds[kind_rows(text, tokens)].mean(axis=0)
        chances = np.exp(scores - scores.max())
        at = int(chances.argmax())
        return MESSAGE_KINDS[at], float(chances[at] / chances.sum())


def tagger_of(stored: Mapping[str, NDArray[Any]]) -> Tagger:
    """Return the tagger of the arrays in ``core.npz``: whole numbers, and the length of their unit for every column."""
    labels = np.zeros((2**BITS, 3), dtype=np.int8)
    labels[np.cumsum(stored["gaps"].astype(np.int64))] = stored["labels"]
    kinds = stored["kinds"] * stored["kind_units"].astype(np.float32)
    units = stored["label_units"].astype(np.float32)
    return Tagger(
        labels, units, stored["steps"].astype(np.float32), kinds, [stored[name].astype(np.int8) for name in ("word_leans", "pair_leans")]
    )
