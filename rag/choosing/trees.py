"""Gradient-boosted trees that LightGBM learnt, read with numpy: importing LightGBM takes two seconds at every start."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Trees:
    """Trees to be summed. Each is lists of children (a negative one is leaf ``-child - 1``), and its leaves."""

    def __init__(self, trees: Sequence[dict[str, Any]]) -> None:
        nodes: list[tuple[int, float, int, int, float]] = []  # feature, threshold, left, right, value
        self._roots = np.zeros(len(trees), dtype=np.int64)
        for at, tree in enumerate(trees):
            root = self._roots[at] = len(nodes)
            leaves = root + len(tree["feature"])
            places = [[root + child if child >= 0 else leaves - child - 1 for child in tree[side]] for side in ("left", "right")]
            nodes += zip(tree["feature"], tree["threshold"], *places, [0.0] * len(tree["feature"]), strict=True)
            # A leaf leads to itself, so that all rows can go down all trees in step.
            nodes += [(0, math.inf, leaves + leaf, leaves + leaf, value) for leaf, value in enumerate(tree["leaf"])]
        feature, threshold, left, right, value = (np.array(column) for column in zip(*nodes, strict=True))
        self._feature, self._threshold, self._value = feature, threshold, value
        self._children = np.stack([left, right], axis=1).ravel()
        self._depth = max(_depth(tree) for tree in trees)

    def score(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the sum of the trees for each row of features."""
        values, start = rows.ravel(), np.arange(len(rows))[:, None] * rows.shape[1]
        node = np.broadcast_to(self._roots, (len(rows), len(self._roots)))
        for _ in range(self._depth):
            goes_right = values.take(start + self._feature.take(node)) > self._threshold.take(node)
            node = self._children.take(2 * node + goes_right)
        return np.asarray(self._value.take(node).sum(axis=1))


def _depth(tree: dict[str, Any], node: int = 0) -> int:
    return 0 if node < 0 else 1 + max(_depth(tree, tree["left"][node]), _depth(tree, tree["right"][node]))
