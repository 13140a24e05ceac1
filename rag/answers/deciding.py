"""Question and provisions → answer; decides whether to stand behind what is found, or to say nothing.

What is formal is looked up: a phone, a link, a date, the place of a provision. For all else the chooser says which
provision is meant and how surely: where it is sure, a kind of answer (``rag.answers.kinds``) words what stands there; where
it is not, what may be meant is offered without a claim; where nothing is near, there is a refusal with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from rag.answers import base
from rag.answers.base import Reply
from rag.answers.beside import compared, told_of_all
from rag.answers.calendar import with_passed
from rag.answers.contacts import who_may_know
from rag.answers.deadlines import answer_deadline
from rag.answers.gates import is_elsewhere, is_stated, lacking
from rag.answers.halves import name_the_rest
from rag.answers.kind import Inquiry, Needs
from rag.answers.kinds import asked_of_kinds
from rag.answers.named_document import answer_document, tells_enough
from rag.answers.order import in_order, nearest
from rag.answers.outcomes import AsItStands, NotMine, Reason, Refused
from rag.answers.provisions import answer_provision
from rag.answers.sections import show
from rag.answers.sure_enough import is_sure, why_no_offer
from rag.answers.sureness import HALF_SAID, LISTED, NAMED, to_offer
from rag.answers.trace import PROVISION, TAUGHT, Trace
from rag.choosing.features import Before
from rag.documents import Answer, Document
from rag.finding.choice import Candidate, Choice
from rag.finding.documents_named import ABOUT, resolve, without_titles
from rag.finding.in_force import asked_day
from rag.finding.search import Searcher
from rag.question.mentions import NumberMention
from rag.question.understanding import Question

_OFFERED = 3
_ACCORDING_TO = "Theo {whose}:"
_OFFER = "Tôi chưa chắc văn bản có trả lời đúng câu này. Có thể thầy cô cần một trong các chỗ sau:"
_OFFER_ONE = "Tôi chưa chắc văn bản có trả lời đúng câu này. Chỗ gần nhất là:"


@dataclass(frozen=True, slots=True)
class Asking:
    """A question to be answered: ``question`` with what it goes on with, ``own`` as it stands alone, what went ``before``.

    ``taught`` is what an admin taught of this very question.
    """

    question: Question
    own: Question
    before: Before | None = None
    taught: Choice | None = None
    half: bool = False  # it goes on with something, and it is not sure with what: nothing is before it, or what was not answered


@dataclass(frozen=True, slots=True)
class Offer:
    """What is offered, in the order of the answer's citations, and the question as it was decided on."""

    question: Question
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer, the reply it is made from (``None`` where nothing is claimed), and how sure (0-1) the chooser was.

    ``trace`` says how it came about.
    """

    answer: Answer
    reply: Reply | None
    trace: Trace
    sureness: float = 0.0
    offer: Offer | None = None


def answer(searcher: Searcher, asking: Asking, today: date) -> Decision:
    """Return the answer to a question."""
    question = asking.question
    if asking.taught is not None:
        return _as_taught(searcher, replace(asking.own, day=asked_day(asking.own, today)), asking.taught, today)
    documents = _documents(searcher, question)
    if question.mentions.numbers and not documents and all(_is_year(mention) for mention in question.mentions.numbers):
        question = replace(question, mentions=replace(question.mentions, numbers=()))  # "các thông tư 2025" names no number
    question = replace(question, day=question.day or asked_day(question, today))
    inquiry, trace = Inquiry(searcher, question, documents, today), Trace(question)
    if question.mentions.numbers and not documents:
        numbers = ", ".join(mention.text for mention in question.mentions.numbers)
        return refused(searcher, question, Refused(Reason.UNKNOWN_NUMBER, numbers), trace)
    if question.mentions.no_days:
        return refused(searcher, question, Refused(Reason.NO_SUCH_DAY, ", ".join(question.mentions.no_days)), trace)
    if looked_up := _by_kinds(inquiry, Needs.QUESTION, 1.0, trace):
        return looked_up
    choice = in_order(searcher, question, searcher.choose(question, asking.before, asking.own))
    choice = _as_sure_as_its_like(searcher, question, choice)
    if asking.half:
        choice = replace(choice, sureness=min(choice.sureness, HALF_SAID))
    trace.choice = choice
    return _decided(_chosen(inquiry, choice, trace), trace, follows=asking.before is not None)


def _as_sure_as_its_like(searcher: Searcher, question: Question, choice: Choice) -> Choice:
    """What the bank knows of a document holds of one nearly identical to it (next year's), where both answer from the same section."""
    own = choice.candidates[0].provision if choice.candidates else None
    family = searcher.families.get(own.document) if own else None
    if choice.asked or own is None or family is None:
        return choice
    others = frozenset(searcher.documents).difference(family.called) | {own.document}
    like = searcher.choose(replace(question, elsewhere=others))
    if not like.asked or not like.candidates or like.candidates[0].provision.section != own.section:
        return choice
    return replace(choice, sureness=max(choice.sureness, like.sureness))


def _as_taught(searcher: Searcher, question: Question, choice: Choice, today: date) -> Decision:
    """Answer from what was taught and from nothing else, whatever else the question names."""
    inquiry, trace = Inquiry(searcher, question, [], today), Trace(question, choice, kind=TAUGHT)
    if not choice.candidates:
        return _found_nothing(inquiry, Refused(Reason.TAUGHT), trace)
    reply = answer_deadline(searcher, question, choice.candidates, today) if question.kind == "deadline" else None
    first = choice.candidates[0].provision
    if reply is None and first.heading and not first.text:
        reply = show(searcher, first)  # a section was taught: all of it
    reply = reply or answer_provision(searcher, question, choice.candidates, choice.focus)
    return _claimed(inquiry, reply, choice.sureness, trace)


def _by_kinds(inquiry: Inquiry, needs: Needs, sureness: float, trace: Trace) -> Decision | None:
    """What the kinds with these ``needs`` make of it, claimed with ``sureness``; ``None`` where it is for none of them."""
    outcome = asked_of_kinds(inquiry, needs, trace)
    if isinstance(outcome, Reply):
        return _claimed(inquiry, outcome, sureness, trace)
    return _found_nothing(inquiry, outcome, trace) if isinstance(outcome, Refused) else None


def _claimed(inquiry: Inquiry, reply: Reply, sureness: float, trace: Trace) -> Decision:
    """Stand behind a reply; of one that nothing states, only that there is nothing."""
    searcher, question = inquiry.searcher, inquiry.question
    if not reply.findings:
        return refused(searcher, question, Refused(Reason.NOTHING_THERE, reply.text), trace, notes=reply.notes)
    unsaid = [] if question.elsewhere else searcher.offices.unsaid(finding.provision.document for finding in reply.findings)
    if whose := ", ".join(dict.fromkeys(map(searcher.offices.name_of, unsaid))):
        reply = replace(reply, text=f"{_ACCORDING_TO.format(whose=whose)}\n{reply.text}")
    told = with_passed(searcher, reply, inquiry.today)
    return Decision(base.answered(searcher, question.text, told, reply.day or question.day), reply, trace, sureness)


def _chosen(inquiry: Inquiry, choice: Choice, trace: Trace) -> Inquiry:
    """The inquiry with what the chooser makes of it, and what is known of the named documents where that may be all that is asked."""
    searcher, documents = inquiry.searcher, inquiry.documents
    question = without_titles(inquiry.question, documents)
    near = nearest(choice)
    chosen = replace(inquiry, question=question, choice=choice, near=near)
    if not documents or not (question.mentions.numbers or ABOUT.search(question.said)) or not trace.meets(NAMED, choice.sureness):
        return chosen
    told = answer_document(searcher, question, documents)
    if told is not None and "yesno" in question.kinds and near:
        # what a provision has to hold is not said by how it is asked
        told = told if tells_enough(searcher, question, told, answer_provision(searcher, question, near)) else None
    return replace(chosen, told=told)


def _decided(inquiry: Inquiry, trace: Trace, *, follows: bool) -> Decision:
    """Ask the kinds that need a provision, each where that is sure enough; else offer what may be meant, or refuse."""
    sureness, candidates = inquiry.choice.sureness, inquiry.choice.candidates
    if gate := lacking(inquiry.searcher, inquiry.question, candidates[:1]):
        trace.gates.append(gate)
        return _found_nothing(inquiry, Refused(Reason.DISAGREES, gate) if candidates else Refused(Reason.NOTHING_NEAR), trace)
    if trace.meets(LISTED, sureness) and (whole := _by_kinds(inquiry, Needs.SIDE_BY_SIDE, sureness, trace)):
        return whole
    if candidates and is_sure(inquiry, trace, follows=follows):
        return _worded(inquiry, trace)
    if trace.meets(to_offer(), sureness) and (key := _by_kinds(inquiry, Needs.LIKELY, sureness, trace)):
        return key
    reason = why_no_offer(inquiry, trace)
    return _found_nothing(inquiry, reason, trace) if reason else _offered(inquiry, Refused(Reason.UNSURE), trace)


def _worded(inquiry: Inquiry, trace: Trace) -> Decision:
    """Word what is surely meant, as the kind of answer that is asked for, else as it stands; with what belongs beside it."""
    searcher, question, choice = inquiry.searcher, inquiry.question, inquiry.choice
    outcome = asked_of_kinds(inquiry, Needs.SURE, trace)
    if isinstance(outcome, Refused):
        return _found_nothing(inquiry, outcome, trace)
    if isinstance(outcome, NotMine):
        trace.asked(PROVISION, AsItStands())
    reply = outcome if isinstance(outcome, Reply) else inquiry.said
    if is_elsewhere(reply, inquiry.documents):
        return _offered(inquiry, Refused(Reason.ELSEWHERE), trace)
    reply = compared(searcher, question, inquiry.documents, choice, reply)
    reply = name_the_rest(searcher, question, told_of_all(searcher, question, choice, reply))
    return _claimed(inquiry, reply, choice.sureness, trace)


def _offered(inquiry: Inquiry, instead: Refused, trace: Trace) -> Decision:
    """Offer what may be meant, without a claim, ``instead`` of which there is none."""
    trace.kind, trace.refused = "", instead
    choice = inquiry.choice
    offer = Offer(inquiry.question, tuple(choice.candidates[:_OFFERED]))
    text = _OFFER if len(choice.candidates) > 1 else _OFFER_ONE
    made = base.offered(inquiry.searcher, inquiry.question.text, text, list(offer.candidates), inquiry.question.day)
    return Decision(replace(made, why=instead.why), None, trace, choice.sureness, offer)


def answer_picked(searcher: Searcher, offer: Offer, at: int, today: date) -> Decision | None:
    """Return the extract of what somebody else than the chooser picked of an offer; ``None`` where it lacks what is asked to the letter.

    It says what stands there and no more: whether the question supposes something false is for who is sure to say.
    """
    question, picked = offer.question, offer.candidates[at]
    if not is_stated(searcher, question, [picked]):
        return None
    unjudged = replace(question, kind="general" if question.kind == "yesno" else question.kind)
    unjudged = replace(unjudged, mentions=replace(unjudged.mentions, percents=()))
    inquiry = Inquiry(searcher, question, [], today)
    return _claimed(inquiry, answer_provision(searcher, unjudged, [picked]), 0.0, Trace(question, kind=PROVISION))


def _documents(searcher: Searcher, question: Question) -> list[Document]:
    """The documents that the question names; a library's own only, as too many others are named in it."""
    return [document for document in resolve(searcher.names, question) if document.present or not searcher.broad]


def _is_year(mention: NumberMention) -> bool:
    return not mention.year and not mention.symbol and bool(re.fullmatch(r"(?:19|20)\d\d", mention.serial))


def _found_nothing(inquiry: Inquiry, reason: Refused, trace: Trace) -> Decision:
    """Refuse, with the nearest provisions: for want of the text where the named document is not here, else with whom to ask."""
    searcher, question, choice = inquiry.searcher, inquiry.question, inquiry.choice
    if reason.reason.is_told_whole:
        return refused(searcher, question, reason, trace)
    missing = [document.name for document in inquiry.documents if not document.present]
    if missing and trace.choice is not None:
        reason, contact = Refused(Reason.NAMED_ONLY, ", ".join(missing)), ""
    else:
        contact = who_may_know(searcher, question)
    notes = (f"Thầy cô có thể hỏi {contact}.",) if contact else ()
    return refused(searcher, question, reason, trace, choice.candidates, notes, choice.sureness)


def refused(
    searcher: Searcher,
    question: Question,
    reason: Refused,
    trace: Trace,
    near: Sequence[Candidate] = (),
    notes: tuple[str, ...] = (),
    sureness: float = 0.0,
) -> Decision:
    """Return a refusal with its reason; ``trace`` is that of the decision that leads to it."""
    made = base.not_found(searcher, question.text, reason.told, list(near), notes)
    return Decision(replace(made, why=reason.why), None, replace(trace, kind="", refused=reason), sureness)
