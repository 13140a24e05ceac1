"""What the bank of questions says of every candidate: which provisions people meant who asked alike, and what nobody asked of them.

Words of the question that neither a provision nor any question about it has speak against it, the more the rarer they are
in questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rag.choosing.rarity import question_rarity
from rag.choosing.text_features import Texts
from rag.index.arrays import Floats

if TYPE_CHECKING:
    from rag.index.question_bank import Likeness, QuestionBank
    from rag.index.token_index import TokenNumbers

BANK_FEATURES = (
    *("asked_best", "asked_second", "asked_sum", "asked_best_ratio", "asked_sum_ratio", "asked_near", "asked_near_ratio"),
    *("unanswered_best", "unanswered_gap", "unanswered_near", "asked_top", "asked_near_top", "asked_count", "asked_document_share"),
    *("asked_all", "asked_all_ratio", "learnt", "learnt_gap", "learnt_unanswered", "learnt_unanswered_gap"),
)
MISSING_FEATURES = ("held", "held_or_asked", "missing_most", "missing_sum", "missing_telling", "unheard_most")
_LIKE = 0.08  # questions that are less like it are not
_ALIKE = 30  # questions of the bank that are listened to
_TELLING = 3.0  # a word that one question in twenty or fewer has
_MANY = 60.0
_NO_BANK = -1.0


@dataclass(frozen=True, slots=True)
class Pointed:
    """The provisions that like questions point at, each with how like these are, the most like first."""

    words: dict[int, list[float]]
    vectors: dict[int, list[float]]

    @classmethod
    def of(cls, bank: QuestionBank, likeness: Likeness) -> Pointed:
        """Return what the bank brings as candidates."""
        return cls(_pointed_at(bank, likeness.words, _LIKE), _pointed_at(bank, likeness.vectors, 0.0))


def bank_columns(
    bank: QuestionBank | None, likeness: Likeness | None, pointed: Pointed | None, ids: Sequence[int], documents: Sequence[str]
) -> Floats:
    """Return ``BANK_FEATURES`` for each of ``ids``."""
    if bank is None or likeness is None or pointed is None:
        return np.full((len(ids), len(BANK_FEATURES)), _NO_BANK, dtype=np.float32)
    alike, near = pointed.words, pointed.vectors
    of = dict(zip(ids, documents, strict=True))
    by_document: dict[str, float] = {}
    for id_, values in alike.items():
        by_document[of.get(id_, "")] = by_document.get(of.get(id_, ""), 0.0) + sum(value * value for value in values)
    sums = {id_: sum(value * value for value in values) for id_, values in alike.items()}
    best, most = (max(values, default=0.0) for values in ((v[0] for v in alike.values()), sums.values()))
    nearest, weight = max((v[0] for v in near.values()), default=0.0), sum(by_document.values())
    everything = bank.summed(likeness.words)
    most_of_all, surest = max(float(everything.max(initial=0.0)), 1e-6), max(likeness.learnt.values(), default=0.0)
    against = {document: _unanswered(bank, likeness, document) for document in set(documents)}
    rows = []
    for id_, document in zip(ids, documents, strict=True):
        values, close = alike.get(id_, []), near.get(id_, [])
        own = values[0] if values else 0.0
        rows.append(
            (
                own,
                values[1] if len(values) > 1 else 0.0,
                sums.get(id_, 0.0),
                own / max(best, 1e-6),
                sums.get(id_, 0.0) / max(most, 1e-6),
                close[0] if close else 0.0,
                close[0] / max(nearest, 1e-6) if close else 0.0,
                against[document][0],
                own - against[document][0],
                against[document][1],
                max(best, against[document][0]),
                max(nearest, against[document][1]),
                min(float(bank.counts.get(id_, 0)), _MANY),
                by_document.get(document, 0.0) / max(weight, 1e-6),
                whole := float(everything[id_]) if id_ < len(everything) else 0.0,
                whole / most_of_all,
                likeness.learnt.get(id_, 0.0),
                surest - likeness.learnt.get(id_, 0.0),
                likeness.learnt_unanswered.get(document, 0.0),
                likeness.learnt.get(id_, 0.0) - likeness.learnt_unanswered.get(document, 0.0),
            )
        )
    return np.array(rows, dtype=np.float32).reshape(len(ids), len(BANK_FEATURES))


def _pointed_at(bank: QuestionBank, values: NDArray[np.float64], minimum: float) -> dict[int, list[float]]:
    """Return the provisions that the most like questions point at, each with how like these are, the most like first."""
    top = np.argpartition(-values, _ALIKE)[:_ALIKE] if len(values) > _ALIKE else np.arange(len(values))
    top = top[values[top] > minimum]
    top = top[np.argsort(-values[top], kind="stable")]
    found: dict[int, list[float]] = {}
    for place, owner in zip(*bank.owners_of(top), strict=True):
        found.setdefault(int(owner), []).append(float(values[top[place]]))
    return found


def _unanswered(bank: QuestionBank, likeness: Likeness, document: str) -> tuple[float, float]:
    """How like the likest questions are that this document is known not to answer."""
    rows = bank.unanswered_of(document)
    return (float(likeness.words[rows].max()), float(likeness.vectors[rows].max())) if len(rows) else (0.0, 0.0)


def missing_columns(
    words: list[str], ids: Sequence[int], texts: Texts, index: TokenNumbers, bank: QuestionBank | None, likeness: Likeness | None
) -> Floats:
    """Return ``MISSING_FEATURES`` for each of ``ids``: how much of the question is known of each provision."""
    if not words or not ids:
        return np.zeros((len(ids), len(MISSING_FEATURES)), dtype=np.float32)
    weights = np.array([question_rarity(word) for word in words], dtype=np.float32)
    held = texts.holding(words, index)
    asked = held | _asked_with(words, ids, bank) if bank is not None and likeness is not None else held
    total = max(float(weights.sum()), 1e-6)
    missing = weights[:, None] * ~asked
    unheard = np.max(weights * ~held.any(axis=1), initial=0.0)
    return np.stack(
        [
            weights @ held / total,
            weights @ asked / total,
            missing.max(axis=0),
            missing.sum(axis=0),
            (missing > _TELLING).sum(axis=0),
            np.full(len(ids), unheard),
        ],
        axis=1,
    ).astype(np.float32)


def _asked_with(words: Sequence[str], ids: Sequence[int], bank: QuestionBank) -> NDArray[np.bool_]:
    """Return which words stand in a question of the bank that points at which provision."""
    slots = np.full(max(max(ids), int(bank.owners.max(initial=0))) + 1, -1, dtype=np.int64)
    slots[np.array(ids, dtype=np.int64)] = np.arange(len(ids))
    found = np.zeros((len(words), len(ids)), dtype=bool)
    for at, word in enumerate(words):
        place = slots[bank.asked_with(word)]
        found[at, place[place >= 0]] = True
    return found
