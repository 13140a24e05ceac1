"""Vectors on a Chroma server: a collection for each snapshot, made, searched and dropped like the embedded folder.

A server can be slow, dead, or something else altogether, so every request has a time limit, and whatever goes wrong is
a ``ServerUnavailable``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from rag.errors import ServerUnavailable
from rag.index.vectors import VectorIndex, add, merged, query_back

if TYPE_CHECKING:
    import numpy as np
    from chromadb.api.client import Client
    from numpy.typing import NDArray

_KNOCK = 2.0  # seconds for a first sign of life
_ASK = 5.0
_WRITE = 120.0
_SENT_AT_ONCE = 4_000_000  # numbers; about 21 MB in a request, of which the server takes 40
_CLAIM = "collection.json"


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


class ServerVectors(VectorIndex):
    """A read-only index on a server, safe to search from several threads."""

    def __init__(self, client: Client, collection: Collection) -> None:
        super().__init__(client, collection.name)
        self._server = collection.server

    @classmethod
    def write(cls, collection: Collection, ids: Sequence[int], vectors: NDArray[np.float32]) -> int:
        """Make a collection of vectors, shape (len(ids), dimensions), search it for a sample of them, return its size.

        Raises ``ValueError`` when they do not fit or are not finite, and ``ServerUnavailable``.
        """
        names, distinct = merged(ids, vectors)
        with _talking(collection.server):
            client = _client(collection.server, _WRITE)
            add(client, collection.name, names, distinct, max(1, _SENT_AT_ONCE // distinct.shape[1]))
            query_back(cls(client, collection), names, distinct)
        return len(names)

    @classmethod
    def connect(cls, collection: Collection, count: int) -> ServerVectors:
        """Open a collection that holds ``count`` vectors. Raises ``ServerUnavailable``."""
        with _talking(collection.server):
            index = cls(_client(collection.server), collection)
        if index.size != count:
            raise ServerUnavailable(
                f"Bộ sưu tập {collection.name} trên máy chủ Chroma {collection.server} có {index.size} vector thay vì {count}."
            )
        return index

    def problem(self, count: int) -> str:
        """See ``VectorIndex.problem``. Raises ``ServerUnavailable``."""
        with _talking(self._server):
            return super().problem(count)

    def search(self, vector: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """See ``VectorIndex.search``. Raises ``ServerUnavailable``."""
        with _talking(self._server):
            return super().search(vector, k)


def check_server(server: str) -> None:
    """Make sure that a Chroma server answers. Raises ``ServerUnavailable``."""
    import httpx

    with _talking(server):
        answer = httpx.get(f"{server}/api/v2/heartbeat", timeout=_KNOCK)
        if answer.status_code != httpx.codes.OK or "heartbeat" not in answer.text:
            raise OSError(f"HTTP {answer.status_code}, không phải máy chủ Chroma")


def problem_of(collection: Collection, count: int) -> str:
    """Say what is wrong with a collection that should hold ``count`` vectors; an empty string when nothing shows."""
    try:
        return ServerVectors.connect(collection, count).problem(count)
    except ServerUnavailable as error:
        return str(error)


def drop(collection: Collection) -> None:
    """Delete a collection; one that is not there is none the worse. Raises ``ServerUnavailable``."""
    import chromadb.errors

    with _talking(collection.server):
        try:
            _client(collection.server, _WRITE).delete_collection(collection.name)
        except chromadb.errors.NotFoundError:
            return


def _client(server: str, limit: float = _ASK) -> Client:
    import chromadb
    import httpx
    from chromadb.config import Settings

    check_server(server)  # Chroma's own first requests have no time limit
    parts = urlsplit(server)
    settings = Settings(anonymized_telemetry=False)
    client = cast("Client", chromadb.HttpClient(parts.hostname or "", parts.port or 80, parts.scheme == "https", settings=settings))
    cast(Any, client._server)._session.timeout = httpx.Timeout(limit, connect=_KNOCK)
    return client


@contextmanager
def _talking(server: str) -> Iterator[None]:
    """Turn whatever goes wrong between us and the server into a ``ServerUnavailable``."""
    import chromadb.errors
    import httpx

    try:
        yield
    except (chromadb.errors.ChromaError, httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, RuntimeError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
        raise ServerUnavailable(f"Máy chủ Chroma {server} không dùng được ({reason}).") from error
