"""What a whole bank teaches about a question's words: a linear map from a question to the places that answer it.

Ridge regression on a short sketch of a question (its terms hashed to a thousand signed sums, and its vector), solved in
closed form in a second or two. Where the likest questions are few or odd, this has seen all of them.

The sketch is the count sketch of Charikar, Chen and Farach-Colton (2002), used for learning as by Weinberger et al. (2009).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from rag.index.arrays import Floats, Ints

_LENGTH = 1024
_PENALTY = 1.0  # .3 and 3 are within half a point
_CONSTANT = 0.3


@lru_cache(maxsize=4)
def _hashes(buckets: int) -> tuple[Ints, Floats]:
    chance = np.random.default_rng(0)
    return chance.integers(0, _LENGTH, buckets), chance.choice(np.array([-1.0, 1.0], dtype=np.float32), buckets)


def sketch(terms: Ints, worth: Floats, rows: Ints, questions: int, buckets: int, vectors: Floats | None, dimensions: int) -> Floats:
    """Return one sketch a question, shape (questions, 1024 + dimensions + 1), of postings (term, worth, row)."""
    slots, signs = _hashes(buckets)
    flat = np.bincount(rows * _LENGTH + slots[terms], weights=worth * signs[terms], minlength=questions * _LENGTH)
    made = np.zeros((questions, _LENGTH + dimensions + 1), dtype=np.float32)
    made[:, :_LENGTH] = flat.reshape(questions, _LENGTH)
    if vectors is not None:
        made[:, _LENGTH:-1] = vectors
    made[:, -1] = _CONSTANT
    return made


def learn(sketches: Floats, targets: Sequence[Sequence[int]], places: int) -> Floats:
    """Return the map, shape (sketch length, places), from questions each of which points at some of ``places``."""
    wanted = np.zeros((len(sketches), places), dtype=np.float32)
    for row, found in enumerate(targets):
        wanted[row, list(found)] = 1.0
    square = sketches.T @ sketches + _PENALTY * np.eye(sketches.shape[1], dtype=np.float32)
    solved: Floats = np.linalg.solve(square, sketches.T @ wanted).astype(np.float32)
    return solved
