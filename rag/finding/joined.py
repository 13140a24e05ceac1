"""An office's own documents and the library that many offices share, read as one; each keeps its own index.

Nothing of the library is copied for an office: its provisions are read where they are, under ids behind those of the office.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import TypeVar

from rag.documents import Contact, Deadline, Document, Provision, Record, Reference, System, Validity
from rag.finding.search import Searcher
from rag.index.store import Store
from rag.language.definitions import DEFINITIONS

_BEHIND = 1 << 40
"""What is added to the library's ids."""
_BY_NUMBER = ("expires", DEFINITIONS)
"""What is noted of a store by the numbers of its documents."""
R = TypeVar("R", Deadline, Contact, System, Reference)


class JoinedStore(Store):
    """Two stores read as one; a document that is there in full in the first is read there, any other in the library."""

    def __init__(self, own: Store, library: Store, of_library: Mapping[str, Document], present: frozenset[str]) -> None:
        """``of_library``: its documents by number; ``present``: the own ones that are there in full."""
        self._own = own
        self._library = library
        self._of_library = of_library
        self._present = present

    def documents(self) -> list[Document]:
        own = self._own.documents()
        known = {document.number for document in own}
        return [*own, *(document for number, document in self._of_library.items() if number not in known)]

    def document(self, number: str) -> Document | None:
        return self._library.document(number) if self._is_library(number) else self._own.document(number)

    def provisions(self, ids: Iterable[int]) -> dict[int, Provision]:
        wanted = list(ids)
        found = self._own.provisions(id for id in wanted if id < _BEHIND)
        found |= {moved.id: moved for moved in map(_moved, self._library.provisions(_there(wanted)).values())}
        return {id: found[id] for id in wanted if id in found}

    def documents_of(self, ids: Iterable[int]) -> dict[int, str]:
        wanted = list(ids)
        there = self._library.documents_of(_there(wanted))
        return self._own.documents_of(id for id in wanted if id < _BEHIND) | {id + _BEHIND: number for id, number in there.items()}

    def section(self, number: str, section: str) -> Provision | None:
        if not self._is_library(number):
            return self._own.section(number, section)
        found = self._library.section(number, section)
        return _moved(found) if found else None

    def head(self, number: str) -> Provision | None:
        if not self._is_library(number):
            return self._own.head(number)
        found = self._library.head(number)
        return _moved(found) if found else None

    def of_document(self, number: str) -> list[Provision]:
        if not self._is_library(number):
            return self._own.of_document(number)
        return [_moved(provision) for provision in self._library.of_document(number)]

    def children(self, id: int) -> list[Provision]:
        if id < _BEHIND:
            return self._own.children(id)
        return [_moved(provision) for provision in self._library.children(id - _BEHIND)]

    def records(self, kind: type[R]) -> list[R]:
        return self._own.records(kind) + [_record_moved(record) for record in self._library.records(kind)]

    def references_to(self, number: str) -> list[Reference]:
        return [*self._own.references_to(number), *map(_record_moved, self._library.references_to(number))]

    def records_of(self, provision_ids: Iterable[int], kind: type[R]) -> list[R]:
        wanted = list(provision_ids)
        there = [_record_moved(record) for record in self._library.records_of(_there(wanted), kind)]
        return self._own.records_of([id for id in wanted if id < _BEHIND], kind) + there

    def count(self, kind: type[Document] | type[Provision] | type[Record]) -> int:
        return self._own.count(kind) + self._library.count(kind)

    def meta(self, key: str) -> str | None:
        """Return what was noted of the own store; of both where it is noted by document."""
        own = self._own.meta(key)
        if key not in _BY_NUMBER:
            return own
        return json.dumps(json.loads(self._library.meta(key) or "{}") | json.loads(own or "{}"), ensure_ascii=False)

    def _is_library(self, number: str) -> bool:
        return number not in self._present and number in self._of_library


class Joined(Searcher):
    """Reads both and searches each by itself; what the office has in full is its own, what it only names is the library's."""

    def __init__(self, own: Searcher, library: Searcher) -> None:
        super().__init__(own.snapshot, questions=own.questions)
        self.own = own
        self.shared = library
        present = frozenset(number for number, document in own.documents.items() if document.present)
        self.store = JoinedStore(own.store, library.store, library.documents, present)

    @property
    def parts(self) -> tuple[tuple[Searcher, int], ...]:
        """What is searched by itself, with what is added to its ids here."""
        return (self.own, 0), (self.shared, _BEHIND)

    @cached_property
    def documents(self) -> dict[str, Document]:
        """Every document of both, by number."""
        own = {number: document for number, document in self.own.documents.items() if document.present}
        return own | {number: document for number, document in (self.own.documents | self.shared.documents).items() if number not in own}

    @cached_property
    def broad(self) -> bool:
        """Nobody means a document of the library without naming it."""
        return True

    def validity(self, number: str, day: date | None) -> Validity:
        """Return what holds of a document, as the one knows it that has it in full."""
        own = self.own.documents.get(number)
        return (self.own if own and (own.present or number not in self.shared.documents) else self.shared).validity(number, day)


def _there(ids: Iterable[int]) -> list[int]:
    """The ids that are the library's, as it knows them."""
    return [id - _BEHIND for id in ids if id >= _BEHIND]


def _moved(provision: Provision) -> Provision:
    parent = None if provision.parent is None else provision.parent + _BEHIND
    return replace(provision, id=provision.id + _BEHIND, parent=parent)


def _record_moved(record: R) -> R:
    return replace(record, provision=record.provision + _BEHIND)
