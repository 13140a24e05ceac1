"""Trees read with numpy say what they say by hand."""

from __future__ import annotations

import numpy as np
import pytest

from rag.choosing.trees import Trees

# feature 0 at most 1.0: leaf 0; else feature 1 at most 5.0: leaf 1, else leaf 2
DEEP = {"feature": [0, 1], "threshold": [1.0, 5.0], "left": [-1, -2], "right": [1, -3], "leaf": [10.0, 20.0, 30.0]}
STUMP = {"feature": [1], "threshold": [4.0], "left": [-1], "right": [-2], "leaf": [0.5, -0.5]}


def score(trees: Trees, *rows: tuple[float, float]) -> list[float]:
    return list(trees.score(np.array(rows, dtype=np.float32)))


@pytest.mark.parametrize(
    ("row", "value"),
    [((0.0, 9.0), 10.0), ((1.0, 9.0), 10.0), ((1.5, 5.0), 20.0), ((1.5, 5.5), 30.0)],  # what is just at the threshold goes left
)
def test_a_row_goes_down_to_its_leaf(row, value):
    assert score(Trees([DEEP]), row) == [value]


def test_trees_of_different_depth_are_summed_for_every_row():
    trees = Trees([STUMP, DEEP, STUMP])

    assert score(trees, (0.0, 3.0), (2.0, 4.5), (2.0, 6.0)) == [11.0, 19.0, 29.0]
    assert trees.score(np.zeros((0, 2), dtype=np.float32)).tolist() == []


def test_a_child_may_stand_on_either_side():
    mirrored = {"feature": [0, 1], "threshold": [1.0, 5.0], "left": [1, -1], "right": [-3, -2], "leaf": [1.0, 2.0, 3.0]}

    assert score(Trees([mirrored]), (0.0, 0.0), (0.0, 6.0), (2.0, 0.0)) == [1.0, 2.0, 3.0]
