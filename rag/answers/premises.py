"""What the question supposes: confirmed or corrected in the words of the source."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answers.agreement import SAYS, Asked, asked
from rag.answers.verdicts import NO
from rag.choosing.evidence import share
from rag.finding.choice import Candidate
from rag.finding.search import Searcher
from rag.language.text import fold_tokens, normalise, sentences, syllables
from rag.question.understanding import Question
from rag.slots.polarity import DUTY, EXCEPTIONS, FREE, MODALS, PERMITS, scopes
from rag.slots.tokens import Row, facts_of, says, tokens, words_of

_PREMISE = 0.7
_DUTIES = ("bắt buộc",)
_NOT_ALLOWED = ("không được", "nghiêm cấm", "cấm")
_ALL = ("toàn bộ", "tất cả", "mọi", "các")
_SHARED = 3  # words of the question that what is forbidden has


def whose_it_really_is(searcher: Searcher, question: Question, candidates: list[Candidate]) -> Candidate | None:
    """``Phòng A lo việc X phải không?``: where another provision says whose X is, that one corrects the premise."""
    asked = [term.folded for term in question.terms]
    actors = [fold_tokens(syllables(candidate.passage.actor)) for candidate in candidates if candidate.passage.actor]
    named = next((actor for actor in actors if len(actor) > 2 and set(actor) <= set(asked)), None)
    rest = tuple(term for term in question.terms if named and term.folded not in named)
    if not named or len(rest) < 2:
        return None

    def covers(candidate: Candidate) -> float:
        sentence = candidate.sentence
        return share(rest, [*([(1.0, sentence.words)] if sentence else []), *candidate.passage.zones], searcher.weights)

    best = max(candidates, key=covers)
    own = max((covers(c) for c in candidates if fold_tokens(syllables(c.passage.actor)) == named), default=0.0)
    return best if covers(best) >= max(_PREMISE, own + 0.1) else None


def verdict(searcher: Searcher, question: Question, text: str) -> str:
    """``Có bắt buộc không?``: say what the word of the source is, where it is said of just this; else that it is a quotation."""
    percents = question.mentions.percents
    if question.kind != "yesno" and not percents:
        return ""
    supposed, stated = asked(searcher, question), [tokens(normalise(text[start:end])) for start, end in sentences(text)]
    if percents:
        return _other_share(percents, stated) or (SAYS if question.kind == "yesno" else "")
    if says(supposed.row, _DUTIES) and not supposed.denies and _only_encouraged(supposed, stated):
        return "Không bắt buộc, văn bản ghi là khuyến khích: "
    if says(supposed.row, PERMITS) and not supposed.denies and _forbids(supposed, stated):
        return f"{NO} {SAYS}"
    return SAYS


def _only_encouraged(supposed: Asked, stated: Sequence[Row]) -> bool:
    """Whether the sentence that has most words of the question encourages, and demands nothing."""
    own = {word for word in words_of(supposed.row) if word not in MODALS}
    nearest = max(stated, key=lambda row: len(own & set(words_of(row))), default=())
    return says(nearest, FREE) and not says(nearest, DUTY)


def _other_share(percents: Sequence[str], stated: Sequence[Row]) -> str:
    """A percentage that is not the one that the text gives; ``100%`` may be said as ``all``."""
    given = {fact.key[0] for row in stated for fact in facts_of(row) if fact.kind == "number" and fact.key[1] == "%"}
    supposed = {percent.rstrip("% ").replace(".", ",") for percent in percents}
    whole = supposed == {"100"} and any(says(row, _ALL) for row in stated)
    return f"Không phải {percents[0]}. {SAYS}" if len(given) == len(supposed) == 1 and given != supposed and not whole else ""


def _forbids(supposed: Asked, stated: Sequence[Row]) -> bool:
    """Whether a sentence forbids what is asked for, in its words and without any exception."""
    own = {word for word in words_of(supposed.row) if word not in MODALS}
    return any(
        not says(row, EXCEPTIONS) and says(row, _NOT_ALLOWED) and any(len(own & set(scope)) >= _SHARED for scope in scopes(row))
        for row in stated
    )
