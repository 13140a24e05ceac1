"""BM25 as tantivy reckons it: how rare a term is, and how a text's length counts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

K1, B = 1.2, 0.75
_EXACT_LENGTHS = 24  # tantivy keeps a length in one byte: small ones as they are, others in steps of an eighth


def idf(frequency: int, entries: int) -> float:
    """Return the rarity of a term that ``frequency`` of ``entries`` hold."""
    return math.log(1 + (entries - frequency + 0.5) / (frequency + 0.5))


def kept_lengths(lengths: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    """Return what tantivy remembers of the lengths of texts, in terms."""
    return _LENGTHS[np.searchsorted(_LENGTHS, lengths, side="right") - 1]


def _length(code: int) -> int:
    above = code - _EXACT_LENGTHS
    if above < 0:
        return code
    return _EXACT_LENGTHS + (above if above < 8 else (above & 7 | 8) << (above >> 3) - 1)


_LENGTHS = np.array([_length(code) for code in range(256)], dtype=np.int64)
