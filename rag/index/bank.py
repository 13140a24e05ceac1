"""The bank of questions as an index: which of the questions that people would ask are like the one that is asked.

Likeness is the cosine of two TF-IDF views of a folded question: its letters (two to four in a row within a word) and its
words (and pairs of them). Terms are hashed, so there is no vocabulary to keep, and all arrays are mapped from disk.

::

    entries.json    the questions with their addresses, and what was made of them
    starts.npy      int64 (buckets + 1): where the postings of each term begin
    rows.npy        int32: the question of each posting
    weights.npy     float32: the worth of the term in that question
    rarity.npy      float32 (buckets): the inverse document frequency of each term
    vectors.npy     float16 (questions, dimensions), where an encoder made some
    learnt.npy      float16 (sketch length, places): what all questions together teach (``rag.index.bank_learning``)
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import chain, pairwise
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.index.arrays import Floats, Ints
from rag.index.bank_learning import learn, sketch

By = Literal["written", "taught", "model"]
_BUCKETS = 1 << 18
_GRAMS = (2, 3, 4)
_LETTERS, _WORDS = 0.6, 0.4  # shares of the two views; words alone or letters alone found 2-4 points fewer
_COMMON = 0.15  # a term of more questions than this share tells none apart
_FEWEST_COMMON = 20  # questions: a term of no more is never too common
CHOOSER = Path(__file__).parents[1] / "data" / "chooser.json"
"""The learnt chooser that ships."""
FIT = "fit.json"
"""Beside the bank: what was fitted for that chooser where another encoder is used (``rag.choosing.fit``)."""
ELSEWHERE = "|"
"""``number|section``: a place in another document than the entry's own."""


@dataclass(frozen=True, slots=True)
class BankEntry:
    """A question and where its answer stands; no ``sections``: the document is known to have none.

    ``after`` are the questions that went before it in a conversation, where it goes on with them.
    """

    question: str
    document: str
    sections: tuple[str, ...] = ()
    by: By = "written"
    writer: str = ""
    date: str = ""
    after: tuple[str, ...] = ()


_FIELDS = tuple(field.name for field in fields(BankEntry))


class BankIndex:
    """Questions that can be compared with a new one; read-only, safe for several threads."""

    def __init__(self, folder: Path, entries: list[BankEntry], tokens: list[list[str]], arrays: dict[str, NDArray[Any]]) -> None:
        self.folder = folder
        self.entries = entries
        self.tokens = tokens
        self._starts: Ints = arrays["starts"]
        self._rows: NDArray[np.int32] = arrays["rows"]
        self._weights: Floats = arrays["weights"]
        self.rarity: Floats = arrays["rarity"]
        self.vectors: NDArray[np.float16] | None = arrays.get("vectors")
        self.learnt: NDArray[np.float16] | None = arrays.get("learnt")
        self.places = places_of(entries)

    def __len__(self) -> int:
        return len(self.entries)

    @classmethod
    def build(
        cls,
        path: Path,
        entries: Sequence[BankEntry],
        tokens: Sequence[Sequence[str]],
        vectors: Floats | None = None,
        rarity: Floats | None = None,
    ) -> None:
        """Write ``entries``, of whose questions ``tokens`` are the folded words, into the new folder ``path``.

        ``rarity`` is that of a larger bank where this one only adds to it. Raises ``OSError``.
        """
        path.mkdir(parents=True)
        views = _views(tokens)
        known = _rarity(views, len(tokens)) if rarity is None else _with_new(rarity, views, len(tokens))
        rows, terms, worth = _weighed(views, known, len(tokens))
        order = np.lexsort((rows, terms))
        np.save(path / "starts.npy", np.searchsorted(terms[order], np.arange(_BUCKETS + 1)).astype(np.int64))
        np.save(path / "rows.npy", rows[order].astype(np.int32))
        np.save(path / "weights.npy", worth[order])
        np.save(path / "rarity.npy", known)
        if rarity is None and entries:
            sketches = sketch(terms, worth, rows, len(tokens), _BUCKETS, vectors, _width(vectors))
            places = {place: at for at, place in enumerate(places_of(entries))}
            targets = [[places[place] for place in places_of([entry])] for entry in entries]
            np.save(path / "learnt.npy", learn(sketches, targets, len(places)).astype(np.float16))
        if vectors is not None:
            np.save(path / "vectors.npy", vectors.astype(np.float16))
        rows_of = [{name: getattr(entry, name) for name in _FIELDS} for entry in entries]  # asdict copies each value: ten times as long
        content = {"entries": rows_of, "tokens": [" ".join(words) for words in tokens]}
        (path / "entries.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def open(cls, path: Path) -> BankIndex:
        """Open the folder ``path``. Raises ``OSError`` or ``ValueError`` where it is not whole."""
        content = json.loads((path / "entries.json").read_text(encoding="utf-8"))
        entries = [
            BankEntry(**{**entry, "sections": tuple(entry["sections"]), "after": tuple(entry["after"])}) for entry in content["entries"]
        ]
        arrays = {name: np.asarray(np.load(path / f"{name}.npy", mmap_mode="r")) for name in ("starts", "rows", "weights", "rarity")}
        for name in ("vectors", "learnt"):
            if (path / f"{name}.npy").is_file():
                arrays[name] = np.asarray(np.load(path / f"{name}.npy", mmap_mode="r"))
        return cls(path, entries, [text.split() for text in content["tokens"]], arrays)

    def likeness(self, tokens: Sequence[str]) -> NDArray[np.float64]:
        """Return how like (0-1) each question is to the one with these folded words, shape (len(self),)."""
        _, terms, worth = _weighed(_views([tokens]), self.rarity, 1)
        starts, ends = self._starts[terms], self._starts[terms + 1]
        lengths = ends - starts
        total = int(lengths.sum())
        if not total:
            return np.zeros(len(self))
        at = np.repeat(starts - (np.cumsum(lengths) - lengths), lengths) + np.arange(total)
        return np.bincount(self._rows[at], weights=self._weights[at] * np.repeat(worth, lengths), minlength=len(self)).astype(np.float64)

    def sketch(self, tokens: Sequence[str], vector: Floats | None) -> Floats:
        """Return the sketch of one question, shape (1, sketch length)."""
        rows, terms, worth = _weighed(_views([tokens]), self.rarity, 1)
        vectors = None if vector is None else vector[None, :]
        return sketch(terms, worth, rows, 1, _BUCKETS, vectors, _width(self.vectors))

    def sketches(self) -> Floats:
        """Return the sketches of all questions."""
        terms = np.repeat(np.arange(_BUCKETS), np.diff(self._starts))
        vectors = None if self.vectors is None else self.vectors.astype(np.float32)
        return sketch(terms, self._weights, self._rows.astype(np.int64), len(self), _BUCKETS, vectors, _width(vectors))


def _width(vectors: NDArray[Any] | None) -> int:
    return 0 if vectors is None else int(vectors.shape[1])


def places_of(entries: Sequence[BankEntry]) -> list[str]:
    """Return the places that entries point at, ``number|section``, each once; ``number|`` where that has no answer."""
    found = (
        f"{entry.document}{ELSEWHERE}{section}" if ELSEWHERE not in section else section
        for entry in entries
        for section in entry.sections or ("",)
    )
    return list(dict.fromkeys(found))


@lru_cache(maxsize=20_000)
def _grams(word: str) -> tuple[int, ...]:
    padded = f" {word} "
    grams = [padded[at : at + size] for size in _GRAMS for at in range(max(1, len(padded) - size + 1))]
    return tuple(zlib.crc32(gram.encode()) % _BUCKETS for gram in grams)


@lru_cache(maxsize=50_000)
def _word(text: str) -> int:
    return zlib.crc32(b"=" + text.encode()) % _BUCKETS


class _View(NamedTuple):
    """The terms of each of some questions, by question and term, and how often each stands in it."""

    rows: Ints
    terms: Ints
    counts: Ints


def _views(questions: Sequence[Sequence[str]]) -> list[_View]:
    """Return the views of all questions at once: one after another takes three times as long."""
    letters = [[gram for token in tokens for gram in _grams(token)] for tokens in questions]
    words = [[*map(_word, tokens), *(_word(f"{first} {second}") for first, second in pairwise(tokens))] for tokens in questions]
    return [_counted(letters), _counted(words)]


def _counted(found: Sequence[Sequence[int]]) -> _View:
    rows = np.repeat(np.arange(len(found), dtype=np.int64), [len(terms) for terms in found])
    terms = np.fromiter(chain.from_iterable(found), dtype=np.int64, count=len(rows))
    pairs, counts = np.unique(rows * _BUCKETS + terms, return_counts=True)
    return _View(pairs // _BUCKETS, pairs % _BUCKETS, counts)


def _rarity(views: Sequence[_View], questions: int) -> Floats:
    counts = sum(np.bincount(view.terms, minlength=_BUCKETS) for view in views)
    rarity = np.where(counts > 0, np.log((1 + questions) / (1 + counts)) + 1, 0)
    return np.where(counts > max(_COMMON * questions, _FEWEST_COMMON), 0, rarity).astype(np.float32)


def _with_new(rarity: Floats, views: Sequence[_View], questions: int) -> Floats:
    """The rarity of a larger bank, in which terms that only these questions have are the rarest."""
    common = _rarity(views, questions)
    return np.where((rarity == 0) & (common > 0), rarity.max(initial=1.0), rarity).astype(np.float32)


def _weighed(views: Sequence[_View], rarity: Floats, questions: int) -> tuple[Ints, Ints, Floats]:
    """Return the question of each term, the term, and what it is worth there."""
    rows, terms, worths = [], [], []
    for view, share in zip(views, (_LETTERS, _WORDS), strict=True):
        worth = (1 + np.log(view.counts)) * rarity[view.terms]
        norms = np.sqrt(np.bincount(view.rows, weights=worth**2, minlength=questions))
        told = worth > 0
        rows.append(view.rows[told])
        terms.append(view.terms[told])
        worths.append((worth[told] * math.sqrt(share) / norms[rows[-1]]).astype(np.float32))
    return np.concatenate(rows), np.concatenate(terms), np.concatenate(worths)
