"""All that the chooser looks at, for every candidate of a question: its texts, the bank of questions, what it is.

The bank says which provisions people meant who asked alike; words of the question that neither a provision nor any
question about it has speak against it, the more the rarer they are in questions.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rag.choosing.texts import TEXT_FEATURES, Floats, Texts, text_columns
from rag.index.traits import TRAITS
from rag.language.text import data_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.choosing.form import Fitting
    from rag.choosing.telling import Told
    from rag.finding.questions import Likeness, QuestionBank
    from rag.index.entries import Entries
    from rag.index.lexical import Frequencies
    from rag.index.tokens import Vocabulary

KINDS = (
    *("deadline", "frequency", "contact", "address", "figure", "document", "list", "procedure"),
    *("yesno", "who", "definition", "place", "general"),
)
BANK_FEATURES = (
    *("asked_best", "asked_second", "asked_sum", "asked_best_ratio", "asked_sum_ratio", "asked_near", "asked_near_ratio"),
    *("unanswered_best", "unanswered_gap", "unanswered_near", "asked_top", "asked_near_top", "asked_count", "asked_document_share"),
    *("asked_all", "asked_all_ratio", "learnt", "learnt_gap", "learnt_unanswered", "learnt_unanswered_gap"),
)
MISSING_FEATURES = ("held", "held_or_asked", "missing_most", "missing_sum", "missing_telling", "unheard_most")
GIVEN_FEATURES = ("named", "placed", "lexical_ratio", "words_asked")
CONTEXT_FEATURES = (
    "follows",
    "cited",
    "cited_beside",
    "context_best",
    "context_sum_ratio",
    "context_near",
    "context_held",
    "context_learnt",
)
COVERED_FEATURES = ("covered", "covered_gap")
FITTING_FEATURES = ("formed", "labelled", "called")
TOLD_FEATURES = ("told", "told_ahead", "told_around", "told_pairs", "untold_most", "untold_sum", "unknown_most", "beyond_title")
FEATURES = (
    *TEXT_FEATURES,
    *BANK_FEATURES,
    *MISSING_FEATURES,
    *TRAITS,
    *(f"kind_{kind}" for kind in KINDS),
    *GIVEN_FEATURES,
    *CONTEXT_FEATURES,
    *COVERED_FEATURES,
    *FITTING_FEATURES,
    *TOLD_FEATURES,
)
_LIKE = 0.08  # questions that are less like it are not
_ALIKE = 30  # questions of the bank that are listened to
_TELLING = 3.0  # a word that one question in twenty or fewer has
_MANY = 60.0
_NO_BANK = -1.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the features see it: its words in both forms, as the bank has them, and the kind of answer wanted."""

    exact: Sequence[str]
    folded: Sequence[str]
    words: Sequence[str]
    kind: str


@dataclass(frozen=True, slots=True)
class Pointed:
    """The provisions that like questions point at, each with how like these are, the most like first."""

    words: dict[int, list[float]]
    vectors: dict[int, list[float]]

    @classmethod
    def of(cls, bank: QuestionBank, likeness: Likeness) -> Pointed:
        """Return what the bank brings as candidates."""
        return cls(_pointed_at(bank, likeness.words, _LIKE), _pointed_at(bank, likeness.vectors, 0.0))


@dataclass(frozen=True, slots=True)
class Before:
    """What went before in a conversation: the words of both questions together, and what was cited."""

    words: Sequence[str]
    likeness: Likeness | None
    pointed: Pointed | None
    cited: frozenset[int]
    beside: frozenset[int]


def features(
    asked: Asked,
    entries: Entries,
    texts: Texts,
    found: Mapping[str, Mapping[int, float]],
    index: Vocabulary,
    lexical: Frequencies,
    *,
    bank: QuestionBank | None = None,
    likeness: Likeness | None = None,
    pointed: Pointed | None = None,
    named: frozenset[str] = frozenset(),
    placed: Mapping[int, float] | None = None,
    before: Before | None = None,
    covered: Mapping[int, float] | None = None,
    fitting: Mapping[int, Fitting] | None = None,
    told: Mapping[int, Told] | None = None,
) -> Floats:
    """Return one row of ``FEATURES`` for each of ``entries``, whose tokens are ``texts``; shape (entries, len(FEATURES)).

    ``found`` has what the words (``lexical``) and the vectors (``cosine``) say of some of them; ``named`` are the
    documents that the question names, ``placed`` how well (0-1) the place that it names fits a provision. ``covered`` is the
    share of the question that stands in one sentence and around it, of some of them, where no bank helps, ``fitting`` how
    the form of these fits, ``told`` how much of what is asked beyond the document's title they tell.
    """
    ids, documents = entries.ids.tolist(), entries.documents
    lexical_scores, placed = found["lexical"], placed or {}
    most = max(lexical_scores.values(), default=1.0)
    columns = text_columns({"exact": asked.exact, "folded": asked.folded}, texts, ids, found["cosine"], documents, index, lexical)
    given = np.array(
        [
            (_named(document, named), placed.get(id_, 0.0), lexical_scores.get(id_, 0.0) / most, len(asked.words))
            for id_, document in zip(ids, documents, strict=True)
        ],
        dtype=np.float32,
    ).reshape(len(ids), len(GIVEN_FEATURES))
    kinds = np.tile(np.array([kind == asked.kind for kind in KINDS], dtype=np.float32), (len(ids), 1))
    return np.concatenate(
        [
            columns,
            bank_columns(bank, likeness, pointed, ids, documents),
            missing_columns(list(dict.fromkeys(asked.words)), ids, texts, index, bank, likeness),
            entries.traits,
            kinds,
            given,
            _context_columns(before, ids, texts, index, bank),
            _covered_columns(covered or {}, ids),
            _fitting_columns(fitting or {}, ids),
            _told_columns(told or {}, ids),
        ],
        axis=1,
    ).astype(np.float32)


def _covered_columns(covered: Mapping[int, float], ids: Sequence[int]) -> Floats:
    most = max(covered.values(), default=0.0)
    rows = [(covered[id_], most - covered[id_]) if id_ in covered else (-1.0, -1.0) for id_ in ids]
    return np.array(rows, dtype=np.float32).reshape(len(ids), len(COVERED_FEATURES))


def _fitting_columns(fitting: Mapping[int, Fitting], ids: Sequence[int]) -> Floats:
    rows = [(one.formed, one.labelled, one.called) if (one := fitting.get(id_)) else (-1.0, -1.0, -1.0) for id_ in ids]
    return np.array(rows, dtype=np.float32).reshape(len(ids), len(FITTING_FEATURES))


def _told_columns(told: Mapping[int, Told], ids: Sequence[int]) -> Floats:
    shares = sorted((one.told for one in told.values()), reverse=True)
    rows = []
    for id_ in ids:
        if (one := told.get(id_)) is None:
            rows.append((-1.0,) * len(TOLD_FEATURES))
            continue
        best_other = shares[1] if len(shares) > 1 and one.told == shares[0] else shares[0] if one.told < shares[0] else 0.0
        rows.append((one.told, one.told - best_other, one.around, one.pairs, one.untold_most, one.untold, one.unknown_most, one.beyond))
    return np.array(rows, dtype=np.float32).reshape(len(ids), len(TOLD_FEATURES))


def _named(document: str, named: frozenset[str]) -> float:
    """1 where the question names this document, -1 where it names another, 0 where it names none."""
    return 0.0 if not named else 1.0 if document in named else -1.0


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
    words: list[str], ids: Sequence[int], texts: Texts, index: Vocabulary, bank: QuestionBank | None, likeness: Likeness | None
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


def _context_columns(before: Before | None, ids: Sequence[int], texts: Texts, index: Vocabulary, bank: QuestionBank | None) -> Floats:
    if before is None:
        return np.zeros((len(ids), len(CONTEXT_FEATURES)), dtype=np.float32)
    alike, near = (before.pointed.words, before.pointed.vectors) if before.pointed else ({}, {})
    sums = {id_: sum(value * value for value in values) for id_, values in alike.items()}
    weight = max(sums.values(), default=1e-6)
    held = missing_columns(list(dict.fromkeys(before.words)), ids, texts, index, bank, before.likeness)[:, 1]
    learnt = before.likeness.learnt if before.likeness else {}
    rows = [
        (
            1.0,
            id_ in before.cited,
            id_ in before.beside,
            *(alike.get(id_, [0.0])[0], sums.get(id_, 0.0) / weight, near.get(id_, [0.0])[0]),
            *(share, learnt.get(id_, 0.0)),
        )
        for id_, share in zip(ids, held, strict=True)
    ]
    return np.array(rows, dtype=np.float32).reshape(len(ids), len(CONTEXT_FEATURES))


@lru_cache(maxsize=1)
def _questions_with() -> tuple[int, dict[str, int]]:
    content = json.loads(data_text("question_words.json"))
    return content["questions"], content["words"]


@lru_cache(maxsize=20_000)
def question_rarity(word: str) -> float:
    """Return how rare a folded word is in questions: small for ``em``, ``là``, large for what tells a question apart."""
    size, counts = _questions_with()
    return math.log((size + 1) / (counts.get(word, 0) + 0.5))
