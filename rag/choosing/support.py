"""What each of the three views says of a candidate, out of its row of features: for who wants to know why it was chosen."""

from __future__ import annotations

from dataclasses import dataclass

from rag.choosing.features import FEATURES
from rag.index.arrays import Floats

_WORDS, _VECTORS, _BANK = (FEATURES.index(name) for name in ("lexical_ratio", "cosine", "asked_best"))


@dataclass(frozen=True, slots=True)
class Support:
    """``words``: the share (0-1) of the best candidate's BM25; ``vectors``: its cosine, ``bank``: how like (0-1) the likest question is.

    What a view does not know of it is 0 or less.
    """

    words: float
    vectors: float
    bank: float

    @classmethod
    def of(cls, row: Floats) -> Support:
        """Return what the views say in a row of ``FEATURES``."""
        return cls(float(row[_WORDS]), float(row[_VECTORS]), float(row[_BANK]))
