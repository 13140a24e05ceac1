"""How much of a question stands in a provision, and in which sentence of it.

Every topic word of the question weighs by its rarity in the corpus. It counts in full where it stands in the sentence
with the same neighbour as in the question, for less elsewhere in the provision, its headings and its document's title.
A word that was typed with marks is not found in one with other marks (``lương`` is not ``lượng``).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from rag.choosing.table_rows import row_worth, values_asked_for
from rag.documents import Provision
from rag.language.definitions import Definition, written_both_ways
from rag.language.tables import Row, readable, rows_of
from rag.language.text import fold_tokens, folded, sentences, syllables
from rag.question.understanding import Question, Term

_OTHER_MARKS = 0.45
_OTHER_MARKS_PAIRED = 0.85  # two syllables in a row that differ in restored marks only: the marks were restored wrongly
_LONE_HALF = 0.55
_SYNONYM = 0.9
_LIGHT = 0.35
_UNKNOWN = 0.5  # words that no provision has: many are just how people talk
_OPENS = 0.05  # a sentence that begins with the question's subject
_NOTE = -0.05  # the text itself comes before its footnotes
_FIGURE = 0.1
TOLD_IN_NOTES = ("list", "definition", "document")
"""Kinds of questions that a footnote answers as well as the text."""
SEVERAL = r"\([^()]*,[^()]*\)|:\s*[^:;]+;"
"""Several things in a row, in a pattern: in brackets with commas, behind a colon with semicolons."""
_TELLS_SEVERAL = re.compile(rf"{SEVERAL}|\bgồm\b")
_DIGIT = re.compile(r"\d|\bphần (?:hai|ba|tư|trăm)\b")
_SAME = 1e-6
_ACTOR = re.compile(r"^(?:Đối với )?([^:.;\n(]{4,110})(?:\([^)]*\))?\s*:\s")
_ZONES = {"sentence": 1.0, "text": 0.85, "lead": 0.8, "notes": 0.9, "heading": 0.85, "headings": 0.8, "title": 0.6}


class Words:
    """The words of a piece of text: exact and folded syllables and folded pairs."""

    __slots__ = ("exact", "folded", "pairs", "sequence")

    def __init__(self, text: str) -> None:
        exact = syllables(text)
        self.sequence = [folded(token) for token in exact]
        self.exact = frozenset(exact)
        self.folded = frozenset(self.sequence)
        self.pairs = frozenset(pairwise(self.sequence))

    def has_phrase(self, phrase: Sequence[str]) -> bool:
        """Say whether the folded tokens of ``phrase`` stand in a row."""
        if len(phrase) == 1:
            return phrase[0] in self.folded
        return all(pair in self.pairs for pair in pairwise(phrase))

    def has_one_of(self, phrases: Sequence[Sequence[str]]) -> bool:
        """Say whether the folded tokens of one of ``phrases`` stand in a row; most differ in their first token already."""
        return any(phrase[0] in self.folded and self.has_phrase(phrase) for phrase in phrases)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a provision's text (or of a footnote: ``note`` is its index), with its words.

    A row of a table is one sentence.
    """

    start: int
    end: int
    text: str
    words: Words
    note: int = -1
    row: Row | None = None

    @property
    def said(self) -> str:
        """The text, a row as people read it out."""
        return self.row.said if self.row else self.text


class Passage:
    """A provision with its words by zone, made once and kept."""

    def __init__(self, provision: Provision, title: str, lead: str, defined: Sequence[Definition] = ()) -> None:
        """``defined``: the short forms of its document, which may be asked for in either form."""
        self._defined = defined
        self.provision = provision
        self._title = title
        self.lead = lead

    @property
    def around(self) -> tuple[str, ...]:
        """What it stands in: how its parent begins, the headings above it, the document's title and issuer."""
        return (self.lead, *self.provision.headings, self._title)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences of the text, then the footnotes."""
        text = self.provision.text
        spans = [span for span in sentences(text) if text[text.rfind("\n", 0, span[0]) + 1] != "|"]
        own = [Sentence(start, end, text[start:end], self._words(text[start:end])) for start, end in spans]
        own += [Sentence(row.start, row.end, row.line, self._words(row.said), row=row) for row in rows_of(text) if row.said]
        notes = [
            Sentence(0, len(note.text), note.text, self._words(note.text), index) for index, note in enumerate(self.provision.footnotes)
        ]
        return (*sorted(own, key=lambda sentence: sentence.start), *notes)

    def _words(self, text: str) -> Words:
        return Words(written_both_ways(text, self._defined))

    @cached_property
    def actor(self) -> str:
        """Whom the provision speaks of first (``Phòng Kế hoạch - Tài chính: …``, ``Đối với cơ sở giáo dục: …``)."""
        found = _ACTOR.match(self.provision.text)
        return found.group(1) if found else ""

    def states(self, phrase: Sequence[str]) -> bool:
        """Say whether the folded tokens stand in a row anywhere in or around the provision."""
        return any(words.has_phrase(phrase) for _, words in self.zones)

    @cached_property
    def folded(self) -> frozenset[str]:
        """The folded syllables in and around the provision."""
        return frozenset().union(*(words.folded for _, words in self.zones))

    @cached_property
    def zones(self) -> tuple[tuple[float, Words], ...]:
        """The words around a sentence with their worth."""
        provision = self.provision
        pieces = (
            ("text", readable(provision.text)),
            ("heading", provision.heading),
            ("lead", self.lead),
            ("notes", "\n".join(note.text for note in provision.footnotes)),
            ("headings", "\n".join(provision.headings)),
            ("title", self._title),
        )
        return tuple((_ZONES[name], self._words(text)) for name, text in pieces if text)


class Weights:
    """The rarity of syllables over the provisions of a snapshot (idf)."""

    def __init__(self, data: bytes) -> None:
        content = json.loads(data)
        size: int = content["size"]
        self._unknown = _UNKNOWN * _rarity(0, size)
        self._known = {syllable: _rarity(count, size) for syllable, count in content["counts"].items() if count}

    def of(self, syllable: str) -> float:
        """Return the weight of a folded syllable; one that no provision has weighs most."""
        return self._known.get(syllable, self._unknown)


def _rarity(count: int, size: int) -> float:
    return math.log((size + 1) / (max(count, 1) + 0.5)) + 0.1


def best_sentence(question: Question, passage: Passage, weights: Weights) -> tuple[Sentence | None, float]:
    """Return the sentence of a provision that covers most of the question, and how much it does."""
    if not passage.sentences:
        return None, coverage(question, passage, None, weights)
    covered = coverages(question, passage, weights)
    told = coverages(told_apart, passage, weights) if (told_apart := _telling_rows(question, passage)) is not question else covered
    best = max(range(len(covered)), key=lambda at: told[at] + _worth(question, passage.sentences[at]))
    return passage.sentences[best], covered[best]


def _telling_rows(question: Question, passage: Passage) -> Question:
    """The question without what tells no row from another: the values of its columns (``khối 8``), the words above the table."""
    rows = [sentence.row for sentence in passage.sentences if sentence.row]
    values = {value for row in rows for title, _ in row.cells for value in values_asked_for(question, title)}
    rest = [term for term in question.terms if term.folded not in values]
    above = _words_above(passage) if rows else set()
    own = {word for row in rows for _, cell in row.cells for word in fold_tokens(syllables(cell))}
    telling = [term for term in rest if term.light or term.folded not in above]
    if any(not term.light and term.folded in own for term in telling):
        rest = telling
    return replace(question, terms=tuple(rest)) if 0 < len(rest) < len(question.terms) else question


def _words_above(passage: Passage) -> set[str]:
    """The words of a provision's heading and of its text outside of tables."""
    lines = [passage.provision.heading, *(line for line in passage.provision.text.split("\n") if not line.startswith("|"))]
    return {word for line in lines for word in fold_tokens(syllables(line))}


def rows_as_good(question: Question, passage: Passage, best: Sentence, weights: Weights) -> list[Row]:
    """Return the rows that nothing in the question tells apart from the one that covers most of it, that one among them."""
    if best.row is None:
        return []
    covered = coverages(_telling_rows(question, passage), passage, weights)
    worth = {at: covered[at] + _worth(question, one) for at, one in enumerate(passage.sentences) if one.row is not None}
    own = next(worth[at] for at in worth if passage.sentences[at].start == best.start)
    return [row for at, value in worth.items() if abs(value - own) < _SAME and (row := passage.sentences[at].row)]


def _worth(question: Question, sentence: Sentence) -> float:
    """What speaks for a sentence besides its words: it opens with the subject, counts or lists where that is asked."""
    subject = [term.folded for term in question.terms[:2]]
    worth = row_worth(question, sentence.row) if sentence.row is not None else 0.0
    worth += _OPENS * (sentence.words.sequence[1:3] == subject or sentence.words.sequence[:2] == subject)
    if sentence.note >= 0 and question.kind not in TOLD_IN_NOTES:
        worth += _NOTE
    if question.kind == "list" and _TELLS_SEVERAL.search(sentence.text):
        worth += _FIGURE
    if (question.kind == "figure" or question.mentions.percents) and _DIGIT.search(sentence.text):
        worth += _FIGURE
    return worth


def coverage(question: Question, passage: Passage, sentence: Sentence | None, weights: Weights) -> float:
    """Return the share (0-1) of the question's topic that stands in ``sentence`` and around it."""
    zones = passage.zones if sentence is None else ((_ZONES["sentence"], sentence.words), *passage.zones)
    return share(question.terms, zones, weights)


def coverages(question: Question, passage: Passage, weights: Weights) -> list[float]:
    """Return ``coverage`` for every sentence of a provision; what stands around them is looked at once."""
    weighed = [_weight(term, weights) for term in question.terms]
    total = sum(weighed)
    if not total:
        return [1.0] * len(passage.sentences)
    there = [
        (term, weight, _best(term, passage.zones))
        for term, weight in zip(question.terms, weighed, strict=True)
        if term.folded in passage.folded or any(phrase[0] in passage.folded for phrase in term.others)
    ]
    return [
        sum([weight * max(strength(term, sentence.words), near) for term, weight, near in there], 0.0) / total
        for sentence in passage.sentences
    ]


def share(terms: Sequence[Term], zones: Sequence[tuple[float, Words]], weights: Weights) -> float:
    """Return the weighted share of ``terms`` that stand in ``zones``; 1 when there are no terms."""
    total = found = 0.0
    for term in terms:
        weight = _weight(term, weights)
        total += weight
        found += weight * _best(term, zones)
    return found / total if total else 1.0


def _weight(term: Term, weights: Weights) -> float:
    return weights.of(term.folded) * (_LIGHT if term.light else 1.0)


def _best(term: Term, zones: Sequence[tuple[float, Words]]) -> float:
    best = 0.0
    for worth, words in zones:
        if worth > best:
            best = max(best, worth * strength(term, words))
    return best


def strength(term: Term, words: Words) -> float:
    """Return how surely ``term`` stands in ``words``, 0-1."""
    best = 0.0
    if term.folded in words.folded:
        alone = not term.left and not term.right
        if term.folded.isdigit() and term.left and (term.left, term.folded) not in words.pairs:
            return 0.0  # "lớp 6" is not "lớp 10"
        paired = (term.left and (term.left, term.folded) in words.pairs) or (term.right and (term.folded, term.right) in words.pairs)
        other_marks = 0.0 if term.typed else (_OTHER_MARKS_PAIRED if paired else _OTHER_MARKS)
        best = (1.0 if term.exact in words.exact else other_marks) * (1.0 if alone or paired else _LONE_HALF)
    if term.others and best < _SYNONYM and words.has_one_of(term.others):
        return _SYNONYM
    return best
