"""Question and provisions → answer; decides which kind of answer is asked for, whether to stand behind it, or say nothing.

What is formal is looked up: a phone, a link, a date, the place of a provision. For all else the chooser says which
provision is meant and how surely: where it is sure, the module of that kind of answer in ``rag.answers`` words what stands
there; where it is not, what may be meant is offered without a claim; where nothing is near, there is a refusal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from rag.answers import base
from rag.answers.base import Reply
from rag.answers.beside import compared, told_of_all, with_what_is_asked
from rag.answers.calendar import answer_calendar, with_passed
from rag.answers.contacts import (
    answer_contact,
    answer_field,
    answer_whose,
    fits_somebody,
    names_contact,
    who_may_know,
)
from rag.answers.counting import answer_count
from rag.answers.deadlines import answer_deadline
from rag.answers.documents import answer_document, tells_enough, tells_more
from rag.answers.fitting import has_measures, has_what_it_names
from rag.answers.gates import is_elsewhere, is_stated
from rag.answers.halves import name_the_rest
from rag.answers.order import in_order, nearest
from rag.answers.provisions import answer_provision, whole_list
from rag.answers.reckoning import asks_to_reckon
from rag.answers.sections import answer_section, section_path, show, show_asked
from rag.answers.standing import answer_standing
from rag.answers.statements import asks_who_signed, statements
from rag.answers.systems import answer_address, answer_named_site, answer_what_site
from rag.answers.which import answer_which
from rag.choosing.chooser import shipped_chooser
from rag.choosing.features import Before
from rag.choosing.form import has_form
from rag.documents import Answer, Document
from rag.finding.naming import ABOUT, resolve, without_titles
from rag.finding.search import Candidate, Choice, Searcher
from rag.finding.validity import asked_day
from rag.question.mentions import NumberMention
from rag.question.understanding import Question

_OFFERED = 3
_SHORT = 1000  # characters: what the provision says comes along
_LONG = 300  # characters
_FEW = 3
_FOLLOWS = 0.15  # less is asked of a follow-up without a bank, as what was cited before it is there to read on from
_LISTED = 0.3  # how sure the chooser has to be of one of several that stand side by side, where all of them are asked for
_UNSURE = 0.2  # enough for an offer and for nothing else
_WHOEVER = 0.95  # how sure the chooser has to be of people to call whose field the question does not name
_JUDGED = 0.62  # how sure the chooser has to be where something is supposed: what does not speak of it misleads
_VERY = 0.92  # so sure that the question need not look like what it asks for
_NAMED = 0.05  # how sure the chooser has to be where a document is named by its number, and what it is answers
_REFUSAL = "Xin lỗi, tôi không tìm thấy quy định trả lời câu hỏi này trong các văn bản đang có."
_UNKNOWN_NUMBER = "Xin lỗi, trong kho văn bản không có văn bản số {numbers}."
_NAMED_ONLY = "Xin lỗi, kho chưa có toàn văn {documents} nên tôi không trả lời được chi tiết này."
_ACCORDING_TO = "Theo {whose}:"
_OFFER = "Tôi chưa chắc văn bản có trả lời đúng câu này. Có thể thầy cô cần một trong các chỗ sau:"
_OFFER_ONE = "Tôi chưa chắc văn bản có trả lời đúng câu này. Chỗ gần nhất là:"


@dataclass(frozen=True, slots=True)
class Asking:
    """A question to be answered: ``question`` with what it goes on with, ``own`` as it stands alone, what went ``before``."""

    question: Question
    own: Question
    before: Before | None = None
    half: bool = False  # it goes on with something, and there is nothing before it


@dataclass(frozen=True, slots=True)
class Offer:
    """What is offered, in the order of the answer's citations, and the question as it was decided on."""

    question: Question
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer, the reply it is made from (``None`` where nothing is claimed), and how sure (0-1) the chooser was."""

    answer: Answer
    reply: Reply | None
    sureness: float = 0.0
    offer: Offer | None = None


def answer(searcher: Searcher, asking: Asking, today: date) -> Decision:
    """Return the answer to a question."""
    question = asking.question
    if taught := searcher.taught(asking.own):
        return _as_taught(searcher, replace(asking.own, day=asked_day(asking.own, today)), taught, today)
    documents = _documents(searcher, question)
    if question.mentions.numbers and not documents and all(_is_year(mention) for mention in question.mentions.numbers):
        question = replace(question, mentions=replace(question.mentions, numbers=()))  # "các thông tư 2025" names no number
    if question.mentions.numbers and not documents:
        numbers = ", ".join(mention.text for mention in question.mentions.numbers)
        return Decision(base.not_found(searcher, question.text, _UNKNOWN_NUMBER.format(numbers=numbers), []), None)
    if standing := answer_standing(searcher, question, documents, today):
        return _claimed(searcher, replace(question, day=today), standing, today, 1.0)
    question = replace(question, day=question.day or asked_day(question, today))
    loaded = [document for document in documents if document.present]
    looked_up, reply = _looked_up(searcher, question, documents, loaded, today)
    if reply is not None:
        return _claimed(searcher, question, with_what_is_asked(searcher, question, reply), today, 1.0)
    if looked_up:  # a number that nobody has, a place that is not there
        return Decision(_refusal(searcher, question, [], []), None)
    choice = in_order(searcher, question, searcher.choose(question, asking.before, asking.own))
    choice = _as_sure_as_its_like(searcher, question, choice)
    if asking.half:
        choice = replace(choice, sureness=min(choice.sureness, _UNSURE))
    return _decided(searcher, without_titles(question, documents), documents, choice, today, follows=asking.before is not None)


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
    if not choice.candidates:
        return Decision(_refusal(searcher, question, [], []), None)
    reply = answer_deadline(searcher, question, choice.candidates, today) if question.kind == "deadline" else None
    first = choice.candidates[0].provision
    if reply is None and first.heading and not first.text:
        reply = show(searcher, first)  # a section was taught: all of it
    reply = reply or answer_provision(searcher, question, choice.candidates, choice.focus)
    return _claimed(searcher, question, reply, today, choice.sureness)


def _claimed(searcher: Searcher, question: Question, reply: Reply, today: date, sureness: float) -> Decision:
    if not reply.findings:  # it says that there is nothing
        return Decision(base.not_found(searcher, question.text, reply.text, [], reply.notes), None)
    unsaid = [] if question.elsewhere else searcher.offices.unsaid(finding.provision.document for finding in reply.findings)
    if whose := ", ".join(dict.fromkeys(map(searcher.offices.name_of, unsaid))):
        reply = replace(reply, text=f"{_ACCORDING_TO.format(whose=whose)}\n{reply.text}")
    return Decision(base.answered(searcher, question.text, with_passed(searcher, reply, today), question.day), reply, sureness)


def _decided(
    searcher: Searcher, question: Question, documents: list[Document], choice: Choice, today: date, *, follows: bool = False
) -> Decision:
    levels = shipped_chooser().levels
    enough = levels.answer if searcher.broad or choice.asked else levels.answer_without_bank - _FOLLOWS * follows
    stated = is_stated(searcher, question, choice.candidates[:1])
    about = question.mentions.numbers or ABOUT.search(question.said)
    told = answer_document(searcher, question, documents) if documents and about and choice.sureness >= _NAMED else None
    near = nearest(choice)
    judges = "yesno" in question.kinds  # what a provision has to hold is not said by how it is asked
    if told is not None and judges and near and not tells_enough(searcher, question, told, answer_provision(searcher, question, near)):
        told = None
    if judges and not documents and not asks_to_reckon(question):  # a day is reckoned from the deadline, not judged
        enough = max(enough, _JUDGED)
    if question.kind == "contact" and not judges and not searcher.broad and not fits_somebody(searcher, question, near):
        enough = max(enough, _WHOEVER)
    named = choice.sureness >= _VERY or any(has_what_it_names(question, candidate.passage) for candidate in near)
    measured = any(has_measures(searcher, question, candidate.provision) for candidate in near)
    formed = (judges and measured) or _is_formed(question, choice, near)
    if stated and choice.sureness >= _LISTED and (whole := whole_list(searcher, question, choice.candidates)):
        return _claimed(searcher, question, show_asked(searcher, question, whole, choice.candidates), today, choice.sureness)
    if stated and choice.candidates and (told or (formed and named and choice.sureness >= enough)):
        reply = _reply(searcher, question, told, choice, near, today)
        if is_elsewhere(reply, documents):
            return _offered(searcher, question, choice)
        reply = compared(searcher, question, documents, choice, reply)
        reply = name_the_rest(searcher, question, told_of_all(searcher, question, choice, reply))
        return _claimed(searcher, question, reply, today, choice.sureness)
    if stated and choice.sureness >= levels.offer and (key := answer_field(searcher, question) or answer_named_site(searcher, question)):
        return _claimed(searcher, question, key, today, choice.sureness)
    named_only = [document for document in documents if not document.present]
    may_be_meant = choice.sureness >= levels.offer or _asks_of_no_topic(question, choice, near)
    if stated and named and may_be_meant and not (named_only and len(named_only) == len(documents)):
        return _offered(searcher, question, choice)
    return Decision(_refusal(searcher, question, named_only, choice.candidates), None, choice.sureness)


def _asks_of_no_topic(question: Question, choice: Choice, near: list[Candidate]) -> bool:
    """``Áp dụng từ khi nào?`` of documents without questions: what has the form may be meant, as no topic speaks against it."""
    return not choice.asked and all(term.light for term in question.terms) and _is_formed(question, choice, near)


def _is_formed(question: Question, choice: Choice, near: list[Candidate]) -> bool:
    """Whether what may be meant has the form of what is asked for; like questions of the bank may make so sure that it need not."""
    if not choice.asked:
        return any(_has_form_here(question, candidate) for candidate in near[:1])
    if question.kind == "address" and any(not candidate.provision.text for candidate in near):
        return True  # the addresses stand below a heading
    return choice.sureness >= _VERY or any(has_form(question, candidate.provision) for candidate in near)


def _has_form_here(question: Question, candidate: Candidate) -> bool:
    """Whether the form asked for stands there, in a long text in the sentence that is meant or the one behind it."""
    provision, sentence = candidate.provision, candidate.sentence
    if sentence is None or sentence.row or sentence.note >= 0 or len(provision.text) <= _LONG:
        return has_form(question, provision)
    own = candidate.passage.sentences
    at = own.index(sentence)
    here = " ".join(one.text for one in own[at : at + 2])
    return has_form(question, replace(provision, heading="", text=here, footnotes=()))


def _offered(searcher: Searcher, question: Question, choice: Choice) -> Decision:
    offer = Offer(question, tuple(choice.candidates[:_OFFERED]))
    made = base.offered(searcher, question.text, _offer(choice), list(offer.candidates), question.day)
    return Decision(made, None, choice.sureness, offer)


def answer_picked(searcher: Searcher, offer: Offer, at: int, today: date) -> Decision | None:
    """Return the extract of what somebody else than the chooser picked of an offer; ``None`` where it lacks what is asked to the letter.

    It says what stands there and no more: whether the question supposes something false is for who is sure to say.
    """
    question, picked = offer.question, offer.candidates[at]
    if not is_stated(searcher, question, [picked]):
        return None
    unjudged = replace(question, kind="general" if question.kind == "yesno" else question.kind)
    unjudged = replace(unjudged, mentions=replace(unjudged.mentions, percents=()))
    return _claimed(searcher, question, answer_provision(searcher, unjudged, [picked]), today, 0.0)


def _offer(choice: Choice) -> str:
    return _OFFER if len(choice.candidates) > 1 else _OFFER_ONE


def _documents(searcher: Searcher, question: Question) -> list[Document]:
    """The documents that the question names; a library's own only, as too many others are named in it."""
    return [document for document in resolve(searcher.names, question) if document.present or not searcher.broad]


def _is_year(mention: NumberMention) -> bool:
    return not mention.year and not mention.symbol and bool(re.fullmatch(r"(?:19|20)\d\d", mention.serial))


def _looked_up(
    searcher: Searcher, question: Question, documents: list[Document], loaded: list[Document], today: date
) -> tuple[bool, Reply | None]:
    """What is asked for by a key: a phone or mail, a link, a date, the place of a provision; whether there is such a key."""
    mentions = question.mentions
    if mentions.phones or mentions.emails:
        return True, None if searcher.broad else answer_whose(searcher, question)
    if mentions.links:
        return True, None if searcher.broad else answer_what_site(searcher, question)
    if loaded and len(documents) == 1 and asks_who_signed(question) and not searcher.broad:
        return True, statements(searcher, loaded, question)
    if reply := answer_count(searcher, question, documents):
        return True, reply
    if (not documents or loaded) and not searcher.broad and (reply := answer_calendar(searcher, question, loaded, today)):
        return True, reply
    topical = [term for term in question.terms if not term.light and term.folded not in ("dieu", "khoan", "diem", "muc", "phu", "luc")]
    by_place = question.kind not in ("deadline", "frequency", "contact", "address")
    by_place &= question.kind not in ("figure", "yesno", "who") or len(topical) <= _FEW
    if by_place and (place := section_path(question)) and (not documents or loaded):
        everything = loaded or ([] if searcher.broad else [document for document in searcher.documents.values() if document.present])
        reply = answer_section(searcher, question, everything)
        return reply is not None or all(term.folded.isdigit() or term.folded in place.lower() for term in topical), reply
    return False, None


def _reply(searcher: Searcher, question: Question, told: Reply | None, choice: Choice, near: list[Candidate], today: date) -> Reply:
    """Word what the chosen provision says, as the kind of answer that is asked for; ``told`` is what a named document is."""
    said = answer_provision(searcher, question, near, choice.focus)
    if told is not None and not tells_more(searcher, question, said, told):
        return said if said.kind == "list" and choice.candidates[0].provision.kind == "head" else told
    found = _by_kind(searcher, question, choice, near, today)
    if found is None or (found.text in said.text and found.kind != "document"):
        return replace(said, people=found.people, numbers=found.numbers, kind=found.kind) if found else said
    if found.kind in ("deadline", "contact", "document") or question.kind == "address" or len(said.text) > _SHORT:
        return found
    return replace(found, text=f"{found.text}\n{said.text}", findings=(*found.findings, *said.findings))


def _by_kind(searcher: Searcher, question: Question, choice: Choice, near: list[Candidate], today: date) -> Reply | None:
    """The records of the chosen provisions ``near``; who owes what by when may stand in any that is ``found``."""
    if searcher.broad:  # whom to call and where to log in is for the shelf to say
        return answer_deadline(searcher, question, near, today) if question.kind == "deadline" else None
    dated = (question.mentions.dates and question.kind in ("general", "yesno", "procedure")) or asks_to_reckon(question)
    if question.kind == "deadline" or dated:
        reply = answer_deadline(searcher, question, choice.candidates, today)
        return None if reply and not dated and not choice.asked and _says_its_own_time(question, choice.candidates, reply) else reply
    if question.kind == "contact" or ((question.kind == "general" or "who" in question.kinds) and names_contact(searcher, question)):
        return answer_contact(searcher, question, near)
    if "yesno" in question.kinds and names_contact(searcher, question):
        return answer_whose(searcher, question)
    if question.kind in ("address", "place"):
        return answer_address(searcher, question, choice.candidates, near)
    if question.kind == "document" and not question.mentions.numbers:
        return answer_which(searcher, question, near)
    return None


def _says_its_own_time(question: Question, found: list[Candidate], reply: Reply) -> bool:
    """Whether the first has more of the question than where a deadline stands, and a time of its own (``Công bố điểm: 20/6``)."""
    first, stated = found[0], {finding.provision.id for finding in reply.findings}
    if not has_form(question, first.provision) or first.provision.id in stated:
        return False
    return all(candidate.coverage < first.coverage for candidate in found if candidate.provision.id in stated)


def _refusal(searcher: Searcher, question: Question, named_only: list[Document], candidates: list[Candidate]) -> Answer:
    if named_only:
        names = ", ".join(document.name for document in named_only)
        return base.not_found(searcher, question.text, _NAMED_ONLY.format(documents=names), candidates)
    contact = who_may_know(searcher, question)
    return base.not_found(searcher, question.text, _REFUSAL, candidates, (f"Thầy cô có thể hỏi {contact}.",) if contact else ())
