"""A question → the provisions that may answer it, ranked.

Tantivy brings candidates (BM25 over syllables and bigrams, with and without marks), vectors add theirs, and learnt trees
order them by light features: that is a search. To answer, the evidence in each provision decides; among the few documents
of a shelf the words alone bring the candidates.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeVar

from rag.choosing.evidence import Passage, Sentence, Weights, coverage, coverages
from rag.choosing.features import Floats, features
from rag.choosing.ranker import shipped_ranker
from rag.documents import Contact, Document, Provision, Reference, System, Validity
from rag.finding.encoder import Encoder
from rag.finding.kept_passages import KeptPassages
from rag.finding.naming import names_of_laws, resolve
from rag.finding.validity import Calendar
from rag.index.snapshot import Snapshot
from rag.language.diacritics import Diacritics
from rag.language.text import fold, fold_tokens, squeeze, syllables
from rag.question.understanding import Question

_CANDIDATES = 40
_POOL = 120  # of each search, from which the ranker picks
_SHELF = 200  # documents
_SYNONYM_WEIGHT = 0.5
_EXACT_WEIGHT = 0.5
_WITHIN = 20  # how many more hits are asked for when only one document's count
_LEXICAL_SHARE = 0.3
_RANKED_SHARE = 0.5
_NAMED, _PLACED = 10.0, 10.0  # more than any two provisions differ by in the eyes of the trees
_NEAREST = 3  # provisions that a refusal names
_SURE = 3.2
"""Of the ranker's scores: 97 in 100 questions that the directive leaves open stay below it in a library of 48,644
articles, three in four citizens' questions about its laws are above."""
_FIGURE = 0.1
_ENUMERATED = re.compile(r"\([^()]*,[^()]*\)|:\s*[^:;]+;|\bgồm\b")
_DIGIT = re.compile(r"\d|\bphần (?:hai|ba|tư|trăm)\b")
_NOTE = -0.05  # the text itself comes before its footnotes
_NOT_IN_FORCE = -0.2
_ENDED = ("replaced", "expired", "not_yet")
_OPENS = 0.05  # a sentence that begins with the question's subject

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A provision that may answer: its best sentence, how much of the question it covers, its rank score.

    ``sure`` is whether it is near enough to answer at all: somewhere in a library stand the words of any question.
    """

    passage: Passage
    sentence: Sentence | None
    coverage: float
    score: float
    sure: bool = True

    @property
    def provision(self) -> Provision:
        """The provision itself."""
        return self.passage.provision


@dataclass(frozen=True, slots=True)
class Considered:
    """Provisions to be ranked: their ids, their documents, one row of ``FEATURES`` each.

    ``named`` is the document that the question names, ``place`` the provision; empty and -1 where it names none.
    """

    ids: list[int]
    documents: list[str]
    rows: Floats
    named: str
    place: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A search result for people and programs."""

    document: str
    section: str
    page: int
    score: float
    text: str
    label: str


def _worth(question: Question, sentence: Sentence) -> float:
    """What speaks for a sentence besides its words: it opens with the subject, counts or lists where that is asked."""
    subject = [term.folded for term in question.terms[:2]]
    worth = _OPENS * (sentence.words.sequence[1:3] == subject or sentence.words.sequence[:2] == subject)
    if sentence.note >= 0 and question.kind not in ("list", "definition", "document"):
        worth += _NOTE
    if question.kind == "list" and _ENUMERATED.search(sentence.text):
        worth += _FIGURE
    if (question.kind == "figure" or question.mentions.percents) and _DIGIT.search(sentence.text):
        worth += _FIGURE
    return worth


class Searcher:
    """Searches one snapshot; keeps the words of the provisions it has met."""

    def __init__(self, snapshot: Snapshot, encoder: Encoder | None = None) -> None:
        self.snapshot = snapshot
        self.store = snapshot.store
        self._encoder = encoder
        self._members: dict[str, frozenset[int]] = {}

    @cached_property
    def weights(self) -> Weights:
        """How much each syllable weighs."""
        return Weights(self.snapshot.model("frequencies"))

    @cached_property
    def diacritics(self) -> Diacritics:
        """What puts the marks back into a question."""
        return Diacritics.load(self.snapshot.model("diacritics"))

    @cached_property
    def documents(self) -> dict[str, Document]:
        """Every document, loaded or only named, by number."""
        return {document.number: document for document in self.store.documents()}

    @cached_property
    def broad(self) -> bool:
        """Whether this is a library rather than a shelf: nobody means one of its documents without naming it."""
        beside_a_shelf = self.snapshot.shelf is not self.snapshot
        return beside_a_shelf or sum(document.present for document in self.documents.values()) > _SHELF

    @cached_property
    def laws(self) -> list[tuple[str, Document]]:
        """Every law that can be called by name, with that name."""
        return names_of_laws(self.documents.values())

    @cached_property
    def contacts(self) -> list[Contact]:
        """Every person or desk to call, in reading order."""
        return self.store.records(Contact)

    @cached_property
    def systems(self) -> list[System]:
        """Every software, site or form with its address, in reading order."""
        return self.store.records(System)

    @cached_property
    def _passages(self) -> KeptPassages:
        return KeptPassages(self.store, self.documents)

    @cached_property
    def _calendar(self) -> Calendar:
        return Calendar(self.store, self.documents)

    def validity(self, number: str, day: date | None) -> Validity:
        """Return what holds of a document on ``day`` (as far as known where it is ``None``)."""
        return self._calendar.on(day, number) if day else self.documents[number].validity

    def standing(self, number: str, day: date | None) -> float:
        """Return what a document loses in rank for not being in force on ``day``: it stands under its successor."""
        return _NOT_IN_FORCE if self.validity(number, day) in _ENDED else 0.0

    def in_force_first(self, found: list[T], number_of: Callable[[T], str], day: date | None) -> list[T]:
        """Return what stands in documents in force on ``day``; all of it where nothing does."""
        return [item for item in found if not self.standing(number_of(item), day)] or found

    def references(self, number: str) -> list[tuple[Reference, Provision]]:
        """Return where a document is named, with the provisions that name it, in reading order."""
        found = self.store.references_to(number)
        provisions = self.store.provisions({reference.provision for reference in found})
        return [(reference, provisions[reference.provision]) for reference in found if provisions[reference.provision].document != number]

    def passage(self, provision: Provision) -> Passage:
        """Return the provision with its words."""
        return self._passages.of(provision)

    def candidates(self, question: Question, k: int = _CANDIDATES, document: str = "") -> list[Candidate]:
        """Return at most ``k`` candidates, the best first; only of one document where ``document`` names it."""
        near = self._nearness(question, k) if self.broad and not document else self._likeness(question, k, document)
        candidates = []
        for passage in self._passages.by_id(near):
            provision = passage.provision
            sentence, covered = self.best_sentence(question, passage)
            worth, sure = near[provision.id]
            score = covered + worth + self.standing(provision.document, question.day)
            candidates.append(Candidate(passage, sentence, covered, score, sure))
        candidates.sort(key=lambda candidate: (-candidate.score, candidate.provision.id))
        return candidates[:k]

    def _likeness(self, question: Question, k: int, document: str) -> dict[int, tuple[float, bool]]:
        """What their words add to the evidence of a shelf's provisions; near enough are all of them."""
        scores = self.lexical(question, k, document)
        best = max(scores.values(), default=1.0)
        return {id_: (_LEXICAL_SHARE * score / best, True) for id_, score in scores.items()}

    def _nearness(self, question: Question, k: int) -> dict[int, tuple[float, bool]]:
        """What the ranker adds to the evidence of a library's provisions, and whether it holds them for near enough."""
        ranked = self.ranked(question)[:k]
        near = [hit for hit in ranked if hit[1] >= _SURE] or ranked[:_NEAREST]  # reading long articles takes its time
        return {id_: (_RANKED_SHARE * math.exp(score - ranked[0][1]), score >= _SURE) for id_, score in near}

    def search(self, question: Question, k: int) -> list[Hit]:
        """Return the ``k`` best provisions as search results."""
        return [self._hit(provision, score) for provision, score in self.best(question, k)]

    def best(self, question: Question, k: int) -> list[tuple[Provision, float]]:
        """Return the ``k`` best provisions with their scores, the best first."""
        scores = dict(self.ranked(question, max(k, _POOL))[:k])
        return [(provision, scores[id_]) for id_, provision in self.store.provisions(scores).items()]

    def ranked(self, question: Question, pool: int = _POOL) -> list[tuple[int, float]]:
        """Return provisions with the ranker's score, the best first: at most ``pool`` of each way of searching.

        A document that the question names, and the place in it, come before others.
        """
        considered = self.considered(question, pool)
        scores = shipped_ranker().score(considered.rows).tolist()
        scored = [
            (
                id_,
                score
                + _NAMED * (document == considered.named)
                + _PLACED * (id_ == considered.place)
                + self.standing(document, question.day),
            )
            for id_, document, score in zip(considered.ids, considered.documents, scores, strict=True)
        ]
        return sorted(scored, key=lambda hit: (-hit[1], hit[0]))

    def considered(self, question: Question, pool: int = _POOL) -> Considered:
        """Return what words, vectors and names bring, at most ``pool`` each, with all that the ranker looks at."""
        cosines = self.semantic(question, pool)
        wanted = {*self.lexical(question, pool), *cosines}
        named = [document.number for document in resolve(self, question) if document.present]
        document = named[0] if len(named) == 1 else ""  # "35/2019" may be a dozen
        place = self._place(question, document)
        if document:
            wanted.update(self.lexical(question, pool, document), [place] if place >= 0 else [])
        found = self.store.documents_of(wanted)
        ids, documents = list(found), list(found.values())
        exact = syllables(question.whole)
        asked = {"exact": exact, "folded": fold_tokens(exact)}
        rows = features(asked, ids, cosines, documents, self.snapshot.tokens, self.snapshot.lexical)
        return Considered(ids, documents, rows, document, place)

    def _place(self, question: Question, document: str) -> int:
        """The provision of ``document`` whose place the question names (``Điều 5 khoản 2``); -1 where there is none."""
        place = question.mentions.article or question.mentions.section
        provision = self.store.section(document, place) if place and document else None
        return provision.id if provision and not provision.inline and (provision.text or provision.heading) else -1

    def best_sentence(self, question: Question, passage: Passage) -> tuple[Sentence | None, float]:
        """Return the sentence of a provision that covers most of the question, and how much it does."""
        if not passage.sentences:
            return None, coverage(question, passage, None, self.weights)
        covered = coverages(question, passage, self.weights)
        best = max(range(len(covered)), key=lambda at: covered[at] + _worth(question, passage.sentences[at]))
        return passage.sentences[best], covered[best]

    def lexical(self, question: Question, k: int, document: str = "") -> dict[int, float]:
        """Return the provisions whose words fit best with their BM25, best first; only of ``document`` where given."""
        folded: dict[str, float] = {}
        exact: dict[str, float] = {}
        for term in question.terms:
            folded[term.folded] = 1.0
            if term.right:
                folded[f"{term.folded}_{term.right}"] = 1.0
            if term.typed:
                exact[term.exact] = _EXACT_WEIGHT
            for phrase in term.others:
                for first, second in zip(phrase, (*phrase[1:], ""), strict=True):
                    folded.setdefault(f"{first}_{second}" if second else first, _SYNONYM_WEIGHT)
        if not document:
            return dict(self.snapshot.lexical.search(folded, exact, k))
        ids = self._ids(document)
        hits = self.snapshot.lexical.search(folded, exact, _WITHIN * k)
        return dict([hit for hit in hits if hit[0] in ids][: 2 * k])

    def _ids(self, document: str) -> frozenset[int]:
        """The provisions of a document, looked up once."""
        if document not in self._members:
            self._members[document] = frozenset(provision.id for provision in self.store.of_document(document))
        return self._members[document]

    def semantic(self, question: Question, k: int) -> dict[int, float]:
        """Return the provisions whose vectors are nearest with their cosine, best first; none without an encoder."""
        if self._encoder is None:
            return {}
        vector = self._encoder.encode_queries([question.whole])[0]
        return dict(self.snapshot.nearest(vector, k)) if vector.any() else {}  # no known word is near to nothing

    def _hit(self, provision: Provision, score: float) -> Hit:
        return Hit(
            document=provision.document,
            section=provision.section,
            page=provision.page,
            score=round(score, 4),
            text=squeeze(provision.text or provision.heading),
            label=self.label(provision),
        )

    def label(self, provision: Provision, page: int = 0, extra: str = "") -> str:
        """Return how people cite a provision: ``Công văn 2607/SGDĐT-GDPT, mục IV.2, trang 8``."""
        document = self.documents.get(provision.document)
        kind = document.kind if document else ""
        name = f"{kind} {provision.document}" if kind and not fold(provision.document).startswith(fold(kind)) else provision.document
        number = page or provision.page
        parts = [name, provision.label, extra, f"trang {number}" if number and document and document.pages > 1 else ""]
        return ", ".join(part for part in parts if part)
