"""The index that answers questions: built aside, checked, then published by replacing one small file.

::

    data/current                 names of the published snapshots, the one in use first
    data/snapshots/<id>/         manifest.json, store.sqlite, lexical/, tokens/, traits.npy, models/, and with an encoder
                                 vectors/, or collection.json, which names a collection on a Chroma server
    data/snapshots/<id>/shelf/   the same for the documents of the corpus alone, where collections lie beside them

A published folder is never changed. Whatever is not named in ``current`` was left by a builder that died, or is no
longer kept, and goes when the next builder runs, with its collection.
"""

from __future__ import annotations

import logging
import math
import sqlite3
import time
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from rag.errors import IndexDamaged, ServerUnavailable, SettingError
from rag.index.arrays import mapped
from rag.index.entries import Parts
from rag.index.lexical import Frequencies, LexicalIndex
from rag.index.local import LocalPart
from rag.index.manifest import HEAD, MANIFEST, SnapshotInfo, Unread, damages, mark, problems, read_manifest
from rag.index.near import Near
from rag.index.published import is_unread, newest, published, snapshot_folder, stamp
from rag.index.store import Store
from rag.index.token_index import TokenIndex, TokenNumbers
from rag.index.vector_server import Collection, ServerVectors
from rag.index.vectors import VectorIndex

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.index.nodes.calls import Nodes

_LOG = logging.getLogger(__name__)
_WITHOUT_SERVER = "Đang chỉ tìm theo từ ngữ vì máy chủ chứa vector không dùng được."
_OF_BEFORE = "Đang chỉ tìm theo từ ngữ vì chỉ mục do phiên bản Tra Cứu trước lập. Hãy chạy: tracuu ingest"
_CHECKSUMS_UP_TO = 64_000_000  # bytes; of larger snapshots only what was written to since it was found whole is read on opening
_PAUSE = 30.0  # seconds until a server that failed is asked again
_PAUSE_OF_NODES = 3.0
_PAUSE_OF_UNREAD = 60.0
SHELF = "shelf"
"""The folder of a snapshot's own shelf."""


class Snapshot:
    """An opened snapshot, safe for several threads.

    ``outdated`` is a line for people when the newest is damaged, ``beside`` one on the bank beside it. ``superseded``: a newer one
    was published that its nodes do not serve yet. ``shelf`` is an index
    of the documents that were put into the corpus one by one; where no collection lies beside them, it is the snapshot itself.
    """

    def __init__(
        self, info: SnapshotInfo, folder: Path, store: Store, lexical: Frequencies, tokens: TokenNumbers, parts: Parts | None = None
    ) -> None:
        self.info = info
        self.shelf = self
        self.folder = folder
        self.store = store
        self.lexical = lexical
        self.tokens = tokens
        self.parts = parts or self._part_here(lexical, tokens)
        self.outdated = ""
        self.superseded = False
        self.beside = ""
        self._served: ServerVectors | None = None
        self._asked_again = 0.0  # when a server that failed may be asked again, in time.monotonic()
        self._failed = ""  # what is said while the vectors are done without
        self._lock = Lock()

    def _part_here(self, lexical: Frequencies, tokens: TokenNumbers) -> LocalPart:
        assert isinstance(lexical, LexicalIndex) and isinstance(tokens, TokenIndex)
        return LocalPart(self.store, lexical, tokens, mapped(self.folder / "traits.npy"), self._near_or_nearest)

    @classmethod
    def open(cls, path: Path, nodes: Nodes | None = None) -> Snapshot:
        """Open the snapshot in the folder ``path``, of a library that was cut the head, whose shards are on ``nodes``.

        Raises ``IndexDamaged``, or ``SettingError`` where these are not those of the shards.
        """
        info = read_manifest(path)
        if found := problems(info, checksums=info.size <= _CHECKSUMS_UP_TO):
            raise IndexDamaged(found[0])
        whole = cls._open_head(info, path, nodes) if info.shard == HEAD else cls._open_parts(info, path)
        if (path / SHELF).is_dir():
            whole.shelf = cls._open_parts(replace(info, collection=None), path / SHELF)
        return whole

    @classmethod
    def _open_parts(cls, info: SnapshotInfo, folder: Path) -> Snapshot:
        try:
            store, lexical = Store.open(folder / "store.sqlite"), LexicalIndex.open(folder / "lexical")
            return cls(info, folder, store, lexical, TokenIndex(folder / "tokens"))
        except (sqlite3.Error, ValueError, OSError, EOFError) as error:
            raise IndexDamaged(f"bản {info.id} không mở được: {error}") from error

    @classmethod
    def _open_head(cls, info: SnapshotInfo, folder: Path, nodes: Nodes | None) -> Snapshot:
        if nodes is None or len(nodes.shards) != info.shards:
            given = len(nodes.shards) if nodes else 0
            raise SettingError(f"Thư viện chia thành {info.shards} phần, TRACUU_SEARCH_NODES ghi {given}. Hãy ghi đủ máy của từng phần.")
        from rag.index.nodes.remote import open_remote  # nobody else needs what it brings

        try:
            return cls(info, folder, *open_remote(folder, info, nodes))
        except (sqlite3.Error, ValueError, OSError, EOFError) as error:
            raise IndexDamaged(f"bản {info.id} không mở được: {error}") from error

    @property
    def warning(self) -> str:
        """A line for people when the search is not all that it could be; mostly empty."""
        return " ".join(filter(None, (self.outdated, self.beside, self._failed)))

    @cached_property
    def near(self) -> VectorIndex | None:
        """The vectors that lie here; ``None`` without an encoder, or where a server keeps them. Raises ``IndexDamaged``."""
        kept = (self.folder / "vectors", self.folder / "near")  # "near": of the format before, of a shelf only
        folder = next((path for path in kept if (path / "ids.npy").exists()), None)
        try:
            return VectorIndex(folder) if folder else None
        except (OSError, ValueError, EOFError) as error:
            raise IndexDamaged(f"bản {self.info.id}: {error}") from error

    def _near_or_nearest(self, vector: NDArray[np.float32], k: int) -> Near:
        return Near.of_all(self.near.search(vector, k) if self.near else self.nearest(vector, k))

    def nearest(self, vector: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """Return the ``k`` provisions nearest to ``vector``, shape (dimensions,), as (id, cosine), best first.

        There are none without an encoder, and while a server fails, which is logged and stands in ``warning``. Raises
        ``IndexDamaged``.
        """
        if self.info.collection is None:
            return self.near.search(vector, k) if self.near else self._without_vectors()
        if time.monotonic() < self._asked_again:
            return []
        try:
            found = self._on_server(self.info.collection).search(vector, k)
        except ServerUnavailable as error:
            _LOG.warning("%s %s", error, _WITHOUT_SERVER)
            self._served, self._failed, self._asked_again = None, _WITHOUT_SERVER, time.monotonic() + _PAUSE
            return []
        self._failed = ""
        return found

    def _without_vectors(self) -> list[tuple[int, float]]:
        self._failed = _OF_BEFORE if self.info.encoder else ""
        return []

    def _on_server(self, collection: Collection) -> ServerVectors:
        with self._lock:
            if self._served is None:
                self._served = ServerVectors.connect(collection, self.info.counts["vectors"])
            return self._served

    def model(self, name: str) -> bytes:
        """Return the content of a model file. Raises ``KeyError`` when the snapshot has none of this name."""
        file = self.folder / "models" / name
        if file.relative_to(self.info.path).as_posix() not in self.info.files:
            raise KeyError(name)
        return file.read_bytes()


class SnapshotReader:
    """The published snapshot, whichever it is by now."""

    def __init__(self, data: Path, nodes: Nodes | None = None) -> None:
        """``nodes`` serve the shards of a library that was cut."""
        self._data = data
        self._nodes = nodes
        self._snapshot: Snapshot | None = None
        self._damaged: dict[str, tuple[str, list[int]]] = {}  # those found so while in use: what is wrong, and which files these were
        self._seen: tuple[int, int] | None = None
        self._asked_again = 0.0  # when nodes that lack the newest are asked again, in time.monotonic()
        self._tried_again = math.inf  # when a snapshot is opened again that could not be read, in time.monotonic()
        self._lock = Lock()

    def get(self) -> Snapshot:
        """Return the snapshot in use; costs one ``stat`` unless another one was published.

        When the newest is damaged, the one before is returned, with its ``warning`` set. Raises ``IndexMissing`` when
        there is no index, and ``IndexDamaged`` when none can be opened.
        """
        with self._lock:
            now = stamp(self._data)
            if self._snapshot is not None and now != self._seen and self._waits_for_nodes():
                self._snapshot.superseded = True
                return self._snapshot
            if time.monotonic() >= self._tried_again:
                self._seen = None
            while self._snapshot is None or now != self._seen:
                try:
                    self._snapshot, self._seen = self._open(), now
                except IndexDamaged:
                    if now == (now := stamp(self._data)):
                        raise
                    # published meanwhile, and what was about to be opened is gone: once more
            return self._snapshot

    def _waits_for_nodes(self) -> bool:
        """Whether the newest is the head of a library that its nodes do not serve yet; they are asked every few seconds."""
        if self._nodes is None or time.monotonic() < self._asked_again:
            return self._nodes is not None
        info = newest(self._data)
        waits = info.shard == HEAD and bool(self._nodes.missing(info.id))
        self._asked_again = time.monotonic() + _PAUSE_OF_NODES if waits else 0.0
        return waits

    def look_again(self, snapshot: Snapshot, error: Exception | None = None) -> bool:
        """Read every file of a snapshot that was got here; say whether another one is to be used, because it is damaged.

        ``error`` is what it failed with; an ``IndexDamaged`` is damage whatever the files hold.
        """
        with self._lock:
            if self._snapshot is not snapshot:
                return True
        files = mark(snapshot.info.path / MANIFEST)
        found = problems(snapshot.info, checksums=True)
        for line in found:
            if isinstance(line, Unread):
                _LOG.error("Chưa xem được chỉ mục có bị hỏng không: %s", line)
        found = damages(found)
        if isinstance(error, IndexDamaged) and not is_unread(error):
            found.append(str(error))
        with self._lock:
            if found and self._snapshot is snapshot:
                _LOG.error("Chỉ mục bị hỏng khi đang dùng: %s", found[0])
                self._damaged[snapshot.info.id] = found[0], files
                self._snapshot = None
            return self._snapshot is not snapshot

    def _open(self) -> Snapshot:
        found: list[str] = []
        self._tried_again = math.inf
        for name in published(self._data):
            try:
                self._refuse_damaged(name)
                snapshot = Snapshot.open(snapshot_folder(self._data) / name, self._nodes)
            except IndexDamaged as error:
                found.append(str(error))
                if is_unread(error):
                    self._tried_again = time.monotonic() + _PAUSE_OF_UNREAD
                continue
            if found:
                snapshot.outdated = snapshot.shelf.outdated = (
                    f"Chỉ mục mới nhất bị hỏng ({found[0]}); đang dùng bản lập lúc {snapshot.info.created}. Hãy chạy: tracuu ingest"
                )
            return snapshot
        raise IndexDamaged(f"Không mở được chỉ mục ({'; '.join(found)}). Hãy chạy: tracuu ingest")

    def _refuse_damaged(self, name: str) -> None:
        """Raise ``IndexDamaged`` for a snapshot that was found so while in use, unless it has been fetched again since."""
        told, files = self._damaged.get(name, ("", []))
        if told and mark(snapshot_folder(self._data) / name / MANIFEST) == files:
            raise IndexDamaged(told)
        self._damaged.pop(name, None)
