"""Fits the chooser to an encoder that it was not learnt with, on the bank of an index; takes some seconds.

A sample of the bank's questions is asked with their writers unheard. The weights of what the encoder sees are those that make
the right provisions likeliest among the candidates (a softmax over the trees' scores), the curve of how sure to be is a
logistic regression on what comes out.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rag.choosing.chooser import Chooser
from rag.choosing.features import FEATURES
from rag.choosing.fit import Fit, Scale, seen
from rag.finding.search import Searcher
from rag.index.arrays import Floats
from rag.index.bank import BankEntry, BankIndex
from rag.index.snapshot import Snapshot
from rag.index.vectors import Encoder
from rag.language.numbers import number_key
from rag.question.understanding import understand
from rag.training.chooser_examples import addresses, right_ones

_SAMPLE = 400
_FOLDS = 3
_FEWEST = 60  # questions below which nothing is fitted
_PENALTY = 0.02
_STEPS, _RATE = 300, 0.3
_COSINE = FEATURES.index("cosine")


@dataclass(frozen=True, slots=True)
class _Asked:
    rows: Floats
    right: NDArray[np.bool_]
    documents: list[str]


def fit_encoder(
    snapshot: Snapshot, encoder: Encoder, parts: Sequence[BankIndex], chooser: Chooser, say: Callable[[str], None]
) -> Fit | None:
    """Return what fits ``chooser`` to ``encoder`` on the bank ``parts``; ``None`` where that has too few questions."""
    own = {number_key(document.number) for document in snapshot.store.documents() if document.present}
    entries = [entry for part in parts for entry in part.entries if number_key(entry.document) in own and not entry.after]
    if len(entries) < _FEWEST:
        return None
    sample = random.Random(0).sample(entries, min(_SAMPLE, len(entries)))
    plain = Fit(1.0, 0.0, (0.0, 0.0, 0.0), (1.0, 0.0))
    cosines = np.concatenate([one.rows[:, _COSINE] for one in _asked(snapshot, encoder, parts, sample[:_FEWEST], plain)])
    scaled = _to_scale(Scale(float(cosines.mean()), max(float(cosines.std()), 1e-6)), chooser.scale)
    asked = _asked(snapshot, encoder, parts, sample, replace(plain, slope=scaled[0], shift=scaled[1]))
    scores = [chooser.scores(one.rows) for one in asked]
    weights = _weights(asked, scores)
    fit = Fit(*scaled, weights, (1.0, 0.0))
    better = [score + fit.added(one.rows) for one, score in zip(asked, scores, strict=True)]
    sure = np.array([chooser.sureness(one.rows, score, one.documents) for one, score in zip(asked, better, strict=True)])
    fit = replace(fit, curve=_curve(sure, np.array([bool(one.right[np.argmax(score)]) for one, score in zip(asked, better, strict=True)])))
    before, after = (_first(asked, values) for values in (scores, better))
    say(f"Khớp bộ chọn với bộ mã hóa {encoder.name} trên {len(sample)} câu: đúng ngay chỗ đầu {before:.1%} → {after:.1%}")
    return fit


def _to_scale(own: Scale, known: Scale) -> tuple[float, float]:
    slope = known.spread / own.spread
    return slope, known.mean - slope * own.mean


def _asked(snapshot: Snapshot, encoder: Encoder, parts: Sequence[BankIndex], sample: Sequence[BankEntry], fit: Fit) -> list[_Asked]:
    """Ask every question of the sample with its own writer, and those of the same fold, unheard."""
    writers = sorted({entry.writer for entry in sample})
    fold = {writer: at % _FOLDS for at, writer in enumerate(writers)}
    found = []
    for number in range(_FOLDS):
        unheard = frozenset(writer for writer in writers if fold[writer] == number)
        searcher = Searcher(snapshot, encoder, parts, unheard, fit)
        for entry in (entry for entry in sample if fold[entry.writer] == number):
            considered = searcher.considered(understand(entry.question, searcher.diacritics), None, searcher.pool, searcher.bank)
            if considered.ids:
                found.append(_Asked(considered.rows, right_ones(searcher, considered, addresses(entry)), considered.documents))
    return found


def _weights(asked: Sequence[_Asked], scores: Sequence[NDArray[np.float64]]) -> tuple[float, float, float]:
    weights = np.zeros(3)
    useful = [(seen(one.rows), one.right, score) for one, score in zip(asked, scores, strict=True) if one.right.any()]
    for _ in range(_STEPS):
        slope = np.zeros(3)
        for columns, right, score in useful:
            chance = _softmax(score + columns @ weights)
            wanted = np.where(right, chance, 0.0)
            slope += (wanted / max(float(wanted.sum()), 1e-12) - chance) @ columns
        weights = np.maximum(weights + _RATE * (slope / max(1, len(useful)) - _PENALTY * weights), 0.0)
    return float(weights[0]), float(weights[1]), float(weights[2])


def _softmax(values: NDArray[np.float64]) -> NDArray[np.float64]:
    raised: NDArray[np.float64] = np.exp(values - values.max())
    shares: NDArray[np.float64] = raised / raised.sum()
    return shares


def _curve(sure: NDArray[np.float64], right: NDArray[np.bool_]) -> tuple[float, float]:
    """Logistic regression of ``right`` on the logit of ``sure``, by Newton's method, drawn a little to no change."""
    clipped = np.clip(sure, 1e-6, 1 - 1e-6)
    columns = np.stack([np.log(clipped / (1 - clipped)), np.ones(len(sure))], axis=1)
    values = np.array([1.0, 0.0])
    for _ in range(20):
        chance = 1 / (1 + np.exp(-(columns @ values)))
        slope = columns.T @ (right - chance) - (values - np.array([1.0, 0.0]))
        bend = (columns * (chance * (1 - chance))[:, None]).T @ columns + np.eye(2)
        values = values + np.linalg.solve(bend, slope)
    return float(values[0]), float(values[1])


def _first(asked: Sequence[_Asked], scores: Sequence[NDArray[np.float64]]) -> float:
    found = [bool(one.right[np.argmax(score)]) for one, score in zip(asked, scores, strict=True) if one.right.any()]
    return sum(found) / max(1, len(found))
