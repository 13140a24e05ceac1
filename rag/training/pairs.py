"""Articles → pairs of (short text, passage) that belong together, without any labelled question.

An article's title belongs to its text; a span of the text belongs to the rest of its passage (the inverse cloze task,
Lee et al. 2019, https://arxiv.org/abs/1906.00300). The span is taken out of the passage nine times in ten, so that the
vectors learn more than words that stand in both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rag.finding.static_encoder import Vocabulary
from rag.language.text import fold_tokens, normalise, syllables

Rows = NDArray[np.int64]
_MIN_SYLLABLES = 12  # of a text that a span can be taken out of
_MIN_TITLE = 3
_SPAN = (6, 31)
_TITLE_SHARE = 0.3  # of the pairs: title and text
_BOTH_SHARE = 0.65  # up to here: title and span together
_SPAN_STAYS = 0.1
_WORDS_LOST = 0.3  # of the short texts lose a fifth of their tokens


@dataclass(frozen=True, slots=True)
class Article:
    """What is learnt from: a title, a text, and the document they stand in."""

    document: str
    title: str
    text: str


def learn_vocabulary(articles: Sequence[Article], min_syllable: int, min_pair: int) -> Vocabulary:
    """Return the syllables and pairs that stand in at least so many articles."""
    singles: Counter[str] = Counter()
    doubles: Counter[tuple[str, str]] = Counter()
    for article in articles:
        title, text = (fold_tokens(syllables(normalise(part))) for part in (article.title, article.text))
        singles.update({*title, *text})
        doubles.update({*pairwise(title), *pairwise(text)})
    known = sorted(syllable for syllable, count in singles.items() if count >= min_syllable)
    row = {syllable: at for at, syllable in enumerate(known)}
    kept = (pair for pair, count in doubles.items() if count >= min_pair and pair[0] in row and pair[1] in row)
    keys = sorted(row[first] * len(known) + row[second] for first, second in kept)
    return Vocabulary(known, np.array(keys, dtype=np.int64))


class Pairs:
    """Draws pairs of token rows; ``window`` is the length of a passage in syllables."""

    def __init__(self, articles: Sequence[Article], vocabulary: Vocabulary, window: int, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._window = window
        self._titles = [_Piece.of(article.title, vocabulary) for article in articles]
        self._texts = [_Piece.of(article.text, vocabulary) for article in articles]
        by_document: dict[str, list[int]] = {}
        for at, article in enumerate(articles):
            by_document.setdefault(article.document, []).append(at)
        self._neighbours = [np.array(members) for members in by_document.values()]
        self._document_of = np.empty(len(articles), dtype=np.int64)
        for at, members in enumerate(self._neighbours):
            self._document_of[members] = at

    def batch(self, size: int, together: int) -> tuple[list[Rows], list[Rows]]:
        """Return at least ``size`` short texts and their passages, up to ``together`` of one document: hard negatives."""
        drawn: list[tuple[Rows, Rows]] = []
        while len(drawn) < size:
            members = self._neighbours[self._draw_document()]
            if len(members) > together:
                members = self._random.choice(members, together, replace=False)
            drawn += [self._pair(int(at)) for at in members]
        return [short for short, _ in drawn], [passage for _, passage in drawn]

    def token_counts(self, size: int) -> NDArray[np.int64]:
        """Return in how many articles each of ``size`` tokens stands."""
        counts = np.zeros(size, dtype=np.int64)
        for title, text in zip(self._titles, self._texts, strict=True):
            counts[np.unique(np.concatenate([title.whole, text.whole]))] += 1
        return counts

    def _draw_document(self) -> int:
        """A document, half of the time by its size: large ones would else fill every batch."""
        if self._random.random() < 0.5:
            return int(self._random.integers(len(self._neighbours)))
        return int(self._document_of[self._random.integers(len(self._document_of))])

    def _pair(self, at: int) -> tuple[Rows, Rows]:
        title, text = self._titles[at], self._texts[at]
        draw = self._random.random()
        if len(text) < _MIN_SYLLABLES or (draw < _TITLE_SHARE and len(title) >= _MIN_TITLE):
            start = int(self._random.integers(max(1, len(text) - self._window + 1)))
            short, passage = [title.whole], [text.rows(start, start + self._window)]
            if self._random.random() < 0.2:
                passage.append(title.whole)
        else:
            short, passage = self._cut(text)
            if draw < _BOTH_SHARE:
                short.append(title.whole)
            elif self._random.random() < 0.7:
                passage.append(title.whole)
        return self._lose_words(np.concatenate(short)), np.concatenate(passage)

    def _cut(self, text: _Piece) -> tuple[list[Rows], list[Rows]]:
        length = min(int(self._random.integers(*_SPAN)), len(text) // 2)
        start = int(self._random.integers(len(text) - length + 1))
        begin = max(0, start - int(self._random.integers(self._window)))
        end = begin + self._window + length
        span = text.rows(start, start + length)
        if self._random.random() < _SPAN_STAYS:
            return [span], [text.rows(begin, end)]
        return [span], [text.rows(begin, start), text.rows(start + length, end)]

    def _lose_words(self, rows: Rows) -> Rows:
        if self._random.random() >= _WORDS_LOST:
            return rows
        kept = rows[self._random.random(len(rows)) > 0.2]
        return kept if len(kept) >= _MIN_TITLE else rows


@dataclass(frozen=True, slots=True)
class _Piece:
    """The rows of a text by position, of syllables and of the pairs they open; -1 for unknown ones."""

    singles: Rows
    doubles: Rows

    @classmethod
    def of(cls, text: str, vocabulary: Vocabulary) -> _Piece:
        singles = vocabulary.syllable_rows(text)
        return cls(singles, vocabulary.pair_rows(singles))

    def __len__(self) -> int:
        return len(self.singles)

    @property
    def whole(self) -> Rows:
        return self.rows(0, len(self))

    def rows(self, start: int, end: int) -> Rows:
        singles, doubles = self.singles[start:end], self.doubles[start : max(start, end - 1)]
        return np.concatenate([singles[singles >= 0], doubles[doubles >= 0]])
