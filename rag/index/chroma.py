"""The few requests that a Chroma server is asked, over HTTP: its own client would bring 230 MB along.

Every method raises ``httpx.HTTPError`` or ``OSError`` where the server does not answer in time or refuses, and ``ValueError``,
``TypeError`` or ``KeyError`` where what answers is no Chroma server.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import httpx
import numpy as np
from numpy.typing import NDArray

_COLLECTIONS = "/tenants/default_tenant/databases/default_database/collections"
Vectors = NDArray[np.float32]


class ChromaServer:
    """A server at ``address`` (``http://host:port``), which has ``limit`` seconds for a request and ``knock`` to be reached."""

    def __init__(self, address: str, limit: float, knock: float) -> None:
        self._http = httpx.Client(base_url=f"{address}/api/v2", timeout=httpx.Timeout(limit, connect=knock))

    def check(self) -> None:
        """Make sure that this is a Chroma server."""
        answer = self._http.get("/heartbeat")
        if answer.status_code != httpx.codes.OK or "heartbeat" not in answer.text:
            raise OSError(f"HTTP {answer.status_code}, không phải máy chủ Chroma")

    @property
    def most_at_once(self) -> int:
        """How many vectors a request may bring."""
        return int(self._told["max_batch_size"])

    @property
    def takes_base64(self) -> bool:
        """Whether vectors may be sent as base64 of their bytes, a third of what they are in words; older servers take numbers only."""
        return bool(self._told.get("supports_base64_encoding"))

    @cached_property
    def _told(self) -> Mapping[str, Any]:
        told: Mapping[str, Any] = self.call("GET", "/pre-flight-checks")
        return told

    def create(self, name: str, graph: Mapping[str, object]) -> ChromaCollection:
        """Make a collection whose graph (HNSW) is configured so."""
        return ChromaCollection(self, self.call("POST", _COLLECTIONS, {"name": name, "configuration": {"hnsw": dict(graph)}})["id"])

    def open(self, name: str) -> ChromaCollection:
        """Return the collection of a name. Raises ``FileNotFoundError``."""
        return ChromaCollection(self, self.call("GET", f"{_COLLECTIONS}/{name}")["id"])

    def delete(self, name: str) -> None:
        """Delete a collection. Raises ``FileNotFoundError``."""
        self.call("DELETE", f"{_COLLECTIONS}/{name}")

    def call(self, method: str, path: str, content: Mapping[str, object] | None = None) -> Any:  # noqa: ANN401
        """Return what the server answers."""
        answer = self._http.request(method, path, json=content)
        if answer.status_code == httpx.codes.NOT_FOUND:
            raise FileNotFoundError(_reason(answer))
        if answer.is_error:
            raise OSError(_reason(answer))
        return answer.json()


class ChromaCollection:
    """Vectors under names."""

    def __init__(self, server: ChromaServer, id_: str) -> None:
        self._server = server
        self._path = f"{_COLLECTIONS}/{id_}"

    def count(self) -> int:
        """Return how many vectors there are."""
        return int(self._server.call("GET", f"{self._path}/count"))

    def add(self, names: Sequence[str], vectors: Vectors) -> None:
        """Put vectors in, shape (len(names), dimensions)."""
        sent = [_packed(vector) for vector in vectors] if self._server.takes_base64 else vectors.tolist()
        self._server.call("POST", f"{self._path}/add", {"ids": list(names), "embeddings": sent})

    def get(self, names: Sequence[str] | None = None, limit: int | None = None) -> tuple[list[str], Vectors]:
        """Return the vectors of these names as far as there are any, or so many of all, with the name of each."""
        asked = {"ids": list(names) if names is not None else None, "limit": limit, "include": ["embeddings"]}
        found = self._server.call("POST", f"{self._path}/get", asked)
        return found["ids"], np.asarray(found["embeddings"], dtype=np.float32)

    def nearest(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        """Return the names of the ``k`` vectors nearest to ``vector``, shape (dimensions,), each with its distance, nearest first."""
        asked = {"query_embeddings": [vector.tolist()], "n_results": k, "include": ["distances"]}
        found = self._server.call("POST", f"{self._path}/query", asked)
        return list(zip(found["ids"][0], found["distances"][0], strict=True))


def _packed(vector: Vectors) -> str:
    return base64.b64encode(vector.astype("<f4").tobytes()).decode()


def _reason(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["message"])
    except (ValueError, KeyError, TypeError):
        return f"HTTP {answer.status_code}"
