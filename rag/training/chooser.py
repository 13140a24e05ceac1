"""Learns to choose from questions whose provisions are known, with LightGBM: the order of candidates, and how sure it is.

Writers are parted into folds: whatever is judged was ranked by trees that saw only other writers' questions, with its own
writer's questions out of the bank. How sure the chooser is, is learnt from these rankings, again by folds; the levels
from which on it answers and offers are set on what comes out. The figures are written beside the trees.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import lightgbm
import numpy as np
from numpy.typing import NDArray

from rag.choosing.chooser import SURENESS_FEATURES, sureness_row
from rag.choosing.features import FEATURES
from rag.training.chooser_examples import Example, hardest

_COMMON: Mapping[str, Any] = {"seed": 0, "deterministic": True, "num_threads": 2, "force_row_wise": True, "verbose": -1, "bagging_freq": 1}
_RANKING: Mapping[str, Any] = {
    **_COMMON,
    "objective": "lambdarank",
    "learning_rate": 0.06,
    "num_leaves": 16,
    "max_depth": 7,
    "min_child_samples": 50,
    "bagging_fraction": 0.7,
    "feature_fraction": 0.4,
    "lambda_l2": 5.0,
    "lambdarank_truncation_level": 10,
}
_SURENESS: Mapping[str, Any] = {
    **_COMMON,
    "objective": "binary",
    "learning_rate": 0.03,
    "num_leaves": 20,
    "min_child_samples": 60,
    "bagging_fraction": 0.6,
    "feature_fraction": 0.3,
    "lambda_l2": 10.0,
}
_RANKING_TREES, _SURENESS_TREES = 220, 400
_SPEAKS_FOR = frozenset(
    (
        *("first", "ahead", "ahead_of_third", "told", "told_ahead", "told_around", "told_pairs", "covered", "formed", "labelled", "called"),
        *("held", "held_or_asked", "cosine", "cosine_ratio", "words", "pairs", "words_32", "words_128", "headed_32", "headed_128"),
    )
)
_SPEAKS_AGAINST = frozenset(
    (
        *("untold_most", "untold_sum", "unknown_most", "missing_most", "missing_sum", "missing_telling", "unheard_most"),
        *("covered_gap", "cosine_gap"),
    )
)
_FEW_RANKING: Mapping[str, Any] = {"num_leaves": 12, "min_child_samples": 30}
_FEW_SURENESS: Mapping[str, Any] = {"num_leaves": 8, "min_child_samples": 30}
FOLDS = 5
_LEARNT_FROM = 45  # wrong candidates of a question
Found = tuple[NDArray[np.bool_], int]
"""Of one question: right or not by rank, and how many right ones were no candidates."""


def folds_of(examples: Sequence[Example]) -> dict[str, int]:
    """Return the fold of each writer, of each question where it has none; the folds are about equally large."""
    sizes: dict[str, int] = {}
    for example in examples:
        sizes[_group(example)] = sizes.get(_group(example), 0) + 1
    loads, folds = [0] * FOLDS, dict[str, int]()
    for group in sorted(sizes, key=lambda name: (-sizes[name], name)):
        folds[group] = loads.index(min(loads))
        loads[folds[group]] += sizes[group]
    return folds


def _group(example: Example) -> str:
    return example.writer or example.question


def signs(names: Sequence[str]) -> list[int]:
    """Return which way each feature may speak: for a candidate, against it, or either; of few examples, noise is not to decide that."""
    plain = [name.removeprefix("of_first_") for name in names]
    return [(name in _SPEAKS_FOR) - (name in _SPEAKS_AGAINST) for name in plain]


def fit_ranking(examples: Sequence[Example], *, few: bool = False) -> lightgbm.Booster:
    """Return trees learnt from all ``examples`` that have a right candidate; of ``few`` documents, only plain ones."""
    useful = [_thinned(example) for example in examples if example.right.any()]
    data = lightgbm.Dataset(
        np.concatenate([rows for rows, _ in useful]),
        np.concatenate([right for _, right in useful]).astype(int),
        group=[len(right) for _, right in useful],
        feature_name=list(FEATURES),
    )
    plain = {**_FEW_RANKING, "monotone_constraints": signs(FEATURES)} if few else {}
    return lightgbm.train({**_RANKING, **plain}, data, _RANKING_TREES)


def _thinned(example: Example) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return the right candidates and those wrong ones that look best: the others teach little and take most of the time."""
    keep = hardest(example.rows, example.right, _LEARNT_FROM)
    return example.rows[keep], example.right[keep]


def fit_sureness(rows: NDArray[np.float32], right: NDArray[np.bool_], *, few: bool = False) -> lightgbm.Booster:
    """Return trees that tell from ``SURENESS_FEATURES`` whether the first candidate answers; of ``few`` documents, only plain ones."""
    plain = {**_FEW_SURENESS, "monotone_constraints": signs(SURENESS_FEATURES)} if few else {}
    data = lightgbm.Dataset(rows, right.astype(int), feature_name=list(SURENESS_FEATURES))
    return lightgbm.train({**_SURENESS, **plain}, data, _SURENESS_TREES)


def held_out_scores(examples: Sequence[Example], folds: Mapping[str, int], *, few: bool = False) -> list[NDArray[np.float64]]:
    """Return the scores of every example's candidates by trees that saw other writers only."""
    scores: list[NDArray[np.float64]] = [np.zeros(0)] * len(examples)
    for fold in range(FOLDS):
        trees = fit_ranking([example for example in examples if folds[_group(example)] != fold], few=few)
        for at, example in enumerate(examples):
            if folds[_group(example)] == fold:
                scores[at] = np.asarray(trees.predict(example.rows)) if len(example.rows) else np.zeros(0)
    return scores


class Judged(NamedTuple):
    """How sure the chooser is of each example, whether it is right to be, and what it saw."""

    sure: NDArray[np.float64]
    right: NDArray[np.bool_]
    rows: NDArray[np.float32]


def held_out_sureness(
    examples: Sequence[Example], scores: Sequence[NDArray[np.float64]], folds: Mapping[str, int], *, few: bool = False
) -> Judged:
    """Return how sure the chooser is of each example, as other folds taught it."""
    rows = np.stack([sureness_row(example.rows, score, list(example.documents)) for example, score in zip(examples, scores, strict=True)])
    right = np.array([bool(example.right[int(np.argmax(score))]) for example, score in zip(examples, scores, strict=True)])
    fold = np.array([folds[_group(example)] for example in examples])
    sure = np.zeros(len(examples))
    for number in range(FOLDS):
        if (fold == number).any():
            sure[fold == number] = fit_sureness(rows[fold != number], right[fold != number], few=few).predict(rows[fold == number])
    return Judged(sure, right, rows)


def figures(found: Sequence[Found]) -> dict[str, float]:
    """Return R@1, R@3, R@10, R@100 and MRR@10, the means over questions given as (right or not by rank, missed)."""
    result = {f"R@{k}": float(np.mean([right[:k].sum() / max(1, right.sum() + missed) for right, missed in found])) for k in (1, 10, 100)}
    for k in (1, 3):
        result[f"first {k}"] = float(np.mean([right[:k].any() for right, _ in found]))
    first = [int(np.argmax(right)) if right[:10].any() else None for right, _ in found]
    result["MRR@10"] = float(np.mean([0.0 if at is None else 1 / (at + 1) for at in first]))
    return {name: round(value, 4) for name, value in result.items()}


def ranked_figures(examples: Sequence[Example], scores: Sequence[NDArray[np.float64]]) -> dict[str, dict[str, float]]:
    """Return the figures of each variant over its answerable questions."""
    groups: dict[str, list[Found]] = {}
    for example, score in zip(examples, scores, strict=True):
        if example.answerable:
            groups.setdefault(example.variant, []).append((example.right[np.argsort(-score, kind="stable")], example.missed))
    return {variant: {**figures(found), "questions": len(found)} for variant, found in sorted(groups.items())}


def outcome(sure: NDArray[np.float64], right: NDArray[np.bool_], answerable: NDArray[np.bool_], level: float) -> dict[str, float]:
    """Return what answering from ``level`` on makes: shares of the answerable questions, and of the others answered."""
    said = sure >= level
    told = {"right": said & right, "wrong": said & ~right, "not answered": ~said}
    shares = {name: round(float(values[answerable].mean()), 4) for name, values in told.items() if answerable.any()}
    return shares | ({"unanswerable not answered": round(float((~said)[~answerable].mean()), 4)} if (~answerable).any() else {})


def write(
    path: Path, examples: Sequence[Example], levels: Mapping[str, float], told: Mapping[str, Any], *, few: bool = False
) -> dict[str, Any]:
    """Learn from all ``examples``, write the trees with their figures, and return these; ``few``: they are of few documents."""
    judged = [example for example in examples if len(example.rows)]
    folds = folds_of(judged)
    scores = held_out_scores(judged, folds, few=few)
    sure, right, rows = held_out_sureness(judged, scores, folds, few=few)
    answerable = np.array([example.answerable for example in judged])
    variants = np.array([example.variant for example in judged])
    told_of = {
        name: outcome(sure[variants == name], right[variants == name], answerable[variants == name], levels["answer"])
        for name in sorted(set(variants))
    }
    validated = {"ranking": ranked_figures(judged, scores), "answering": told_of}
    content = {
        **told,
        "settings": {"ranking": dict(_RANKING), "sureness": dict(_SURENESS)},
        "cross_validation": validated,
        "levels": dict(levels),
        "cosines": _scale(judged),
        "features": list(FEATURES),
        "ranking": _trees(fit_ranking(judged, few=few)),
        "sureness": _trees(fit_sureness(rows, right, few=few)),
    }
    path.write_text(json.dumps(content, ensure_ascii=False) + "\n", encoding="utf-8")
    return validated


def _scale(examples: Sequence[Example]) -> dict[str, float]:
    """The mean and the spread of the cosines of a shelf's candidates, to which another encoder's are brought."""
    cosines = np.concatenate([example.rows[:, FEATURES.index("cosine")] for example in examples if example.writer])
    return {"mean": round(float(cosines.mean()), 4), "spread": round(float(cosines.std()), 4)}


def _trees(booster: lightgbm.Booster) -> list[dict[str, list[float]]]:
    return [_flat(tree["tree_structure"]) for tree in booster.dump_model()["tree_info"]]


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
