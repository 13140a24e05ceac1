"""A question → the provisions that may answer it, ranked.

The learnt chooser orders what is considered (``rag.finding.considering``) by light features, on a shelf and in a library
alike, and says how sure it is of the first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rag.choosing.bank_features import Pointed
from rag.choosing.chooser import Chooser, shipped_chooser, unasked_chooser
from rag.choosing.evidence import best_sentence
from rag.choosing.features import Before
from rag.choosing.fit import Fit, read_fit
from rag.choosing.support import Support
from rag.documents import NOT_IN_FORCE, Provision
from rag.finding.choice import KEPT, Candidate, Choice, Considered, surer
from rag.finding.considering import Views
from rag.finding.holdings import Holdings
from rag.finding.letterheads import Letterheads
from rag.finding.taught import TaughtEntries, provisions_taught
from rag.index.bank import BankIndex
from rag.index.question_bank import QuestionBank
from rag.index.snapshot import Snapshot
from rag.index.vectors import Encoder
from rag.language.text import squeeze
from rag.question.understanding import Question

_POOL = 120  # of each search, from which the chooser picks
_POOL_OF_SHELF = 60
_ENOUGH_ASKED = 12  # questions of the bank on a document: of fewer, nothing can be learnt
_SMALL = 150  # provisions: of larger documents, the chooser that learnt on whole shelves knows more
_NAMED, _PLACED = 10.0, 10.0  # more than any two provisions differ by in the eyes of the trees


@dataclass(frozen=True, slots=True)
class Hit:
    """A search result for people and programs."""

    document: str
    section: str
    page: int
    score: float
    text: str
    label: str


class Searcher(Holdings):
    """Searches one snapshot."""

    def __init__(
        self,
        snapshot: Snapshot,
        encoder: Encoder | None = None,
        questions: Sequence[BankIndex] = (),
        without: frozenset[str] = frozenset(),
        fit: Fit | None = None,
        office: str = "",
        library: Holdings | None = None,
    ) -> None:
        """``without``: writers of the bank whose questions are not listened to; ``office`` and ``library`` as ``Holdings`` has them."""
        super().__init__(snapshot, office, library)
        self.questions = questions
        self._without = without
        self._fit = fit if fit is not None or not questions else read_fit(questions[0].folder)
        self.encoder = encoder
        self.views = Views(self, encoder, self._fit)
        self._members: dict[str, frozenset[int]] = {}

    @property
    def parts(self) -> tuple[tuple[Searcher, int], ...]:
        """What is searched by itself, with what is added to its ids here: one index, mostly."""
        return ((self, 0),)

    @property
    def pool(self) -> int:
        """How many candidates each view brings."""
        return _POOL if self.broad else _POOL_OF_SHELF

    @cached_property
    def bank(self) -> QuestionBank | None:
        """The bank of questions on what is loaded; ``None`` where it has none."""
        loaded = [document.number for document in self.documents.values() if document.present]
        ended = {d.number: d.validity_by for d in self.documents.values() if d.present and d.validity in NOT_IN_FORCE and d.validity_by}
        bank = QuestionBank(self.questions, self.store, loaded, self._without, ended)
        return bank if bank.awake.any() else None

    @cached_property
    def _unasked(self) -> frozenset[str]:
        """The small documents on which the bank has no questions, or a few: nothing can be told from those of others."""
        counts = Counter(self.bank.documents_asked) if self.bank is not None else Counter[str]()
        loaded = [document.number for document in self.documents.values() if document.present]
        few = [number for number in loaded if counts[number] < _ENOUGH_ASKED]
        return frozenset(number for number in few if len(self._ids(number)) <= _SMALL)

    @cached_property
    def _asked(self) -> frozenset[str]:
        return frozenset(document.number for document in self.documents.values() if document.present) - self._unasked

    @cached_property
    def letterheads(self) -> Letterheads:
        """What the small documents without questions say of themselves."""
        return Letterheads(self.store, [self.documents[number] for number in sorted(self._unasked)])

    @cached_property
    def _taught(self) -> TaughtEntries:
        return TaughtEntries(self.questions, self._without)

    @property
    def has_lessons(self) -> bool:
        """Whether anything was taught at all."""
        return len(self._taught) > 0

    def taught(self, question: Question) -> Choice | None:
        """Return what an admin taught of this very question: what answers it, surely, or that nothing does."""
        if not (entries := self._taught.about(question)):
            return None
        loaded = [document.number for document in self.documents.values() if document.present]
        if (found := provisions_taught(entries, self.store, loaded)) is None:
            return None
        chosen = []
        for passage in self.passages.by_id(dict.fromkeys(provision.outer for provision in found)):
            sentence, covered = best_sentence(question, passage, self.weights)
            chosen.append(Candidate(passage, sentence, covered, 0.0))
        focus = found[0] if found and found[0].inline else None
        return Choice(chosen, 1.0 if chosen else 0.0, focus)

    def choose(self, question: Question, before: Before | None = None, own: Question | None = None) -> Choice:
        """Return what may answer, the likeliest first, and how likely the first one does.

        Of a follow-up, ``question`` is read with its topic, ``own`` is what was typed, ``before`` the conversation.
        """
        if self.bank is None or self.broad:
            return self._choice(question, self.considered(question, before, self.pool, self.bank, own), self._chooser(self.bank))
        known = self.considered(question, before, self.pool, self.bank, own, without=self._unasked)
        first = self._choice(question, known, self._chooser(self.bank))
        if not self._unasked:
            return first
        others = self.considered(question, before, self.pool, None, own, without=self._asked)
        return surer(first, self._choice(question, others, self._chooser(None)))

    def _chooser(self, bank: QuestionBank | None) -> Chooser:
        return shipped_chooser() if bank is not None or self.broad else unasked_chooser()

    def _choice(self, question: Question, considered: Considered, chooser: Chooser) -> Choice:
        scores = self._scores(considered, chooser)
        sureness = chooser.sureness(considered.rows, scores, considered.documents)
        if self._fit is not None:
            sureness = self._fit.sureness(sureness)
        order = np.argsort(-self._standing(considered, scores, question.day), kind="stable")
        ids = [considered.ids[at] for at in order[:KEPT]]
        found = []
        for passage, at in zip(self.passages.by_id(ids), order, strict=False):
            sentence, covered = best_sentence(question, passage, self.weights)
            found.append(Candidate(passage, sentence, covered, float(scores[at]), Support.of(considered.rows[at])))
        focus = considered.focus.get(ids[0], -1) if ids else -1
        asked = chooser is not unasked_chooser()
        return Choice(found, sureness, self.store.provision(focus) if focus >= 0 else None, asked)

    def before(self, words: Sequence[str], cited: Iterable[int], bank: QuestionBank | None) -> Before:
        """Return what a conversation adds to its next question: ``words`` of both, the provisions that were cited."""
        vector = self.encoder.encode_queries([" ".join(words)])[0] if self.encoder else None
        outer = {provision.outer for provision in self.store.provisions(cited).values()}
        parents = {p.parent for p in self.store.provisions(outer).values() if p.parent is not None}
        beside = {child.id for parent in parents for child in self.store.children(parent) if not child.inline}
        likeness = bank.likeness(words, vector) if bank else None
        pointed = Pointed.of(bank, likeness) if bank and likeness else None
        return Before(words, likeness, pointed, frozenset(outer), frozenset(beside - outer))

    def search(self, question: Question, k: int) -> list[Hit]:
        """Return the ``k`` best provisions as search results."""
        return [self._hit(provision, score) for provision, score in self.best(question, k)]

    def best(self, question: Question, k: int) -> list[tuple[Provision, float]]:
        """Return the ``k`` best provisions with their scores, the best first."""
        scores = dict(self.ranked(question, max(k, _POOL))[:k])
        return [(provision, scores[id_]) for id_, provision in self.store.provisions(scores).items()]

    def ranked(self, question: Question, pool: int = _POOL) -> list[tuple[int, float]]:
        """Return provisions with the chooser's score, the best first: at most ``pool`` of each way of searching.

        A document that the question names, and the place in it, come before others.
        """
        considered = self.considered(question, pool=pool, bank=self.bank)
        scores = self._standing(considered, self._scores(considered, self._chooser(self.bank)), question.day)
        return sorted(zip(considered.ids, scores.tolist(), strict=True), key=lambda hit: (-hit[1], hit[0]))

    def _scores(self, considered: Considered, chooser: Chooser) -> NDArray[np.float64]:
        scores = chooser.scores(considered.rows)
        return scores + self._fit.added(considered.rows) if self._fit is not None else scores

    def _standing(self, considered: Considered, scores: NDArray[np.float64], day: date | None) -> NDArray[np.float64]:
        """Put what the question names first, and what is not in force on ``day`` behind what is as good."""
        named = np.array([document == considered.named for document in considered.documents], dtype=np.float64)
        placed = np.array([id_ == considered.place for id_ in considered.ids], dtype=np.float64)
        behind = np.array([self.standing(document, day) for document in considered.documents], dtype=np.float64)
        return scores + _NAMED * named + _PLACED * placed + behind

    def considered(
        self,
        question: Question,
        before: Before | None = None,
        pool: int = _POOL,
        bank: QuestionBank | None = None,
        own: Question | None = None,
        without: frozenset[str] = frozenset(),
    ) -> Considered:
        """Return what words, vectors, the bank, names and the conversation bring, with all that the chooser looks at.

        ``without``: documents that are left out.
        """
        letterheads = self.letterheads if bank is None and not self.broad else None
        return self.views.considered(question, before, pool, bank, own, without, letterheads)

    def _ids(self, document: str) -> frozenset[int]:
        """The provisions of a document, looked up once."""
        if document not in self._members:
            self._members[document] = frozenset(provision.id for provision in self.store.of_document(document))
        return self._members[document]

    def _hit(self, provision: Provision, score: float) -> Hit:
        return Hit(
            document=provision.document,
            section=provision.section,
            page=provision.page,
            score=round(score, 4),
            text=squeeze(provision.text or provision.heading),
            label=self.label(provision),
        )
