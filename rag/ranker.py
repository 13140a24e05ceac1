"""Orders candidates by their features, with trees learnt from questions whose answers are known.

The trees are made by LightGBM (``rag/training/ranker.py``) and read here with numpy: importing LightGBM takes two
seconds, and every ``tracuu ask`` would wait for it.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.features import FEATURES

SHIPPED = Path(__file__).parent / "data" / "ranker.json"


class Ranker:
    """Gradient-boosted trees. Each is two lists of children (a negative one is leaf ``-child - 1``), and its leaves."""

    def __init__(self, trees: list[dict[str, Any]]) -> None:
        nodes = max(len(tree["feature"]) for tree in trees)
        leaves = max(len(tree["leaf"]) for tree in trees)
        self._feature = self._table(trees, "feature", nodes, np.int64)
        self._threshold = self._table(trees, "threshold", nodes, np.float64)
        self._left = self._table(trees, "left", nodes, np.int64)
        self._right = self._table(trees, "right", nodes, np.int64)
        self._leaf = self._table(trees, "leaf", leaves, np.float64)
        self._trees = np.arange(len(trees))

    @staticmethod
    def _table(trees: list[dict[str, Any]], name: str, width: int, kind: type) -> NDArray[Any]:
        table: NDArray[Any] = np.zeros((len(trees), width), dtype=kind)
        for row, tree in zip(table, trees, strict=True):
            row[: len(tree[name])] = tree[name]
        return table

    @classmethod
    def load(cls, path: Path = SHIPPED) -> Ranker:
        """Read the trees. Raises ``OSError``, or ``ValueError`` where they were made for other features."""
        content = json.loads(path.read_text(encoding="utf-8"))
        if tuple(content["features"]) != FEATURES:
            raise ValueError(f"{path}: made for other features")
        return cls(content["trees"])

    def score(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return one score a row of ``FEATURES``; higher is better."""
        every = np.arange(len(rows))[:, None]
        node = np.zeros((len(rows), len(self._trees)), dtype=np.int64)
        while (inner := node >= 0).any():
            at = np.maximum(node, 0)
            goes_left = rows[every, self._feature[self._trees, at]] <= self._threshold[self._trees, at]
            following = np.where(goes_left, self._left[self._trees, at], self._right[self._trees, at])
            node = np.where(inner, following, node)
        return np.asarray(self._leaf[self._trees, -node - 1].sum(axis=1))


@lru_cache(maxsize=1)
def shipped_ranker() -> Ranker:
    """Return the trees that ship."""
    return Ranker.load()
