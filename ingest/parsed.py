"""A file as parsed: its documents, provisions, records and what it says of other documents; kept for the next time.

What a file parses to depends on its content, on what the catalog says the file is, on the code that reads, and on the
programs that help to read (OCR, LibreOffice). All of these make the name of the kept result::

    data/parsed/<name>.sqlite    a store of the same kind as the index has, and .sum, its checksum: anything else counts as absent
    data/parsed/<name>.chunks    of a collection: its checksum, and the names of the stores of its chunks, in order
    data/parsed/<name>.error     why the file cannot be read
    data/parsed/<name>.stopped   why it was not read when it was tried last: its reader was ended, so it is tried again
    data/parsed/files.json       the results that the index in use was made of, by file

A file that was read once, and now cannot be, goes on being answered as it was read then (``last_read``).
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import accumulate
from pathlib import Path
from typing import Any

from ingest.chunks import parse_chunks
from ingest.code_version import READING, code_version
from ingest.kept_results import is_whole, keep, put, remove, text_of
from ingest.options import Progress
from ingest.parsing import parse_in_child
from ingest.readers.registry import origin_of
from ingest.source_files import is_collection
from ingest.validity import Relation
from rag.disk import checksum
from rag.documents import Contact, Deadline, Document, Provision, Record, Reference, System
from rag.errors import ReadError, ReadStopped
from rag.index.store import Store

_LAST = "files.json"
_CHUNKS = ".chunks"
_STOPPED: dict[str, str] = {}  # what this process tried to read in vain: once is enough for one command
_AT_ONCE = 500  # provisions
_HELPERS = ("tesseract", "soffice", "libreoffice")


@dataclass(frozen=True, slots=True)
class Parsed:
    """One parsed file. ``problems``: what in it was not readable, in Vietnamese; ``key``: name of the kept result.

    ``parts``: where its provisions and records are, of which only one part at a time is read into memory.
    """

    name: str
    key: str
    documents: tuple[Document, ...]
    relations: tuple[Relation, ...]
    problems: tuple[str, ...]
    parts: tuple[Part, ...]

    @property
    def size(self) -> int:
        """The number of its provisions."""
        return sum(part.size for part in self.parts)

    @property
    def keys(self) -> set[str]:
        """The names of all that is kept of it."""
        return {self.key, *(part.path.stem for part in self.parts)}

    def provisions(self) -> Iterator[Provision]:
        """Yield its provisions in order, ids from 0."""
        for part, start in self._starts():
            for found in part.provisions():
                yield replace(found, id=found.id + start, parent=None if found.parent is None else found.parent + start) if start else found

    def records(self) -> Iterator[Record]:
        """Yield its records."""
        for part, start in self._starts():
            for found in part.records():
                yield replace(found, provision=found.provision + start) if start else found

    def _starts(self) -> Iterator[tuple[Part, int]]:
        return zip(self.parts, accumulate((part.size for part in self.parts), initial=0), strict=False)


@dataclass(frozen=True, slots=True)
class Part:
    """A store of parsed provisions and records, opened while it is read: a large collection has more than may be open at once."""

    path: Path
    size: int

    def provisions(self) -> Iterator[Provision]:
        """Yield its provisions in order, ids from 0."""
        store = Store.open(self.path)
        for start in range(0, self.size, _AT_ONCE):
            yield from store.provisions(range(start, min(start + _AT_ONCE, self.size))).values()

    def records(self) -> Iterator[Record]:
        """Yield its records."""
        store = Store.open(self.path)
        for found in (store.records(Deadline), store.records(Contact), store.records(System), store.records(Reference)):
            yield from found


def key_of(path: Path, given: Mapping[str, str]) -> str:
    """Return the name under which the result of parsing this file is kept. Raises ``ReadError``."""
    try:
        parts = [path.name, checksum(path), sorted(given.items()), reading_version(), *filter(None, [origin_of(path)])]
    except OSError as error:
        raise ReadError(f"Không đọc được {path.name}: {error.strerror or error}.") from error
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:40]


def parse(
    path: Path,
    given: Mapping[str, str],
    data: Path,
    progress: Progress = lambda line: None,
    *,
    again: bool = False,
    elsewhere: bool = False,
) -> Parsed:
    """Parse a file, or take what was kept of it. ``given``: what the catalog says that this file is.

    ``again``: try once more a file that could not be read. ``elsewhere``: pages are read by OCR elsewhere; then it raises
    ``PagesWanted`` for those that are not yet. Raises ``ReadError`` and, when nothing can be written, ``OSError``.
    """
    key = key_of(path, given)
    folder = data / "parsed"
    kept = folder / f"{key}.sqlite"
    if (found := _load(path.name, key, folder)) is not None:
        return found
    if not again and (reason := text_of(kept.with_suffix(".error")) or _STOPPED.get(key, "")):
        raise ReadError(reason)
    folder.mkdir(parents=True, exist_ok=True)
    progress(f"Đọc {path.name}")
    try:
        if is_collection(path):
            chunks = parse_chunks(path, reading_version(), partial(_keep_chunk, folder), progress)
            put(kept.with_suffix(_CHUNKS), json.dumps({"checksum": checksum(path), "chunks": chunks}).encode())
        else:
            keep(kept, lambda new: parse_in_child(path, given, data / "cache", new, progress, elsewhere=elsewhere))
    except ReadStopped as error:
        _stopped(kept, error)
        raise
    except ReadError as error:
        put(kept.with_suffix(".error"), str(error).encode())
        raise
    for told in (".error", ".stopped"):
        kept.with_suffix(told).unlink(missing_ok=True)
    if (made := _load(path.name, key, folder)) is None:
        raise OSError(f"{kept}: không đọc lại được những gì vừa ghi")
    return made


def give_up(path: Path, given: Mapping[str, str], data: Path, reason: str) -> None:
    """Note why a file is not read this time: whoever parses it gets a ``ReadStopped``, the next command tries again.

    Raises ``ReadError``, ``OSError``.
    """
    kept = data / "parsed" / f"{key_of(path, given)}.sqlite"
    _stopped(kept, ReadStopped(f"Không đọc được {path.name}: {reason}"))


def _stopped(kept: Path, error: ReadStopped) -> None:
    _STOPPED[kept.stem] = str(error)
    put(kept.with_suffix(".stopped"), str(error).encode())


def _keep_chunk(folder: Path, key: str, write: Callable[[Path], None]) -> None:
    kept = folder / f"{key}.sqlite"
    if not is_whole(kept):
        keep(kept, write)


def last_read(name: str, data: Path) -> Parsed | None:
    """Return what the index in use was made of for a file of this name; nothing where that is no longer there or not whole."""
    key = _last_keys(data).get(name, "")
    return _load(name, key, data / "parsed") if key else None


def names_read(data: Path) -> Collection[str]:
    """Return the names of the files that the index in use was made of."""
    return _last_keys(data).keys()


def remember_read(files: Iterable[Parsed], data: Path) -> None:
    """Note what the index in use was made of. Raises ``OSError``."""
    put(data / "parsed" / _LAST, json.dumps({file.name: file.key for file in files}, ensure_ascii=False).encode())


def reason_unreadable(path: Path, given: Mapping[str, str], data: Path) -> str:
    """Return why this file could not be read when it was tried last; empty when it could, or was not tried."""
    kept = data / "parsed" / key_of(path, given)
    return reason_alone(text_of(kept.with_suffix(".error")) or text_of(kept.with_suffix(".stopped")), path.name)


def reason_alone(message: str, name: str) -> str:
    """Return why a file cannot be read, without its name in front: for lists that give the name themselves."""
    return message.removeprefix(f"Không đọc được {name}: ")


def forget(path: Path, given: Mapping[str, str], data: Path) -> None:
    """Delete what is kept of this file, so that it is parsed anew. Raises ``ReadError``, ``OSError``."""
    (data / "parsed" / f"{key_of(path, given)}.sum").unlink(missing_ok=True)


def forget_others(data: Path, keys: Collection[str]) -> None:
    """Delete the kept results of files that are no longer there in this form."""
    for file in (data / "parsed").glob("[!.]*"):  # a name with a dot in front is just being written
        if file.stem not in keys and file.name != _LAST:
            remove(file)


@cache
def reading_version() -> str:
    """Return a name for the code that reads and the programs that help it: another name may mean another reading."""
    return hashlib.sha256(repr([code_version(READING), *(bool(shutil.which(helper)) for helper in _HELPERS)]).encode()).hexdigest()


def _load(name: str, key: str, folder: Path) -> Parsed | None:
    """Return what is kept; nothing where it is not there, not whole, or cannot be read."""
    try:
        if chunks := text_of(folder / f"{key}{_CHUNKS}"):
            return _collection(name, key, folder, json.loads(chunks))
        return _joined(name, key, [folder / f"{key}.sqlite"])
    except (OSError, ValueError, TypeError, KeyError, sqlite3.Error, zlib.error):
        return None


def _collection(name: str, key: str, folder: Path, kept: Mapping[str, Any]) -> Parsed | None:
    whole = _joined(name, key, [folder / f"{chunk}.sqlite" for chunk in kept["chunks"]])
    return replace(whole, documents=tuple(replace(one, checksum=kept["checksum"]) for one in whole.documents)) if whole else None


def _joined(name: str, key: str, files: Sequence[Path]) -> Parsed | None:
    """The stores of one file as one; nothing where one is not whole."""
    documents, relations, problems, parts = dict[str, Document](), list[Relation](), list[str](), list[Part]()
    for file in files:
        if not is_whole(file):
            return None
        store = Store.open(file)
        parts.append(Part(file, store.count(Provision)))
        for document in store.documents():
            documents.setdefault(document.number, document)
        relations += (Relation(**relation) for relation in json.loads(store.meta("relations") or "[]"))
        problems += json.loads(store.meta("problems") or "[]")
    return Parsed(name, key, tuple(documents.values()), tuple(relations), tuple(problems), tuple(parts))


def _last_keys(data: Path) -> dict[str, str]:
    try:
        known = json.loads(text_of(data / "parsed" / _LAST) or "{}")
    except (ValueError, RecursionError):
        return {}
    return known if isinstance(known, dict) else {}
