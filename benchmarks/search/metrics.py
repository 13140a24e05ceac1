"""How good a ranking is, and how long it took."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

CUTS = (1, 10, 100)
DEPTH = max(CUTS)
_MRR_CUT = 10


@dataclass(frozen=True, slots=True)
class Quality:
    """Means over questions: recall at each of ``CUTS`` and MRR@10, 0-1."""

    questions: int
    recall: tuple[float, ...]
    mrr: float

    def __str__(self) -> str:
        return " / ".join(f"{value:.3f}".removeprefix("0") for value in (*self.recall, self.mrr))


def recall(relevant: Set[str], ranked: Sequence[str], k: int) -> float:
    """Return the share of the relevant articles found among the first ``k``."""
    return len(relevant.intersection(ranked[:k])) / len(relevant)


def reciprocal_rank(relevant: Set[str], ranked: Sequence[str]) -> float:
    """Return 1 / the rank of the first relevant article among the first ten; 0 when there is none."""
    return next((1 / rank for rank, id in enumerate(ranked[:_MRR_CUT], 1) if id in relevant), 0.0)


def quality(answered: Iterable[tuple[Set[str], Sequence[str]]]) -> Quality:
    """Average over questions, each given as (relevant, ranked)."""
    pairs = list(answered)
    return Quality(
        len(pairs),
        tuple(statistics.fmean(recall(relevant, ranked, k) for relevant, ranked in pairs) for k in CUTS),
        statistics.fmean(reciprocal_rank(relevant, ranked) for relevant, ranked in pairs),
    )


def median_and_p95(seconds: Sequence[float]) -> tuple[float, float]:
    """Return the median and the 95th percentile."""
    return statistics.median(seconds), sorted(seconds)[max(0, -(-95 * len(seconds) // 100) - 1)]
