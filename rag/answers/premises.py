"""What the question supposes: confirmed or corrected in the words of the source."""

from __future__ import annotations

import re

from rag.choosing.evidence import share
from rag.finding.search import Candidate, Searcher
from rag.language.text import fold_tokens, syllables
from rag.question.understanding import Question

_PREMISE = 0.7
_FREE = "khuyến khích"
_FORBIDDEN = re.compile(r"\b(?:không được|nghiêm cấm|cấm)\b")


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


def verdict(question: Question, text: str) -> str:
    """``Có bắt buộc không?``: say what the word of the source is; a figure that it does not give is corrected."""
    if question.mentions.percents and not any(percent.replace(" ", "") in text.replace(" ", "") for percent in question.mentions.percents):
        return f"Không phải {question.mentions.percents[0]}. Văn bản ghi: "
    if question.kind != "yesno":
        return ""
    lower = text.lower()
    if "bat buoc" in question.folded and _FREE in lower:
        return "Không bắt buộc, văn bản ghi là khuyến khích: "
    if re.search(r"\bduoc\b", question.folded) and _FORBIDDEN.search(lower):
        return "Không. Văn bản ghi: "
    return "Văn bản ghi: "
