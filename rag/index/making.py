"""Writes a snapshot's folder: each part reads what it needs of the contents, so that none has to hold them all.

The parts of a library are written by several processes side by side, those of a shelf one after another: starting a
process takes longer.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import active_children, get_context
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from rag.documents import Contact, Deadline, Document, Provision, Record, Reference, System
from rag.index.lexical import Entry, LexicalIndex
from rag.index.manifest import SnapshotInfo, write_manifest
from rag.index.passages import passages
from rag.index.snapshot import SHELF, Snapshot
from rag.index.store import Store
from rag.index.token_index import TokenIndex
from rag.index.traits import write_traits
from rag.index.vector_server import Collection, ServerVectors, claim
from rag.index.vectors import MOST, Batch, VectorIndex

if TYPE_CHECKING:
    from rag.index.vectors import Encoder

_ENCODED_AT_ONCE = 1024  # entries
_LIBRARY = 20_000  # provisions
_WATCHED = 2.0  # seconds
_RECORDS = (Deadline, Contact, System, Reference)


class Provisions(Protocol):
    """Provisions that can be counted, and gone through again and again."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Provision]: ...


class Models(Protocol):
    """Small files by name: a mapping, or what makes them when it is asked for."""

    def items(self) -> Iterable[tuple[str, bytes]]: ...


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that goes into a snapshot, in whatever can be gone through again and again; by rising id.

    ``meta`` is kept in the store. ``shelf``: what is not of a collection once more, where there are both.
    """

    documents: Sequence[Document]
    provisions: Provisions
    records: Iterable[Record]
    entries: Iterable[Entry]
    models: Models = field(default_factory=dict)
    meta: Mapping[str, str] = field(default_factory=dict)
    shelf: Contents | None = None


def write_snapshot(path: Path, contents: Contents, encoder: Encoder | None, say: Callable[[str], None], chroma: str) -> SnapshotInfo:
    """Write ``contents`` into the new folder ``path``, with the vectors there or on the server ``chroma``, and check it.

    Raises ``OSError`` when it cannot be written or does not hold what it should, ``ServerUnavailable``, and ``ValueError``.
    """
    whose = encoder if encoder and next(iter(contents.entries), None) else None
    stored = 0
    path.mkdir(parents=True)
    collection = claim(path, chroma) if whose and chroma else None
    with _side_by_side(len(contents.provisions)) as begin:
        _begin_parts(path, contents, say, begin)
        if contents.shelf:
            _begin_parts(path / SHELF, contents.shelf, say, begin)
        if whose and contents.shelf:
            VectorIndex.build(path / SHELF / "vectors", _encoded(whose, contents.shelf, say))
        if whose and collection:
            stored = _write_to_server(path, collection, list(_encoded(whose, contents, say)))
        elif whose:
            stored = VectorIndex.build(path / "vectors", _encoded(whose, contents, say))
    say("Kiểm tra chỉ mục")
    info = write_manifest(path, whose.name if whose else "", _counts(path) | {"vectors": stored}, collection)
    snapshot = Snapshot.open(path)
    held = (info.counts["documents"], info.counts["provisions"], snapshot.tokens.size)
    if held != (len(contents.documents), len(contents.provisions), info.counts["entries"]):
        raise OSError(f"{held} ≠ {len(contents.documents)}, {len(contents.provisions)}, {info.counts['entries']}")
    return info


def _counts(path: Path) -> dict[str, int]:
    store = Store.open(path / "store.sqlite")
    return {
        "documents": store.count(Document),
        "provisions": store.count(Provision),
        "records": sum(store.count(kind) for kind in _RECORDS),
        "entries": LexicalIndex.open(path / "lexical").size,
    }


Begin = Callable[..., None]
"""Called with a function and what it is called with: has that done, now or beside other work."""


def _begin_parts(path: Path, contents: Contents, say: Callable[[str], None], begin: Begin) -> None:
    """Write all but the vectors."""
    (path / "models").mkdir(parents=True)
    say("Ghi văn bản và điều khoản")
    begin(Store.build, path / "store.sqlite", contents.documents, contents.provisions, contents.records, contents.meta)
    begin(_write_models, path / "models", contents.models)
    say("Lập chỉ mục từ ngữ")
    begin(LexicalIndex.build, path / "lexical", contents.entries)
    begin(TokenIndex.build, path / "tokens", contents.entries)
    begin(write_traits, path / "traits.npy", contents.provisions, contents.records)


def _write_models(path: Path, models: Models) -> None:
    for name, content in models.items():
        (path / name).write_bytes(content)


def _write_to_server(path: Path, collection: Collection, batches: Sequence[Batch]) -> int:
    """Put the vectors on a Chroma server, and those of a shelf into the folder too: comparing them all asks nobody."""
    import numpy as np

    ids = [id_ for numbers, _ in batches for id_ in numbers]
    if len(ids) <= MOST:
        VectorIndex.build(path / "vectors", batches)
    return ServerVectors.write(collection, ids, np.concatenate([vectors for _, vectors in batches]))


def _encoded(encoder: Encoder, contents: Contents, say: Callable[[str], None]) -> Iterator[Batch]:
    """Yield the vectors of all passages, and the entry of each."""
    entries = iter(contents.entries)
    done = 0
    while some := list(islice(entries, _ENCODED_AT_ONCE)):
        say(f"Tính vector {done}/{len(contents.provisions)}")
        found = [(entry.id, text) for entry in some for text in passages(entry)]
        yield [id_ for id_, _ in found], encoder.encode_passages([text for _, text in found])
        done += len(some)


@contextmanager
def _side_by_side(provisions: int) -> Iterator[Begin]:
    """Yield what begins a piece of work; all of it is done in the end. Raises what the work raises."""
    workers = len(os.sched_getaffinity(0))
    if provisions <= _LIBRARY or workers == 1:
        yield lambda work, *given: work(*given)
        return
    begun: list[Future[None]] = []
    with ProcessPoolExecutor(workers, get_context("spawn"), _end_with, (os.getpid(),)) as pool:
        try:
            yield lambda work, *given: begun.append(pool.submit(work, *given))
            for one in begun:
                one.result()
        except BaseException as error:
            pool.shutdown(wait=False, cancel_futures=True)
            for child in active_children():
                child.kill()
            if isinstance(error, BrokenProcessPool):
                raise OSError("một tiến trình lập chỉ mục đã bị dừng, có lẽ vì thiếu bộ nhớ") from error
            raise


def _end_with(parent: int) -> None:
    """End this process with the one that started it, whatever kills that."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_WATCHED)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
