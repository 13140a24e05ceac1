"""A logistic regression on the names of what is seen in an example, small enough to be kept as JSON and read with NumPy alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

_SMALLEST = 0.01  # of the weights that are kept

Seen = Collection[str]
"""The names of what is seen in one example."""


class NamedLogistic:
    """Learns from examples how likely something is, given the names of what is seen with it."""

    def __init__(self, examples: Sequence[Seen], labels: Sequence[bool], strength: Callable[[str], float], c: float) -> None:
        """``strength`` says how much a name counts; the smaller ``c``, the stronger the penalty on weights."""
        self._strength = strength
        self._names = DictVectorizer()
        self._model = LogisticRegression(C=c, max_iter=2000)
        self._model.fit(self._names.fit_transform(map(self._row, examples)), list(labels))

    def _row(self, seen: Seen) -> dict[str, float]:
        return {name: self._strength(name) for name in sorted(seen)}

    def sureness(self, examples: Sequence[Seen]) -> NDArray[np.float64]:
        """Return the probability of each example, shape (examples,)."""
        return np.asarray(self._model.predict_proba(self._names.transform(map(self._row, examples)))[:, 1])

    def stored(self) -> dict[str, object]:
        """Return the bias and the weight of each name, its strength included."""
        named = zip(self._names.get_feature_names_out(), self._model.coef_[0], strict=True)
        weights = {name: round(float(weight) * self._strength(name), 3) for name, weight in named}
        kept = {name: weight for name, weight in weights.items() if abs(weight) >= _SMALLEST}
        return {"bias": round(float(self._model.intercept_[0]), 3), "weights": kept}
