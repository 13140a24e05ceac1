"""All that the chooser looks at, for every candidate of a question: its texts, the bank of questions, what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

import numpy as np

from rag.choosing.bank_features import BANK_FEATURES, MISSING_FEATURES, Pointed, bank_columns, missing_columns
from rag.choosing.text_features import TEXT_FEATURES, Texts, text_columns
from rag.index.arrays import Floats
from rag.index.traits import TRAITS
from rag.question.cues import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.choosing.form import Fitting
    from rag.choosing.telling import Told
    from rag.index.entries import Entries
    from rag.index.lexical import Frequencies
    from rag.index.question_bank import Likeness, QuestionBank
    from rag.index.token_index import TokenNumbers

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
    *(f"kind_{kind}" for kind in get_args(Kind)),
    *GIVEN_FEATURES,
    *CONTEXT_FEATURES,
    *COVERED_FEATURES,
    *FITTING_FEATURES,
    *TOLD_FEATURES,
)


@dataclass(frozen=True, slots=True)
class AskedWords:
    """A question as the features see it: its words in both forms, as the bank has them, and the kind of answer wanted."""

    exact: Sequence[str]
    folded: Sequence[str]
    words: Sequence[str]
    kind: str


@dataclass(frozen=True, slots=True)
class Before:
    """What went before in a conversation: the words of both questions together, and what was cited."""

    words: Sequence[str]
    likeness: Likeness | None
    pointed: Pointed | None
    cited: frozenset[int]
    beside: frozenset[int]


def features(
    asked: AskedWords,
    entries: Entries,
    texts: Texts,
    found: Mapping[str, Mapping[int, float]],
    index: TokenNumbers,
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
    kinds = np.tile(np.array([kind == asked.kind for kind in get_args(Kind)], dtype=np.float32), (len(ids), 1))
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


def _context_columns(before: Before | None, ids: Sequence[int], texts: Texts, index: TokenNumbers, bank: QuestionBank | None) -> Floats:
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
