"""The school year that a directive speaks of, and what is to be said once it is over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from rag.documents import ENDED, Document, Validity

ENDS = (8, 31)
"""Month and day on which a school year ends, in its second year."""
_NAMED = re.compile(r"(?<!từ )\bnăm học\s+(20\d\d)\s*[-–]\s*(20\d\d)", re.IGNORECASE)
_SHOWN = 3  # documents called by name in one sentence
_OVER = "{document} hướng dẫn năm học {year}, nay đã kết thúc; hãy hỏi {whom} có văn bản mới chưa."
_WANTED = "Năm học {year} đã kết thúc: kho cần văn bản thay cho {documents}."


@dataclass(frozen=True, slots=True)
class SchoolYear:
    """A school year by the two years it lies in."""

    first: int
    second: int

    def __str__(self) -> str:
        return f"{self.first}-{self.second}"

    def is_over(self, today: date) -> bool:
        """Say whether it ended before ``today``."""
        return today > date(self.second, *ENDS)


def school_year_of(document: Document, head: str = "") -> SchoolYear | None:
    """Return the school year that the title of a document names; of one without a title, its ``head``."""
    named = _NAMED.findall(" ".join((document.title or head).split()))
    years = [SchoolYear(int(first), int(second)) for first, second in named if int(second) == int(first) + 1]
    return max(years, key=lambda year: year.second, default=None)


def outlived(document: Document, validity: Validity, today: date, head: str = "") -> SchoolYear | None:
    """Return the school year of a loaded document where that is over, and nothing is known to have come in its place."""
    year = school_year_of(document, head) if document.present and validity not in ENDED else None
    return year if year and year.is_over(today) else None


def over_note(document: Document, year: SchoolYear, *, alone: bool) -> str:
    """Return the note for who reads an answer from it; ``alone``: where that is from no other document."""
    whom = "Sở" if document.issuer.startswith("Sở") else "cơ quan ban hành"
    name = "Văn bản này" if alone else f"{document.kind} {document.number}".strip()
    return _OVER.format(document=name, year=year, whom=whom)


def successor_wanted(documents: Iterable[Document], validity: Callable[[str], Validity], today: date) -> str:
    """Return one sentence that asks for the successors of directives whose school year is over; empty where there are none."""
    old = [(document, year) for document in documents if (year := outlived(document, validity(document.number), today))]
    if not old:
        return ""
    names = [f"{document.kind} {document.number}".strip() for document, _ in old]
    more = f" và {len(names) - _SHOWN} văn bản khác" if len(names) > _SHOWN else ""
    latest = max((year for _, year in old), key=lambda year: year.second)
    return _WANTED.format(year=latest, documents=f"{', '.join(names[:_SHOWN])}{more}")
