"""What holds on a given day: today, or the day that a question asks about (``theo quy định năm 2024``)."""

from __future__ import annotations

import json
import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date

from rag.documents import CHANGED, Document, Validity
from rag.index.store import Store
from rag.question.understanding import Question

_RULES = r"(?:qui dinh|hieu luc|ap dung|thoi diem|van ban)"
_IN_YEAR = re.compile(rf"\b{_RULES}(?: \w+){{0,3}} (?:nam|dau nam|cuoi nam) ((?:19|20)\d\d)\b")
_ON_DAY = re.compile(r"\b(?:theo (?:qui dinh|van ban)|thoi diem)\b")


def asked_day(question: Question, today: date) -> date:
    """Return the past day whose rules the question asks for: the last of a year, else ``today``."""
    if found := _IN_YEAR.search(question.said):
        return min(today, date(int(found.group(1)), 12, 31))
    if question.mentions.dates and _ON_DAY.search(question.said):
        day, month, year = question.mentions.dates[0]
        return min(today, date(year, month, min(day, monthrange(year, month)[1]))) if year else today
    if question.mentions.school_year:
        return min(today, date(int(question.mentions.school_year[1]), 5, 31))  # before the year ends
    return today


class Calendar:
    """What holds of each document of a store on a given day."""

    def __init__(self, store: Store, documents: Mapping[str, Document]) -> None:
        self._documents = documents
        self._expires: dict[str, str] = json.loads(store.meta("expires") or "{}")

    def on(self, day: date, number: str) -> Validity:
        """Return the validity of the document ``number`` on ``day``. Raises ``KeyError`` when it is not known."""
        document = self._documents[number]
        return on_day(document, day, successor=self._documents.get(document.validity_by), expires=self._expires.get(number, ""))


def asks_for_year(question: Question) -> bool:
    """Say whether the question asks for the rules of a year, not for a provision that names that year."""
    return bool(_IN_YEAR.search(question.said))


def without_year(words: list[str], question: Question) -> list[str]:
    """Return the question's ``words`` without those that say of which year the rules are: they are not about the matter."""
    found = _IN_YEAR.search(question.said)
    year = found.group().split() if found else []
    at = next((at for at in range(len(words)) if year and words[at : at + len(year)] == year), None)
    return words if at is None else words[:at] + words[at + len(year) :]


def on_day(document: Document, today: date, *, successor: Document | None = None, expires: str = "") -> Validity:
    """Return what holds on a day. ``successor`` is the document ``validity_by``, ``expires`` its ``Judgement``'s."""
    day = today.isoformat()
    if (document.effective or document.issued) > day:  # where no day is said, from its issue
        return "not_yet"
    ends = expires or (successor.effective or successor.issued if successor else "")
    if document.validity in CHANGED and ends > day:
        return "in_force"
    return "in_force" if document.validity == "not_yet" and document.effective else document.validity
