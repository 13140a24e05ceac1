"""Where a quote stands on a page: its syllables are laid along the page's words, with tolerance for lost marks and OCR."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from ingest.readers.page_words import Printed
from rag.language.text import fold, normalise

_TOKEN = re.compile(r"[^\W_]+")
_MOST = 400  # syllables of a quote on one page
_AROUND = 16  # syllables before and after the quote that help to tell it from others like it
_ALIKE = 0.6  # of the letters
_WRONG, _LEFT_OUT, _JUMP, _FURTHER = -0.8, -0.6, -2.5, -0.01
_COVERED = 0.75  # of the quote's syllables
_RIVAL = 0.92  # another place that fits nearly as well
_LOST_WORDS = 3  # between two that were found, they belong to the quote too
_APART = 0.06  # of the page's width: two cells of a table rather than two words

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Box:
    """A line of a quote, or the part of it that is quoted, in shares (0-1) of the page."""

    x: float
    y: float
    width: float
    height: float


def quoted_lines(quote: str, before: str, after: str, words: Sequence[Printed]) -> list[Box]:
    """Return the lines on which a quote stands on its page; none where that is not sure.

    ``before`` and ``after`` are what stands around the quote; ``words`` are the page's.
    """
    wanted = _tokens(quote)[:_MOST]
    lead = _tokens(before)[-_AROUND:]
    sought = [*lead, *wanted, *_tokens(after)[:_AROUND]]
    places, page = _page_tokens(words)
    if not wanted or not page:
        return []
    alike = _likeness(sought, page)
    score, pairs = _aligned(alike)
    quoted = {at: place for at, place in pairs if len(lead) <= at < len(lead) + len(wanted) and alike[at, place] > 0}
    if not quoted or len(quoted) < (_COVERED if len(wanted) > 3 else 1.0) * len(wanted):
        return []
    alike[:, [place for _, place in pairs]] = _WRONG
    if _aligned(alike)[0] >= _RIVAL * score:
        return []
    return _boxes(sorted({places[place] for place in quoted.values()}), words)


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(fold(normalise(text)))


def _page_tokens(words: Sequence[Printed]) -> tuple[list[int], list[str]]:
    """The tokens of a page, and the word in which each stands."""
    found = [(at, token) for at, word in enumerate(words) for token in _tokens(word.text)]
    return [at for at, _ in found], [token for _, token in found]


def _likeness(sought: Sequence[str], page: Sequence[str]) -> Scores:
    """How well each token of the quote fits each of the page."""
    ours, theirs = sorted(set(sought)), sorted(set(page))
    alike = cdist(ours, theirs, scorer=Levenshtein.normalized_similarity, dtype=np.float32)
    alike[alike < _ALIKE] = _WRONG
    rows = {token: at for at, token in enumerate(ours)}
    columns = {token: at for at, token in enumerate(theirs)}
    return np.asarray(alike[np.ix_([rows[token] for token in sought], [columns[token] for token in page])], dtype=np.float32)


def _aligned(alike: Scores) -> tuple[float, list[tuple[int, int]]]:
    """Return the best way to lay the rows along the columns, in order: its score, and its (row, column) pairs.

    A row may be left out; between two rows any stretch of the page may be jumped over, at a price (a footnote, the other
    column of a table). This is the local alignment of Smith and Waterman with affine gaps, a row at a time.
    """
    rows, columns = alike.shape
    along = np.arange(columns, dtype=np.float32) * -_FURTHER
    best = np.zeros((rows, columns), dtype=np.float32)  # of the alignments that end with this pair
    came = np.full((rows, columns), -1, dtype=np.int64)  # the pair before it: row * columns + column
    ready, origin = np.full(columns, -np.inf, dtype=np.float32), np.full(columns, -1, dtype=np.int64)
    for row in range(rows):
        # ``ready``: the best that ends at or before the row above, in each column
        jumped, source = _running_best(ready + along)
        jumped = (jumped - along + _JUMP).astype(np.float32)
        before = np.maximum(np.concatenate(([-np.inf], ready[:-1])), np.concatenate(([-np.inf], jumped[:-1]))).astype(np.float32)
        is_next = np.concatenate(([-np.inf], ready[:-1])) >= np.concatenate(([-np.inf], jumped[:-1]))
        from_next = np.concatenate(([-1], origin[:-1]))
        from_afar = np.concatenate(([-1], origin[source][:-1]))
        goes_on = before > 0
        best[row] = alike[row] + np.where(goes_on, before, 0)
        came[row] = np.where(goes_on, np.where(is_next, from_next, from_afar), -1)
        left_out = ready + _LEFT_OUT
        is_new = best[row] >= left_out
        ready = np.where(is_new, best[row], left_out).astype(np.float32)
        origin = np.where(is_new, row * columns + np.arange(columns), origin)
    at = int(best.argmax())
    score, pairs = float(best.flat[at]), []
    while at >= 0:
        pairs.append((at // columns, at % columns))
        at = int(came.flat[at])
    return score, pairs[::-1]


def _running_best(values: Scores) -> tuple[Scores, NDArray[np.int64]]:
    """The largest value so far in each place, and where it stands."""
    largest = np.maximum.accumulate(values)
    is_larger = np.concatenate(([True], values[1:] > largest[:-1]))
    where = np.maximum.accumulate(np.where(is_larger, np.arange(len(values)), 0))
    return largest, where


def _boxes(found: Sequence[int], words: Sequence[Printed]) -> list[Box]:
    """Put words together into lines; what stands between two that were found is found too."""
    whole: list[int] = []
    for at in found:
        whole += range(whole[-1] + 1, at) if whole and at - whole[-1] <= _LOST_WORDS else []
        whole.append(at)
    lines: list[list[Printed]] = []
    for word in (words[at] for at in whole):
        if lines and _goes_on(lines[-1][-1], word):
            lines[-1].append(word)
        else:
            lines.append([word])
    return [_around(line) for line in lines]


def _goes_on(last: Printed, word: Printed) -> bool:
    middle = (word.top + word.bottom) / 2
    return last.top <= middle <= last.bottom and -0.01 <= word.x0 - last.x1 <= _APART


def _around(line: Sequence[Printed]) -> Box:
    x, y = min(word.x0 for word in line), min(word.top for word in line)
    return Box(x, y, max(word.x1 for word in line) - x, max(word.bottom for word in line) - y)
