"""What the index knows: documents, provisions and records of one snapshot, in one SQLite file that is never changed.

Rows hold their object as compressed JSON (half of the bytes, some 15 µs to read) beside the few columns that are
searched, and are read one by one, by key: nothing is loaded in full, whatever the size of the collection.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import fields
from pathlib import Path
from threading import Lock
from typing import Any, Protocol, TypeVar

from rag.documents import HEAD, Contact, Deadline, Document, Doubt, Footnote, Provision, Record, Reference, System
from rag.language.numbers import number_key
from rag.signatures import Signature

R = TypeVar("R", Deadline, Contact, System, Reference)

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (position INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, payload BLOB NOT NULL);
CREATE TABLE provisions (
    id INTEGER PRIMARY KEY, position INTEGER NOT NULL, document TEXT NOT NULL, section TEXT NOT NULL,
    parent INTEGER, payload BLOB NOT NULL
);
CREATE TABLE records (
    position INTEGER PRIMARY KEY, kind TEXT NOT NULL, provision INTEGER NOT NULL, key TEXT NOT NULL, payload BLOB NOT NULL
);
"""
_INDEXES = """
CREATE INDEX provisions_in_order ON provisions (document, position);
CREATE INDEX provisions_by_section ON provisions (document, section, position);
CREATE INDEX provisions_by_parent ON provisions (parent, position) WHERE parent IS NOT NULL;
CREATE INDEX records_by_kind ON records (kind, position);
CREATE INDEX records_by_key ON records (kind, key, position) WHERE key != '';
CREATE INDEX records_by_provision ON records (provision, kind);
"""
_LEVEL = 1  # of zlib: the next ones take twice as long for a twentieth less
_AMONG = "IN (SELECT value FROM json_each(?))"
OF_PROVISIONS = {  # the first value: the ids of the provisions
    "provisions": f"SELECT id, payload FROM provisions WHERE id {_AMONG} ORDER BY id",
    "places": f"SELECT id, document, section FROM provisions WHERE id {_AMONG} ORDER BY id",
    "children": f"SELECT position, payload FROM provisions WHERE parent {_AMONG} ORDER BY position",
    "records of": f"SELECT position, payload FROM records WHERE provision {_AMONG} AND kind = ? ORDER BY position",
}
OF_A_DOCUMENT = {  # the first value: its number
    "section": "SELECT position, payload FROM provisions WHERE document = ? AND section = ? ORDER BY position",
    "of document": "SELECT position, payload FROM provisions WHERE document = ? ORDER BY position",
    "ids": "SELECT position, id FROM provisions WHERE document = ? ORDER BY position",
}
_OF_ALL = {
    "records": "SELECT position, payload FROM records WHERE kind = ? ORDER BY position",
    "references to": "SELECT position, payload FROM records WHERE kind = ? AND key != '' AND key = ? ORDER BY position",
    "provisions counted": "SELECT 0, count(*) FROM provisions",
    "records counted": "SELECT 0, count(*) FROM records WHERE kind = ?",
}
OF_THE_HEAD = {
    "documents": "SELECT position, payload FROM documents ORDER BY position",
    "document": "SELECT position, payload FROM documents WHERE number = ?",
    "documents counted": "SELECT 0, count(*) FROM documents",
    "meta": "SELECT 0, value FROM meta WHERE key = ?",
}
QUERIES: Mapping[str, str] = OF_PROVISIONS | OF_A_DOCUMENT | _OF_ALL | OF_THE_HEAD
"""All that is asked of a store. The first column of each row says where it stands among the others."""

Row = tuple[Any, ...]


class Rows(Protocol):
    """Where the rows of a store are: in a file, or in those of several machines."""

    def rows(self, query: str, *values: object) -> Sequence[Row]:
        """Return the rows that the query of ``QUERIES`` finds, in order."""


class FileRows:
    """The rows of one file. One connection under a lock serves all threads: reads by key take microseconds."""

    def __init__(self, path: Path) -> None:
        """Open a file for reading. Raises ``sqlite3.Error``."""
        # immutable: no locks, and no -wal or -shm files beside the snapshot's own.
        uri = path.resolve().as_uri() + "?mode=ro&immutable=1"
        self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        self._lock = Lock()

    def rows(self, query: str, *values: object) -> Sequence[Row]:
        """Return what the query of ``QUERIES`` finds; ids come as JSON. Raises ``KeyError`` for one that there is not."""
        with self._lock:
            return self._connection.execute(QUERIES[query], values).fetchall()


class Store:
    """A read-only store, safe for several threads."""

    def __init__(self, rows: Rows) -> None:
        self.source = rows

    @classmethod
    def build(
        cls,
        path: Path,
        documents: Iterable[Document],
        provisions: Iterable[Provision],
        records: Iterable[Record],
        meta: Mapping[str, str],
    ) -> None:
        """Write a new file ``path``; the order given is the order kept.

        Raises ``sqlite3.IntegrityError`` for two documents of one number or two provisions of one id, and
        ``sqlite3.OperationalError`` when the file cannot be written.
        """
        with closing(sqlite3.connect(path)) as connection, connection:
            # No journal: a file that was not finished is thrown away.
            connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
            connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
            connection.executemany("INSERT INTO documents VALUES (?, ?, ?)", _document_rows(documents))
            connection.executemany("INSERT INTO provisions VALUES (?, ?, ?, ?, ?, ?)", _provision_rows(provisions))
            connection.executemany("INSERT INTO records VALUES (?, ?, ?, ?, ?)", _record_rows(records))
            connection.executescript(_INDEXES)

    @classmethod
    def open(cls, path: Path) -> Store:
        """Open the file ``path`` for reading. Raises ``sqlite3.Error`` when it is missing or no such store."""
        store = cls(FileRows(path))
        store.count(Document)
        return store

    def documents(self) -> list[Document]:
        """Return all documents, those loaded in full and those only named."""
        return [_read_document(payload) for payload in self._rows("documents")]

    def document(self, number: str) -> Document | None:
        """Return the document with exactly this number."""
        rows = self._rows("document", number)
        return _read_document(rows[0]) if rows else None

    def provision(self, id: int) -> Provision:
        """Return one provision. Raises ``KeyError`` when there is no such id."""
        return self.provisions([id])[id]

    def provisions(self, ids: Iterable[int]) -> dict[int, Provision]:
        """Return the provisions with these ids, in the order of ``ids``; unknown ids are left out."""
        wanted = list(ids)
        found = {id_: _read_provision(payload) for id_, payload in self.source.rows("provisions", json.dumps(wanted))}
        return {id: found[id] for id in wanted if id in found}

    def documents_of(self, ids: Iterable[int]) -> dict[int, str]:
        """Return the number of the document of each provision, by rising id; unknown ids are left out."""
        return {id_: document for id_, (document, _) in self.places_of(ids).items()}

    def places_of(self, ids: Iterable[int]) -> dict[int, tuple[str, str]]:
        """Return the document and the section of each provision, by rising id; unknown ids are left out."""
        return {id_: (document, section) for id_, document, section in self.source.rows("places", json.dumps(list(ids)))}

    def section(self, number: str, section: str) -> Provision | None:
        """Return the provision of a document with this section path.

        Of a part and what closes it that is what has a text; of a letterhead and the body of a letter without numbers, the body.
        """
        found = self._provisions("section", number, section)
        return next((provision for provision in found if provision.text and provision.kind != "head"), found[0] if found else None)

    def head(self, number: str) -> Provision | None:
        """Return how a document begins: its letterhead."""
        found = self._provisions("section", number, HEAD)
        return found[0] if found else None

    def of_document(self, number: str) -> list[Provision]:
        """Return the provisions of a document, in order."""
        return self._provisions("of document", number)

    def ids_of(self, number: str) -> list[int]:
        """Return the ids of the provisions of a document, in order."""
        return self._rows("ids", number)

    def children(self, id: int) -> list[Provision]:
        """Return the provisions right below one, in order."""
        return self._provisions("children", json.dumps([id]))

    def records(self, kind: type[R]) -> list[R]:
        """Return all records of a kind, in order."""
        return self._records(kind, "records", kind.__name__)

    def references_to(self, number: str) -> list[Reference]:
        """Return where the document of this number is named, however the number is written, in order."""
        return self._records(Reference, "references to", Reference.__name__, number_key(number))

    def records_of(self, provision_ids: Iterable[int], kind: type[R]) -> list[R]:
        """Return the records of a kind that these provisions carry, in the order of the store."""
        return self._records(kind, "records of", json.dumps(list(provision_ids)), kind.__name__)

    def count(self, kind: type[Document] | type[Provision] | type[Record]) -> int:
        """Return how many documents, provisions or records of one kind there are."""
        if kind is Document:
            return sum(self._rows("documents counted"))
        return sum(self._rows("provisions counted") if kind is Provision else self._rows("records counted", kind.__name__))

    def meta(self, key: str) -> str | None:
        """Return a value noted when the store was built."""
        rows = self._rows("meta", key)
        return str(rows[0]) if rows else None

    def _provisions(self, query: str, *values: object) -> list[Provision]:
        return [_read_provision(payload) for payload in self._rows(query, *values)]

    def _records(self, kind: type[R], query: str, *values: object) -> list[R]:
        return [kind(**_read(payload)) for payload in self._rows(query, *values)]

    def _rows(self, query: str, *values: object) -> list[Any]:
        """Return what every row has beside its place."""
        return [row[1] for row in self.source.rows(query, *values)]


def cut_store(whole: Path, path: Path, numbers: Iterable[str] | None) -> None:
    """Write what the store ``whole`` has of some documents into the new file ``path``, as it stands there.

    Without ``numbers`` it gets all documents, none of their provisions. Raises ``sqlite3.Error``.
    """
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
        connection.execute("ATTACH ? AS whole", (str(whole),))
        if numbers is None:
            connection.execute("INSERT INTO documents SELECT * FROM whole.documents")
        else:
            connection.execute("CREATE TEMP TABLE wanted (number TEXT PRIMARY KEY)")
            connection.executemany("INSERT INTO wanted VALUES (?)", ((number,) for number in numbers))
            connection.execute("INSERT INTO documents SELECT * FROM whole.documents WHERE number IN (SELECT number FROM wanted)")
            connection.execute("INSERT INTO provisions SELECT * FROM whole.provisions WHERE document IN (SELECT number FROM wanted)")
            connection.execute("INSERT INTO records SELECT * FROM whole.records WHERE provision IN (SELECT id FROM provisions)")
        connection.execute("INSERT INTO meta SELECT * FROM whole.meta")
        connection.commit()
        connection.executescript(_INDEXES)


def _document_rows(documents: Iterable[Document]) -> Iterator[tuple[object, ...]]:
    return ((position, d.number, _payload(d)) for position, d in enumerate(documents))


def _provision_rows(provisions: Iterable[Provision]) -> Iterator[tuple[object, ...]]:
    return ((p.id, position, p.document, p.section, p.parent, _payload(p)) for position, p in enumerate(provisions))


def _record_rows(records: Iterable[Record]) -> Iterator[tuple[object, ...]]:
    return ((position, type(r).__name__, r.provision, _key(r), _payload(r)) for position, r in enumerate(records))


def _key(record: Record) -> str:
    """What records of a kind are looked up by: a reference by the document it names."""
    return number_key(record.number) if isinstance(record, Reference) else ""


def _payload(item: Document | Provision | Record) -> bytes:
    return zlib.compress(json.dumps(_fields(item), default=_fields, ensure_ascii=False, separators=(",", ":")).encode(), _LEVEL)


def _read(payload: bytes) -> dict[str, Any]:
    fields_: dict[str, Any] = json.loads(zlib.decompress(payload))
    return fields_


def _fields(item: Document | Provision | Record | Footnote | Doubt | Signature) -> dict[str, Any]:
    return {field.name: getattr(item, field.name) for field in fields(item)}


def _read_document(payload: bytes) -> Document:
    raw = _read(payload)
    raw["signatures"] = tuple(map(Signature.of_json, raw.get("signatures", ())))
    raw["doubts"] = tuple(Doubt(**doubt) for doubt in raw.get("doubts", ()))
    return Document(**raw)


def _read_provision(payload: bytes) -> Provision:
    raw = _read(payload)
    raw["headings"] = tuple(raw["headings"])
    raw["page_starts"] = tuple((start, page) for start, page in raw["page_starts"])
    raw["footnotes"] = tuple(Footnote(**footnote) for footnote in raw["footnotes"])
    raw["doubts"] = tuple(Doubt(**doubt) for doubt in raw["doubts"])
    return Provision(**raw)
