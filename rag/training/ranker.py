"""Learns the order of candidates from questions whose provisions are known: LambdaMART, by LightGBM.

The figures of a cross-validation over questions are written beside the trees.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

from rag.choosing.features import FEATURES

_SETTINGS: Mapping[str, Any] = {
    "objective": "lambdarank",
    "learning_rate": 0.05,
    "num_leaves": 8,
    "min_child_samples": 40,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "feature_fraction": 0.4,
    "lambda_l2": 5.0,
    "lambdarank_truncation_level": 20,
    "seed": 0,
    "deterministic": True,
    "num_threads": 1,
    "verbose": -1,
}
_TREES = 240
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Example:
    """A question as typed in one way: the features of its candidates, and which of them are right.

    ``question`` tells the ways of typing one question apart from other questions; ``missed`` right ones were no
    candidates.
    """

    question: str
    variant: str
    rows: NDArray[np.float32]
    right: NDArray[np.bool_]
    missed: int


def fit(examples: Sequence[Example]) -> lightgbm.Booster:
    """Return trees learnt from all ``examples`` that have a right candidate."""
    useful = [example for example in examples if example.right.any()]
    data = lightgbm.Dataset(
        np.concatenate([example.rows for example in useful]),
        np.concatenate([example.right for example in useful]).astype(int),
        group=[len(example.right) for example in useful],
        feature_name=list(FEATURES),
    )
    return lightgbm.train(dict(_SETTINGS), data, _TREES)


def cross_validate(examples: Sequence[Example]) -> dict[str, dict[str, float]]:
    """Return the figures for each variant: every question is ranked by trees that saw other questions only."""
    names = sorted({example.question for example in examples})
    folds = dict(zip(names, np.random.default_rng(0).permutation(len(names)) % FOLDS, strict=True))
    ranked: dict[str, list[tuple[NDArray[np.bool_], int]]] = {}
    for fold in range(FOLDS):
        trees = fit([example for example in examples if folds[example.question] != fold])
        for example in (example for example in examples if folds[example.question] == fold):
            order = np.argsort(-np.asarray(trees.predict(example.rows)), kind="stable")
            ranked.setdefault(example.variant, []).append((example.right[order], example.missed))
    return {variant: figures(found) for variant, found in ranked.items()}


def figures(found: Sequence[tuple[NDArray[np.bool_], int]]) -> dict[str, float]:
    """Return R@1, R@10, R@100 and MRR@10, the means over questions given as (right or not by rank, missed)."""
    result = {f"R@{k}": float(np.mean([right[:k].sum() / (right.sum() + missed) for right, missed in found])) for k in (1, 10, 100)}
    first = [int(np.argmax(right)) if right[:10].any() else None for right, _ in found]
    result["MRR@10"] = float(np.mean([0.0 if at is None else 1 / (at + 1) for at in first]))
    return {name: round(value, 4) for name, value in result.items()}


def write(path: Path, examples: Sequence[Example], told: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """Learn from all ``examples``, write the trees with their figures, and return these."""
    validated = cross_validate(examples)
    trees = [_flat(tree["tree_structure"]) for tree in fit(examples).dump_model()["tree_info"]]
    content = {**told, "settings": dict(_SETTINGS), "cross_validation": validated, "features": list(FEATURES), "trees": trees}
    path.write_text(json.dumps(content, ensure_ascii=False) + "\n", encoding="utf-8")
    return validated


def _flat(root: Mapping[str, Any]) -> dict[str, list[float]]:
    """A tree as lists by node; children that are leaves are ``-leaf - 1``."""
    tree: dict[str, list[float]] = {"feature": [], "threshold": [], "left": [], "right": [], "leaf": []}

    def add(node: Mapping[str, Any]) -> int:
        if "leaf_value" in node:
            tree["leaf"].append(node["leaf_value"])
            return -len(tree["leaf"])
        at = len(tree["feature"])
        for name, value in (("feature", node["split_feature"]), ("threshold", node["threshold"]), ("left", 0), ("right", 0)):
            tree[name].append(value)
        tree["left"][at] = add(node["left_child"])
        tree["right"][at] = add(node["right_child"])
        return at

    if add(root) < 0:  # a tree of one leaf
        tree.update(feature=[0], threshold=[0.0], left=[-1], right=[-1])
    return tree
