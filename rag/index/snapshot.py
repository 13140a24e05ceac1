"""The index that answers questions: built aside, checked, then published by replacing one small file.

::

    data/current                 names of the published snapshots, the one in use first
    data/snapshots/<id>/         manifest.json, store.sqlite, lexical/, models/, and with an encoder vectors/, or
                                 collection.json, which names a collection on a Chroma server

A published folder is never changed. Whatever is not named in ``current`` was left by a builder that died, or is no
longer kept, and goes when the next builder runs, with its collection.
"""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from rag.documents import Document, Provision, Record
from rag.errors import IndexDamaged, IndexMissing, ServerUnavailable, TracuuError
from rag.index.lexical import Entry, LexicalIndex
from rag.index.lock import builder_lock
from rag.index.manifest import SnapshotInfo, problems, read_manifest, sync, write_manifest
from rag.index.passages import passages
from rag.index.server import Collection, ServerVectors, check_server, claim, claimed, drop, problem_of
from rag.index.store import Store
from rag.index.tokens import TokenIndex
from rag.index.vectors import VectorIndex, check

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.encoder import Encoder

_LOG = logging.getLogger(__name__)
_WITHOUT_SERVER = "Đang chỉ tìm theo từ ngữ vì máy chủ chứa vector không dùng được."
_CHECKSUMS_UP_TO = 64_000_000  # bytes; larger snapshots are only held to their file sizes on opening, to open fast
_ENCODED_AT_ONCE = 1024
_PAUSE = 30.0  # seconds until a server that failed is asked again


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that goes into a snapshot. ``models`` are small files by name, ``meta`` is kept in the store."""

    documents: Sequence[Document]
    provisions: Sequence[Provision]
    records: Sequence[Record]
    entries: Sequence[Entry]
    models: Mapping[str, bytes] = field(default_factory=dict)
    meta: Mapping[str, str] = field(default_factory=dict)


class Snapshot:
    """An opened snapshot, safe for several threads. ``outdated`` is a line for people when it is not the newest."""

    def __init__(self, info: SnapshotInfo, store: Store, lexical: LexicalIndex, tokens: TokenIndex) -> None:
        self.info = info
        self.store = store
        self.lexical = lexical
        self.tokens = tokens
        self.outdated = ""
        self._vectors: VectorIndex | None = None
        self._asked_again = 0.0  # when a server that failed may be asked again, in time.monotonic()
        self._failed = False
        self._lock = Lock()

    @classmethod
    def open(cls, path: Path) -> Snapshot:
        """Open the snapshot in the folder ``path``. Raises ``IndexDamaged``."""
        info = read_manifest(path)
        if found := problems(info, checksums=info.size <= _CHECKSUMS_UP_TO):
            raise IndexDamaged(found[0])
        try:
            store, lexical = Store.open(path / "store.sqlite"), LexicalIndex.open(path / "lexical")
            return cls(info, store, lexical, TokenIndex(path / "tokens"))
        except (sqlite3.Error, ValueError, OSError) as error:
            raise IndexDamaged(f"bản {info.id} không mở được: {error}") from error

    @property
    def warning(self) -> str:
        """A line for people when the search is not all that it could be; mostly empty."""
        return " ".join(filter(None, (self.outdated, _WITHOUT_SERVER if self._failed else "")))

    def nearest(self, vector: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """Return the ``k`` provisions nearest to ``vector``, shape (dimensions,), as (id, cosine), best first.

        There are none without an encoder, or while the server of the vectors fails, which is logged and stands in
        ``warning``. Raises ``IndexDamaged``.
        """
        if time.monotonic() < self._asked_again:
            return []
        try:
            index = self.vectors
            found = index.search(vector, k) if index else []
        except ServerUnavailable as error:
            _LOG.warning("%s %s", error, _WITHOUT_SERVER)
            self._vectors, self._failed, self._asked_again = None, True, time.monotonic() + _PAUSE
            return []
        self._failed = False
        return found

    @property
    def vectors(self) -> VectorIndex | None:
        """The vectors, opened on first use (Chroma takes a second); ``None`` when it was built without an encoder.

        Raises ``IndexDamaged``, or ``ServerUnavailable`` when they are on a server.
        """
        if not self.info.encoder:
            return None
        with self._lock:
            if self._vectors is None:
                self._vectors = self._open_vectors()
            return self._vectors

    def model(self, name: str) -> bytes:
        """Return the content of a model file. Raises ``KeyError`` when the snapshot has none of this name."""
        if f"models/{name}" not in self.info.files:
            raise KeyError(name)
        return (self.info.path / "models" / name).read_bytes()

    def _open_vectors(self) -> VectorIndex:
        if self.info.collection:
            return ServerVectors.connect(self.info.collection, self.info.counts["vectors"])
        # Chroma dies by a signal on some damaged files, and does not notice others.
        if found := problems(self.info, checksums=True, under="vectors/"):
            raise IndexDamaged(f"{found[0]}. Hãy chạy: tracuu ingest")
        try:
            return VectorIndex.open(self.info.path / "vectors")
        except OSError as error:
            raise IndexDamaged(f"bản {self.info.id}: {error}. Hãy chạy: tracuu ingest") from error


class SnapshotReader:
    """The published snapshot, whichever it is by now."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._snapshot: Snapshot | None = None
        self._seen: tuple[int, int] | None = None
        self._lock = Lock()

    def get(self) -> Snapshot:
        """Return the snapshot in use; costs one ``stat`` unless another one was published.

        When the newest is damaged, the one before is returned, with its ``warning`` set. Raises ``IndexMissing`` when
        there is no index, and ``IndexDamaged`` when none can be opened.
        """
        with self._lock:
            stamp = self._stamp()
            while self._snapshot is None or stamp != self._seen:
                try:
                    self._snapshot, self._seen = self._open(), stamp
                except IndexDamaged:
                    if stamp == (stamp := self._stamp()):
                        raise
                    # published meanwhile, and what was about to be opened is gone: once more
            return self._snapshot

    def _stamp(self) -> tuple[int, int]:
        try:
            status = _pointer(self._data).stat()
        except FileNotFoundError:
            raise _missing() from None
        return status.st_ino, status.st_mtime_ns

    def _open(self) -> Snapshot:
        found: list[str] = []
        for name in _published(self._data):
            try:
                snapshot = Snapshot.open(_folder(self._data) / name)
            except IndexDamaged as error:
                found.append(str(error))
                continue
            if found:
                snapshot.outdated = (
                    f"Chỉ mục mới nhất bị hỏng ({found[0]}); đang dùng bản lập lúc {snapshot.info.created}. Hãy chạy: tracuu ingest"
                )
            return snapshot
        raise IndexDamaged(f"Không mở được chỉ mục ({'; '.join(found)}). Hãy chạy: tracuu ingest")


@contextmanager
def building(data: Path, wait: float = 0.0, say: Callable[[str], None] | None = None) -> Iterator[None]:
    """Be the only builder of the folder ``data``; whoever reads what to index does it inside.

    Raises ``IndexBusy`` when another builder is at work (after ``wait`` seconds, of which ``say`` is told), and
    ``TracuuError`` when something cannot be written.
    """
    with writing(data):
        data.mkdir(parents=True, exist_ok=True)
        with builder_lock(data, wait, say):
            yield


@contextmanager
def writing(data: Path) -> Iterator[None]:
    """Turn what the operating system says when ``data`` cannot be written into a ``TracuuError``."""
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        raise TracuuError(
            f"Không lập được chỉ mục mới trong {data} ({error}); bản cũ, nếu có, vẫn dùng được. Hãy kiểm tra dung lượng đĩa và quyền ghi."
        ) from error


def publish(
    data: Path,
    contents: Contents,
    encoder: Encoder | None = None,
    progress: Callable[[str], None] | None = None,
    *,
    chroma: str = "",
    keep: int = 2,
    wait: float = 0.0,
) -> SnapshotInfo:
    """Build a snapshot of ``contents`` in the folder ``data``, check it, and make it the one in use.

    Vectors go into the folder too, or to the server ``chroma`` (``http://host:port``). Keeps the ``keep`` newest
    snapshots. Until the very end the old one stays in use, whatever happens. Raises ``IndexBusy`` when another builder
    is at work (after ``wait`` seconds), ``ServerUnavailable``, and ``TracuuError`` when the snapshot cannot be written
    or does not hold what it should.
    """
    with building(data, wait, progress):
        return publish_locked(data, contents, encoder, progress, chroma=chroma, keep=keep)


def publish_locked(
    data: Path,
    contents: Contents,
    encoder: Encoder | None = None,
    progress: Callable[[str], None] | None = None,
    *,
    chroma: str = "",
    keep: int = 2,
    accept: Callable[[SnapshotInfo], None] = lambda info: None,
) -> SnapshotInfo:
    """Do what ``publish`` does for a caller that is inside ``building``.

    ``accept`` is called with the finished snapshot before it is put to use; if it raises, the old one stays.
    """
    if chroma and encoder:
        with _saying_what_to_do():
            check_server(chroma)  # before the long work
    path = _folder(data) / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.urandom(3).hex()}"
    _sweep(data)
    try:
        info = _build(path, contents, encoder, progress or (lambda line: None), chroma)
        accept(info)
        _point_to(data, [path.name, *_published_or_none(data)][:keep])
    finally:
        _sweep(data)
    return info


def rollback(data: Path) -> SnapshotInfo:
    """Make the previous snapshot the one in use; the next ``publish`` deletes the one that was.

    Raises ``TracuuError`` when there is no previous one, ``IndexMissing``, ``IndexDamaged`` or ``IndexBusy``.
    """
    _published(data)  # no index, no lock file
    with builder_lock(data):
        names = _published(data)
        if len(names) < 2:
            raise TracuuError("Không còn bản chỉ mục nào trước bản đang dùng.")
        info = Snapshot.open(_folder(data) / names[1]).info
        _point_to(data, names[1:])
        return info


def verify(data: Path) -> list[str]:
    """Compare every file of the published snapshots with its checksum; return what is wrong, in Vietnamese."""
    found: list[str] = []
    for name in _published(data):
        try:
            info = read_manifest(_folder(data) / name)
        except IndexDamaged as error:
            found.append(str(error))
            continue
        bad = problems(info, checksums=True)
        if info.encoder and not bad and (problem := _problem_of_vectors(info)):
            bad.append(f"bản {name}: Chroma không mở được ({problem})")
        found.extend(bad)
    return found


@contextmanager
def _saying_what_to_do() -> Iterator[None]:
    try:
        yield
    except ServerUnavailable as error:
        raise ServerUnavailable(
            f"{error} Bản chỉ mục cũ, nếu có, giữ nguyên. Hãy kiểm tra TRACUU_CHROMA và máy chủ đó (chroma run), "
            "hoặc bỏ TRACUU_CHROMA để giữ vector ngay trong thư mục chỉ mục."
        ) from error


def _problem_of_vectors(info: SnapshotInfo) -> str:
    count = info.counts["vectors"]
    return problem_of(info.collection, count) if info.collection else check(info.path / "vectors", count)


def list_snapshots(data: Path) -> list[SnapshotInfo]:
    """Return the published snapshots, the one in use first. Raises ``IndexMissing`` and ``IndexDamaged``."""
    return [read_manifest(_folder(data) / name) for name in _published(data)]


def _build(path: Path, contents: Contents, encoder: Encoder | None, say: Callable[[str], None], chroma: str) -> SnapshotInfo:
    (path / "models").mkdir(parents=True)
    for name, content in contents.models.items():
        (path / "models" / name).write_bytes(content)
    say("Ghi văn bản và điều khoản")
    Store.build(path / "store.sqlite", contents.documents, contents.provisions, contents.records, contents.meta)
    say("Lập chỉ mục từ ngữ")
    LexicalIndex.build(path / "lexical", contents.entries)
    TokenIndex.build(path / "tokens", contents.entries)
    ids: Sequence[int] = []
    collection: Collection | None = None
    if encoder and contents.entries:
        ids, vectors = _encode(encoder, contents.entries, say)
        if chroma:
            collection = claim(path, chroma)
            with _saying_what_to_do():
                ServerVectors.write(collection, ids, vectors)
        else:
            VectorIndex.build(path / "vectors", ids, vectors)
    say("Kiểm tra chỉ mục")
    counts = {part: len(getattr(contents, part)) for part in ("documents", "provisions", "records", "entries")}
    counts["vectors"] = len(ids)
    info = write_manifest(path, encoder.name if encoder and contents.entries else "", counts, collection)
    snapshot = Snapshot.open(path)
    stored = (snapshot.store.count(Document), snapshot.store.count(Provision), snapshot.lexical.size, snapshot.tokens.size)
    if stored != (counts["documents"], counts["provisions"], counts["entries"], counts["entries"]):
        raise OSError(f"{stored} ≠ {counts}")
    return info


def _encode(encoder: Encoder, entries: Sequence[Entry], say: Callable[[str], None]) -> tuple[list[int], NDArray[np.float32]]:
    """Return the vectors of all passages, and the entry of each."""
    import numpy as np

    ids: list[int] = []
    vectors = []
    for start in range(0, len(entries), _ENCODED_AT_ONCE):
        say(f"Tính vector {start}/{len(entries)}")
        found = [(entry.id, text) for entry in entries[start : start + _ENCODED_AT_ONCE] for text in passages(entry)]
        ids += [id_ for id_, _ in found]
        vectors.append(encoder.encode_passages([text for _, text in found]))
    return ids, np.concatenate(vectors)


def _pointer(data: Path) -> Path:
    return data / "current"


def _folder(data: Path) -> Path:
    return data / "snapshots"


def _missing() -> IndexMissing:
    return IndexMissing("Chưa có chỉ mục. Hãy chạy: tracuu ingest")


def _published(data: Path) -> list[str]:
    try:
        return _pointer(data).read_text(encoding="utf-8", errors="replace").split()
    except FileNotFoundError:
        raise _missing() from None


def _published_or_none(data: Path) -> list[str]:
    return _published(data) if _pointer(data).exists() else []


def _point_to(data: Path, names: list[str]) -> None:
    new = _pointer(data).with_suffix(".new")
    new.write_text("\n".join(names) + "\n", encoding="utf-8")
    sync(new)
    new.replace(_pointer(data))
    sync(data)


def _sweep(data: Path) -> None:
    """Delete every snapshot that is not published; only for the holder of the builder's lock."""
    published = set(_published_or_none(data))
    dead: set[str] = set()
    for path in _folder(data).glob("*"):
        if path.name not in published and _dropped(path, dead):
            shutil.rmtree(path, ignore_errors=True)  # what cannot be deleted now goes next time


def _dropped(snapshot: Path, dead: set[str]) -> bool:
    """Drop what a snapshot has on a server; say no where that does not answer, and remember it as ``dead``."""
    collection = claimed(snapshot)
    if collection and collection.server not in dead:
        try:
            drop(collection)
        except ServerUnavailable as error:
            _LOG.info("%s: %s", collection.name, error)
            dead.add(collection.server)
    return not collection or collection.server not in dead
