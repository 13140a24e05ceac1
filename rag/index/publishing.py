"""A new index is built beside the one that answers, checked, and put in its place at once.

Of all folders under ``data/snapshots`` only those named in ``data/current`` count (``rag.index.snapshot``).
"""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rag.documents import Document, Provision, Record
from rag.errors import IndexDamaged, IndexMissing, ServerUnavailable, TracuuError
from rag.index.lexical import Entry, LexicalIndex
from rag.index.lock import builder_lock
from rag.index.manifest import SnapshotInfo, sync, write_manifest
from rag.index.near import MOST, NearVectors
from rag.index.passages import passages
from rag.index.server import Collection, ServerVectors, check_server, claim, claimed, drop
from rag.index.snapshot import SHELF, Snapshot, pointer, published, snapshot_folder
from rag.index.store import Store
from rag.index.tokens import TokenIndex
from rag.index.traits import write_traits
from rag.index.vectors import VectorIndex

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.finding.encoder import Encoder

_LOG = logging.getLogger(__name__)
_ENCODED_AT_ONCE = 1024


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that goes into a snapshot. ``models`` are small files by name, ``meta`` is kept in the store.

    ``shelf``: what is not of a collection once more, where there are both.
    """

    documents: Sequence[Document]
    provisions: Sequence[Provision]
    records: Sequence[Record]
    entries: Sequence[Entry]
    models: Mapping[str, bytes] = field(default_factory=dict)
    meta: Mapping[str, str] = field(default_factory=dict)
    shelf: Contents | None = None


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
    if _published_or_none(data) or not pointer(data).exists():  # a pointer that lost its names may find them again
        _sweep(data)
    try:
        info = _build(path, contents, encoder, progress or (lambda line: None), chroma)
        accept(info)
        _point_to(data, [path.name, *_published_or_none(data)][:keep])
    except BaseException:
        _discard(path, set())
        raise
    _sweep(data)
    return info


def rollback(data: Path) -> SnapshotInfo:
    """Make the previous snapshot the one in use; the next ``publish`` deletes the one that was.

    Raises ``TracuuError`` when there is no previous one, ``IndexMissing``, ``IndexDamaged`` or ``IndexBusy``.
    """
    published(data)  # no index, no lock file
    with builder_lock(data):
        names = published(data)
        if len(names) < 2:
            raise TracuuError("Không còn bản chỉ mục nào trước bản đang dùng.")
        info = Snapshot.open(snapshot_folder(data) / names[1]).info
        _point_to(data, names[1:])
        return info


@contextmanager
def _saying_what_to_do() -> Iterator[None]:
    try:
        yield
    except ServerUnavailable as error:
        raise ServerUnavailable(
            f"{error} Bản chỉ mục cũ, nếu có, giữ nguyên. Hãy kiểm tra TRACUU_CHROMA và máy chủ đó (chroma run), "
            "hoặc bỏ TRACUU_CHROMA để giữ vector ngay trong thư mục chỉ mục."
        ) from error


def _build(path: Path, contents: Contents, encoder: Encoder | None, say: Callable[[str], None], chroma: str) -> SnapshotInfo:
    _write_parts(path, contents, say)
    if contents.shelf:
        _write_parts(path / SHELF, contents.shelf, say)
    stored = 0
    collection: Collection | None = None
    if encoder and contents.entries:
        ids, vectors = _encode(encoder, contents.entries, say)
        _write_near(path, contents, ids, vectors)
        if chroma:
            collection = claim(path, chroma)
            with _saying_what_to_do():
                stored = ServerVectors.write(collection, ids, vectors)
        else:
            stored = VectorIndex.build(path / "vectors", ids, vectors)
    say("Kiểm tra chỉ mục")
    counts = {part: len(getattr(contents, part)) for part in ("documents", "provisions", "records", "entries")}
    counts["vectors"] = stored
    info = write_manifest(path, encoder.name if encoder and contents.entries else "", counts, collection)
    snapshot = Snapshot.open(path)
    held = (snapshot.store.count(Document), snapshot.store.count(Provision), snapshot.lexical.size, snapshot.tokens.size)
    if held != (counts["documents"], counts["provisions"], counts["entries"], counts["entries"]):
        raise OSError(f"{held} ≠ {counts}")
    return info


def _write_near(path: Path, contents: Contents, ids: Sequence[int], vectors: NDArray[np.float32]) -> None:
    """Write the vectors of the shelf, which are among all vectors: its provisions have other ids there, the same texts."""
    if contents.shelf is None:
        own = list(range(len(ids)))
        shelf_ids = list(ids)
    else:
        names = {entry.id: (entry.title, entry.headings, entry.text) for entry in contents.entries}
        rows: dict[tuple[str, str, str], list[int]] = {}
        for at, id_ in enumerate(ids):
            rows.setdefault(names[id_], []).append(at)
        pairs = [(entry.id, at) for entry in contents.shelf.entries for at in rows[entry.title, entry.headings, entry.text]]
        shelf_ids, own = [id_ for id_, _ in pairs], [at for _, at in pairs]
    if len(own) <= MOST:
        NearVectors.build((path / SHELF if contents.shelf else path) / "near", shelf_ids, vectors[own])


def _write_parts(path: Path, contents: Contents, say: Callable[[str], None]) -> None:
    """Write all but the vectors."""
    (path / "models").mkdir(parents=True)
    for name, content in contents.models.items():
        (path / "models" / name).write_bytes(content)
    say("Ghi văn bản và điều khoản")
    Store.build(path / "store.sqlite", contents.documents, contents.provisions, contents.records, contents.meta)
    say("Lập chỉ mục từ ngữ")
    LexicalIndex.build(path / "lexical", contents.entries)
    TokenIndex.build(path / "tokens", contents.entries)
    write_traits(path / "traits.npy", contents.provisions, contents.records)


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


def _published_or_none(data: Path) -> list[str]:
    try:
        return published(data)
    except (IndexMissing, IndexDamaged):
        return []


def _point_to(data: Path, names: list[str]) -> None:
    if pointer(data).is_dir():  # whoever put it there, it names nothing
        shutil.rmtree(pointer(data))
    new = pointer(data).with_suffix(".new")
    new.write_text("\n".join(names) + "\n", encoding="utf-8")
    sync(new)
    new.replace(pointer(data))
    sync(data)


def _sweep(data: Path) -> None:
    """Delete every snapshot that is not published; only for the holder of the builder's lock."""
    published = set(_published_or_none(data))
    dead: set[str] = set()
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
