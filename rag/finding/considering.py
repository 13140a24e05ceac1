"""The provisions that may answer a question, with all that the chooser looks at; none is ranked here.

Three views bring them: words (tantivy: BM25 over syllables and bigrams, with and without marks), vectors, and the bank of
questions; what the question names and what a conversation cited last is looked at, too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.choosing.bank_features import Pointed
from rag.choosing.evidence import best_sentence
from rag.choosing.features import AskedWords, Before, features
from rag.choosing.fit import Fit
from rag.choosing.form import Fitting, fitting_of
from rag.choosing.telling import Told, told_of
from rag.choosing.text_features import Texts
from rag.choosing.worded import word_scores
from rag.finding.choice import Considered
from rag.finding.documents_named import resolve
from rag.finding.gathered import Gathered, gather
from rag.finding.holdings import Holdings
from rag.finding.in_force import without_year
from rag.finding.letterheads import Letterheads
from rag.index.entries import Entries, Sought
from rag.index.lexical import rarity, terms_of
from rag.index.question_bank import Likeness, QuestionBank
from rag.index.vectors import Encoder, compared
from rag.language.text import fold_tokens, syllables
from rag.question.understanding import Question, bank_words

_LIKE = 0.4  # a question of the bank that may be meant though no word of it is known
_READ = 25  # candidates whose sentences are read where no bank helps
_SYNONYM_WEIGHT = 0.5
_EXACT_WEIGHT = 0.5

Vector = NDArray[np.float32]


class Reading(NamedTuple):
    """What reading a candidate shows: how much of the question its best sentence covers, how that fits and what it tells."""

    covered: float
    fitting: Fitting
    told: Told


class Views:
    """The views of one index: its words and its vectors, which ``encoder`` makes and ``fit`` brings to the known scale."""

    def __init__(self, holdings: Holdings, encoder: Encoder | None, fit: Fit | None) -> None:
        self.holdings = holdings
        self.encoder = encoder
        self._fit = fit
        self._titles: dict[str, Mapping[str, Sequence[str]]] = {}

    def considered(
        self,
        question: Question,
        before: Before | None,
        pool: int,
        bank: QuestionBank | None,
        own: Question | None,
        without: frozenset[str],
        letterheads: Letterheads | None,
    ) -> Considered:
        """Return what words, vectors, the bank, names and the conversation bring, with all that the chooser looks at.

        ``own`` is what was typed, where ``question`` is read with its topic; ``without``: documents that are left out;
        ``letterheads``: what documents say of themselves, where no bank has questions on them.
        """
        own = own or question
        vector = self.vector(question)
        named = [document.number for document in resolve(self.holdings.names, question) if document.present]
        document = named[0] if len(named) == 1 else ""  # "35/2019" may be a dozen
        found = self._gathered(question, vector, pool, document)
        lexical, cosines = found.words, found.near
        if self._fit is not None:
            cosines = self._fit.scaled(cosines)
        words = without_year(bank_words(own), own)
        likeness = bank.likeness(words, vector if own.whole == question.whole else self.vector(own)) if bank is not None else None
        pointed = Pointed.of(bank, likeness) if bank is not None and likeness is not None else None
        wanted = _brought(found, likeness, pointed, before)
        place = self._place(question, document)
        if document:
            wanted.update(found.inside, [place] if place >= 0 else [])
        left_out = self.holdings.heads_alike if question.inside else frozenset()
        if letterheads is not None:
            left_out |= letterheads.unasked(question)
        entries = self._entries(found.entries, wanted - left_out, without.union(question.elsewhere))
        ids, documents = entries.ids.tolist(), entries.documents
        exact = syllables(question.whole)
        read = self._read(question, words, ids, lexical, cosines, letterheads) if letterheads is not None else {}
        rows = features(
            AskedWords(exact, fold_tokens(exact), words, question.kind),
            entries,
            Texts.of(entries, self.holdings.snapshot.tokens),
            {"lexical": lexical, "cosine": cosines},
            self.holdings.snapshot.tokens,
            self.holdings.snapshot.lexical,
            bank=bank,
            likeness=likeness,
            pointed=pointed,
            named=frozenset(named),
            placed=_placed(question, entries, place),
            before=before,
            covered={id_: seen.covered for id_, seen in read.items()},
            fitting={id_: seen.fitting for id_, seen in read.items()},
            told={id_: seen.told for id_, seen in read.items()},
        )
        focus = bank.focus(likeness) if bank is not None and likeness is not None else {}
        return Considered(ids, documents, rows, document, place, focus)

    def _entries(self, found: Entries, wanted: Collection[int], elsewhere: frozenset[str]) -> Entries:
        """The entries that are wanted, found already or not, but for those of documents ``elsewhere``."""
        missing = sorted(set(wanted).difference(found.ids.tolist()))
        if missing:
            found = Entries.joined([found, self.holdings.snapshot.parts.entries(missing)])
        rows = [
            row
            for row, (id_, number) in enumerate(zip(found.ids.tolist(), found.documents, strict=True))
            if id_ in wanted and number not in elsewhere
        ]
        return found.taken(np.array(rows, dtype=np.int64))

    def _read(
        self,
        question: Question,
        words: Sequence[str],
        ids: list[int],
        lexical: dict[int, float],
        cosines: dict[int, float],
        letterheads: Letterheads,
    ) -> dict[int, Reading]:
        """What the best sentences of the candidates that look best show; reading takes its time."""
        most = max(lexical.values(), default=1.0)
        looks = sorted(ids, key=lambda id_: -(lexical.get(id_, 0.0) / most + cosines.get(id_, 0.0)))
        read = {}
        for passage in self.holdings.passages.by_id(looks[:_READ]):
            sentence, covered = best_sentence(question, passage, self.holdings.weights)
            number = passage.provision.document
            titled, known = (of.get(number, frozenset()) for of in (letterheads.about, letterheads.words))
            told = told_of(words, passage, sentence, titled, known)
            read[passage.provision.id] = Reading(covered, fitting_of(question, passage, sentence, self.holdings.weights), told)
        return read

    def _place(self, question: Question, document: str) -> int:
        """The provision of ``document`` whose place the question names (``Điều 5 khoản 2``); -1 where there is none."""
        place = question.mentions.article or question.mentions.section
        provision = self.holdings.store.section(document, place) if place and document else None
        return provision.id if provision and not provision.inline and (provision.text or provision.heading) else -1

    def by_words(self, question: Question, k: int) -> dict[int, float]:
        """Return the provisions whose words fit best with their BM25, best first."""
        return self._gathered(question, None, k).words

    def by_vectors(self, question: Question, k: int) -> dict[int, float]:
        """Return the provisions whose vectors are nearest with their cosine, best first; none without an encoder."""
        return self._gathered(question, self.vector(question), k).near

    def _gathered(self, question: Question, vector: Vector | None, pool: int, document: str = "") -> Gathered:
        """What words and vectors bring, and the words inside ``document``."""
        folded, exact = _terms(question)
        snapshot = self.holdings.snapshot
        sought = Sought(folded, exact, rarity(snapshot.lexical, folded, exact), pool, vector, document)

        def scores(entries: Entries) -> NDArray[np.float64]:
            texts = Texts.of(entries, snapshot.tokens)
            return word_scores(sought, entries, texts, snapshot.tokens, snapshot.lexical.means, self._title)

        return gather(snapshot.parts, sought, compared(snapshot.info.counts.get("vectors", 0)), scores)

    def _title(self, number: str) -> Mapping[str, Sequence[str]]:
        """The terms of a document's title, looked up once."""
        if number not in self._titles:
            self._titles[number] = terms_of(self.holdings.documents[number].title)
        return self._titles[number]

    def vector(self, question: Question) -> Vector | None:
        """The vector of a question; ``None`` without an encoder, or where it knows no word of it."""
        if self.encoder is None:
            return None
        vector = self.encoder.encode_queries([question.whole])[0]
        return vector if vector.any() else None  # no known word is near to nothing


def _brought(found: Gathered, likeness: Likeness | None, pointed: Pointed | None, before: Before | None) -> set[int]:
    """What words, vectors, the bank and the conversation bring; nothing where no word of the question is known."""
    if not found.words and not found.near and (likeness is None or likeness.words.max(initial=0.0) < _LIKE):
        return set()
    brought = {*found.words, *found.near}
    for each in (pointed, before.pointed if before else None):
        brought |= {*each.words, *each.vectors} if each else set()
    return brought | before.cited if before is not None else brought


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
