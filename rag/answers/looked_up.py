"""The kinds of answers that are looked up: what is asked for by a key, a date, a place. They need nothing but the question."""

from __future__ import annotations

from rag.answers.beside import with_what_is_asked
from rag.answers.calendar import answer_calendar
from rag.answers.contacts import answer_whose
from rag.answers.counting import answer_count
from rag.answers.kind import Inquiry, Needs
from rag.answers.outcomes import NotMine, Outcome, Reason, Refused
from rag.answers.sections import answer_section, section_path
from rag.answers.standing import answer_standing
from rag.answers.statements import asks_who_signed, statements
from rag.answers.systems import answer_what_site
from rag.question.understanding import Term

_PLACE_WORDS = ("dieu", "khoan", "diem", "muc", "phu", "luc")
_WORDS_BESIDE = 3  # topic words beside a place: with more, a figure or a yes is asked for, not the provision there


class Standing:
    """Whether a document holds, what it replaces and what replaces it (``còn hiệu lực không?``)."""

    needs = Needs.QUESTION

    def applies(self, inquiry: Inquiry) -> bool:
        return bool(inquiry.documents)

    def answer(self, inquiry: Inquiry) -> Outcome:
        return answer_standing(inquiry.searcher, inquiry.question, inquiry.documents, inquiry.today)


class WhoseNumber:
    """Whose phone number or mail address the question gives; nobody else answers that."""

    needs = Needs.QUESTION

    def applies(self, inquiry: Inquiry) -> bool:
        return bool(inquiry.question.mentions.phones or inquiry.question.mentions.emails)

    def answer(self, inquiry: Inquiry) -> Outcome:
        keys = ", ".join((*inquiry.question.mentions.phones, *inquiry.question.mentions.emails))
        if inquiry.searcher.broad:
            return Refused(Reason.KEY_OF_SHELF, keys)
        reply = answer_whose(inquiry.searcher, inquiry.question)
        if reply is None:
            return Refused(Reason.UNKNOWN_KEY, keys)
        return with_what_is_asked(inquiry.searcher, inquiry.question, reply)


class WhatSite:
    """What a link in the question leads to; nobody else answers that."""

    needs = Needs.QUESTION

    def applies(self, inquiry: Inquiry) -> bool:
        return bool(inquiry.question.mentions.links)

    def answer(self, inquiry: Inquiry) -> Outcome:
        links = ", ".join(inquiry.question.mentions.links)
        if inquiry.searcher.broad:
            return Refused(Reason.KEY_OF_SHELF, links)
        reply = answer_what_site(inquiry.searcher, inquiry.question)
        if reply is None:
            return Refused(Reason.UNKNOWN_KEY, links)
        return with_what_is_asked(inquiry.searcher, inquiry.question, reply)


class Signer:
    """Who signed the one document that is named, where it is here in full."""

    needs = Needs.QUESTION

    def applies(self, inquiry: Inquiry) -> bool:
        alone = len(inquiry.documents) == 1 and bool(inquiry.loaded)
        return alone and asks_who_signed(inquiry.question) and not inquiry.searcher.broad

    def answer(self, inquiry: Inquiry) -> Outcome:
        return statements(inquiry.searcher, inquiry.loaded, inquiry.question)


class Count:
    """How many documents or parts there are, and which document is the newest."""

    needs = Needs.QUESTION

    def applies(self, inquiry: Inquiry) -> bool:
        return True

    def answer(self, inquiry: Inquiry) -> Outcome:
        return answer_count(inquiry.searcher, inquiry.question, inquiry.documents)


class FallsDue:
    """What falls due on a day or in a stretch of time (``tháng 12/2025 có hạn gì?``)."""

    needs = Needs.QUESTION

    def applies(self, inquiry: Inquiry) -> bool:
        return _is_of_loaded(inquiry) and not inquiry.searcher.broad

    def answer(self, inquiry: Inquiry) -> Outcome:
        return answer_calendar(inquiry.searcher, inquiry.question, inquiry.loaded, inquiry.today)


class Place:
    """The provision that is asked for by its place (``Điều 5 khoản 2``); where nothing else is asked, nobody else answers that."""

    needs = Needs.QUESTION

    def applies(self, inquiry: Inquiry) -> bool:
        question = inquiry.question
        if question.kind in ("deadline", "frequency", "contact", "address") or not _is_of_loaded(inquiry):
            return False
        of_place = question.kind not in ("figure", "yesno", "who") or len(_topical(inquiry)) <= _WORDS_BESIDE
        return of_place and bool(section_path(question))

    def answer(self, inquiry: Inquiry) -> Outcome:
        searcher, place = inquiry.searcher, section_path(inquiry.question)
        here = [] if searcher.broad else [document for document in searcher.documents.values() if document.present]
        if reply := answer_section(searcher, inquiry.question, inquiry.loaded or here):
            return reply
        alone = all(term.folded.isdigit() or term.folded in place.lower() for term in _topical(inquiry))
        return Refused(Reason.NO_SUCH_PLACE, place) if alone else NotMine()


def _is_of_loaded(inquiry: Inquiry) -> bool:
    """Whether the question names no document, or one that is here in full."""
    return not inquiry.documents or bool(inquiry.loaded)


def _topical(inquiry: Inquiry) -> list[Term]:
    return [term for term in inquiry.question.terms if not term.light and term.folded not in _PLACE_WORDS]
