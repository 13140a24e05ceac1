"""Every document that is known, and how it stands: there, only named, replaced, or unreadable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from ingest.catalog import Catalog, given_metadata
from ingest.parsed import names_read, reason_unreadable
from ingest.source_files import Skipped, documents_in, extra_files
from rag.documents import Document, Reference, Validity
from rag.finding.in_force import Calendar
from rag.finding.school_year import school_year_of, successor_wanted
from rag.index.store import Store
from rag.language.numbers import number_key

PRESENT = "có"
NAMED = "chưa có, chỉ được nhắc tới"
UNREADABLE = "không đọc được"


@dataclass(frozen=True, slots=True)
class Row:
    """A document, the validity it has today, and whether its text is there (a Vietnamese word)."""

    document: Document
    validity: Validity
    state: str


@dataclass(frozen=True, slots=True)
class Listed:
    """What a directive names: the documents that are there, that can be fetched, and whose address is not known."""

    directive: Document
    present: tuple[Document, ...]
    to_fetch: tuple[Document, ...]
    unknown: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """All documents, loaded ones first, and the files that could not be read with the reason.

    ``wanted`` asks in one sentence for what comes after directives whose school year is over; mostly empty. ``listed`` says of each
    directive how much of what it names is there.
    """

    rows: list[Row]
    unreadable: list[tuple[str, str]]
    listed: list[Listed]
    wanted: str = ""


def overview(corpus: Path, data: Path, store: Store, day: date) -> Overview:
    """Return how every document of the index in use stands, and every file of the corpus that could not be read."""
    catalog = Catalog.load(corpus)
    unreadable = unreadable_files(corpus, data)
    holders = {number_key(str(entry["number"])): name for name, _ in unreadable if (entry := catalog.entry_of_file(name))}
    documents = store.documents()
    calendar = Calendar(store, {document.number: document for document in documents})
    rows = []
    for document in sorted(documents, key=lambda document: not document.present):
        file = holders.get(number_key(document.number))
        state = PRESENT if document.present else f"{UNREADABLE}: {file}" if file else NAMED
        rows.append(Row(document, calendar.on(day, document.number), state))
    return Overview(rows, unreadable, _listed(store, documents), successor_wanted(documents, partial(calendar.on, day), day))


def unreadable_files(corpus: Path, data: Path) -> list[Skipped]:
    """Return every file of the corpus that could not be read when it was tried last, with the reason."""
    catalog = Catalog.load(corpus)
    files, unreadable = documents_in(corpus, names_read(data))
    for path in [*files, *extra_files(data)]:
        if reason := reason_unreadable(path, given_metadata(catalog.entry_of_file(path.name)), data):
            unreadable.append((path.name, reason))
    return unreadable


def _listed(store: Store, documents: Sequence[Document]) -> list[Listed]:
    """What each loaded directive names; a directive is a document for one school year."""
    known = {number_key(document.number): document for document in documents}
    found = []
    for directive in documents:
        if not directive.present or school_year_of(directive) is None:
            continue
        references = store.records_of([provision.id for provision in store.of_document(directive.number)], Reference)
        keys = dict.fromkeys(number_key(reference.number) for reference in references)
        named = [known[key] for key in keys if key in known and known[key] != directive]
        missing = [document for document in named if not document.present]
        if named:
            found.append(
                Listed(
                    directive,
                    tuple(document for document in named if document.present),
                    tuple(document for document in missing if document.url),
                    tuple(document for document in missing if not document.url),
                )
            )
    return found
