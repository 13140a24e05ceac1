"""The order in which candidates are answered from, where the chooser hardly tells them apart."""

from __future__ import annotations

from dataclasses import replace

from rag.answers.agreement import agreeing_first
from rag.finding.search import Candidate, Choice, Searcher
from rag.question.understanding import Question

AS_GOOD = 1.0  # of the chooser's scores: what is this near to the first may answer beside it
_ALIKE, _FULLER = 0.5, 0.3  # of scores, and of the share of the question that stands there


def in_order(searcher: Searcher, question: Question, choice: Choice) -> Choice:
    """Return a choice with the candidate first that has most of what is asked, of those that are hardly worse than the first."""
    ordered = _agreeing(question, _fuller_first(choice))
    if question.mentions.numbers:
        return ordered  # the document that is named says what it says
    return replace(ordered, candidates=agreeing_first(searcher, question, ordered.candidates, 2 * AS_GOOD))


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
