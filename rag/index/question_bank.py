"""The bank of questions, held against one snapshot: which provisions the like questions point at.

An entry whose document is not loaded sleeps; one whose section is gone points at what stood around it, and is counted
as moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.documents import Provision
from rag.index.arrays import Doubles, Ints
from rag.index.bank import ELSEWHERE, BankEntry, BankIndex, places_of
from rag.index.bank_learning import learn
from rag.index.store import Store
from rag.language.numbers import number_key
from rag.language.text import fold

_LISTENED = 12  # like questions
_AGREED = 0.7  # of their weight
_SAME = 0.6  # of the words of two provisions


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like each question of the bank is to the one asked: by its words (0-1), and by its vector (in deviations).

    ``learnt`` is what all of them together teach: the worth of each provision, and of each document for having no answer.
    """

    words: Doubles
    vectors: Doubles
    learnt: dict[int, float]
    learnt_unanswered: dict[str, float]


class QuestionBank:
    """The questions of a bank by the provisions of one store.

    ``without``: writers that are not listened to. ``successors``: which document replaced which; questions on the old one are
    also about what says the same in the same place of the new one.
    """

    def __init__(
        self,
        parts: Sequence[BankIndex],
        store: Store,
        numbers: Iterable[str],
        without: frozenset[str] = frozenset(),
        successors: Mapping[str, str] | None = None,
    ) -> None:
        self.parts = [part for part in parts if len(part)]
        self.entries = [entry for part in self.parts for entry in part.entries]
        loaded = {number_key(number): number for number in numbers}
        places = {key: _places(store.of_document(loaded[key])) for key in self._keys() & set(loaded)}
        self._successors = {number_key(old): number_key(new) for old, new in (successors or {}).items()}
        places |= {key: _places(store.of_document(loaded[key])) for key in {*self._successors.values()} & set(loaded) - set(places)}
        self.documents = [loaded.get(number_key(entry.document), "") for entry in self.entries]
        heard = np.array([entry.writer not in without for entry in self.entries], dtype=bool)
        self.awake = heard & np.array([bool(document) for document in self.documents], dtype=bool)
        self.unanswered = self.awake & np.array([not entry.sections for entry in self.entries], dtype=bool)
        self._unanswered: dict[str, Ints] = {}
        self._asked_with: dict[str, Ints] = {}
        self.moved: list[BankEntry] = []
        targets = [self._targets(entry, places, loaded) for entry in self.entries]
        self.exact = [tuple(provision.id for provision in found) for found in targets]
        self._outers = [tuple(provision.outer for provision in found) for found in targets]
        owners = [tuple(dict.fromkeys(found)) for found in self._outers]
        self.starts = np.fromiter(accumulate(map(len, owners), initial=0), dtype=np.int64)
        self.owners = np.array([id_ for found in owners for id_ in found], dtype=np.int64)
        numbers, counts = np.unique(self.owners, return_counts=True)
        self.counts = dict(zip(numbers.tolist(), counts.tolist(), strict=True))
        self._lengths = np.diff(self.starts)
        self._roots = np.sqrt(np.maximum(np.bincount(self.owners), 1)) if len(self.owners) else np.ones(1)
        self._vocabulary, self._holders = _holders([words for part in self.parts for words in part.tokens])
        self._learnt, self._learnt_places = self._what_is_learnt(places, loaded, heard[: len(self.parts[0]) if self.parts else 0])
        vectors = [part.vectors for part in self.parts if part.vectors is not None]
        self._vectors = np.concatenate(vectors).astype(np.float32) if vectors and len(vectors) == len(self.parts) else None

    @property
    def documents_asked(self) -> list[str]:
        """The document of each question that is awake."""
        return [document for document, awake in zip(self.documents, self.awake.tolist(), strict=True) if awake]

    def __len__(self) -> int:
        return len(self.entries)

    def _keys(self) -> set[str]:
        return {number_key(place.partition(ELSEWHERE)[0]) for part in self.parts for place in part.places}

    def _what_is_learnt(
        self, places: dict[str, dict[str, Provision]], loaded: dict[str, str], heard: NDArray[np.bool_]
    ) -> tuple[NDArray[np.float32] | None, list[tuple[int, str]]]:
        """Return the map of the large part for what is loaded, and (provision or -1, document) of each of its columns."""
        part = self.parts[0] if self.parts else None
        if part is None or part.learnt is None:
            return None, []
        columns, of = [], []
        for at, place in enumerate(part.places):
            number, _, section = place.rpartition(ELSEWHERE)
            known = places.get(number_key(number))
            if known is None:
                continue
            found = next((known[path] for path in _around(section) if path in known), None)
            columns.append(at)
            of.append((found.outer if found else -1, loaded[number_key(number)]))
        learnt: NDArray[Any] = part.learnt
        if not heard.all():  # some writers are not listened to
            rows = np.flatnonzero(heard)
            numbers = {place: at for at, place in enumerate(part.places)}
            targets = [[numbers[place] for place in places_of([part.entries[row]])] for row in rows]
            learnt = learn(part.sketches()[rows], targets, len(part.places))
        return np.ascontiguousarray(learnt[:, columns], dtype=np.float32), of

    def _targets(self, entry: BankEntry, places: dict[str, dict[str, Provision]], loaded: dict[str, str]) -> list[Provision]:
        found = []
        for address in entry.sections:
            number, _, section = address.rpartition(ELSEWHERE)
            known = places.get(number_key(number or entry.document), {})
            provision = next((known[path] for path in _around(section) if path in known), None)
            if provision is not None:
                found.append(provision)
                found += self._same_in_successor(provision, places)
            if known and (provision is None or provision.section != section):
                self.moved.append(entry)
        return found

    def _same_in_successor(self, provision: Provision, places: dict[str, dict[str, Provision]]) -> list[Provision]:
        successor = places.get(self._successors.get(number_key(provision.document), ""), {}).get(provision.section)
        return [successor] if successor and _says_the_same(provision, successor) else []

    def likeness(self, tokens: Sequence[str], vector: NDArray[np.float32] | None) -> Likeness:
        """Return how like each question is; those asleep are like nothing."""
        words = np.concatenate([part.likeness(tokens) for part in self.parts]) if self.parts else np.zeros(0)
        vectors = np.zeros(len(self))
        if self._vectors is not None and vector is not None and len(self) and vector.shape[0] == self._vectors.shape[1]:
            vectors = (self._vectors @ vector).astype(np.float64)
            vectors = (vectors - vectors.mean()) / max(float(vectors.std()), 1e-6)
        return Likeness(np.where(self.awake, words, 0.0), np.where(self.awake, vectors, 0.0), *self._taught(tokens, vector))

    def _taught(self, tokens: Sequence[str], vector: NDArray[np.float32] | None) -> tuple[dict[int, float], dict[str, float]]:
        """Return what is learnt of each provision, and of each document for having no answer."""
        provisions, unanswered = dict[int, float](), dict[str, float]()
        if self._learnt is None:
            return provisions, unanswered
        values = (self.parts[0].sketch(tokens, vector) @ self._learnt)[0]
        for (id_, document), value in zip(self._learnt_places, values.tolist(), strict=True):
            if id_ < 0:
                unanswered[document] = value
            else:
                provisions[id_] = max(value, provisions.get(id_, -1.0))
        return provisions, unanswered

    def owners_of(self, entries: Ints) -> tuple[Ints, Ints]:
        """Return which of ``entries`` (by place in it) owns which provision, one pair an owner."""
        lengths = self.starts[entries + 1] - self.starts[entries]
        first = self.starts[entries] - (np.cumsum(lengths) - lengths)
        at = np.repeat(first, lengths) + np.arange(int(lengths.sum()))
        return np.repeat(np.arange(len(entries)), lengths), self.owners[at]

    def summed(self, words: Doubles) -> Doubles:
        """Return for each provision by id the squared likeness of all questions on it, by the root of their number."""
        squared = np.repeat(words * words, self._lengths)
        sums = np.bincount(self.owners, weights=squared, minlength=len(self._roots))
        shares: Doubles = sums / self._roots
        return shares

    def focus(self, likeness: Likeness) -> dict[int, int]:
        """Return the inline item that like questions agree on, for each provision in which they point at one."""
        votes: dict[int, dict[int, float]] = {}
        for row in np.argsort(-likeness.words)[:_LISTENED]:
            for exact, outer in zip(self.exact[row], self._outers[row], strict=True):
                of = votes.setdefault(outer, {})
                of[exact] = of.get(exact, 0.0) + float(likeness.words[row]) ** 2
        best = {outer: max(of, key=lambda exact: of[exact]) for outer, of in votes.items()}
        return {
            outer: exact for outer, exact in best.items() if exact != outer and votes[outer][exact] >= _AGREED * sum(votes[outer].values())
        }

    def unanswered_of(self, document: str) -> Ints:
        """Return the entries that ``document`` is known not to answer."""
        if document not in self._unanswered:
            rows = np.flatnonzero(self.unanswered)
            self._unanswered[document] = rows[[self.documents[row] == document for row in rows]] if len(rows) else rows
        return self._unanswered[document]

    def asked_with(self, word: str) -> Ints:
        """Return the provisions that are asked about with ``word``."""
        if word not in self._asked_with:
            at = self._vocabulary.get(word, -1)
            rows = self._holders[at] if at >= 0 else np.zeros(0, dtype=np.int64)
            self._asked_with[word] = np.unique(self.owners_of(rows[self.awake[rows]])[1])
        return self._asked_with[word]


def _says_the_same(one: Provision, other: Provision) -> bool:
    """Whether most words of both are the same, as from one year's directive to the next's."""
    words, others = (set(fold(provision.whole_text).split()) for provision in (one, other))
    return len(words & others) >= _SAME * max(len(words), len(others), 1)


def _places(provisions: Iterable[Provision]) -> dict[str, Provision]:
    """The provisions by section; of a part and the paragraph that closes it, which share one, the paragraph."""
    found: dict[str, Provision] = {}
    for provision in provisions:
        known = found.get(provision.section)
        if known is None or (provision.text and not known.text):
            found[provision.section] = provision
    return found


def _around(section: str) -> Iterable[str]:
    """The section, and what it stands in (``II.2(3)`` → ``II.2`` → ``II``)."""
    while section:
        yield section
        section = section[: max(section.rfind(mark) for mark in ".-(")] if any(mark in section for mark in ".-(") else ""


def _holders(tokens: Sequence[Sequence[str]]) -> tuple[dict[str, int], list[Ints]]:
    """Return each word's number, and for each the entries it stands in."""
    each = [dict.fromkeys(words) for words in tokens]
    vocabulary = {word: number for number, word in enumerate(dict.fromkeys(chain.from_iterable(each)))}
    numbers = np.fromiter(map(vocabulary.__getitem__, chain.from_iterable(each)), dtype=np.int64)
    rows = np.repeat(np.arange(len(each)), [len(words) for words in each])
    order = np.argsort(numbers, kind="stable")
    cuts = np.searchsorted(numbers[order], np.arange(1, len(vocabulary)))
    return vocabulary, np.split(rows[order], cuts) if len(vocabulary) else []
