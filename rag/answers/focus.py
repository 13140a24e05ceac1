"""The words that answer: of a long provision what is asked, with all that turns its meaning.

A text is cut between sentences and clauses parted by semicolons, never inside one that says ``trừ``, ``nếu`` or ``không``.
What is left out stands in the quote. Where it is not plain what may go, nothing goes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rag.answers.base import MOST
from rag.choosing.evidence import Weights, Words, share
from rag.language.numbers import DOCUMENT_NUMBER, EMAIL, LINK, PHONE
from rag.language.text import data_lines, folded, normalise, sentences
from rag.question.understanding import Question
from rag.slots.facts import facts_in
from rag.slots.polarity import DUTY, EXCEPTIONS, FREE, negations
from rag.slots.tokens import exact, says, tokens

BRIEF = 120  # characters: so much is read at a glance, and is not cut
_LONG = 200
_ADDS = 0.1  # of the question: what holds so much more of it comes along
_NEARLY = 0.03
_PIECES = 3
_TITLE = 6  # words
_AS_A_WHOLE = ("procedure", "definition", "list")  # one thing after another
_LISTED = re.compile(r"\s*(?:[-–+•]|\(?\d{1,2}[).]|\(?[a-zđ]\)|\(?[ivx]+\))\s*")
_END = re.compile(r"[.!?…][”\"')\]]*$|\./\.$")
_NUMBER = re.compile(r"\d")
_MAY_LIST = ("general", "definition", "document", "figure", "procedure", "who")
_SEVERAL = re.compile(r"\b(?:nhung|cac|liet ke|ke ten|ke (?=\d|ra)|tat ca|gom)\b|^(?:\d|ba|nam|bon) [a-z]")
_FORMS = {
    "deadline": re.compile(r"\b(?:hằng|hàng|mỗi|định kỳ|kịp thời|ngay)\b|\d+ (?:ngày|giờ|tháng|tuần|năm)\b", re.IGNORECASE),
    "figure": re.compile(r"\d"),
    "address": LINK,
    "place": re.compile(rf"{LINK.pattern}|\b(?:cổng|trang|trên|tại|phần mềm|hệ thống)\b", re.IGNORECASE),
    "contact": re.compile(f"{PHONE.pattern}|{EMAIL.pattern}"),
    "document": DOCUMENT_NUMBER,
}
_COMMA = re.compile(r"[,:](?=\s)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence or clause of a text."""

    start: int
    end: int
    text: str


def focused(question: Question, text: str, best: int, weights: Weights) -> str:
    """Return what of ``text`` answers: the sentence at ``best`` (-1: the likeliest), what holds more of the question and belongs to it."""
    if len(text) <= BRIEF or (question.kind in _AS_A_WHOLE and len(text) <= MOST):
        return text
    pieces = _pieces(text)
    asked = _Asked(question, weights)
    likeliest = max(range(len(pieces)), key=lambda at: asked.held([pieces[at].text]))
    first = next((at for at, piece in enumerate(pieces) if piece.start <= best < piece.end), likeliest)
    whole = _sentences_of(pieces)
    chosen = asked.covering(whole, next(at for at, sentence in enumerate(whole) if first in sentence.places))
    kept = _with_what_belongs(whole, chosen)
    if question.kind == "yesno" and len(text) <= MOST and any(_turns(whole[at].text) for at in range(len(whole)) if at not in kept):
        return text
    places = [place for at in kept for place in asked.clauses(pieces, whole[at], first)]
    said = _joined(text, pieces, places)
    return _figure(question, said, weights) if question.kind == "figure" and len(said) > BRIEF else said


def asks_for_list(question: Question) -> bool:
    """Say whether several things are asked for (``các quyết định …``, ``3 trụ cột là gì``)."""
    return question.kind == "list" or (question.kind in _MAY_LIST and bool(_SEVERAL.search(question.folded)))


@dataclass(frozen=True, slots=True)
class _Sentence:
    """The clauses of a text, by place, that stand between two full stops, and what they say."""

    places: range
    text: str


def _pieces(text: str) -> list[Piece]:
    spans = list(sentences(text))
    if len(spans) > 1 and _is_title(text[slice(*spans[0])]):
        spans[:2] = [(spans[0][0], spans[1][1])]
    return [Piece(start, end, text[start:end]) for start, end in spans]


def _is_title(text: str) -> bool:
    """Whether what a text begins with only says what it is about (``Xét tốt nghiệp.``)."""
    return len(text.split()) <= _TITLE and text.endswith(".") and not _NUMBER.search(text)


def _sentences_of(pieces: Sequence[Piece]) -> list[_Sentence]:
    """Clauses parted by semicolons are one sentence, and so is what announces a list with the list."""
    found: list[_Sentence] = []
    start = 0
    for at, piece in enumerate(pieces):
        listed = at + 1 < len(pieces) and bool(_LISTED.match(pieces[at + 1].text)) and bool(_LISTED.match(piece.text))
        if at + 1 == len(pieces) or not (piece.text.endswith((";", ":")) or listed):
            found.append(_Sentence(range(start, at + 1), " ".join(one.text for one in pieces[start : at + 1])))
            start = at + 1
    return found


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked, and how much the words of it weigh."""

    question: Question
    weights: Weights

    def held(self, texts: Sequence[str]) -> float:
        """Return how much of the question stands in ``texts``."""
        return share(self.question.terms, [(1.0, Words(text)) for text in texts], self.weights)

    def covering(self, parts: Sequence[_Sentence | Piece], first: int) -> list[int]:
        """Return the parts that together hold what the question says and what it asks for; few, and no more than can be read."""
        chosen = [first]
        while len(chosen) < _PIECES:
            texts = [parts[at].text for at in chosen]
            lacks, unmeasured = not self.has_form(texts), not any(map(self.measures, texts))
            gains = [
                (
                    self.held([*texts, part.text])
                    - self.held(texts)
                    + _ADDS * ((lacks and self.has_form([part.text])) or (unmeasured and self.measures(part.text))),
                    -at,
                )
                for at, part in enumerate(parts)
                if at not in chosen
            ]
            gain, place = max(gains, default=(0.0, 0))
            if gain < _ADDS or sum(map(len, texts)) + len(parts[-place].text) > MOST:
                break
            chosen.append(-place)
        return sorted(chosen)

    def has_form(self, texts: Sequence[str]) -> bool:
        """Whether there is a day where one asks when, a number where one counts …"""
        form = _FORMS.get(self.question.kind)
        if self.question.kind == "deadline" and any(fact.kind == "date" and not fact.issued for text in texts for fact in facts_in(text)):
            return True
        return form is None or any(form.search(text) for text in texts)

    def measures(self, text: str) -> bool:
        """Whether there is an amount of what the question gives an amount of (``5 lần``), be it another one."""
        return any(
            fact.kind == "number" and fact.key[1] and re.search(rf"\d ?{re.escape(folded(fact.key[1]))}\b", self.question.folded)
            for fact in facts_in(normalise(text))
        )

    def clauses(self, pieces: Sequence[Piece], sentence: _Sentence, first: int) -> Sequence[int]:
        """Return the clauses of a long sentence that hold all that it holds of the question; all where that is not plain."""
        if len(sentence.text) <= _LONG or len(sentence.places) == 1 or first not in sentence.places:
            return sentence.places
        own = pieces[sentence.places.start : sentence.places.stop]
        kept = _with_what_belongs(own, self.covering(own, first - sentence.places.start))
        said, left = [own[at].text for at in kept], [own[at].text for at in range(len(own)) if at not in kept]
        plain = self.held(said) >= self.held([sentence.text]) - _NEARLY and self.has_form(said)
        announces = any(_announcing(own[at].text) and not _LISTED.match(own[at].text) for at in kept)
        turned = self.question.kind == "yesno" and any(map(_turns, left))
        short = len(sentence.text) <= MOST
        return sentence.places if short and (not plain or announces or turned) else [sentence.places.start + at for at in kept]


def _with_what_belongs(parts: Sequence[_Sentence | Piece], chosen: Sequence[int]) -> list[int]:
    """Add what an exception, a condition or a ``việc này`` is said of, and the other way round."""
    found = set(chosen)
    for at in chosen:
        before = at
        while before and _opens(parts[before], "<"):
            before -= 1
            found.add(before)
        after = at + 1
        while after < len(parts) and _opens(parts[after], ">"):
            found.add(after)
            after += 1
    return sorted(found)


def _opens(piece: _Sentence | Piece, way: str) -> bool:
    """Whether a piece goes back to the one before it, and (``>``) belongs to it wherever that is said."""
    row = [token for token in tokens(normalise(piece.text[:60])) if token not in ("(", "-")]
    return any(list(row[: len(phrase)]) == list(phrase) for phrase in _openings(way))


@lru_cache(maxsize=2)
def _openings(way: str) -> list[tuple[str, ...]]:
    lines = data_lines("openings.txt")
    return [tuple(exact(line.lstrip("<>").strip())) for line in lines if way == "<" or line.startswith(">")]


def _joined(text: str, pieces: Sequence[Piece], chosen: Sequence[int]) -> str:
    """The chosen pieces in order, each with the sentence of the text that announces it; ``…`` where something is left out."""
    said, last, announced = "", -1, set[str]()
    for at in chosen:
        lead = _lead_within(pieces, at)
        if lead and lead not in announced and not any(lead in pieces[other].text for other in chosen if other <= at):
            said += f"{' … ' if said else ''}{lead} "
            announced.add(lead)
        elif said:
            said += text[pieces[last].end : pieces[at].start] if at == last + 1 else " … "
        said += pieces[at].text
        last = at
    return said.rstrip(" ;")


def _lead_within(pieces: Sequence[Piece], at: int) -> str:
    """What announces the list that a piece stands in: ``Các khoản thu: …; …`` or a line that ends in a colon above it."""
    for before in range(at - 1, -1, -1):
        piece, following = pieces[before], pieces[before + 1]
        if _END.search(piece.text) and not _LISTED.match(following.text):
            return ""
        if piece.text.endswith(":"):
            return piece.text
        if (colon := _announcing(piece.text)) and not _LISTED.match(piece.text):
            return piece.text[:colon]
    return ""


def _announcing(text: str) -> int:
    """Where the colon ends that a list follows; 0 without one. What stands in brackets announces nothing."""
    bare = re.sub(r"\([^()]*\)", lambda found: "x" * len(found.group()), LINK.sub(lambda found: "x" * len(found.group()), text))
    found = re.search(r":(?=\s)", bare)
    return found.end() if found else 0


def _figure(question: Question, said: str, weights: Weights) -> str:
    """The clauses of a sentence that hold the figure and what is counted, where nothing turns their meaning in the others."""
    marks = [0, *(found.end() for found in _COMMA.finditer(said) if _is_open(said, found.end())), len(said)]
    clauses = [said[start:end] for start, end in pairwise(marks) if start < end]
    held = [at for at, clause in enumerate(clauses) if _NUMBER.search(clause)]
    if not held or len(held) > 2 or any(_turns(clause) for at, clause in enumerate(clauses) if at not in held):
        return said
    start, end = held[0], held[-1] + 1
    while start and not _starts_a_clause(clauses[start]):
        start -= 1
    kept = "".join(clauses[start:end]).strip(" ,;")
    terms = [term for term in question.terms if not term.light]
    whole, part = (share(terms, [(1.0, Words(piece))], weights) for piece in (said, kept))
    return kept if part >= whole / 2 else said


def _is_open(text: str, at: int) -> bool:
    """Whether a place stands in no brackets and no quotation."""
    before = text[:at]
    return before.count("(") == before.count(")") and before.count("“") == before.count("”")


def _turns(clause: str) -> bool:
    row = tokens(normalise(clause))
    return bool(negations(row)) or says(row, (*EXCEPTIONS, *FREE, *DUTY, *_turning()))


def _starts_a_clause(clause: str) -> bool:
    row = tokens(normalise(clause))
    return any(list(row[: len(phrase)]) == list(phrase) for phrase in _clause_starts())


@lru_cache(maxsize=1)
def _turning() -> tuple[str, ...]:
    return tuple(data_lines("turning_words.txt"))


@lru_cache(maxsize=1)
def _clause_starts() -> list[tuple[str, ...]]:
    return [tuple(exact(line)) for line in data_lines("clause_starts.txt")]
