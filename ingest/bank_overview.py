"""How the bank of questions stands: what its files hold of each document, what sleeps, what points at sections that are gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingest.bank_files import KEPT, Unreadable, question_files, read_all
from ingest.banking import loaded_keys
from rag.index.bank import ELSEWHERE, BankEntry
from rag.index.bank_publishing import BANK
from rag.index.snapshot import Snapshot
from rag.language.numbers import number_key


@dataclass(frozen=True, slots=True)
class Gone:
    """A question some of whose sections are no longer in the document, as after a new edition."""

    question: str
    document: str
    sections: tuple[str, ...]


@dataclass(slots=True)
class OfDocument:
    """What the bank holds of one document; ``by`` counts who wrote it, ``loaded`` says whether its questions are awake."""

    number: str
    loaded: bool
    by: Counter[str] = field(default_factory=Counter)
    unanswered: int = 0
    gone: int = 0

    @property
    def questions(self) -> int:
        """How many questions there are."""
        return self.by.total()


@dataclass(frozen=True, slots=True)
class BankOverview:
    """The bank by documents, those with the most questions first, and what is wrong with it."""

    documents: list[OfDocument]
    gone: list[Gone]
    unreadable: list[Unreadable]

    @property
    def questions(self) -> int:
        """How many questions there are."""
        return sum(of.questions for of in self.documents)

    @property
    def sleeping(self) -> int:
        """How many of them are on documents that are not loaded."""
        return sum(of.questions for of in self.documents if not of.loaded)


def bank_overview(corpus: Path, data: Path, snapshot: Snapshot) -> BankOverview:
    """Return how the files of the bank stand against the documents of the index in use."""
    entries, unreadable = all_questions(corpus, data)
    sections = _Sections(snapshot)
    documents: dict[str, OfDocument] = {}
    gone: list[Gone] = []
    for entry in entries:
        key = number_key(entry.document)
        of = documents.setdefault(key, OfDocument(entry.document, key in sections.loaded))
        missing = sections.missing(entry) if of.loaded else ()
        of.by[entry.by] += 1
        of.unanswered += not entry.sections
        if missing:
            of.gone += 1
            gone.append(Gone(entry.question, of.number, missing))
    return BankOverview(sorted(documents.values(), key=lambda of: (not of.loaded, -of.questions)), gone, unreadable)


def all_questions(corpus: Path, data: Path) -> tuple[list[BankEntry], list[Unreadable]]:
    """Return the entries of all files of the bank, what was taught last, and the files that cannot be read."""
    return read_all(question_files(corpus), data / BANK / KEPT)


def questions_of(entries: Sequence[BankEntry], number: str) -> list[BankEntry]:
    """Return the entries on one document, in any spelling of its number."""
    wanted = number_key(number)
    return [entry for entry in entries if number_key(entry.document) == wanted]


class _Sections:
    """The sections of the loaded documents, read once each."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.loaded = loaded_keys(snapshot)
        self._store = snapshot.store
        self._numbers = {number_key(document.number): document.number for document in snapshot.store.documents()}
        self._known: dict[str, set[str]] = {}

    def missing(self, entry: BankEntry) -> tuple[str, ...]:
        """Return the sections of an entry that are no longer there; those of documents that are not loaded sleep."""
        places = [(number or entry.document, section) for number, _, section in (a.rpartition(ELSEWHERE) for a in entry.sections)]
        keys = [number_key(number) for number, _ in places]
        return tuple(section for key, (_, section) in zip(keys, places, strict=True) if key in self.loaded and section not in self._of(key))

    def _of(self, key: str) -> set[str]:
        if key not in self._known:
            self._known[key] = {provision.section for provision in self._store.of_document(self._numbers[key])}
        return self._known[key]
