"""The index that answers questions: built aside, checked, then published by replacing one small file.

::

    data/current                 names of the published snapshots, the one in use first
    data/snapshots/<id>/         manifest.json, store.sqlite, lexical/, vectors/ (with an encoder), models/

A published folder is never changed. Whatever is not named in ``current`` was left by a builder that died, or is no
longer kept, and goes when the next builder runs.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from rag.documents import Document, Provision, Record
from rag.errors import IndexDamaged, IndexMissing, TracuuError
from rag.index.lexical import Entry, LexicalIndex
from rag.index.lock import builder_lock
from rag.index.manifest import SnapshotInfo, problems, read_manifest, sync, write_manifest
from rag.index.store import Store
from rag.index.vectors import VectorIndex, check

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.encoder import Encoder

_CHECKSUMS_UP_TO = 64_000_000  # bytes; larger snapshots are only held to their file sizes on opening, to open fast
_ENCODED_AT_ONCE = 1024


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
    """An opened snapshot, safe for several threads. ``warning`` is a line for people when it is not the newest."""

    def __init__(self, info: SnapshotInfo, store: Store, lexical: LexicalIndex) -> None:
        self.info = info
        self.store = store
        self.lexical = lexical
        self.warning = ""
        self._vectors: VectorIndex | None = None
        self._lock = Lock()

    @classmethod
    def open(cls, path: Path) -> Snapshot:
        """Open the snapshot in the folder ``path``. Raises ``IndexDamaged``."""
        info = read_manifest(path)
        if found := problems(info, checksums=info.size <= _CHECKSUMS_UP_TO):
            raise IndexDamaged(found[0])
        try:
            return cls(info, Store.open(path / "store.sqlite"), LexicalIndex.open(path / "lexical"))
        except (sqlite3.Error, ValueError) as error:
            raise IndexDamaged(f"bản {info.id} không mở được: {error}") from error

    @property
    def vectors(self) -> VectorIndex | None:
        """The vectors, opened on first use (Chroma takes a second); ``None`` when it was built without an encoder.

        Raises ``IndexDamaged``.
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
                snapshot.warning = (
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
    keep: int = 2,
    wait: float = 0.0,
) -> SnapshotInfo:
    """Build a snapshot of ``contents`` in the folder ``data``, check it, and make it the one in use.

    Keeps the ``keep`` newest snapshots. Until the very end the old one stays in use, whatever happens. Raises
    ``IndexBusy`` when another builder is at work (after ``wait`` seconds), and ``TracuuError`` when the snapshot cannot
    be written or does not hold what it should.
    """
    with building(data, wait, progress):
        return publish_locked(data, contents, encoder, progress, keep=keep)


def publish_locked(
    data: Path,
    contents: Contents,
    encoder: Encoder | None = None,
    progress: Callable[[str], None] | None = None,
    *,
    keep: int = 2,
    accept: Callable[[SnapshotInfo], None] = lambda info: None,
) -> SnapshotInfo:
    """Do what ``publish`` does for a caller that is inside ``building``.

    ``accept`` is called with the finished snapshot before it is put to use; if it raises, the old one stays.
    """
    path = _folder(data) / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.urandom(3).hex()}"
    _sweep(data)
    try:
        info = _build(path, contents, encoder, progress or (lambda line: None))
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
        if info.encoder and not bad and (problem := check(info.path / "vectors", info.counts["entries"])):
            bad.append(f"bản {name}: Chroma không mở được ({problem})")
        found.extend(bad)
    return found


def list_snapshots(data: Path) -> list[SnapshotInfo]:
    """Return the published snapshots, the one in use first. Raises ``IndexMissing`` and ``IndexDamaged``."""
    return [read_manifest(_folder(data) / name) for name in _published(data)]


def _build(path: Path, contents: Contents, encoder: Encoder | None, say: Callable[[str], None]) -> SnapshotInfo:
    (path / "models").mkdir(parents=True)
    for name, content in contents.models.items():
        (path / "models" / name).write_bytes(content)
    say("Ghi văn bản và điều khoản")
    Store.build(path / "store.sqlite", contents.documents, contents.provisions, contents.records, contents.meta)
    say("Lập chỉ mục từ ngữ")
    LexicalIndex.build(path / "lexical", contents.entries)
    if encoder and contents.entries:
        ids = [entry.id for entry in contents.entries]
        VectorIndex.build(path / "vectors", ids, _encode(encoder, contents.entries, say))
    say("Kiểm tra chỉ mục")
    counts = {part: len(getattr(contents, part)) for part in ("documents", "provisions", "records", "entries")}
    info = write_manifest(path, encoder.name if encoder and contents.entries else "", counts)
    snapshot = Snapshot.open(path)
    stored = (snapshot.store.count(Document), snapshot.store.count(Provision), snapshot.lexical.size)
    if stored != (counts["documents"], counts["provisions"], counts["entries"]):
        raise OSError(f"{stored} ≠ {counts}")
    return info


def _encode(encoder: Encoder, entries: Sequence[Entry], say: Callable[[str], None]) -> NDArray[np.float32]:
    import numpy as np

    vectors = np.empty((len(entries), encoder.dimensions), dtype=np.float32)
    for start in range(0, len(entries), _ENCODED_AT_ONCE):
        say(f"Tính vector {start}/{len(entries)}")
        part = entries[start : start + _ENCODED_AT_ONCE]
        vectors[start : start + len(part)] = encoder.encode_passages(
            ["\n".join(filter(None, (entry.title, entry.headings, entry.text))) for entry in part]
        )
    return vectors


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
    for path in _folder(data).glob("*"):
        if path.name not in published:
            shutil.rmtree(path, ignore_errors=True)  # what cannot be deleted now goes next time
