"""Whether what the chooser found may be stood behind, or at least be offered: its sureness, its form, its words."""

from __future__ import annotations

from dataclasses import replace

from rag.answers.contacts import fits_somebody
from rag.answers.kind import Inquiry
from rag.answers.outcomes import Reason, Refused
from rag.answers.reckoning import asks_to_reckon
from rag.answers.suppositions import has_measures, has_what_it_names
from rag.answers.sureness import JUDGED, VERY, WHOEVER, Level, to_answer, to_offer
from rag.answers.trace import Trace
from rag.choosing.form import has_form
from rag.finding.choice import Candidate, Choice
from rag.question.understanding import Question

_LONG = 300  # characters


def is_sure(inquiry: Inquiry, trace: Trace, *, follows: bool) -> bool:
    """Say whether to stand behind the first candidate: it has the form and the words of what is asked, and the chooser is sure enough."""
    if inquiry.told is not None:
        return True
    enough = trace.meets(_enough(inquiry, follows=follows), inquiry.choice.sureness)
    return enough and _is_formed(inquiry) and _has_what_it_names(inquiry)


def _enough(inquiry: Inquiry, *, follows: bool) -> Level:
    """How sure the chooser has to be of a provision that answers this question."""
    searcher, question = inquiry.searcher, inquiry.question
    levels, judges = [to_answer(bank=searcher.broad or inquiry.choice.asked, follows=follows)], "yesno" in question.kinds
    if judges and not inquiry.documents and not asks_to_reckon(question):  # a day is reckoned from the deadline, not judged
        levels.append(JUDGED)
    if question.kind == "contact" and not judges and not searcher.broad and not fits_somebody(searcher, question, inquiry.near):
        levels.append(WHOEVER)
    return max(levels, key=lambda level: level.least)


def _is_formed(inquiry: Inquiry) -> bool:
    """Whether what may be meant has the form of what is asked for, or an amount of the kind that is supposed."""
    question, near = inquiry.question, inquiry.near
    measured = "yesno" in question.kinds and any(has_measures(inquiry.searcher, question, one.provision) for one in near)
    return measured or _has_form(question, inquiry.choice, near)


def _has_what_it_names(inquiry: Inquiry) -> bool:
    """Whether what may be meant has every word of a very short question, unless the chooser is very sure."""
    return inquiry.choice.sureness >= VERY.least or any(has_what_it_names(inquiry.question, one.passage) for one in inquiry.near)


def why_no_offer(inquiry: Inquiry, trace: Trace) -> Refused | None:
    """Return why what was found is not even offered; ``None`` where it is."""
    question, choice = inquiry.question, inquiry.choice
    if inquiry.documents and not inquiry.loaded:
        return Refused(Reason.NAMED_ONLY)
    if not choice.candidates:
        return Refused(Reason.NOTHING_NEAR)
    if not _has_what_it_names(inquiry):
        return Refused(Reason.NOT_NAMED)
    # "Áp dụng từ khi nào?" of documents without questions: what has the form may be meant, as no topic speaks against it
    of_no_topic = not choice.asked and all(term.light for term in question.terms) and _has_form(question, choice, inquiry.near)
    return None if trace.meets(to_offer(), choice.sureness) or of_no_topic else Refused(Reason.UNSURE)


def _has_form(question: Question, choice: Choice, near: list[Candidate]) -> bool:
    """Whether what may be meant has the form of what is asked for; like questions of the bank may make so sure that it need not."""
    if not choice.asked:
        return any(_has_form_here(question, candidate) for candidate in near[:1])
    if question.kind == "address" and any(not candidate.provision.text for candidate in near):
        return True  # the addresses stand below a heading
    return choice.sureness >= VERY.least or any(has_form(question, candidate.provision) for candidate in near)


def _has_form_here(question: Question, candidate: Candidate) -> bool:
    """Whether the form asked for stands there, in a long text in the sentence that is meant or the one behind it."""
    provision, sentence = candidate.provision, candidate.sentence
    if sentence is None or sentence.row or sentence.note >= 0 or len(provision.text) <= _LONG:
        return has_form(question, provision)
    own = candidate.passage.sentences
    at = own.index(sentence)
    here = " ".join(one.text for one in own[at : at + 2])
    return has_form(question, replace(provision, heading="", text=here, footnotes=()))
