"""What of an answer stands out, wherever people read it: its dates, or else its first words."""

from __future__ import annotations

import re

from rag.language.numbers import DATE, DOCUMENT_NUMBER
from rag.language.text import sentences

MOST = 400  # characters; what is longer is a quotation, and stands whole in the quote
_DAY = re.compile(rf"(?:(?:trước|sau|đến|hết|từ|trong)\s+)?(?:ngày\s+)?(?:{DATE.pattern})", re.IGNORECASE)


def emphasised(line: str, *, lead: bool) -> list[tuple[str, bool]]:
    """Return a line of an answer in pieces, each with whether it stands out.

    A line with dates shows them, with the words of the bound before them; the ``lead`` of an answer without a date stands
    out as far as it can be read at a glance.
    """
    dates = [found.span() for found in _DAY.finditer(line) if not _is_of_document(line, found.start())]
    if dates:
        return _pieces(line, dates)
    return _pieces(line, [(0, end_of_lead(line))]) if lead else [(line, False)]


def end_of_lead(line: str) -> int:
    """Return where what can be read at a glance ends: with the line, with whole sentences, or else with a word."""
    if len(line) <= MOST:
        return len(line)
    ends = [end for _, end in sentences(line) if end <= MOST]
    return ends[-1] if ends else line.rfind(" ", 0, MOST)


def _is_of_document(line: str, start: int) -> bool:
    """The day of a document (``Kế hoạch số 138/KH-UBND ngày 21/5/2025``) is part of its name."""
    before = line[:start].rstrip(" ,(").removesuffix("ban hành").rstrip()
    return any(found.end() == len(before) for found in DOCUMENT_NUMBER.finditer(before))


def _pieces(line: str, spans: list[tuple[int, int]]) -> list[tuple[str, bool]]:
    found, at = [], 0
    for start, end in spans:
        found += [(line[at:start], False), (line[start:end], True)]
        at = end
    return [(text, stands_out) for text, stands_out in [*found, (line[at:], False)] if text]
