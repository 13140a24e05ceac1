"""Whether a provision holds what a question supposes: an amount of the same kind, every word of a very short question."""

from __future__ import annotations

from rag.choosing.evidence import Passage
from rag.documents import Provision
from rag.finding.search import Searcher
from rag.language.text import normalise
from rag.question.understanding import Question
from rag.slots.facts import facts_in

_MEASURED = frozenset(("%", "ngày", "giờ", "tuần", "tháng", "năm", "đồng"))
_HARDLY = 2  # topic words


def has_measures(searcher: Searcher, question: Question, provision: Provision) -> bool:
    """Say whether a provision has an amount of the kind that a question supposes (``60 ngày``, ``5%``), be it another one."""
    supposed = _measures(searcher.spoken(question.text))
    return not supposed or bool(supposed & _measures(provision.whole_text))


def _measures(text: str) -> set[str]:
    found = {fact.key[1].split()[0] for fact in facts_in(normalise(text)) if fact.kind == "number" and fact.key[1]}
    return found & _MEASURED


def has_what_it_names(question: Question, passage: Passage) -> bool:
    """Say whether every word of a question that is hardly more than a word or two (``giá vàng?``) stands in the provision."""
    if question.kind != "general" or len(question.terms) > _HARDLY or question.mentions.numbers:
        return True
    exact = frozenset[str]().union(*(words.exact for _, words in passage.zones))
    return all(
        term.exact in exact or (not term.typed and term.folded in passage.folded) or any(map(passage.states, term.others))
        for term in question.terms
    )
