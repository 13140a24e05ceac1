"""The one learnt chooser: orders the candidates of a question, and says how sure it is of the first.

Two groups of trees (``rag/training/chooser.py``): the first ranks, on ``FEATURES``; the second, on what the first made of
the best candidates, tells how likely it is that the first one answers. Both were learnt from questions whose writers were
held out when their own were judged.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.choosing.features import FEATURES
from rag.choosing.fit import Scale
from rag.choosing.trees import Trees
from rag.index.arrays import Floats
from rag.index.bank import CHOOSER

UNASKED = CHOOSER.with_name("chooser_unasked.json")
SURENESS_FEATURES = ("first", "ahead", "ahead_of_third", "beside_first", *(f"of_first_{name}" for name in FEATURES))


@dataclass(frozen=True, slots=True)
class Levels:
    """From how sure on (0-1) the chooser answers, with a bank of questions and on a shelf without one, and offers what it found."""

    answer: float
    offer: float
    answer_without_bank: float = 0.5


class Chooser:
    """Ranks candidates and judges the best; safe for several threads."""

    def __init__(self, content: dict[str, Any]) -> None:
        self._ranking = Trees(content["ranking"])
        self._sureness = Trees(content["sureness"])
        self.levels = Levels(**content["levels"])
        self.encoder = str(content["encoder"])
        self.scale = Scale(**content["cosines"])

    @classmethod
    def load(cls, path: Path = CHOOSER) -> Chooser:
        """Read what was learnt. Raises ``OSError``, or ``ValueError`` where it was made for other features."""
        content = json.loads(path.read_text(encoding="utf-8"))
        if tuple(content["features"]) != FEATURES[: len(content["features"])]:  # newer ones come last
            raise ValueError(f"{path}: made for other features")
        return cls(content)

    def scores(self, rows: Floats) -> NDArray[np.float64]:
        """Return one score a row of ``FEATURES``; higher is better."""
        return self._ranking.score(rows)

    def sureness(self, rows: Floats, scores: NDArray[np.float64], documents: list[str]) -> float:
        """Return how likely (0-1) the candidate with the highest score answers the question; 0 without candidates."""
        if not len(rows):
            return 0.0
        value = float(self._sureness.score(sureness_row(rows, scores, documents)[None, :])[0])
        return 1.0 / (1.0 + math.exp(-value))


def sureness_row(rows: Floats, scores: NDArray[np.float64], documents: list[str]) -> Floats:
    """Return ``SURENESS_FEATURES`` of a ranked question with at least one candidate."""
    order = np.argsort(-scores, kind="stable")[:3]
    best = scores[order]
    ahead = [float(best[0] - best[at]) if len(best) > at else 9.0 for at in (1, 2)]
    beside = len(order) > 1 and documents[order[0]] == documents[order[1]]
    return np.array([best[0], *ahead, beside, *rows[order[0]]], dtype=np.float32)


@lru_cache(maxsize=1)
def shipped_chooser() -> Chooser:
    """Return the chooser that ships."""
    return Chooser.load()


@lru_cache(maxsize=1)
def unasked_chooser() -> Chooser:
    """Return the one for the documents of a shelf on which there are no questions: learnt on small shelves without a bank."""
    return Chooser.load(UNASKED)
