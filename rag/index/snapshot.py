"""The index that answers questions: built aside, checked, then published by replacing one small file.

::

    data/current                 names of the published snapshots, the one in use first
    data/snapshots/<id>/         manifest.json, store.sqlite, lexical/, tokens/, traits.npy, models/, and with an encoder
                                 near/ (of the shelf) and vectors/, or collection.json, which names a collection on a Chroma server
    data/snapshots/<id>/shelf/   the same for the documents of the corpus alone, where collections lie beside them

A published folder is never changed. Whatever is not named in ``current`` was left by a builder that died, or is no
longer kept, and goes when the next builder runs, with its collection.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from rag.errors import IndexDamaged, IndexMissing, ServerUnavailable
from rag.index.lexical import LexicalIndex
from rag.index.manifest import SnapshotInfo, Unread, note_opened, problems, read_manifest
from rag.index.near import NearVectors
from rag.index.server import ServerVectors, problem_of
from rag.index.store import Store
from rag.index.tokens import TokenIndex
from rag.index.traits import open_traits
from rag.index.vectors import VectorIndex, check

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


_LOG = logging.getLogger(__name__)
_WITHOUT_SERVER = "Đang chỉ tìm theo từ ngữ vì máy chủ chứa vector không dùng được."
_WITHOUT_CHROMA = "Đang chỉ tìm theo từ ngữ vì Chroma không mở được vector; hãy kiểm tra dung lượng đĩa và quyền ghi của TRACUU_DATA."
_CHECKSUMS_UP_TO = 64_000_000  # bytes; of larger snapshots only what was written to since it was found whole is read on opening
_PAUSE = 30.0  # seconds until a server that failed is asked again
SHELF = "shelf"
"""The folder of a snapshot's own shelf."""


class Snapshot:
    """An opened snapshot, safe for several threads.

    ``outdated`` is a line for people when it is not the newest, ``beside`` one on the bank beside it. ``shelf`` is an index
    of the documents that were put into the corpus one by one; where no collection lies beside them, it is the snapshot itself.
    """

    def __init__(
        self, info: SnapshotInfo, folder: Path, store: Store, lexical: LexicalIndex, tokens: TokenIndex, traits: NDArray[np.float32]
    ) -> None:
        self.info = info
        self.shelf = self
        self._folder = folder
        self.store = store
        self.lexical = lexical
        self.tokens = tokens
        self.traits = traits
        self.outdated = ""
        self.beside = ""
        self._vectors: VectorIndex | None = None
        self._asked_again = 0.0  # when a server that failed may be asked again, in time.monotonic()
        self._failed = ""  # what is said while the vectors are done without
        self._lock = Lock()

    @classmethod
    def open(cls, path: Path) -> Snapshot:
        """Open the snapshot in the folder ``path``. Raises ``IndexDamaged``."""
        info = read_manifest(path)
        if found := problems(info, checksums=info.size <= _CHECKSUMS_UP_TO):
            raise IndexDamaged(found[0])
        whole = cls._open_parts(info, path)
        if (path / SHELF).is_dir():
            whole.shelf = cls._open_parts(replace(info, collection=None), path / SHELF)
        return whole

    @classmethod
    def _open_parts(cls, info: SnapshotInfo, folder: Path) -> Snapshot:
        try:
            store, lexical = Store.open(folder / "store.sqlite"), LexicalIndex.open(folder / "lexical")
            return cls(info, folder, store, lexical, TokenIndex(folder / "tokens"), open_traits(folder / "traits.npy"))
        except (sqlite3.Error, ValueError, OSError, EOFError) as error:
            raise IndexDamaged(f"bản {info.id} không mở được: {error}") from error

    @property
    def warning(self) -> str:
        """A line for people when the search is not all that it could be; mostly empty."""
        return " ".join(filter(None, (self.outdated, self.beside, self._failed)))

    @cached_property
    def near(self) -> NearVectors | None:
        """The vectors of a shelf, to be compared one by one; ``None`` without an encoder, or where there are too many.

        Raises ``IndexDamaged``.
        """
        if not (self._folder / "near").is_dir():
            return None
        try:
            return NearVectors.open(self._folder / "near")
        except (OSError, ValueError, EOFError) as error:
            raise IndexDamaged(f"bản {self.info.id}: {error}") from error

    def nearest(self, vector: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """Return the ``k`` provisions nearest to ``vector``, shape (dimensions,), as (id, cosine), best first.

        There are none without an encoder, or while the vectors fail though they are whole (a server, a full disk), which is
        logged and stands in ``warning``. Raises ``IndexDamaged``.
        """
        if time.monotonic() < self._asked_again:
            return []
        try:
            index = self.vectors
            found = index.search(vector, k) if index else []
        except ServerUnavailable as error:
            return self._without_vectors(error, _WITHOUT_SERVER)
        except OSError as error:
            if damage := problems(self.info, checksums=True, under="vectors/"):
                raise IndexDamaged(damage[0]) from error
            return self._without_vectors(error, _WITHOUT_CHROMA)
        self._failed = ""
        return found

    def _without_vectors(self, error: Exception, told: str) -> list[tuple[int, float]]:
        _LOG.warning("%s %s", error, told)
        self._vectors, self._failed, self._asked_again = None, told, time.monotonic() + _PAUSE
        return []

    @property
    def vectors(self) -> VectorIndex | None:
        """The vectors, opened on first use (Chroma takes a second); ``None`` when it was built without an encoder.

        Raises ``IndexDamaged``, ``OSError`` when Chroma cannot open what is whole, or ``ServerUnavailable``.
        """
        if not self.info.encoder:
            return None
        with self._lock:
            if self._vectors is None:
                self._vectors = self._open_vectors()
            return self._vectors

    def model(self, name: str) -> bytes:
        """Return the content of a model file. Raises ``KeyError`` when the snapshot has none of this name."""
        file = self._folder / "models" / name
        if file.relative_to(self.info.path).as_posix() not in self.info.files:
            raise KeyError(name)
        return file.read_bytes()

    def _open_vectors(self) -> VectorIndex:
        if self.info.collection:
            return ServerVectors.connect(self.info.collection, self.info.counts["vectors"])
        # Chroma dies by a signal on some damaged files, and does not notice others.
        if found := problems(self.info, checksums=False, under="vectors/"):
            raise IndexDamaged(found[0])
        opened = VectorIndex.open(self.info.path / "vectors")
        note_opened(self.info)
        return opened


class SnapshotReader:
    """The published snapshot, whichever it is by now."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._snapshot: Snapshot | None = None
        self._damaged: dict[str, str] = {}  # snapshots that were found so while in use, with what is wrong
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

    def look_again(self, snapshot: Snapshot, error: Exception | None = None) -> bool:
        """Read every file of a snapshot that was got here; say whether another one is to be used, because it is damaged.

        ``error`` is what it failed with; an ``IndexDamaged`` is damage whatever the files hold.
        """
        with self._lock:
            if self._snapshot is not snapshot:
                return True
        found = problems(snapshot.info, checksums=True) or ([str(error)] if isinstance(error, IndexDamaged) else [])
        with self._lock:
            if found and self._snapshot is snapshot:
                _LOG.error("Chỉ mục bị hỏng khi đang dùng: %s", found[0])
                self._damaged[snapshot.info.id] = found[0]
                self._snapshot = None
            return self._snapshot is not snapshot

    def _stamp(self) -> tuple[int, int]:
        try:
            status = pointer(self._data).stat()
        except FileNotFoundError:
            raise _missing() from None
        return status.st_ino, status.st_mtime_ns

    def _open(self) -> Snapshot:
        found: list[str] = []
        for name in published(self._data):
            try:
                if name in self._damaged:
                    raise IndexDamaged(self._damaged[name])
                snapshot = Snapshot.open(snapshot_folder(self._data) / name)
            except IndexDamaged as error:
                found.append(str(error))
                continue
            if found:
                snapshot.outdated = snapshot.shelf.outdated = (
                    f"Chỉ mục mới nhất bị hỏng ({found[0]}); đang dùng bản lập lúc {snapshot.info.created}. Hãy chạy: tracuu ingest"
                )
            return snapshot
        raise IndexDamaged(f"Không mở được chỉ mục ({'; '.join(found)}). Hãy chạy: tracuu ingest")


def verify(data: Path) -> list[str]:
    """Compare every file of the published snapshots with its checksum; return what is wrong, in Vietnamese.

    A line that is an ``Unread`` says what could not be looked at, or not opened though all its files are whole.
    """
    found: list[str] = []
    for name in published(data):
        try:
            info = read_manifest(snapshot_folder(data) / name)
        except IndexDamaged as error:
            unread = isinstance(error.__cause__, OSError) and not isinstance(error.__cause__, FileNotFoundError)
            found.append(Unread(error) if unread else str(error))
            continue
        bad = problems(info, checksums=True)
        if info.encoder and not bad and (problem := _problem_of_vectors(info)):
            bad.append(problem)
        found.extend(bad)
    return found


def _problem_of_vectors(info: SnapshotInfo) -> str:
    count = info.counts["vectors"]
    if info.collection:
        problem = problem_of(info.collection, count)
        return f"bản {info.id}: Chroma không mở được ({problem})" if problem else ""
    if not (problem := check(info.path / "vectors", count)):
        return ""
    return Unread(
        f"bản {info.id}: mọi tệp nguyên vẹn nhưng Chroma không mở được ({problem}); hãy kiểm tra dung lượng đĩa và quyền ghi của thư mục"
    )


def list_snapshots(data: Path) -> list[SnapshotInfo]:
    """Return the published snapshots, the one in use first. Raises ``IndexMissing`` and ``IndexDamaged``."""
    return [read_manifest(snapshot_folder(data) / name) for name in published(data)]


def pointer(data: Path) -> Path:
    return data / "current"


def snapshot_folder(data: Path) -> Path:
    return data / "snapshots"


def _missing() -> IndexMissing:
    return IndexMissing("Chưa có chỉ mục. Hãy chạy: tracuu ingest")


def published(data: Path) -> list[str]:
    try:
        return pointer(data).read_text(encoding="utf-8", errors="replace").split()
    except FileNotFoundError:
        raise _missing() from None
    except OSError as error:
        raise IndexDamaged(
            f"Không đọc được {pointer(data)} ({error.strerror}). Hãy kiểm tra quyền đọc, hoặc chạy: tracuu ingest"
        ) from error
