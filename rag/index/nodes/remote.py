"""A library whose shards lie on search nodes, opened by its head: the same to whoever searches it as one that lies here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from rag.index.cut import KeptFrequencies, Where, vocabulary
from rag.index.entries import Entries, Hits, Sought
from rag.index.manifest import SnapshotInfo
from rag.index.nodes.calls import Nodes
from rag.index.nodes.sharded_rows import ShardedRows
from rag.index.nodes.wire import of_sought, to_entries, to_hits
from rag.index.store import FileRows, Row, Store
from rag.index.token_index import TokenNumbers
from rag.index.vectors import compared

_KEPT = 10_000  # answers of the store


class RemoteParts:
    """The shards of one snapshot on their nodes."""

    def __init__(self, nodes: Nodes, snapshot: str, where: Where, means: Mapping[str, float], most: int) -> None:
        """``means`` are the mean lengths of the parts of an entry over all shards, ``most`` how many passages are compared."""
        self._nodes = nodes
        self._snapshot = snapshot
        self._where = where
        self._whole = {"means": dict(means), "compared": most}
        self.number = where.number

    def search(self, sought: Sought, depths: Mapping[int, int]) -> dict[int, Hits]:
        """Search the shards named in ``depths`` so deep. Raises ``LibraryUnavailable``."""
        own = self._where.shard_of(sought.document) if sought.document else -1
        wanted, elsewhere = of_sought(sought), of_sought(replace(sought, document=""))
        messages = {at: {**self._whole, "sought": wanted if at == own else elsewhere, "depth": depth} for at, depth in depths.items()}
        return {at: to_hits(answer) for at, answer in self._nodes.ask(self._snapshot, "/search", messages).items()}

    def missing(self) -> list[str]:
        """Return a line for each shard that no node serves; they are asked."""
        return self._nodes.missing(self._snapshot)

    def entries(self, ids: Sequence[int]) -> Entries:
        """Return the entries of these provisions; those that have none are left out. Raises ``LibraryUnavailable``."""
        messages = {at: {"ids": own} for at, own in self._where.parted(ids).items()} or {0: {"ids": []}}
        return Entries.joined([to_entries(answer) for answer in self._nodes.ask(self._snapshot, "/entries", messages).values()])

    def holding(self, terms: Sequence[str], better: Sequence[str], form: str, k: int) -> list[tuple[int, float]]:
        """Return the ``k`` best of the entries that hold all of these terms as (id, BM25). Raises ``LibraryUnavailable``."""
        message = {"terms": list(terms), "better": list(better), "form": form, "k": k}
        answers = self._nodes.ask(self._snapshot, "/holding", dict.fromkeys(range(self.number), message))
        found = [(id_, score) for answer in answers.values() for id_, score in answer["found"]]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:k]

    def rows(self, query: str, asked: Mapping[int, tuple[object, ...]]) -> dict[int, list[Row]]:
        """Ask the stores of some shards. Raises ``LibraryUnavailable``."""
        messages = {at: {"query": query, "values": list(values)} for at, values in asked.items()}
        return {at: [tuple(row) for row in answer["rows"]] for at, answer in self._nodes.ask(self._snapshot, "/rows", messages).items()}


class RemoteIndex(NamedTuple):
    """What a snapshot is made of, where its shards lie on nodes."""

    store: Store
    lexical: KeptFrequencies
    tokens: TokenNumbers
    parts: RemoteParts


def open_remote(path: Path, info: SnapshotInfo, nodes: Nodes) -> RemoteIndex:
    """Open the head in the folder ``path``. Raises ``OSError``, ``ValueError`` or ``sqlite3.Error``."""
    where, frequencies = Where(path, info.shards), KeptFrequencies(path)
    parts = RemoteParts(nodes, info.id, where, frequencies.means, compared(info.counts.get("vectors", 0)))
    rows = ShardedRows(FileRows(path / "store.sqlite"), parts.rows, where)
    rows.rows = lru_cache(maxsize=_KEPT)(rows.rows)  # type: ignore[method-assign]  # a snapshot never changes
    return RemoteIndex(Store(rows), frequencies, vocabulary(path), parts)
