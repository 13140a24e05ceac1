"""What the page can answer from: told where people begin to ask, so that nobody wonders what it knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from weakref import WeakKeyDictionary

from bot.web.addresses import addresses
from rag.answers.base import sentence_case
from rag.documents import Document
from rag.finding import school_year
from rag.finding.search import Searcher
from rag.language.text import squeeze

_FIRST = 3
_LONGEST = 90


@dataclass(frozen=True, slots=True)
class Covered:
    """A document that is there in full: how it is called, what it is about in few words, where it is read."""

    name: str
    about: str
    address: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """The newest documents, how many more are there in full and how many are only named by them, since which ISO moment."""

    first: tuple[Covered, ...]
    more: int
    named: int
    since: str


_of_index: WeakKeyDictionary[Searcher, Coverage] = WeakKeyDictionary()


def coverage(searcher: Searcher) -> Coverage:
    """Return what an index covers; made once for each, and forgotten with it."""
    found = _of_index.get(searcher)
    if found is None:
        found = _of_index[searcher] = _made(searcher)
    return found


def successor_wanted(shelf: Searcher, today: date) -> str:
    """Return one sentence that asks for what comes after directives whose school year is over; mostly empty."""
    if shelf.broad:
        return ""
    return school_year.successor_wanted(shelf.documents.values(), lambda number: shelf.validity(number, today), today)


def _made(searcher: Searcher) -> Coverage:
    documents = searcher.documents.values()
    present = sorted((each for each in documents if each.present), key=lambda each: each.issued, reverse=True)
    return Coverage(
        tuple(_covered(searcher, each) for each in present[:_FIRST]),
        max(len(present) - _FIRST, 0),
        len(documents) - len(present),
        searcher.snapshot.info.created,
    )


def _covered(searcher: Searcher, document: Document) -> Covered:
    about = _short(sentence_case(squeeze(document.title))) if document.numbered else ""
    return Covered(
        document.name if document.numbered else document.called or document.number, about, addresses(searcher).of(document.number)
    )


def _short(title: str) -> str:
    """The words of a title that stand on a line or two."""
    if len(title) <= _LONGEST:
        return title
    return f"{title[:_LONGEST].rsplit(' ', 1)[0].rstrip(',;: ')}…"
