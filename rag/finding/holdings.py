"""What one index holds, as answers look at it: its documents, what is known of them, its provisions and records."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property, lru_cache, partial
from typing import TypeVar

from rag.choosing.evidence import Passage, Weights
from rag.documents import NOT_IN_FORCE, Contact, Document, Provision, Reference, System, Validity
from rag.finding.documents_named import Names
from rag.finding.families import Family, read_families
from rag.finding.in_force import Calendar
from rag.finding.issuing_offices import Offices
from rag.finding.kept_passages import KeptPassages
from rag.index.lexical import frequencies
from rag.index.snapshot import Snapshot
from rag.index.store import Store
from rag.language.diacritics import Diacritics
from rag.language.numbers import number_key
from rag.language.text import folded_line, terms
from rag.question.understanding import Question, spoken

_SHELF = 200  # documents
_BEHIND = -2.0  # of the chooser's scores

ADDRESSED = re.compile(r"^Kính gửi\s*:?.*(?:\n\s*[-–+•].*)*", re.MULTILINE)
_READ = 64  # questions
T = TypeVar("T")
R = TypeVar("R", Contact, System)


class Holdings:
    """What an index holds; keeps the words of the provisions that were met.

    ``office``: the place of whoever asks, where that is known; ``library`` knows more of documents that are only named here.
    """

    def __init__(self, snapshot: Snapshot, office: str = "", library: Holdings | None = None) -> None:
        self._office = office
        self.library = library
        self.snapshot = snapshot
        self.store: Store = snapshot.store

    @cached_property
    def weights(self) -> Weights:
        """How much each syllable weighs."""
        return Weights(self.snapshot.model("frequencies"))

    @cached_property
    def diacritics(self) -> Diacritics:
        """What puts the marks back into a question."""
        return Diacritics.load(self.snapshot.model("diacritics"))

    @cached_property
    def spoken(self) -> Callable[[str], str]:
        """What reads a question as typed with its marks (``understanding.spoken``); while it is answered that is asked for often."""
        return lru_cache(maxsize=_READ)(partial(spoken, diacritics=self.diacritics))

    @cached_property
    def documents(self) -> dict[str, Document]:
        """Every document, loaded or only named, by number."""
        found = {document.number: document for document in self.store.documents()}
        there = {number: self.library.documents[known] for number, known in self._in_library.items()} if self.library else {}
        return found | {number: replace(document, number=number, present=False) for number, document in there.items()}

    @cached_property
    def _in_library(self) -> dict[str, str]:
        """The documents that are only named here and that the library has in full, with their numbers there."""
        if self.library is None:
            return {}
        named = [document.number for document in self.store.documents() if not document.present]
        return {number: known for number in named if (known := self.library.in_full.get(number_key(number)))}

    @cached_property
    def in_full(self) -> dict[str, str]:
        """The numbers of the documents that are here in full, by their keys."""
        return {number_key(document.number): document.number for document in self.documents.values() if document.present}

    @cached_property
    def broad(self) -> bool:
        """Whether this is a library rather than a shelf: nobody means one of its documents without naming it."""
        beside_a_shelf = self.snapshot.shelf is not self.snapshot
        return beside_a_shelf or sum(document.present for document in self.documents.values()) > _SHELF

    @cached_property
    def offices(self) -> Offices:
        """Whose documents they are."""
        return Offices(self.documents.values(), self._office)

    @cached_property
    def families(self) -> dict[str, Family]:
        """Of each document that has nearly identical ones beside it, all of these."""
        return read_families(self.store.meta("families") or "[]", self.documents, self.offices.office_of)

    @cached_property
    def heads_alike(self) -> frozenset[int]:
        """The heads of the documents that have nearly identical ones beside them."""
        return frozenset(head.id for number in self.families for head in self.store.of_document(number)[:1] if head.kind == "head")

    def states(self, number: str, words: str) -> bool:
        """Say whether the text of a document has some words, below its head."""
        wanted = folded_line(words)
        texts = (provision.text for provision in self.store.of_document(number) if provision.kind != "head")
        return any(wanted in folded_line(text) for text in texts)

    def speaks_of(self, name: Sequence[str]) -> bool:
        """Say whether the folded words of a name stand in a row, two and two, in anything here."""
        held = frequencies(self.snapshot.lexical, "folded")
        pairs = terms(name)[len(name) :] or name
        return all(held(pair) for pair in pairs)

    @cached_property
    def addressees(self) -> dict[str, str]:
        """To whom each loaded document of a shelf is written (``Kính gửi``), empty where it does not say."""
        if self.broad:
            return {}
        heads = [self.store.head(number) for number, document in self.documents.items() if document.present]
        return {head.document: found.group() for head in heads if head and (found := ADDRESSED.search(head.text))}

    @cached_property
    def names(self) -> Names:
        """What the documents are called by."""
        return Names(self.documents)

    @cached_property
    def contacts(self) -> list[Contact]:
        """Every person or desk to call, in reading order."""
        return self.store.records(Contact)

    @cached_property
    def fields(self) -> list[str]:
        """The fields of the people to call (``Lĩnh vực chuyển đổi số``), each once; none in a library, where nobody means one by it."""
        return [] if self.broad else list(dict.fromkeys(contact.role for contact in self.contacts))

    @cached_property
    def systems(self) -> list[System]:
        """Every software, site or form with its address, in reading order."""
        return self.store.records(System)

    def contacts_for(self, question: Question) -> list[Contact]:
        """Return the people and desks to call of the offices that a question may mean."""
        return self._here(question, self.contacts)

    def systems_for(self, question: Question) -> list[System]:
        """Return the software, sites and forms of the offices that a question may mean."""
        return self._here(question, self.systems)

    def _here(self, question: Question, records: list[R]) -> list[R]:
        if not question.elsewhere:
            return records
        provisions = self.store.provisions({record.provision for record in records})
        return [record for record in records if provisions[record.provision].document not in question.elsewhere]

    @cached_property
    def passages(self) -> KeptPassages:
        """The provisions with their words."""
        return KeptPassages(self.store, self.documents)

    @cached_property
    def _calendar(self) -> Calendar:
        return Calendar(self.store, self.documents)

    def outer(self, id_: int) -> int:
        """Return the provision that an inline item stands in; of any other its own id."""
        return self.passage_of(id_).provision.outer

    def passage_of(self, id_: int) -> Passage:
        """Return the provision of this id with its words. Raises ``IndexError`` where there is none."""
        return self.passages.by_id([id_])[0]

    def validity(self, number: str, day: date | None) -> Validity:
        """Return what holds of a document on ``day`` (as far as known where it is ``None``)."""
        if self.library is not None and number in self._in_library:
            return self.library.validity(self._in_library[number], day)
        return self._calendar.on(day, number) if day else self.documents[number].validity

    def standing(self, number: str, day: date | None) -> float:
        """Return what a document loses in rank for not being in force on ``day``: it stands under its successor."""
        return _BEHIND if self.validity(number, day) in NOT_IN_FORCE else 0.0

    def in_force_first(self, found: list[T], number_of: Callable[[T], str], day: date | None) -> list[T]:
        """Return what stands in documents in force on ``day``; all of it where nothing does."""
        return [item for item in found if not self.standing(number_of(item), day)] or found

    def references(self, number: str) -> list[tuple[Reference, Provision]]:
        """Return where a document is named, with the provisions that name it, in reading order."""
        found = self.store.references_to(number)
        provisions = self.store.provisions({reference.provision for reference in found})
        return [(reference, provisions[reference.provision]) for reference in found if provisions[reference.provision].document != number]

    def passage(self, provision: Provision) -> Passage:
        """Return the provision with its words."""
        return self.passages.of(provision)

    def label(self, provision: Provision, page: int = 0, extra: str = "") -> str:
        """Return how people cite a provision: ``Công văn 2607/SGDĐT-GDPT, mục IV.2, trang 8``."""
        document = self.documents.get(provision.document)
        name = document.name if document else provision.document
        number = page or provision.page
        parts = [name, provision.label, extra, f"trang {number}" if number and document and document.pages > 1 else ""]
        return ", ".join(part for part in parts if part)
