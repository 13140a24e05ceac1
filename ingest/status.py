"""Every document that is known, and how it stands: there, only named, replaced, or unreadable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from ingest.catalog import Catalog, given_metadata
from ingest.parsed import reason_unreadable
from ingest.sources import corpus_files, extra_files
from rag.documents import Document, Validity
from rag.finding.school_year import successor_wanted
from rag.finding.validity import Calendar
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
class Overview:
    """All documents, loaded ones first, and the files that could not be read with the reason.

    ``wanted`` asks in one sentence for what comes after directives whose school year is over; mostly empty.
    """

    rows: list[Row]
    unreadable: list[tuple[str, str]]
    wanted: str = ""


def overview(corpus: Path, data: Path, store: Store, today: date | None) -> Overview:
    """Return how every document of the index in use stands, and every file of the corpus that could not be read."""
    catalog = Catalog.load(corpus)
    unreadable = []
    for path in [*corpus_files(corpus), *extra_files(data)]:
        if reason := reason_unreadable(path, given_metadata(catalog.entry_of_file(path.name)), data):
            unreadable.append((path.name, reason))
    files = {number_key(str(entry["number"])): name for name, _ in unreadable if (entry := catalog.entry_of_file(name))}
    documents = store.documents()
    calendar = Calendar(store, {document.number: document for document in documents})
    rows, day = [], today or date.today()
    for document in sorted(documents, key=lambda document: not document.present):
        file = files.get(number_key(document.number))
        state = PRESENT if document.present else f"{UNREADABLE}: {file}" if file else NAMED
        rows.append(Row(document, calendar.on(day, document.number), state))
    return Overview(rows, unreadable, successor_wanted(documents, partial(calendar.on, day), day))
