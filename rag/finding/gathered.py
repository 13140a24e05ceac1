"""The candidates that words and vectors bring, out of all parts of a snapshot: the same ones however it was cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.choosing.worded import Scores
from rag.index.entries import Entries, Hits, Parts, Sought
from rag.index.near import Near

_SHARE = 2  # times its share of the candidates is asked of a shard at first
_DEEPER = 4


@dataclass(frozen=True, slots=True)
class Gathered:
    """Provisions by id with their scores, the best first: by the words, by the vector, in the document that is named.

    ``entries`` has those that the words found, and most of the others.
    """

    words: dict[int, float]
    near: dict[int, float]
    inside: dict[int, float]
    entries: Entries


def gather(parts: Parts, sought: Sought, compared: int, scores_of: Callable[[Entries], Scores]) -> Gathered:
    """Return the best of each way of searching. ``scores_of`` says how well the words of entries fit.

    With ``compared`` passages a vector is compared in the whole. A part that may hold another one of the best is asked once
    more, deeper.
    """
    pool = sought.pool
    depths = dict.fromkeys(range(parts.number), min(pool, -(-_SHARE * pool // parts.number)))
    asked, hits = depths, dict[int, Hits]()
    while True:
        hits |= parts.search(sought, asked)
        entries = Entries.joined([of.entries for of in hits.values()])
        scores = scores_of(entries)
        own = np.array([number == sought.document for number in entries.documents], dtype=bool)
        words = _best(entries.ids, scores, pool)
        inside = _best(entries.ids[own], scores[own], pool) if sought.document else {}
        least, least_inside = (min(best.values()) if len(best) == pool else 0.0 for best in (words, inside))
        asked = {at: _DEEPER * depths[at] for at, of in hits.items() if of.beyond >= least or of.beyond_inside >= least_inside}
        if not asked:
            near = Near.merged([of.near for of in hits.values()], compared)
            return Gathered(words, dict(near.best(pool)), inside, entries)
        depths = depths | asked


def _best(ids: NDArray[np.int64], scores: Scores, most: int) -> dict[int, float]:
    order = np.lexsort((ids, -scores))[:most]
    order = order[scores[order] > 0]
    return dict(zip(ids[order].tolist(), scores[order].tolist(), strict=True))
