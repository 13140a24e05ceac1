"""A published snapshot → its shards and their head, each in a data folder of its own, as a machine needs it.

::

    INTO/head       for those who answer: all documents, every term with its frequency, the models, the shelf
    INTO/0, 1 …     for search nodes: all of some documents, with the ids that they have in the whole

All of them get the id of the whole. Only what is being copied is held in memory.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.errors import SettingError
from rag.index.arrays import mapped
from rag.index.cut import MOST, cut_name, shard_of, write_knowledge, write_shards
from rag.index.lexical import LexicalIndex
from rag.index.manifest import HEAD, SnapshotInfo, write_manifest
from rag.index.published import snapshot_folder
from rag.index.publishing import building, published_or_none, put_in_use, sweep
from rag.index.snapshot import SHELF, Snapshot
from rag.index.store import cut_store
from rag.index.token_index import TokenIndex
from rag.language.text import normalise, syllables

_AT_ONCE = 1000  # documents
_HEAD = "head"


def is_cut(whole: SnapshotInfo, into: Path, shards: int) -> bool:
    """Say whether the pieces of a snapshot are those in use below ``into``."""
    return published_or_none(into / _HEAD)[:1] == [cut_name(whole.id, shards)]


def cut(whole: Snapshot, into: Path, shards: int, say: Callable[[str], None] = lambda line: None) -> str:
    """Cut a snapshot into data folders below ``into``; return the id that all of them have. Raises as ``cutting``."""
    with cutting(whole, into, shards, say) as name:
        return name


@contextmanager
def cutting(whole: Snapshot, into: Path, shards: int, say: Callable[[str], None]) -> Iterator[str]:
    """Cut a snapshot into data folders below ``into``, and yield the id of all of them; they are put to use when the caller is through.

    Raises ``SettingError`` for a wrong number, ``IndexBusy``, and ``TracuuError`` when something cannot be written; then, and
    where the caller raises or is killed, those before stay in use.
    """
    if not 1 <= shards <= MOST:
        raise SettingError(f"Một thư viện chia được thành 1 đến {MOST} phần, không phải {shards}.")
    if whole.info.shards or whole.info.collection:
        raise SettingError("Chỉ chia được chỉ mục trọn vẹn có vector nằm ngay trong thư mục, không phải trên máy chủ Chroma.")
    name = cut_name(whole.info.id, shards)
    folders = [*(into / str(shard) for shard in range(shards)), into / _HEAD]  # the head last: it asks the shards
    with building(into):
        try:
            for shard, own in enumerate(_parted(whole, shards)):
                say(f"Chia chỉ mục: phần {shard + 1}/{shards}")
                _write(folders[shard], name, partial(_write_shard, whole, own, shard, shards))
            say("Chia chỉ mục: phần đầu")
            _write(folders[-1], name, partial(_write_head, whole, shards))
            yield name
            for folder in folders:
                put_in_use(folder, name)
        finally:
            for folder in folders:
                sweep(folder)


def _parted(whole: Snapshot, shards: int) -> list[list[str]]:
    """The documents of each shard."""
    numbers: list[list[str]] = [[] for _ in range(shards)]
    for document in whole.store.documents():
        numbers[shard_of(document.number, shards)].append(document.number)
    return numbers


def _write(data: Path, name: str, write: Callable[[Path], None]) -> None:
    if name in published_or_none(data):
        return
    path = snapshot_folder(data) / name
    shutil.rmtree(path, ignore_errors=True)  # left by one that was killed
    path.mkdir(parents=True)
    write(path)


def _write_shard(whole: Snapshot, numbers: list[str], shard: int, shards: int, path: Path) -> None:
    cut_store(whole.folder / "store.sqlite", path / "store.sqlite", numbers)
    tokens, traits = TokenIndex(whole.folder / "tokens"), mapped(whole.folder / "traits.npy")
    ids = _entries_of(whole, tokens, numbers)
    LexicalIndex.build_of_tokens(path / "lexical", _tokens_of(whole, tokens, numbers))
    tokens.cut(path / "tokens", ids)
    _write_rows(path / "traits.npy", traits, ids)
    counts = {"documents": len(numbers), "entries": len(ids)}
    if whole.near:
        known = np.full(len(traits), -1, dtype=np.int32)
        known[ids] = ids
        counts["vectors"] = whole.near.cut(path / "vectors", known)
    write_manifest(path, whole.info.encoder, counts, shard=shard, shards=shards)


def _write_head(whole: Snapshot, shards: int, path: Path) -> None:
    cut_store(whole.folder / "store.sqlite", path / "store.sqlite", None)
    write_knowledge(path, LexicalIndex.open(whole.folder / "lexical"), whole.tokens)
    numbers = ((id_, document.number) for document in whole.store.documents() for id_ in whole.store.ids_of(document.number))
    write_shards(path, numbers, len(mapped(whole.folder / "traits.npy")), shards)
    shutil.copytree(whole.folder / "models", path / "models")
    if whole.shelf is not whole:
        shutil.copytree(whole.folder / SHELF, path / SHELF)
    write_manifest(path, whole.info.encoder, whole.info.counts, shard=HEAD, shards=shards)


def _entries_of(whole: Snapshot, tokens: TokenIndex, numbers: list[str]) -> NDArray[np.int64]:
    """The provisions of some documents that can be searched, by rising id."""
    ids = [id_ for number in numbers for id_ in whole.store.ids_of(number) if tokens.has(id_)]
    return np.array(sorted(ids), dtype=np.int64)


def _tokens_of(whole: Snapshot, tokens: TokenIndex, numbers: list[str]) -> Iterator[tuple[int, Mapping[str, tuple[str, ...]]]]:
    """The entries of some documents, in order."""
    for number in numbers:
        document = whole.store.document(number)
        title = tuple(syllables(normalise(document.title))) if document else ()
        ids = [id_ for id_ in whole.store.ids_of(number) if tokens.has(id_)]
        for id_, (headings, text) in zip(ids, tokens.texts(ids), strict=True):
            yield id_, {"text": tuple(text), "headings": tuple(headings), "title": title}


def _write_rows(path: Path, whole: NDArray[np.float32], ids: NDArray[np.int64]) -> None:
    """Write some rows of an array, each where it stands in the whole; what lies between them takes no place on the disk."""
    size = int(ids.max(initial=-1)) + 1
    rows = np.lib.format.open_memmap(path, mode="w+", dtype=whole.dtype, shape=(size, whole.shape[1]))
    for start in range(0, len(ids), _AT_ONCE):
        rows[ids[start : start + _AT_ONCE]] = whole[ids[start : start + _AT_ONCE]]
    rows.flush()
