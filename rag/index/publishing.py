"""A new index is built beside the one that answers, checked, and put in its place at once.

Of all folders under ``data/snapshots`` only those named in ``data/current`` count (``rag.index.snapshot``).
"""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rag.disk import beside
from rag.errors import IndexChanged, IndexDamaged, IndexMissing, ServerUnavailable, TracuuError
from rag.index.lock import builder_lock, pointing
from rag.index.making import Contents, write_snapshot
from rag.index.manifest import SnapshotInfo
from rag.index.published import pointer, published, snapshot_folder
from rag.index.snapshot import Snapshot
from rag.index.vector_server import check_server, claimed, drop

if TYPE_CHECKING:
    from rag.index.vectors import Encoder

_LOG = logging.getLogger(__name__)


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
    path = snapshot_folder(data) / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.urandom(3).hex()}"
    if published_or_none(data) or not pointer(data).exists():  # a pointer that lost its names may find them again
        sweep(data)
    try:
        with _saying_what_to_do():
            info = write_snapshot(path, contents, encoder, progress or (lambda line: None), chroma)
        accept(info)
        put_in_use(data, path.name, keep)
    except BaseException:
        _discard(path, set())
        raise
    sweep(data)
    return info


def put_in_use(data: Path, name: str, keep: int = 2) -> None:
    """Make a finished snapshot the one in use, and forget all but the ``keep`` newest; for a caller inside ``building``."""
    with pointing(data):
        point_to(data, [name, *(other for other in published_or_none(data) if other != name)][:keep])


def rollback(data: Path, now: str | None = None) -> SnapshotInfo:
    """Make the previous snapshot the one in use, if that in use is still ``now``; the next ``publish`` deletes the one that was.

    Raises ``TracuuError`` when there is no previous one, ``IndexChanged``, ``IndexMissing``, ``IndexDamaged`` or ``IndexBusy``.
    """
    published(data)  # no index, no lock file
    with builder_lock(data):
        names = published(data)
        check_in_use(names[0], now)
        if len(names) < 2:
            raise TracuuError("Không còn bản chỉ mục nào trước bản đang dùng.")
        info = Snapshot.open(snapshot_folder(data) / names[1]).info
        with pointing(data):
            point_to(data, names[1:])
        return info


def check_in_use(name: str, now: str | None) -> None:
    """Raise ``IndexChanged`` where the snapshot in use is not the one that somebody looked at, if any."""
    if now is not None and name != now:
        raise IndexChanged("Chỉ mục đã đổi từ khi xem; chưa quay về bản nào. Hãy xem lại sẽ đổi những gì.")


@contextmanager
def _saying_what_to_do() -> Iterator[None]:
    try:
        yield
    except ServerUnavailable as error:
        raise ServerUnavailable(
            f"{error} Bản chỉ mục cũ, nếu có, giữ nguyên. Hãy kiểm tra TRACUU_CHROMA và máy chủ đó (chroma run), "
            "hoặc bỏ TRACUU_CHROMA để giữ vector ngay trong thư mục chỉ mục."
        ) from error


def published_or_none(data: Path) -> list[str]:
    """Return the names of the published snapshots; none where there is no index, or no pointer that can be read."""
    try:
        return published(data)
    except (IndexMissing, IndexDamaged):
        return []


def point_to(data: Path, names: list[str]) -> None:
    """Make these the published snapshots, the first the one in use; for the holder of ``pointing``."""
    if pointer(data).is_dir():  # whoever put it there, it names nothing
        shutil.rmtree(pointer(data))
    with beside(pointer(data)) as new:
        new.write_text("\n".join(names) + "\n", encoding="utf-8")


def sweep(data: Path) -> None:
    """Delete every snapshot that is not published; only for the holder of the builder's lock."""
    dead: set[str] = set()
    with pointing(data):
        published = set(published_or_none(data))
        for path in snapshot_folder(data).glob("*"):
            if path.name not in published:
                _discard(path, dead)


def _discard(snapshot: Path, dead: set[str]) -> None:
    if _dropped(snapshot, dead):
        shutil.rmtree(snapshot, ignore_errors=True)  # what cannot be deleted now goes next time


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
