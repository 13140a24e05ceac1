"""Publishing to the store that machines share: files first, then the edition that names them, then the pointer, by one swap.

Whoever dies before the swap has changed nothing. What is not named any more is deleted after a swap, unless it was put there
lately, as by another who is about to publish: a publisher counts on nothing that is neither named nor that young.
"""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from rag.disk import checksum
from rag.errors import StoreUnavailable, TracuuError
from rag.index.bank_publishing import BANK
from rag.index.manifest import CHECKED, SnapshotInfo
from rag.index.published_editions import Edition, Files, load_kept, read_sources
from rag.storage.blobs import Blobs

_LOG = logging.getLogger(__name__)
_YOUNG = timedelta(hours=12)
_GRACE = timedelta(hours=24)  # longer than ``_YOUNG``: what is counted on is not deleted
_AT_ONCE = 8


class Shared:
    """The store as it was when a builder began; what the builder publishes is refused if another was there meanwhile."""

    def __init__(self, blobs: Blobs, data: Path) -> None:
        """Raises ``StoreUnavailable`` and ``EditionUnreadable``."""
        self._blobs = blobs
        self._data = data
        self._pointer = blobs.pointer()
        self.kept = load_kept(blobs, self._pointer, data)

    @property
    def newest(self) -> Edition | None:
        """The edition in use."""
        return next(iter(self.kept.values()), None)

    def publish(self, info: SnapshotInfo, bank: Sequence[str], sources: Files, paths: Mapping[str, Path], keep: int = 2) -> None:
        """Make a snapshot and the parts of the bank what all machines answer from; nothing is done where they do already.

        ``paths`` are where the sources are, by the names they have in an edition. Raises ``StoreChanged``, ``StoreUnavailable``
        or ``OSError``; then all is as it was.
        """
        known = next((edition for edition in self.kept.values() if edition.snapshot == info.id), None)
        of_snapshot = known.of_folder(f"snapshots/{info.id}") if known else self._files_in([info.path])
        files = {**of_snapshot, **self._files_in([self._data / BANK / part for part in bank])}
        with TemporaryDirectory() as folder:
            listed = Path(folder) / "sources.json"
            listed.write_text(json.dumps(sources, ensure_ascii=False, indent=0, sort_keys=True), encoding="utf-8")
            edition = Edition(info.id, tuple(bank), info.created, info.encoder, info.counts, files, checksum(listed))
            if not _differ(edition, self.newest):
                return
            wanted = {files[name][1]: self._data / name for name in files} | {sources[name][1]: path for name, path in paths.items()}
            self._put({**wanted, edition.sources: listed})
        self._swap(edition, [name for name, other in self.kept.items() if other.snapshot != info.id][: keep - 1])

    def roll_back(self) -> Edition:
        """Make the snapshot before the one in use that of all machines, with the bank in use.

        Raises ``TracuuError`` where there is none, ``StoreChanged`` and ``StoreUnavailable``.
        """
        if len(self.kept) < 2:
            raise TracuuError("Không còn bản chỉ mục nào trước bản đang dùng.")
        (_, newest), (_, before), *older = self.kept.items()
        bank = {name: entry for part in newest.bank for name, entry in newest.of_folder(f"{BANK}/{part}").items()}
        files = {**before.of_folder(f"snapshots/{before.snapshot}"), **bank}
        edition = replace(before, bank=newest.bank, files=files, sources=newest.sources, chooser=newest.chooser)
        self._swap(edition, [name for name, _ in older])
        return edition

    def _files_in(self, folders: Iterable[Path]) -> Files:
        paths = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file() and path.name != CHECKED]
        return {path.relative_to(self._data).as_posix(): (path.stat().st_size, checksum(path)) for path in paths}

    def _put(self, wanted: Mapping[str, Path]) -> None:
        safe = _named(self._blobs, self.kept.values(), self._data) | self._young()
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for name, put in pool.map(lambda item: (item[0], self._blobs.put(item[1])), [w for w in wanted.items() if w[0] not in safe]):
                if name != put:
                    raise OSError(f"{wanted[name]}: đổi trong khi đang được công bố")

    def _young(self) -> set[str]:
        """Return what was put lately, as against the newest that is there: the store's clock may be another."""
        there = list(self._blobs.list())
        now = max([blob.modified for blob in there] + ([self._pointer.modified] if self._pointer else []), default=None)
        return {blob.name for blob in there if now and now - blob.modified < _YOUNG}

    def _swap(self, edition: Edition, kept: list[str]) -> None:
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        stamped = replace(edition, published=now, publisher=socket.gethostname())
        with TemporaryDirectory() as folder:
            path = Path(folder) / "edition.json"
            path.write_text(stamped.to_json(), encoding="utf-8")
            name = self._blobs.put(path)
        self._blobs.swap("\n".join([name, *kept]).encode() + b"\n", self._pointer.version if self._pointer else "")
        try:
            collect(self._blobs, self._data)
        except StoreUnavailable as error:  # it is published; the next publisher collects
            _LOG.warning("%s", error)


def collect(blobs: Blobs, data: Path) -> int:
    """Delete the files that no kept edition names and that are not young; return how many. Copies of editions lie in ``data``.

    Raises ``StoreUnavailable`` and ``EditionUnreadable``.
    """
    pointer = blobs.pointer()
    kept = load_kept(blobs, pointer, data)
    if pointer is None or len(kept) < len(pointer.content.split()):
        return 0  # what a lost edition names is not known
    named = _named(blobs, kept.values(), data) | kept.keys()
    dead = [blob.name for blob in blobs.list() if blob.name not in named and pointer.modified - blob.modified > _GRACE]
    for name in dead:
        blobs.delete(name)
    return len(dead)


def _named(blobs: Blobs, editions: Iterable[Edition], data: Path) -> set[str]:
    """Return the names of all files of editions in the store."""
    found: set[str] = set()
    for edition in editions:
        found |= edition.blobs | {name for _, name in read_sources(blobs, edition, data).values()}
    return found


def _differ(edition: Edition, other: Edition | None) -> bool:
    return other is None or edition != replace(other, published="", publisher="")
