"""A file as parsed: its documents, provisions, records and what it says of other documents; kept for the next time.

What a file parses to depends on its content, on what the catalog says the file is, on the code that reads, and on the
programs that help to read (OCR, LibreOffice). All of these make the name of the kept result, in ``data/parsed``: a
store of the same kind as the index has, or a text file with the reason why the file cannot be read.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

from ingest.collection import read_collection
from ingest.contacts import find_contacts, find_systems
from ingest.deadlines import find_deadlines
from ingest.metadata import read_metadata
from ingest.readers import read_file
from ingest.references import find_references
from ingest.sources import checksum, is_collection
from ingest.structure import build_provisions
from ingest.validity import Relation, find_relations
from rag.documents import Contact, Deadline, Document, Provision, Record, Reference, System
from rag.errors import ReadError
from rag.index.store import Store

Progress = Callable[[str], None]
_CODE = Path(__file__).resolve().parents[1]
_READING = (
    "ingest/**/*",
    "rag/data/*",
    "rag/index/*",
    "rag/language/diacritics.py",
    "rag/documents.py",
    "rag/language/numbers.py",
    "rag/language/text.py",
    "rag/slots/*",
)
_HELPERS = ("tesseract", "soffice", "libreoffice")


@dataclass(frozen=True, slots=True)
class Parsed:
    """One parsed file. ``problems``: what in it was not readable, in Vietnamese; ``key``: name of the kept result."""

    name: str
    key: str
    documents: tuple[Document, ...]
    relations: tuple[Relation, ...]
    problems: tuple[str, ...]
    store: Store

    def provisions(self) -> list[Provision]:
        """Return its provisions in order, ids from 0."""
        return list(self.store.provisions(range(self.store.count(Provision))).values())

    def records(self) -> list[Record]:
        """Return its records."""
        store = self.store
        return [*store.records(Deadline), *store.records(Contact), *store.records(System), *store.records(Reference)]


def key_of(path: Path, given: Mapping[str, str]) -> str:
    """Return the name under which the result of parsing this file is kept. Raises ``ReadError``."""
    try:
        parts = [path.name, checksum(path), sorted(given.items()), code_version()]
    except OSError as error:
        raise ReadError(f"Không đọc được {path.name}: {error.strerror or error}.") from error
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:40]


def parse(path: Path, given: Mapping[str, str], data: Path, progress: Progress = lambda line: None, *, again: bool = False) -> Parsed:
    """Parse a file, or take what was kept of it. ``given``: what the catalog says that this file is.

    ``again``: try once more a file that could not be read. Raises ``ReadError`` and, when nothing can be written,
    ``OSError`` or ``sqlite3.OperationalError``.
    """
    key = key_of(path, given)
    kept = data / "parsed" / f"{key}.sqlite"
    unreadable = kept.with_suffix(".error")
    with suppress(sqlite3.Error):  # not there, or not written to its end
        return _load(path.name, key, kept)
    if unreadable.exists() and not again:
        raise ReadError(unreadable.read_text(encoding="utf-8"))
    kept.parent.mkdir(parents=True, exist_ok=True)
    progress(f"Đọc {path.name}")
    try:
        _parse(path, given, data, kept, progress)
    except ReadError as error:
        unreadable.write_text(str(error), encoding="utf-8")
        raise
    except (OSError, sqlite3.OperationalError):  # nothing can be written, whatever the file
        raise
    except Exception as error:  # one odd file must not keep the others out
        reason = f"Không đọc được {path.name}: lỗi trong chương trình, hãy báo cho người phụ trách ({type(error).__name__}: {error})."
        raise ReadError(reason) from error
    return _load(path.name, key, kept)


def reason_unreadable(path: Path, given: Mapping[str, str], data: Path) -> str:
    """Return why this file could not be read when it was tried last; empty when it could, or was not tried."""
    kept = data / "parsed" / f"{key_of(path, given)}.error"
    return reason_alone(kept.read_text(encoding="utf-8"), path.name) if kept.exists() else ""


def reason_alone(message: str, name: str) -> str:
    """Return why a file cannot be read, without its name in front: for lists that give the name themselves."""
    return message.removeprefix(f"Không đọc được {name}: ")


def forget_others(data: Path, keys: Collection[str]) -> None:
    """Delete the kept results of files that are no longer there in this form."""
    for file in (data / "parsed").glob("[!.]*"):  # a name with a dot in front is just being written
        if file.stem not in keys:
            file.unlink(missing_ok=True)


def records_of(provision: Provision) -> list[Record]:
    """Return every record that a provision holds."""
    return [*find_deadlines(provision), *find_contacts(provision), *find_systems(provision), *find_references(provision)]


@cache
def code_version() -> str:
    """Return a name for the code that reads and the programs that help it: another name may mean another reading."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in _READING for path in _CODE.glob(pattern)):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(path.name.encode() + path.read_bytes())
    digest.update(repr([bool(shutil.which(helper)) for helper in _HELPERS]).encode())
    return digest.hexdigest()


def _load(name: str, key: str, kept: Path) -> Parsed:
    store = Store.open(kept)
    relations = tuple(Relation(**relation) for relation in json.loads(store.meta("relations") or "[]"))
    problems = tuple(json.loads(store.meta("problems") or "[]"))
    return Parsed(name, key, tuple(store.documents()), relations, problems, store)


def _parse(path: Path, given: Mapping[str, str], data: Path, kept: Path, progress: Progress) -> None:
    problems: tuple[str, ...] = ()
    if is_collection(path):
        documents, provisions = read_collection(path)
        sum_ = checksum(path)
        documents = [replace(document, checksum=sum_) for document in documents]
    else:
        document, provisions, problems = _read(path, given, data, progress)
        documents = [document]
    if not provisions:
        raise ReadError(f"Không đọc được {path.name}: không tìm thấy nội dung văn bản.")
    records = [record for provision in provisions if not provision.inline for record in records_of(provision)]
    relations = [asdict(relation) for relation in find_relations(documents, provisions)]
    new = kept.with_name(f".{kept.name}.{os.getpid()}")
    try:
        new.unlink(missing_ok=True)
        meta = {"relations": json.dumps(relations), "problems": json.dumps(problems)}
        Store.build(new, documents, provisions, records, meta)
        new.replace(kept)
    finally:
        new.unlink(missing_ok=True)


def _read(path: Path, given: Mapping[str, str], data: Path, progress: Progress) -> tuple[Document, list[Provision], tuple[str, ...]]:
    def page_done(done: int, pages: int) -> None:
        progress(f"Đọc {path.name}: trang {done}/{pages}")

    reading = read_file(path, cache=data / "cache", progress=page_done)
    document = read_metadata(reading, path.name, checksum(path), dict(given))
    if not document.number:
        document = replace(document, number=path.stem)
    return document, build_provisions(document.number, reading), reading.problems
