"""The vectors of a shelf, compared with a question one by one: among some thousand passages no engine is faster.

::

    ids.npy         int64: the provision of each passage
    vectors.npy     float16 (passages, dimensions), of norm 1
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

MOST = 30_000
"""Passages; a larger collection is left to the vector engine."""


class NearVectors:
    """Read-only vectors, safe for several threads."""

    def __init__(self, ids: NDArray[np.int64], vectors: NDArray[np.float32]) -> None:
        self._ids = ids
        self._vectors = vectors

    @classmethod
    def build(cls, path: Path, ids: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Write one vector a passage into the new folder ``path``. Raises ``OSError``."""
        path.mkdir(parents=True)
        np.save(path / "ids.npy", np.array(ids, dtype=np.int64))
        np.save(path / "vectors.npy", vectors.astype(np.float16))

    @classmethod
    def open(cls, path: Path) -> NearVectors:
        """Open the folder ``path``. Raises ``OSError`` or ``ValueError``."""
        return cls(np.load(path / "ids.npy"), np.load(path / "vectors.npy").astype(np.float32))

    def search(self, vector: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """Return the ``k`` provisions nearest to ``vector``, each by its nearest passage, as (id, cosine), best first."""
        cosines = self._vectors @ vector
        found: dict[int, float] = {}
        for at in np.argsort(-cosines, kind="stable"):
            found.setdefault(int(self._ids[at]), float(cosines[at]))
            if len(found) == k:
                break
        return list(found.items())
