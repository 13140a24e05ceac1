"""Finds deadlines in provisions: who owes what to whom, by when, once or again and again.

==============  ===========================================================================================
``clauses``     a text → the times that it names, each with its clause
``prose``       a time in a sentence → the deadline that it would be; ``parties``: who owes it, and to whom
``rows``        a time in a table → the deadline that it would be; ``tables``: which column says what
``years``       each day that a deadline names, with the year that the document is sure to mean; ``doubtful``: days that are none
``features``    what is seen of a time; ``duty``: whether it is a deadline, by what was learnt (``training``)
==============  ===========================================================================================

Where the parts of a clause cannot be told apart safely, ``what`` is the whole clause in its own words, the time in it.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.deadlines.clauses import DUE
from ingest.deadlines.duty import is_due
from ingest.deadlines.prose import Told, find_told
from ingest.deadlines.rows import Row, find_rows
from rag.documents import Deadline, Provision

__all__ = ["find_deadlines", "find_times"]


def find_deadlines(provision: Provision, parent: Provision | None = None) -> list[Deadline]:
    """Return the deadlines that ``provision``'s own text states; ``parent`` may say what they are of (``Hạn nộp:``)."""
    return list(dict.fromkeys(time.deadline() for time in find_times(provision, parent) if is_due(time.dated)))


def find_times(provision: Provision, parent: Provision | None = None) -> Iterator[Row | Told]:
    """Yield every time that a provision names and that may be a deadline."""
    if provision.kind == "signature":
        return
    yield from find_rows(provision)
    for told in find_told(provision, _announced(parent)):
        if provision.kind != "head" or told.piece.moment.direction in DUE:  # the head of a short letter may hold its text
            yield told


def _announced(parent: Provision | None) -> str:
    """What the parent ends with before its list begins (``Thời điểm nộp hồ sơ:``)."""
    last = parent.text.rstrip().rpartition("\n")[2] if parent else ""
    return last[max(last.rfind(". "), last.rfind("; ")) + 1 :].strip(" :") if last.endswith(":") else ""
