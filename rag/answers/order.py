"""The order in which candidates are answered from, where the chooser hardly tells them apart."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rag.answers.agreement import agreeing_first
from rag.answers.gates import is_other_row
from rag.answers.sureness import PLAIN
from rag.choosing.form import counts_it, fitting_of, has_form
from rag.finding.choice import Candidate, Choice
from rag.finding.search import Searcher
from rag.language.text import fold_tokens, syllables
from rag.question.understanding import Question

AS_GOOD = 1.0  # of the chooser's scores: what is this near to the first may answer beside it
_WITHIN_REACH = 2.5  # of the chooser's scores
_PLAINLY, _SAID = 3, 0.3  # signs of form, and of the question's words
_ALIKE, _FULLER = 0.5, 0.3  # of scores, and of the share of the question that stands there


def in_order(searcher: Searcher, question: Question, choice: Choice) -> Choice:
    """Return a choice with the candidate first that has most of what is asked, of those that are hardly worse than the first."""
    ordered = _agreeing(question, _fuller_first(choice))
    if not choice.asked:
        ordered = _fitting_first(searcher, question, ordered)
    if question.mentions.numbers:
        return ordered  # the document that is named says what it says
    return replace(ordered, candidates=agreeing_first(searcher, question, ordered.candidates, 2 * AS_GOOD))


def _fitting_first(searcher: Searcher, question: Question, choice: Choice) -> Choice:
    """Of documents without questions: the line first that is what it calls itself (``Mã trường: …``) or has the form asked for.

    Where that is plain, the chooser need not be as sure as of a sentence.
    """
    likely = [one for one in choice.candidates if not is_other_row(searcher, question, one)]
    if not likely:
        return choice
    signs = {id(one): _signs(searcher, question, one) for one in likely}
    first = max([one for one in likely if _in_reach(one, likely[0], signs[id(one)])], key=lambda one: signs[id(one)].count)
    told, ahead = signs[id(first)], first is not choice.candidates[0]
    sureness = choice.sureness
    if likely[0] is not choice.candidates[0] and (first.sentence is None or first.sentence.row is None):
        sureness = 0.0  # it was of a row that says nothing of this
    if told.telling and told.count >= _PLAINLY and first.coverage >= _SAID and _has_all_words(question, first):
        sureness = max(sureness, PLAIN)
    behind = [replace(one, score=min(one.score, first.score - _WITHIN_REACH)) for one in choice.candidates if one is not first]
    candidates = [first, *(behind if ahead else choice.candidates[1:])]
    return replace(choice, candidates=candidates, sureness=sureness, focus=None if ahead else choice.focus)


def _has_all_words(question: Question, candidate: Candidate) -> bool:
    """Whether every topic word that was typed stands in or around a provision."""
    typed = set(fold_tokens(syllables(question.text)))
    return all(term.light or term.folded in candidate.passage.folded for term in question.terms if term.folded in typed)


@dataclass(frozen=True, slots=True)
class _Signs:
    """How many signs of form speak for a candidate; ``telling``: its label, or what its number counts, is what is asked for."""

    count: int
    telling: bool


def _signs(searcher: Searcher, question: Question, candidate: Candidate) -> _Signs:
    fitting = fitting_of(question, candidate.passage, candidate.sentence, searcher.weights)
    text = candidate.sentence.said if candidate.sentence is not None else candidate.provision.heading
    telling = (fitting.labelled == 1.0 and bool(candidate.provision.text), counts_it(question, text))
    return _Signs(sum((has_form(question, candidate.provision), fitting.formed > 0, *telling)), any(telling))


def _in_reach(candidate: Candidate, first: Candidate, signs: _Signs) -> bool:
    if candidate.provision.document != first.provision.document:
        return False
    return candidate.score >= first.score - _WITHIN_REACH or (signs.telling and _parent(candidate) == _parent(first))


def _fuller_first(choice: Choice) -> Choice:
    """Of two that are hardly told apart, the one that has far more of what is asked comes first."""
    first = choice.candidates[0] if choice.candidates else None
    alike = [one for one in choice.candidates[1:] if first and one.score >= first.score - _ALIKE and _parent(one) == _parent(first)]
    fuller = next((one for one in alike if first and one.coverage >= first.coverage + _FULLER), None)
    if fuller is None:
        return choice
    return replace(choice, candidates=[fuller, *(one for one in choice.candidates if one is not fuller)], focus=None)


def _agreeing(question: Question, choice: Choice) -> Choice:
    """Where a figure is asked for: the sibling of the first that says of what, in words of the question that the first lacks."""
    if question.kind != "figure" or not choice.candidates:
        return choice
    first, *others = choice.candidates
    asked = {term.folded for term in question.terms}
    said = asked & first.passage.folded
    for other in others:
        beside = other.provision.document == first.provision.document and _parent(other) == _parent(first)
        if beside and other.score >= first.score - 2 * AS_GOOD and said < asked & other.passage.folded:
            return replace(choice, candidates=[other, first, *(rest for rest in others if rest is not other)], focus=None)
    return choice


def _parent(candidate: Candidate) -> str:
    return candidate.provision.section.rpartition(".")[0]


def nearest(choice: Choice) -> list[Candidate]:
    """Return the candidates that are about as good as the first."""
    return [candidate for candidate in choice.candidates if candidate.score >= choice.candidates[0].score - AS_GOOD]
