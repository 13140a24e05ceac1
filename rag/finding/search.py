"""A question → the provisions that may answer it, ranked.

Three views bring candidates: words (tantivy: BM25 over syllables and bigrams, with and without marks), vectors, and the
bank of questions; what a conversation cited last is one too. The learnt chooser orders them by light features, on a shelf
and in a library alike, and says how sure it is of the first.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from rag.choosing.chooser import Chooser, shipped_chooser, unasked_chooser
from rag.choosing.evidence import Passage, Sentence, Weights, best_sentence
from rag.choosing.features import Asked, Before, Pointed, features
from rag.choosing.fit import Fit, read_fit
from rag.choosing.form import Fitting, fitting_of
from rag.choosing.telling import Told, told_of
from rag.choosing.texts import Floats, Texts
from rag.choosing.worded import word_scores
from rag.documents import Contact, Document, Provision, Reference, System, Validity
from rag.finding.encoder import Encoder
from rag.finding.families import Family, read_families
from rag.finding.gathered import Gathered, gather
from rag.finding.kept_passages import KeptPassages
from rag.finding.letterheads import Letterheads
from rag.finding.naming import Names, resolve
from rag.finding.offices import Offices
from rag.finding.questions import QuestionBank
from rag.finding.taught import Taught, provisions_taught
from rag.finding.validity import Calendar, without_year
from rag.index.bank import BankIndex
from rag.index.entries import Entries, Sought
from rag.index.lexical import rarity, terms_of
from rag.index.snapshot import Snapshot
from rag.index.vectors import compared
from rag.language.diacritics import Diacritics
from rag.language.numbers import number_key
from rag.language.text import fold_tokens, squeeze, syllables
from rag.question.understanding import Question, bank_words

_KEPT = 5  # candidates that answers are made from
_POOL = 120  # of each search, from which the chooser picks
_POOL_OF_SHELF = 60
_LIKE = 0.4  # a question of the bank that may be meant though no word of it is known
_READ = 25  # candidates whose sentences are read where no bank helps
_SHELF = 200  # documents
_ENOUGH_ASKED = 12  # questions of the bank on a document: of fewer, nothing can be learnt
_SMALL = 150  # provisions: of larger documents, the chooser that learnt on whole shelves knows more
_FAR = 9.0  # of the chooser's scores
_SYNONYM_WEIGHT = 0.5
_EXACT_WEIGHT = 0.5
_NAMED, _PLACED = 10.0, 10.0  # more than any two provisions differ by in the eyes of the trees
_NOT_IN_FORCE = -2.0  # of the chooser's scores
_ENDED = ("replaced", "expired", "not_yet")

ADDRESSED = re.compile(r"^Kính gửi\s*:?.*(?:\n\s*[-–+•].*)*", re.MULTILINE)
T = TypeVar("T")
R = TypeVar("R", Contact, System)
Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A provision that may answer: its best sentence, how much of the question it covers, the chooser's score."""

    passage: Passage
    sentence: Sentence | None
    coverage: float
    score: float

    @property
    def provision(self) -> Provision:
        """The provision itself."""
        return self.passage.provision


@dataclass(frozen=True, slots=True)
class Choice:
    """What the chooser makes of a question: the candidates, the likeliest first, and how likely (0-1) the first answers.

    ``focus`` is the inline item of the first that like questions point at. ``asked``: the bank knows questions on these documents.
    """

    candidates: list[Candidate]
    sureness: float
    focus: Provision | None = None
    asked: bool = True


@dataclass(frozen=True, slots=True)
class Considered:
    """Provisions to be ranked: their ids, their documents, one row of ``FEATURES`` each.

    ``named`` is the document that the question names, ``place`` the provision; empty and -1 where it names none. ``focus``
    has the inline item that like questions point at, by provision.
    """

    ids: list[int]
    documents: list[str]
    rows: Floats
    named: str
    place: int
    focus: dict[int, int]


@dataclass(frozen=True, slots=True)
class Hit:
    """A search result for people and programs."""

    document: str
    section: str
    page: int
    score: float
    text: str
    label: str


def _surer(one: Choice, other: Choice) -> Choice:
    """Return the choice that is surer of its first, with the best of the other one far behind its own."""
    first, second = sorted((one, other), key=lambda choice: -choice.sureness)
    last = first.candidates[-1].score if first.candidates else 0.0
    others = [replace(candidate, score=last - _FAR) for candidate in second.candidates]
    kept = first.candidates[: _KEPT - 1] if others else first.candidates
    return replace(first, candidates=[*kept, *others][:_KEPT])


def _placed(question: Question, entries: Entries, place: int) -> dict[int, float]:
    """How well the place that the question names (``mục 4``) fits each provision: 1 for itself, half for an ending."""
    named = question.mentions.article or question.mentions.section
    if not named:
        return {}
    annex = f"PL{question.mentions.annex}." if question.mentions.annex else ""
    ends = tuple(f"{mark}{named}" for mark in ". (")
    found = zip(entries.ids.tolist(), entries.sections, strict=True)
    fits = {id_: 0.5 for id_, section in found if section.startswith(annex) and f" {section}".rstrip(")").endswith(ends)}
    return {**fits, place: 1.0} if place >= 0 else fits


def _terms(question: Question) -> tuple[dict[str, float], dict[str, float]]:
    """The terms that a question looks for with their weights, without marks and with them."""
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
    if not question.terms:  # "hotline?": a word that says what kind of answer is wanted may be all there is
        folded = dict.fromkeys(fold_tokens(syllables(question.whole)), 1.0)
    return folded, exact


class Searcher:
    """Searches one snapshot; keeps the words of the provisions it has met."""

    def __init__(
        self,
        snapshot: Snapshot,
        encoder: Encoder | None = None,
        questions: Sequence[BankIndex] = (),
        without: frozenset[str] = frozenset(),
        fit: Fit | None = None,
        office: str = "",
        library: Searcher | None = None,
    ) -> None:
        """``office``: the place of whoever asks, where that is known; ``library`` knows more of documents that are only named here."""
        self._office = office
        self.library = library
        self.snapshot = snapshot
        self.store = snapshot.store
        self.questions = questions
        self._without = without
        self._fit = fit if fit is not None or not questions else read_fit(questions[0].folder)
        self.encoder = encoder
        self._members: dict[str, frozenset[int]] = {}
        self._titles: dict[str, Mapping[str, Sequence[str]]] = {}

    @cached_property
    def weights(self) -> Weights:
        """How much each syllable weighs."""
        return Weights(self.snapshot.model("frequencies"))

    @cached_property
    def diacritics(self) -> Diacritics:
        """What puts the marks back into a question."""
        return Diacritics.load(self.snapshot.model("diacritics"))

    @property
    def parts(self) -> tuple[tuple[Searcher, int], ...]:
        """What is searched by itself, with what is added to its ids here: one index, mostly."""
        return ((self, 0),)

    @cached_property
    def documents(self) -> dict[str, Document]:
        """Every document, loaded or only named, by number."""
        found = {document.number: document for document in self.store.documents()}
        there = {number: self.library.documents[known] for number, known in self._in_library.items()} if self.library else {}
        return found | {number: replace(document, number=number, present=False) for number, document in there.items()}

    @cached_property
    def _in_library(self) -> dict[str, str]:
        """The documents that are only named here and that the library has in full, with their numbers there."""
        if self.library is None:
            return {}
        named = [document.number for document in self.store.documents() if not document.present]
        return {number: known for number in named if (known := self.library.in_full.get(number_key(number)))}

    @cached_property
    def in_full(self) -> dict[str, str]:
        """The numbers of the documents that are here in full, by their keys."""
        return {number_key(document.number): document.number for document in self.documents.values() if document.present}

    @cached_property
    def broad(self) -> bool:
        """Whether this is a library rather than a shelf: nobody means one of its documents without naming it."""
        beside_a_shelf = self.snapshot.shelf is not self.snapshot
        return beside_a_shelf or sum(document.present for document in self.documents.values()) > _SHELF

    @cached_property
    def offices(self) -> Offices:
        """Whose documents they are."""
        return Offices(self.documents.values(), self._office)

    @cached_property
    def families(self) -> dict[str, Family]:
        """Of each document that has nearly identical ones beside it, all of these."""
        return read_families(self.store.meta("families") or "[]", self.documents, self.offices.office_of)

    @cached_property
    def _heads(self) -> frozenset[int]:
        """The heads of the documents that have nearly identical ones beside them."""
        return frozenset(head.id for number in self.families for head in self.store.of_document(number)[:1] if head.kind == "head")

    def states(self, number: str, words: str) -> bool:
        """Say whether the text of a document has some words, below its head."""
        wanted = f" {' '.join(fold_tokens(syllables(words)))} "
        texts = (provision.text for provision in self.store.of_document(number) if provision.kind != "head")
        return any(wanted in f" {' '.join(fold_tokens(syllables(text)))} " for text in texts)

    @cached_property
    def addressees(self) -> dict[str, str]:
        """To whom each loaded document of a shelf is written (``Kính gửi``), empty where it does not say."""
        if self.broad:
            return {}
        heads = [self.store.head(number) for number, document in self.documents.items() if document.present]
        return {head.document: found.group() for head in heads if head and (found := ADDRESSED.search(head.text))}

    @property
    def pool(self) -> int:
        """How many candidates each view brings."""
        return _POOL if self.broad else _POOL_OF_SHELF

    @cached_property
    def names(self) -> Names:
        """What the documents are called by."""
        return Names(self.documents)

    @cached_property
    def bank(self) -> QuestionBank | None:
        """The bank of questions on what is loaded; ``None`` where it has none."""
        loaded = [document.number for document in self.documents.values() if document.present]
        ended = {d.number: d.validity_by for d in self.documents.values() if d.present and d.validity in _ENDED and d.validity_by}
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
    def _taught(self) -> Taught:
        return Taught(self.questions, self._without)

    @property
    def has_lessons(self) -> bool:
        """Whether anything was taught at all."""
        return len(self._taught) > 0

    @cached_property
    def contacts(self) -> list[Contact]:
        """Every person or desk to call, in reading order."""
        return self.store.records(Contact)

    @cached_property
    def systems(self) -> list[System]:
        """Every software, site or form with its address, in reading order."""
        return self.store.records(System)

    def contacts_for(self, question: Question) -> list[Contact]:
        """Return the people and desks to call of the offices that a question may mean."""
        return self._here(question, self.contacts)

    def systems_for(self, question: Question) -> list[System]:
        """Return the software, sites and forms of the offices that a question may mean."""
        return self._here(question, self.systems)

    def _here(self, question: Question, records: list[R]) -> list[R]:
        if not question.elsewhere:
            return records
        provisions = self.store.provisions({record.provision for record in records})
        return [record for record in records if provisions[record.provision].document not in question.elsewhere]

    @cached_property
    def _passages(self) -> KeptPassages:
        return KeptPassages(self.store, self.documents)

    @cached_property
    def _calendar(self) -> Calendar:
        return Calendar(self.store, self.documents)

    def outer(self, id_: int) -> int:
        """Return the provision that an inline item stands in; of any other its own id."""
        return self.passage_of(id_).provision.outer

    def passage_of(self, id_: int) -> Passage:
        """Return the provision of this id with its words. Raises ``IndexError`` where there is none."""
        return self._passages.by_id([id_])[0]

    def validity(self, number: str, day: date | None) -> Validity:
        """Return what holds of a document on ``day`` (as far as known where it is ``None``)."""
        if self.library is not None and number in self._in_library:
            return self.library.validity(self._in_library[number], day)
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

    def taught(self, question: Question) -> Choice | None:
        """Return what an admin taught of this very question: what answers it, surely, or that nothing does."""
        if not (entries := self._taught.about(question)):
            return None
        loaded = [document.number for document in self.documents.values() if document.present]
        if (found := provisions_taught(entries, self.store, loaded)) is None:
            return None
        chosen = []
        for passage in self._passages.by_id(dict.fromkeys(provision.outer for provision in found)):
            sentence, covered = best_sentence(question, passage, self.weights)
            chosen.append(Candidate(passage, sentence, covered, 0.0))
        focus = found[0] if found and found[0].inline else None
        return Choice(chosen, 1.0 if chosen else 0.0, focus)

    def choose(self, question: Question, before: Before | None = None, own: Question | None = None) -> Choice:
        """Return what may answer, the likeliest first, and how likely the first one does; what was taught before all else.

        Of a follow-up, ``question`` is read with its topic, ``own`` is what was typed, ``before`` the conversation.
        """
        if taught := self.taught(own or question):
            return taught
        if self.bank is None or self.broad:
            return self._choice(question, self.considered(question, before, self.pool, self.bank, own), self._chooser(self.bank))
        known = self.considered(question, before, self.pool, self.bank, own, without=self._unasked)
        first = self._choice(question, known, self._chooser(self.bank))
        if not self._unasked:
            return first
        others = self.considered(question, before, self.pool, None, own, without=self._asked)
        return _surer(first, self._choice(question, others, self._chooser(None)))

    def _chooser(self, bank: QuestionBank | None) -> Chooser:
        return shipped_chooser() if bank is not None or self.broad else unasked_chooser()

    def _choice(self, question: Question, considered: Considered, chooser: Chooser) -> Choice:
        scores = self._scores(considered, chooser)
        sureness = chooser.sureness(considered.rows, scores, considered.documents)
        if self._fit is not None:
            sureness = self._fit.sureness(sureness)
        order = np.argsort(-self._standing(considered, scores, question.day), kind="stable")
        ids = [considered.ids[at] for at in order[:_KEPT]]
        found = []
        for passage, at in zip(self._passages.by_id(ids), order, strict=False):
            sentence, covered = best_sentence(question, passage, self.weights)
            found.append(Candidate(passage, sentence, covered, float(scores[at])))
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
        own = own or question
        vector = self.vector(question)
        named = [document.number for document in resolve(self.names, question) if document.present]
        document = named[0] if len(named) == 1 else ""  # "35/2019" may be a dozen
        found = self._gathered(question, vector, pool, document)
        lexical, cosines = found.words, found.near
        if self._fit is not None:
            cosines = self._fit.scaled(cosines)
        words = without_year(bank_words(own), own)
        likeness = bank.likeness(words, vector if own.whole == question.whole else self.vector(own)) if bank is not None else None
        pointed = Pointed.of(bank, likeness) if bank is not None and likeness is not None else None
        wanted = {*lexical, *cosines}
        for brought in (pointed, before.pointed if before else None):
            wanted |= {*brought.words, *brought.vectors} if brought else set()
        if before is not None:
            wanted |= before.cited
        if not lexical and not cosines and (likeness is None or likeness.words.max(initial=0.0) < _LIKE):
            wanted.clear()  # no word of the question is known
        place = self._place(question, document)
        if document:
            wanted.update(found.inside, [place] if place >= 0 else [])
        without_bank = bank is None and not self.broad
        left_out = self._heads if question.inside else frozenset()
        if without_bank:
            left_out |= self.letterheads.unasked(question)
        entries = self._entries(found.entries, wanted - left_out, without.union(question.elsewhere))
        ids, documents = entries.ids.tolist(), entries.documents
        exact = syllables(question.whole)
        read = self._read(question, words, ids, lexical, cosines) if without_bank else {}
        rows = features(
            Asked(exact, fold_tokens(exact), words, question.kind),
            entries,
            Texts.of(entries, self.snapshot.tokens),
            {"lexical": lexical, "cosine": cosines},
            self.snapshot.tokens,
            self.snapshot.lexical,
            bank=bank,
            likeness=likeness,
            pointed=pointed,
            named=frozenset(named),
            placed=_placed(question, entries, place),
            before=before,
            covered={id_: covered for id_, (covered, _, _) in read.items()},
            fitting={id_: fitting for id_, (_, fitting, _) in read.items()},
            told={id_: told for id_, (_, _, told) in read.items()},
        )
        focus = bank.focus(likeness) if bank is not None and likeness is not None else {}
        return Considered(ids, documents, rows, document, place, focus)

    def _entries(self, found: Entries, wanted: Collection[int], elsewhere: frozenset[str]) -> Entries:
        """The entries that are wanted, found already or not, but for those of documents ``elsewhere``."""
        missing = sorted(set(wanted).difference(found.ids.tolist()))
        if missing:
            found = Entries.joined([found, self.snapshot.parts.entries(missing)])
        rows = [
            row
            for row, (id_, number) in enumerate(zip(found.ids.tolist(), found.documents, strict=True))
            if id_ in wanted and number not in elsewhere
        ]
        return found.taken(np.array(rows, dtype=np.int64))

    def _read(
        self, question: Question, words: Sequence[str], ids: list[int], lexical: dict[int, float], cosines: dict[int, float]
    ) -> dict[int, tuple[float, Fitting, Told]]:
        """How much of the question the best sentences hold and tell and how these fit, of the candidates that look best.

        Reading takes its time.
        """
        most = max(lexical.values(), default=1.0)
        looks = sorted(ids, key=lambda id_: -(lexical.get(id_, 0.0) / most + cosines.get(id_, 0.0)))
        read = {}
        for passage in self._passages.by_id(looks[:_READ]):
            sentence, covered = best_sentence(question, passage, self.weights)
            number = passage.provision.document
            titled, known = (of.get(number, frozenset()) for of in (self.letterheads.about, self.letterheads.words))
            told = told_of(words, passage, sentence, titled, known)
            read[passage.provision.id] = (covered, fitting_of(question, passage, sentence, self.weights), told)
        return read

    def _place(self, question: Question, document: str) -> int:
        """The provision of ``document`` whose place the question names (``Điều 5 khoản 2``); -1 where there is none."""
        place = question.mentions.article or question.mentions.section
        provision = self.store.section(document, place) if place and document else None
        return provision.id if provision and not provision.inline and (provision.text or provision.heading) else -1

    def lexical(self, question: Question, k: int) -> dict[int, float]:
        """Return the provisions whose words fit best with their BM25, best first."""
        return self._gathered(question, None, k).words

    def semantic(self, question: Question, k: int) -> dict[int, float]:
        """Return the provisions whose vectors are nearest with their cosine, best first; none without an encoder."""
        return self._gathered(question, self.vector(question), k).near

    def _gathered(self, question: Question, vector: Vector | None, pool: int, document: str = "") -> Gathered:
        """What words and vectors bring, and the words inside ``document``."""
        folded, exact = _terms(question)
        snapshot = self.snapshot
        sought = Sought(folded, exact, rarity(snapshot.lexical, folded, exact), pool, vector, document)

        def scores(entries: Entries) -> NDArray[np.float64]:
            texts = Texts.of(entries, snapshot.tokens)
            return word_scores(sought, entries, texts, snapshot.tokens, snapshot.lexical.means, self._title)

        return gather(snapshot.parts, sought, compared(snapshot.info.counts.get("vectors", 0)), scores)

    def _title(self, number: str) -> Mapping[str, Sequence[str]]:
        """The terms of a document's title, looked up once."""
        if number not in self._titles:
            self._titles[number] = terms_of(self.documents[number].title)
        return self._titles[number]

    def _ids(self, document: str) -> frozenset[int]:
        """The provisions of a document, looked up once."""
        if document not in self._members:
            self._members[document] = frozenset(provision.id for provision in self.store.of_document(document))
        return self._members[document]

    def vector(self, question: Question) -> Vector | None:
        """The vector of a question; ``None`` without an encoder, or where it knows no word of it."""
        if self.encoder is None:
            return None
        vector = self.encoder.encode_queries([question.whole])[0]
        return vector if vector.any() else None  # no known word is near to nothing

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
        name = document.name if document else provision.document
        number = page or provision.page
        parts = [name, provision.label, extra, f"trang {number}" if number and document and document.pages > 1 else ""]
        return ", ".join(part for part in parts if part)
