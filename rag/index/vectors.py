"""Which provisions are near a question in meaning: vectors kept by Chroma, embedded, as ids and vectors only.

Chroma must be protected from a second writer, from readers that outlive a write, and from a kill while adding (each
loses vectors silently or breaks the folder). So a folder is built once by one process, checked in a child process,
which a broken folder may crash, and from then on only read.
"""

from __future__ import annotations

import subprocess
import sys
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, cast

from rag.index.native import native

if TYPE_CHECKING:
    import numpy as np
    from chromadb.api.client import Client
    from chromadb.api.collection_configuration import CreateHNSWConfiguration
    from numpy.typing import NDArray

_COLLECTION = "provisions"
_SAMPLE = 500  # vectors looked for after a build
_FOUND = 0.5  # of the sample are found by searching: texts that differ in a number only hide each other, down to 0.6
_DENSE_UP_TO = 20_000  # vectors: there a denser graph costs seconds, and finds 0.96 of such texts


class VectorIndex:
    """A read-only index of vectors, safe to search from several threads."""

    def __init__(self, client: Client, name: str = _COLLECTION) -> None:
        self._collection = client.get_collection(name, embedding_function=None)
        self.size = self._collection.count()
        # Chroma keeps every client it opened; without this, each new snapshot would leave the old one in memory.
        weakref.finalize(self, client.close)

    @classmethod
    def build(cls, path: Path, ids: Sequence[int], vectors: NDArray[np.float32]) -> int:
        """Write a new index into the folder ``path``, search it for a sample of its vectors, and return its size.

        ``vectors`` has the shape (len(ids), dimensions); those that are alike are stored once. Raises ``ValueError``
        when it does not or is not finite, and ``OSError`` when Chroma cannot write or does not find what was written.
        """
        names, distinct = merged(ids, vectors)
        path.mkdir(parents=True)
        with _faults(), _client(path) as client:
            add(client, _COLLECTION, names, distinct)
        if problem := check(path, len(names)):
            raise OSError(f"chroma: {problem}")
        query_back(cls.open(path), names, distinct)
        return len(names)

    @classmethod
    def open(cls, path: Path) -> VectorIndex:
        """Open the index in ``path``; damaged files may crash the process. Raises ``OSError`` when it cannot be."""
        with _faults():
            return cls(_client(path))

    def stored(self, names: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Return the vectors kept under these names."""
        import numpy as np

        with _faults():
            found = self._collection.get(ids=list(names), include=["embeddings"])
        return dict(zip(found["ids"], np.asarray(found["embeddings"], dtype=np.float32), strict=True))

    def problem(self, count: int) -> str:
        """Say what is wrong with an index that should hold ``count`` vectors; an empty string when nothing shows."""
        import numpy as np

        stored = np.asarray(self._collection.get(limit=20, include=["embeddings"])["embeddings"], dtype=np.float32)
        whole = self.size == count and all(self.search(vector, 1) for vector in stored)
        return "" if whole else f"{self.size} vectors instead of {count}, or some cannot be searched"

    def search(self, vector: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """Return the ids of the ``k`` nearest vectors with the best cosine of each, best first; ties by id.

        ``vector`` has the shape (dimensions,). Raises ``OSError`` when Chroma fails.
        """
        if k <= 0:
            return []
        near = min(k, self.size)
        with _faults():
            found = self._collection.query(query_embeddings=vector[None, :], n_results=near, include=["distances"])
        distances = found["distances"] or [[]]
        best: dict[int, float] = {}
        for name, distance in zip(found["ids"][0], distances[0], strict=True):
            for id_ in _ids(name):
                best.setdefault(id_, 1.0 - distance)
        return sorted(best.items(), key=lambda hit: (-hit[1], hit[0]))[:k]


@contextmanager
def _faults() -> Iterator[None]:
    """Turn whatever goes wrong inside Chroma into an ``OSError``."""
    import chromadb.errors

    try:
        with native("chroma"):
            yield
    except (chromadb.errors.ChromaError, RuntimeError, ValueError) as error:
        raise OSError(f"chroma: {error}") from error


def check(path: Path, count: int) -> str:
    """Open the index in ``path`` in a child process; return what is wrong with it, or an empty string."""
    command = [sys.executable, "-m", __name__, str(path.resolve()), str(count)]
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode == 0:
        return ""
    return (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]


def _client(path: Path) -> Client:
    import chromadb
    from chromadb.config import Settings

    return cast("Client", chromadb.PersistentClient(str(path), Settings(anonymized_telemetry=False)))


def merged(ids: Sequence[int], vectors: NDArray[np.float32]) -> tuple[list[str], NDArray[np.float32]]:
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


def add(client: Client, name: str, names: Sequence[str], vectors: NDArray[np.float32], most: int = sys.maxsize) -> None:
    """Make the collection ``name`` of what ``merged`` returns, at most so many sent at once.

    Raises ``OSError`` when Chroma loses some, and what Chroma raises.
    """
    batches = _batches(len(names), min(most, client.get_max_batch_size()))
    # The threshold makes Chroma write its graph after every batch, the last included; what stays in its log would be added
    # anew by every process that opens the folder.
    graph: CreateHNSWConfiguration = {"space": "cosine", "sync_threshold": min(len(batch) for batch in batches)}
    if len(names) <= _DENSE_UP_TO:
        graph |= {"max_neighbors": 48, "ef_construction": 400, "ef_search": 200}
    collection = client.create_collection(
        name,
        configuration={"hnsw": graph},
        embedding_function=None,
    )
    for batch in batches:
        part = slice(batch.start, batch.stop)
        collection.add(ids=list(names[part]), embeddings=vectors[part])
    if collection.count() != len(names):
        raise OSError(f"chroma: {collection.count()} of {len(names)} vectors stored")


def _batches(count: int, largest: int) -> list[range]:
    """Cut ``range(count)`` into batches of nearly the same size."""
    number = -(-count // largest)
    return [range(start, stop) for start, stop in pairwise(count * i // number for i in range(number + 1))]


def query_back(index: VectorIndex, names: Sequence[str], vectors: NDArray[np.float32]) -> None:
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


def _main(path: str, count: str) -> None:
    if problem := VectorIndex.open(Path(path)).problem(int(count)):
        sys.exit(problem)


if __name__ == "__main__":
    _main(*sys.argv[1:])
