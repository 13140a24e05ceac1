"""What an answer has to hold to the letter, whatever the chooser says: names, years, days, mails, the documents that are named."""

from __future__ import annotations

import re

from rag.answers.base import Reply
from rag.answers.contacts import asks_for_stranger, names_contact, wants_mail, wants_phone
from rag.answers.reckoning import asks_to_reckon
from rag.choosing.evidence import rows_as_good, strength
from rag.choosing.table_rows import fits
from rag.documents import Document
from rag.finding.choice import Candidate
from rag.finding.in_force import asks_for_year
from rag.finding.search import Searcher
from rag.language.numbers import DATE, iso_date
from rag.question.understanding import Question, Term, said_in

_MAIL = (("email",), ("thu", "dien", "tu"))
_SINCE = "kể từ"
_YEAR = re.compile(r"\bnam ((?:19|20)\d\d)\b")


def is_stated(searcher: Searcher, question: Question, candidates: list[Candidate]) -> bool:
    """Say whether the candidates state all that an answer has to hold to the letter."""
    return not lacking(searcher, question, candidates)


def lacking(searcher: Searcher, question: Question, candidates: list[Candidate]) -> str:
    """Return what an answer has to hold to the letter and none of the candidates states (Vietnamese), empty where nothing is lacking.

    A mail where one is asked for, a row on what is asked, a person to call, a day, names, the school year and the round.
    """
    if wants_mail(question) and not any(_has_mail(candidate) for candidate in candidates):
        phone_will_do = wants_phone(question) and names_contact(searcher, question)
        if not phone_will_do:
            return "địa chỉ thư điện tử"
    if candidates and all(is_other_row(searcher, question, candidate) for candidate in candidates):
        return "hàng của bảng nói về điều được hỏi"
    if question.kind == "contact" and asks_for_stranger(searcher, question):
        return "người được nêu tên"
    told_a_day = question.kind in ("general", "deadline") and "yesno" not in question.kinds and not asks_to_reckon(question)
    if told_a_day and any(day.year for day in question.mentions.dates) and not _has_date(question, candidates):
        return "ngày được nêu"
    fixed = [*_fixed(question), *_rounds(searcher, question)]
    missing = [name for name in fixed if not any(_states(searcher, candidate, name) for candidate in candidates)]
    return next((f"“{' '.join(name)}”" for name in missing), "")


def _states(searcher: Searcher, candidate: Candidate, name: tuple[str, ...]) -> bool:
    """Whether a name stands in or around a provision, or in the letterhead of a small document."""
    return candidate.passage.states(name) or searcher.letterheads.about.get(candidate.provision.document, frozenset()).issuperset(name)


def is_other_row(searcher: Searcher, question: Question, candidate: Candidate) -> bool:
    """Whether all that speaks for a provision is a row of a table on another class, or rows none of which has what is asked for.

    ``Môn Hóa thi lúc mấy giờ`` fits every row of a timetable without it as well as any other.
    """
    sentence = candidate.sentence
    if sentence is None or sentence.row is None:
        return False
    if not fits(question, sentence.row):
        return True
    alike = rows_as_good(question, candidate.passage, sentence, searcher.weights)
    return len(alike) > 1 and any(not term.light and _best_strength(term, candidate) == 0.0 for term in question.terms)


def _best_strength(term: Term, candidate: Candidate) -> float:
    sentence = candidate.sentence
    zones = [words for _, words in candidate.passage.zones] + ([sentence.words] if sentence else [])
    return max((strength(term, words) for words in zones), default=0.0)


def _has_mail(candidate: Candidate) -> bool:
    """Whether a provision has an address, or is about mail itself (``cấp thư điện tử cho sinh viên``)."""
    return "@" in candidate.provision.whole_text or any(candidate.passage.states(name) for name in _MAIL)


def _has_date(question: Question, candidates: list[Candidate]) -> bool:
    """Whether one of the days that the question names stands in a candidate."""
    asked = {f"{year:04}-{month:02}-{day:02}" for day, month, year in question.mentions.dates if year}
    if any(_SINCE in candidate.provision.text for candidate in candidates):
        return True  # the day that is named may be the one to count from
    return any(iso_date(found) in asked for candidate in candidates for found in DATE.finditer(candidate.provision.whole_text))


def _fixed(question: Question) -> list[tuple[str, ...]]:
    """What an answer has to hold to the letter: proper names and the school year."""
    years = (
        []
        if question.mentions.numbers or question.mentions.dates or asks_for_year(question)
        else [(year,) for year in _YEAR.findall(question.said)]
    )
    return [*question.mentions.names, *([question.mentions.school_year] if question.mentions.school_year else []), *years]


def _rounds(searcher: Searcher, question: Question) -> list[tuple[str, ...]]:
    """The numbered rounds (``đợt 2``) that a question names, where rounds tell documents apart here."""
    labels = {label for family in searcher.families.values() for label in family.labels}
    said = said_in(question)
    return [(label, number) for label in sorted(labels) for _, number in said.numbers_after(label)]


def is_elsewhere(reply: Reply, documents: list[Document]) -> bool:
    """Say whether a reply stands in none of the documents that the question names, of which all texts are there."""
    numbers = {document.number for document in documents}
    return (
        bool(numbers)
        and all(document.present for document in documents)
        and not any(finding.provision.document in numbers for finding in reply.findings)
    )
