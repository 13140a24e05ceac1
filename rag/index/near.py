"""The passages that a question was compared with: the best of them, out of one index or out of all parts of one.

Compared is whatever lies within a radius, a number of signs that differ, and the radius is the least that holds enough
passages. So a part of an index compares more than the whole would, and what each part found tells what the whole finds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_LIKELY = 8  # passages for each provision that is wanted
Distances = NDArray[np.unsignedinteger[Any]]


@dataclass(frozen=True, slots=True)
class Near:
    """Passages by rising id: in how many signs each differs, its provision, its cosine.

    ``counts``: how many were compared at each distance.
    """

    distances: Distances
    ids: NDArray[np.int32]
    cosines: NDArray[np.float32]
    counts: NDArray[np.int64]

    @classmethod
    def of(cls, distances: Distances, ids: NDArray[np.int32], cosines: NDArray[np.float32]) -> Near:
        """Return what was found of all that was compared."""
        return cls(distances, ids, cosines, np.bincount(distances))

    @classmethod
    def of_all(cls, found: Sequence[tuple[int, float]]) -> Near:
        """Return the nearest where all were compared, whatever their signs."""
        hits = sorted(found)
        ids, cosines = np.array([id_ for id_, _ in hits], dtype=np.int32), np.array([cosine for _, cosine in hits], dtype=np.float32)
        return cls.of(np.zeros(len(hits), dtype=np.uint8), ids, cosines)

    @classmethod
    def merged(cls, parts: Sequence[Near], most: int) -> Near:
        """Return what the whole index would have compared, of what its parts did, each asked for ``most``."""
        counts = np.zeros(max(len(part.counts) for part in parts), dtype=np.int64)
        for part in parts:
            counts[: len(part.counts)] += part.counts
        counts = counts[: int(np.searchsorted(np.cumsum(counts), min(most, counts.sum()))) + 1]
        distances, ids, cosines = (np.concatenate([getattr(part, name) for part in parts]) for name in ("distances", "ids", "cosines"))
        order = np.argsort(ids, kind="stable")
        order = order[distances[order] < len(counts)]
        return cls(distances[order], ids[order], cosines[order], counts)

    def needed(self, k: int) -> Near:
        """Return what may be among the ``k`` best of the whole, of which this is a part, whatever the radius there."""
        kept = np.zeros(len(self.ids), dtype=bool)
        best = np.zeros(0, dtype=np.int64)
        least = -np.inf
        for distance in np.flatnonzero(self.counts):
            better = np.flatnonzero((self.distances == distance) & (self.cosines >= least))
            if len(better):
                best = _best_rows(self.ids, self.cosines, np.sort(np.concatenate([best, better])), k)
                kept[best] = True
                least = self.cosines[best].min() if len(best) == k else -np.inf
        return Near(self.distances[kept], self.ids[kept], self.cosines[kept], self.counts)

    def best(self, k: int) -> list[tuple[int, float]]:
        """Return the ``k`` nearest provisions, each by its nearest passage, as (id, cosine), best first; ties by id."""
        return best_of(self.ids, self.cosines, k)


def best_of(ids: NDArray[np.int32], cosines: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
    """Return the ``k`` provisions with the best cosines, each by its best passage, best first; ties in the order given."""
    rows = _best_rows(ids, cosines, np.arange(len(ids)), k)
    return list(zip(ids[rows].tolist(), cosines[rows].tolist(), strict=True))


def radius(distances: Distances, most: int) -> int:
    """Return the least distance within which there are so many passages; the largest where there are fewer."""
    low, high = 0, int(distances.max(initial=0))
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if np.count_nonzero(distances <= middle) >= most else (middle + 1, high)
    return low


def _best_rows(ids: NDArray[np.int32], cosines: NDArray[np.float32], rows: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    """Of ``rows`` the best of each of the ``k`` best provisions."""
    likely = _LIKELY * k
    if 0 < likely < len(rows):  # to sort them all takes longer than to compare them
        near = rows[cosines[rows] >= np.partition(cosines[rows], -likely)[-likely]]
        rows = near if len(np.unique(ids[near])) >= k else rows
    found: dict[int, int] = {}
    for row in rows[np.argsort(-cosines[rows], kind="stable")]:
        if len(found) >= k:
            break
        found.setdefault(int(ids[row]), int(row))
    return np.array(list(found.values()), dtype=np.int64)
