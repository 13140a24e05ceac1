"""The kinds of answers that word what a chosen provision says, or what a record of it says: whom to call, by when, where."""

from __future__ import annotations

from dataclasses import replace

from rag.answers.base import Reply
from rag.answers.contacts import answer_contact, answer_field, answer_whose, names_contact
from rag.answers.deadlines import answer_deadline
from rag.answers.kind import Inquiry, Needs
from rag.answers.named_document import tells_more
from rag.answers.outcomes import AsItStands, NotMine, Outcome
from rag.answers.provisions import whole_list
from rag.answers.reckoning import asks_to_reckon
from rag.answers.sections import show_asked
from rag.answers.systems import answer_address, answer_named_site
from rag.answers.which import answer_which
from rag.choosing.form import has_form

_SHORT = 1000  # characters: what the provision says comes along


class WholeList:
    """All that the likeliest provisions stand under, where a list is asked for and they stand side by side."""

    needs = Needs.SIDE_BY_SIDE

    def applies(self, inquiry: Inquiry) -> bool:
        return inquiry.question.kind in ("list", "figure", "procedure")

    def answer(self, inquiry: Inquiry) -> Outcome:
        whole = whole_list(inquiry.searcher, inquiry.question, inquiry.choice.candidates)
        return show_asked(inquiry.searcher, inquiry.question, whole, inquiry.choice.candidates) if whole else NotMine()


class NamedDocument:
    """What a document is that the question names, unless its text has far more of what is asked."""

    needs = Needs.SURE

    def applies(self, inquiry: Inquiry) -> bool:
        return inquiry.told is not None

    def answer(self, inquiry: Inquiry) -> Outcome:
        told, said = inquiry.told, inquiry.said
        if told is None or tells_more(inquiry.searcher, inquiry.question, said, told):
            return NotMine()
        return said if said.kind == "list" and inquiry.choice.candidates[0].provision.kind == "head" else told


class Deadlines:
    """By when. In a library only of the chosen provision; on a shelf who owes what by when may stand in any that is found."""

    needs = Needs.SURE

    def applies(self, inquiry: Inquiry) -> bool:
        return inquiry.question.kind == "deadline" or (_has_its_day(inquiry) and not inquiry.searcher.broad)

    def answer(self, inquiry: Inquiry) -> Outcome:
        searcher, question, choice = inquiry.searcher, inquiry.question, inquiry.choice
        found = inquiry.near if searcher.broad else choice.candidates
        reply = answer_deadline(searcher, question, found, inquiry.today)
        if reply and not (searcher.broad or _has_its_day(inquiry) or choice.asked) and _says_its_own_time(inquiry, reply):
            return AsItStands()
        return _with_provision(inquiry, reply)


class People:
    """Whom to call, of those in the chosen provision or whom the question names."""

    needs = Needs.SURE

    def applies(self, inquiry: Inquiry) -> bool:
        question, searcher = inquiry.question, inquiry.searcher
        if searcher.broad:  # whom to call and where to log in is for the shelf to say
            return False
        return question.kind == "contact" or ((question.kind == "general" or "who" in question.kinds) and names_contact(searcher, question))

    def answer(self, inquiry: Inquiry) -> Outcome:
        return _with_provision(inquiry, answer_contact(inquiry.searcher, inquiry.question, inquiry.near))


class NamedPerson:
    """What is supposed of somebody to call whom the question names (``anh Triều phụ trách … phải không?``)."""

    needs = Needs.SURE

    def applies(self, inquiry: Inquiry) -> bool:
        return not inquiry.searcher.broad and "yesno" in inquiry.question.kinds and names_contact(inquiry.searcher, inquiry.question)

    def answer(self, inquiry: Inquiry) -> Outcome:
        return _with_provision(inquiry, answer_whose(inquiry.searcher, inquiry.question))


class Addresses:
    """Which site, software or form, and its address."""

    needs = Needs.SURE

    def applies(self, inquiry: Inquiry) -> bool:
        return not inquiry.searcher.broad and inquiry.question.kind in ("address", "place")

    def answer(self, inquiry: Inquiry) -> Outcome:
        return _with_provision(inquiry, answer_address(inquiry.searcher, inquiry.question, inquiry.choice.candidates, inquiry.near))


class WhichDocument:
    """Which documents are about something."""

    needs = Needs.SURE

    def applies(self, inquiry: Inquiry) -> bool:
        return not inquiry.searcher.broad and inquiry.question.kind == "document" and not inquiry.question.mentions.numbers

    def answer(self, inquiry: Inquiry) -> Outcome:
        return _with_provision(inquiry, answer_which(inquiry.searcher, inquiry.question, inquiry.near))


class Field:
    """Whose field the question is in by its words, where no provision is sure to say it."""

    needs = Needs.LIKELY

    def applies(self, inquiry: Inquiry) -> bool:
        return inquiry.question.kind == "contact" and not inquiry.searcher.broad

    def answer(self, inquiry: Inquiry) -> Outcome:
        return answer_field(inquiry.searcher, inquiry.question) or NotMine()


class NamedSite:
    """The address of the system that the question names, where no provision is sure to say it."""

    needs = Needs.LIKELY

    def applies(self, inquiry: Inquiry) -> bool:
        return inquiry.question.kind == "address" and not inquiry.searcher.broad

    def answer(self, inquiry: Inquiry) -> Outcome:
        return answer_named_site(inquiry.searcher, inquiry.question) or NotMine()


def _with_provision(inquiry: Inquiry, found: Reply | None) -> Outcome:
    """What records say, with what the provision says that they stand in, unless the one holds the other."""
    if found is None:
        return AsItStands()
    said = inquiry.said
    if found.text in said.text and found.kind != "document":
        return replace(said, people=found.people, numbers=found.numbers, kind=found.kind)
    if found.kind in ("deadline", "contact", "document") or inquiry.question.kind == "address" or len(said.text) > _SHORT:
        return found
    return replace(found, text=f"{found.text}\n{said.text}", findings=(*found.findings, *said.findings))


def _has_its_day(inquiry: Inquiry) -> bool:
    """Whether a day is supposed, or asked to be reckoned from a deadline."""
    question = inquiry.question
    return bool(question.mentions.dates and question.kind in ("general", "yesno", "procedure")) or asks_to_reckon(question)


def _says_its_own_time(inquiry: Inquiry, reply: Reply) -> bool:
    """Whether the first has more of the question than where a deadline stands, and a time of its own (``Công bố điểm: 20/6``)."""
    found = inquiry.choice.candidates
    first, stated = found[0], {finding.provision.id for finding in reply.findings}
    if not has_form(inquiry.question, first.provision) or first.provision.id in stated:
        return False
    return all(candidate.coverage < first.coverage for candidate in found if candidate.provision.id in stated)
