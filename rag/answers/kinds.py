"""The one table of the kinds of answers, and the order in which they are asked."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import lru_cache

from rag.answers.base import Reply
from rag.answers.held import fault_of
from rag.answers.kind import AnswerKind, Inquiry, Needs
from rag.answers.outcomes import AsItStands, NotMine, Outcome, Reason, Refused
from rag.answers.trace import Trace
from rag.plugins import Plugin, load

GROUP = "tracuu.answer_kinds"
BUILT_IN = {
    # Looked up, before anything is guessed. A key (a number, a link) is nobody else's; a place comes last, as "phụ lục 3" may only say
    # where something is counted or falls due.
    "standing": "rag.answers.looked_up:Standing",
    "whose_number": "rag.answers.looked_up:WhoseNumber",
    "what_site": "rag.answers.looked_up:WhatSite",
    "signer": "rag.answers.looked_up:Signer",
    "count": "rag.answers.looked_up:Count",
    "falls_due": "rag.answers.looked_up:FallsDue",
    "place": "rag.answers.looked_up:Place",
    # All of a list, of which the chooser is hardly surer of one item than of the next.
    "whole_list": "rag.answers.worded:WholeList",
    # Of a provision that is surely meant: what is known of the named document before what its text says; a day that is supposed before
    # who and where, as "gọi ai trước ngày 10/1" asks for both.
    "named_document": "rag.answers.worded:NamedDocument",
    "deadlines": "rag.answers.worded:Deadlines",
    "people": "rag.answers.worded:People",
    "named_person": "rag.answers.worded:NamedPerson",
    "addresses": "rag.answers.worded:Addresses",
    "which_document": "rag.answers.worded:WhichDocument",
    # By their own words, where no provision is sure to say it: rather than an offer.
    "field": "rag.answers.worded:Field",
    "named_site": "rag.answers.worded:NamedSite",
}
"""Ours by name, in the order in which they are asked; those of packages come behind ours that need the same."""
_log = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def kinds() -> tuple[Plugin[AnswerKind], ...]:
    """Return every kind of answer; what packages add is looked for once in a process."""
    return tuple(load(GROUP, BUILT_IN, _usable))


def _usable(value: object) -> AnswerKind:
    made = value() if isinstance(value, type) else value
    if not isinstance(made, AnswerKind) or not isinstance(made.needs, Needs):
        raise TypeError("không phải một loại trả lời (cần needs, applies, answer)")
    return made


def asked_of_kinds(inquiry: Inquiry, needs: Needs, trace: Trace) -> Outcome:
    """Return what the first kind with these ``needs`` makes of a question that is its own; ``NotMine`` where it is nobody's."""
    for kind in kinds():
        if kind.value.needs is needs:
            outcome = _outcome(kind, inquiry, trace)
            if not isinstance(outcome, NotMine):
                return outcome
    return NotMine()


def _outcome(kind: Plugin[AnswerKind], inquiry: Inquiry, trace: Trace) -> Outcome:
    if kind.package:
        return _of_package(kind, inquiry, trace)
    if not kind.value.applies(inquiry):
        return NotMine()
    outcome = kind.value.answer(inquiry)
    trace.asked(kind.name, outcome)
    return outcome


def _of_package(kind: Plugin[AnswerKind], inquiry: Inquiry, trace: Trace) -> Outcome:
    """What a package's kind makes of it: held to the documents, without words of its own beside, and never the end of an answer."""
    try:
        outcome = kind.value.answer(inquiry) if kind.value.applies(inquiry) else NotMine()
        fault = _fault_in(inquiry, outcome)
    except Exception as error:
        outcome, fault = NotMine(), f"{type(error).__name__}: {error}"
    if fault:
        _log.warning("Loại trả lời %s của gói %s bị loại: %s", kind.name, kind.package, fault)
        trace.left_out(kind.name, fault)
        return NotMine()
    if isinstance(outcome, Reply):
        outcome = replace(outcome, notes=(), day=None)
    elif isinstance(outcome, Refused):
        outcome = Refused(Reason.OF_PACKAGE, f"{kind.name}: {outcome.why}")
    elif not isinstance(outcome, AsItStands) or kind.value.needs is not Needs.SURE:
        return NotMine()
    trace.asked(kind.name, outcome)
    return outcome


def _fault_in(inquiry: Inquiry, outcome: object) -> str:
    if isinstance(outcome, Reply):
        return fault_of(inquiry, outcome)
    return "" if isinstance(outcome, Refused | NotMine | AsItStands) else "không phải một câu trả lời, lời từ chối hay NotMine"
