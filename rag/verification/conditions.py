"""Whether a claim keeps the condition or exception under which its source says the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rag.slots.polarity import EXCEPTIONS, MODALS
from rag.slots.source import Source
from rag.slots.tokens import Row, exact, facts_of, parts, places, words_of
from rag.verification.alignment import GLUE

_CONDITIONS = (*EXCEPTIONS, "nếu", "trường hợp", "với điều kiện", "chỉ khi", "chỉ trong trường hợp")
_WHATEVER = (
    "mọi trường hợp",
    "các trường hợp",
    "những trường hợp",
    "một số trường hợp",
    "từng trường hợp",
    "trường hợp này",
    "trường hợp đó",
)
_THEN = frozenset((",", *exact("thì"), ";", ":", ".", "\n"))
_OF_PEOPLE = ("phone", "email")
_SHORTEST = 2
_REPEATED = 0.7  # of a claim's words stand in what the source says under the condition …
_SAID = 0.34  # … and so many of the condition's in the claim: then it is kept


class _Condition(NamedTuple):
    """A condition of a clause, and what the clause says under it, by their words."""

    words: frozenset[str]
    under: frozenset[str]


def fault_of_condition(row: Row, sources: Sequence[Source], beside: Sequence[Row] = ()) -> str:
    """Return a condition of the source that a claim and those ``beside`` it leave out (Vietnamese), empty when there is none.

    A claim is held to the sentence that it is nearest to. Whom to call ``nếu có khó khăn`` may be told without that.
    """
    if any(fact.kind in _OF_PEOPLE for fact in facts_of(row)):
        return ""
    own, facts = _content(row), {fact.key for fact in facts_of(row)}
    if len(own) < _SHORTEST:
        return ""
    clauses = [clause for source in sources for sentence in source.rows for clause in parts(sentence, ";") if clause]

    def shared(clause: Row) -> int:
        return len(own & _content(clause)) + len(facts & {fact.key for fact in facts_of(clause)})

    nearest = max(clauses, key=shared, default=())
    said = own.union(*map(_content, beside))
    for condition in _conditions(nearest):
        repeats = len(own & condition.under) >= _REPEATED * len(own)
        if repeats and len(said & condition.words) < _SAID * len(condition.words):
            return "nguồn chỉ nói điều này trong một trường hợp, câu bỏ điều kiện ấy"
    return ""


def _conditions(clause: Row) -> Iterator[_Condition]:
    """Yield each condition of a clause: from what opens it to the comma, ``thì`` or the end."""
    masked = {at for start, end in places(clause, _WHATEVER) for at in range(start, end)}
    for start, end in places(clause, _CONDITIONS):
        if start in masked:
            continue
        stop = next((at for at in range(end, len(clause)) if clause[at] in _THEN), len(clause))
        under = _content([*clause[:start], *clause[stop:]])
        words = _content(clause[end:stop]) - under
        if len(words) >= _SHORTEST and len(under) >= _SHORTEST:
            yield _Condition(words, under)


def _content(row: Row) -> frozenset[str]:
    return frozenset(words_of(row)) - GLUE - MODALS
