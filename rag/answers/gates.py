"""What an answer has to hold to the letter, whatever the chooser says: names, years, days, mails, the documents that are named."""

from __future__ import annotations

import re

from rag.answers.base import Reply
from rag.answers.contacts import asks_for_stranger, wants_mail
from rag.answers.reckoning import asks_to_reckon
from rag.documents import Document
from rag.finding.search import Candidate, Searcher
from rag.finding.validity import asks_for_year
from rag.language.numbers import DATE, iso_date
from rag.question.understanding import Question

_MAIL = (("email",), ("thu", "dien", "tu"))
_SINCE = "kể từ"
_YEAR = re.compile(r"\bnam ((?:19|20)\d\d)\b")


def is_stated(searcher: Searcher, question: Question, candidates: list[Candidate]) -> bool:
    """Say whether one of the candidates states all that an answer has to hold to the letter, and a mail where one is asked for."""
    if wants_mail(question) and not any(_has_mail(candidate) for candidate in candidates):
        return False
    if question.kind == "contact" and asks_for_stranger(searcher, question):
        return False
    told_a_day = question.kind in ("general", "deadline") and "yesno" not in question.kinds and not asks_to_reckon(question)
    if told_a_day and any(year for *_, year in question.mentions.dates) and not _has_date(question, candidates):
        return False
    return all(any(candidate.passage.states(name) for candidate in candidates) for name in _fixed(question))


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


def is_elsewhere(reply: Reply, documents: list[Document]) -> bool:
    """Say whether a reply stands in none of the documents that the question names, of which all texts are there."""
    numbers = {document.number for document in documents}
    return (
        bool(numbers)
        and all(document.present for document in documents)
        and not any(finding.provision.document in numbers for finding in reply.findings)
    )
