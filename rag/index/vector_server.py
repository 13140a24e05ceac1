"""Vectors on a Chroma server: a collection for each snapshot, as ids and vectors only, made, searched and dropped with it.

A server can be slow, dead, or something else altogether, so every request has a time limit, and whatever goes wrong is
a ``ServerUnavailable``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import ServerUnavailable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.index.chroma import ChromaServer

_KNOCK = 2.0  # seconds for a first sign of life
_ASK = 5.0
_WRITE = 120.0
_SENT_AT_ONCE = 4_000_000  # numbers; about 21 MB in a request, of which the server takes 40
_CLAIM = "collection.json"
_SAMPLE = 500  # vectors looked for after a build
_FOUND = 0.5  # of the sample are found by searching: texts that differ in a number only hide each other, down to 0.6
_DENSE_UP_TO = 20_000  # vectors: there a denser graph costs seconds, and finds 0.96 of such texts


@dataclass(frozen=True, slots=True)
class Collection:
    """Where the vectors of a snapshot are: ``server`` is ``http://host:port``, ``owner`` the data folder that made them."""

    server: str
    name: str
    owner: str


def claim(snapshot: Path, server: str) -> Collection:
    """Note in the folder of a snapshot which collection it will have, before there is one: it can then be swept."""
    collection = Collection(server, f"tracuu-{snapshot.name}", _owner(snapshot))
    (snapshot / _CLAIM).write_text(json.dumps(asdict(collection)), encoding="utf-8")
    return collection


def claimed(snapshot: Path) -> Collection | None:
    """Return what a snapshot has on a server; nothing where its folder was copied, which makes no second owner."""
    try:
        collection = Collection(**json.loads((snapshot / _CLAIM).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):  # no claim, or not written to the end: then nothing was made
        return None
    return collection if collection.owner == _owner(snapshot) else None


def _owner(snapshot: Path) -> str:
    return str(snapshot.resolve().parents[1])


class ServerVectors:
    """A read-only index on a server, safe to search from several threads."""

    def __init__(self, server: ChromaServer, collection: Collection) -> None:
        self._server = collection.server
        self._collection = server.open(collection.name)
        self.size = self._collection.count()

    @classmethod
    def write(cls, collection: Collection, ids: Sequence[int], vectors: NDArray[np.float32]) -> int:
        """Make a collection of vectors, shape (len(ids), dimensions), search it for a sample of them, return its size.

        Those that are alike are stored once. Raises ``ValueError`` when they do not fit or are not finite, and
        ``ServerUnavailable``.
        """
        names, distinct = _merged(ids, vectors)
        with _talking(collection.server):
            server = _server(collection.server, _WRITE)
            _add(server, collection.name, names, distinct)
            _query_back(cls(server, collection), names, distinct)
        return len(names)

    @classmethod
    def connect(cls, collection: Collection, count: int) -> ServerVectors:
        """Open a collection that holds ``count`` vectors. Raises ``ServerUnavailable``."""
        with _talking(collection.server):
            index = cls(_server(collection.server), collection)
        if index.size != count:
            raise ServerUnavailable(
                f"Bộ sưu tập {collection.name} trên máy chủ Chroma {collection.server} có {index.size} vector thay vì {count}."
            )
        return index

    def stored(self, names: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Return the vectors kept under these names. Raises ``ServerUnavailable``."""
        with _talking(self._server):
            found, vectors = self._collection.get(names)
        return dict(zip(found, vectors, strict=True))

    def problem(self, count: int) -> str:
        """Say what is wrong with an index that should hold ``count`` vectors; an empty string when nothing shows.

        Raises ``ServerUnavailable``.
        """
        with _talking(self._server):
            _, stored = self._collection.get(limit=20)
        whole = self.size == count and all(self.search(vector, 1) for vector in stored)
        return "" if whole else f"{self.size} vectors instead of {count}, or some cannot be searched"

    def search(self, vector: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """Return the ids of the ``k`` nearest vectors with the best cosine of each, best first; ties by id.

        ``vector`` has the shape (dimensions,). Raises ``ServerUnavailable``.
        """
        if k <= 0:
            return []
        with _talking(self._server):
            found = self._collection.nearest(vector, min(k, self.size))
        best: dict[int, float] = {}
        for name, distance in found:
            for id_ in _ids(name):
                best.setdefault(id_, 1.0 - distance)
        return sorted(best.items(), key=lambda hit: (-hit[1], hit[0]))[:k]


def check_server(server: str) -> None:
    """Make sure that a Chroma server answers. Raises ``ServerUnavailable``."""
    from rag.index.chroma import ChromaServer

    with _talking(server):
        ChromaServer(server, _KNOCK, _KNOCK).check()


def problem_of(collection: Collection, count: int) -> str:
    """Say what is wrong with a collection that should hold ``count`` vectors; an empty string when nothing shows."""
    try:
        return ServerVectors.connect(collection, count).problem(count)
    except ServerUnavailable as error:
        return str(error)


def drop(collection: Collection) -> None:
    """Delete a collection; one that is not there is none the worse. Raises ``ServerUnavailable``."""
    with _talking(collection.server), suppress(FileNotFoundError):
        _server(collection.server, _WRITE).delete(collection.name)


def _server(address: str, limit: float = _ASK) -> ChromaServer:
    from rag.index.chroma import ChromaServer

    check_server(address)  # so that nobody waits long for one that is away
    return ChromaServer(address, limit, _KNOCK)


def _merged(ids: Sequence[int], vectors: NDArray[np.float32]) -> tuple[list[str], NDArray[np.float32]]:
    """Return each distinct vector once, with a name for Chroma that tells whose it is: ``number:id,id``.

    Many texts of an office are the same to the letter; of vectors that are all alike, Chroma's graph leads to a few and
    loses the others. Raises ``ValueError`` unless there is a vector for each id, and all are finite.
    """
    import numpy as np

    if len(ids) == 0 or vectors.shape[:1] != (len(ids),) or not np.isfinite(vectors).all():
        raise ValueError(f"{len(ids)} ids do not fit vectors of shape {vectors.shape}, or some are not finite")
    owners: dict[bytes, list[int]] = {}
    rows: list[int] = []
    for row, (id_, vector) in enumerate(zip(ids, vectors, strict=True)):
        known = owners.setdefault(vector.tobytes(), [])
        if not known:
            rows.append(row)
        if id_ not in known[-1:]:
            known.append(id_)
    return [f"{number}:{','.join(map(str, whose))}" for number, whose in enumerate(owners.values())], vectors[rows]


def _ids(name: str) -> Iterator[int]:
    return map(int, name.partition(":")[2].split(","))


def _add(server: ChromaServer, name: str, names: Sequence[str], vectors: NDArray[np.float32]) -> None:
    """Make the collection ``name`` of what ``_merged`` returns.

    Raises ``OSError`` when Chroma loses some, and what Chroma raises.
    """
    batches = _batches(len(names), min(max(1, _SENT_AT_ONCE // vectors.shape[1]), server.most_at_once))
    # The threshold makes Chroma write its graph after every batch, the last included.
    graph: dict[str, object] = {"space": "cosine", "sync_threshold": min(len(batch) for batch in batches)}
    if len(names) <= _DENSE_UP_TO:
        graph |= {"max_neighbors": 48, "ef_construction": 400, "ef_search": 200}
    collection = server.create(name, graph)
    for batch in batches:
        part = slice(batch.start, batch.stop)
        collection.add(names[part], vectors[part])
    if collection.count() != len(names):
        raise OSError(f"chroma: {collection.count()} of {len(names)} vectors stored")


def _batches(count: int, largest: int) -> list[range]:
    """Cut ``range(count)`` into batches of nearly the same size."""
    number = -(-count // largest)
    return [range(start, stop) for start, stop in pairwise(count * i // number for i in range(number + 1))]


def _query_back(index: ServerVectors, names: Sequence[str], vectors: NDArray[np.float32]) -> None:
    """Look for a sample of what was written, by name and by searching. Raises ``OSError`` when too little is found again."""
    import numpy as np

    rows = np.linspace(0, len(vectors) - 1, min(_SAMPLE, len(vectors))).astype(int)
    kept = index.stored([names[row] for row in rows])
    if not all(np.allclose(kept.get(names[row], np.nan), vectors[row], atol=1e-5) for row in rows):
        raise OSError("chroma: what was written is not what is stored")
    sample = vectors[rows]
    sample = sample[np.abs(sample).sum(axis=1) > 0]  # a zero vector is near nothing
    found = sum(1 for vector in sample if index.search(vector, 1)[0][1] > 0.999)  # itself, or its like
    if found < _FOUND * len(sample):
        raise OSError(f"chroma: {found} of {len(sample)} vectors found again")


@contextmanager
def _talking(server: str) -> Iterator[None]:
    """Turn whatever goes wrong between us and the server into a ``ServerUnavailable``."""
    import httpx

    try:
        yield
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
        raise ServerUnavailable(f"Máy chủ Chroma {server} không dùng được ({reason}).") from error
