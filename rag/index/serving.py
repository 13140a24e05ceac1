"""A search node: serves one shard of a library to those who answer, over HTTP."""

from __future__ import annotations

import logging
import secrets
import socket
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock

import numpy as np
import uvicorn
from numpy.typing import NDArray
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from rag.errors import IndexDamaged, IndexMissing, SettingError, TracuuError
from rag.index.local import LocalPart
from rag.index.manifest import HEAD, damages, problems
from rag.index.near import Near
from rag.index.nodes.calls import KEY, SNAPSHOT, shown
from rag.index.nodes.wire import Garbled, Message, of_entries, of_hits, packed, to_sought, unpacked
from rag.index.published import published, snapshot_folder
from rag.index.snapshot import Snapshot
from rag.index.store import QUERIES

_LOG = logging.getLogger(__name__)
_SELDOM = 60.0  # seconds from one reading of a whole shard to the next
_LARGEST = 4_000_000  # bytes of a message
_DEEPEST = 100_000


class Shard:
    """The published snapshots of one shard; the one before stays open for those who still ask of it."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._open: dict[str, Snapshot] = {}
        self._looked: dict[str, float] = {}  # which snapshots were read in full, and when, in time.monotonic()
        self._lock = Lock()

    def get(self, name: str) -> Snapshot | None:
        """Return the snapshot of this id, if it is published. Raises ``IndexMissing``, ``IndexDamaged`` or ``SettingError``."""
        with self._lock:
            if name not in self._open:
                known = published(self._data)
                if name not in known:
                    return None
                opened = Snapshot.open(snapshot_folder(self._data) / name)
                if not opened.info.shards or opened.info.shard == HEAD:
                    raise SettingError(f"{self._data} không chứa một phần của thư viện; hãy dùng thư mục do lệnh tracuu cut tạo ra.")
                self._open = {id_: of for id_, of in self._open.items() if id_ in known} | {name: opened}
            return self._open[name]

    def newest(self) -> Snapshot:
        """Return the snapshot in use. Raises ``IndexMissing``, ``IndexDamaged`` or ``SettingError``."""
        if (found := self.get(published(self._data)[0])) is None:
            raise IndexMissing(f"{self._data} không có phần nào của thư viện. Hãy chạy: tracuu cut")
        return found

    def look_again(self, snapshot: Snapshot) -> bool:
        """Read all of a snapshot, where that was not done a moment ago; say whether it is damaged, and no longer used from now on."""
        name, now = snapshot.info.id, time.monotonic()
        with self._lock:
            if self._looked.get(name, -_SELDOM) > now - _SELDOM:
                return False
            self._looked[name] = now
        found = damages(problems(snapshot.info, checksums=True))
        if found:
            _LOG.error("Phần của thư viện bị hỏng khi đang dùng: %s", found[0])
            with self._lock:
                self._open.pop(name, None)  # whoever opens it next is told what is wrong
        return bool(found)


def app(data: Path, key: str) -> Starlette:
    """Return the application that serves the shard in the data folder ``data`` to whoever knows ``key``."""
    shard, wanted = Shard(data), shown(key).encode()

    def route(path: str, work: Callable[[Snapshot, Message], Message]) -> Route:
        async def answer(request: Request) -> Response:
            if not secrets.compare_digest(request.headers.get(KEY, "").encode(), wanted):
                return PlainTextResponse("wrong key", 401)
            if int(request.headers.get("content-length") or _LARGEST + 1) > _LARGEST:
                return PlainTextResponse("too large", 413)
            content = await request.body()
            return await run_in_threadpool(_answered, shard, request.headers.get(SNAPSHOT, ""), work, content)

        return Route(path, answer, methods=["POST"])

    def ready(request: Request) -> Response:
        try:
            info = shard.newest().info
        except TracuuError as error:
            return JSONResponse({"ready": False, "problem": str(error)}, 503)
        return JSONResponse({"ready": True, "snapshot": info.id, "shard": info.shard, "shards": info.shards})

    works = {"/about": _about, "/search": _search, "/entries": _entries, "/holding": _holding, "/rows": _rows}
    return Starlette(routes=[Route("/readyz", ready), *(route(path, work) for path, work in works.items())])


def _answered(shard: Shard, asked: str, work: Callable[[Snapshot, Message], Message], content: bytes) -> Response:
    name, _, number = asked.rpartition("/")
    try:
        snapshot = shard.get(name)
        if snapshot is None or str(snapshot.info.shard) != number:
            return PlainTextResponse(f"{asked[:80]} is not here", 404)
        return _done(shard, snapshot, work, content)
    except (IndexMissing, IndexDamaged, SettingError) as error:
        return PlainTextResponse(str(error), 503)


def _done(shard: Shard, snapshot: Snapshot, work: Callable[[Snapshot, Message], Message], content: bytes) -> Response:
    """What goes wrong with a message may be its own fault, or that of a damaged file: then another replica is to be asked."""
    try:
        return Response(packed(work(snapshot, unpacked(content))), media_type="application/msgpack")
    except Garbled as error:
        return PlainTextResponse(str(error), 400)
    except (KeyError, TypeError, ValueError) as error:
        return PlainTextResponse(str(error), 503 if shard.look_again(snapshot) else 400)
    except (sqlite3.Error, OSError) as error:
        shard.look_again(snapshot)
        return PlainTextResponse(str(error), 503)


def _part(snapshot: Snapshot) -> LocalPart:
    assert isinstance(snapshot.parts, LocalPart)
    return snapshot.parts


def _about(snapshot: Snapshot, message: Message) -> Message:
    return {"shard": snapshot.info.shard, "shards": snapshot.info.shards}


def _search(snapshot: Snapshot, message: Message) -> Message:
    depth, compared = min(int(message["depth"]), _DEEPEST), int(message["compared"])

    def nearest(vector: NDArray[np.float32], k: int) -> Near:
        return snapshot.near.part(vector, compared, k) if snapshot.near else Near.of_all([])

    return of_hits(_part(snapshot).hits(to_sought(message["sought"]), depth, nearest, message["means"]))


def _entries(snapshot: Snapshot, message: Message) -> Message:
    return of_entries(_part(snapshot).entries(map(int, message["ids"])))


def _holding(snapshot: Snapshot, message: Message) -> Message:
    return {"found": _part(snapshot).holding(message["terms"], message["better"], message["form"], min(int(message["k"]), _DEEPEST))}


def _rows(snapshot: Snapshot, message: Message) -> Message:
    if message["query"] not in QUERIES:
        raise Garbled(str(message["query"]))
    return {"rows": [list(row) for row in snapshot.store.source.rows(message["query"], *message["values"])]}


def serve(data: Path, key: str, host: str, port: int, say: Callable[[str], None]) -> None:
    """Serve the shard in the data folder ``data`` until SIGTERM or Ctrl-C; ``say`` is told the address.

    Raises ``IndexMissing``, ``IndexDamaged`` or ``SettingError``.
    """
    Shard(data).newest()  # what is wrong with it is said before anybody asks
    try:
        listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise SettingError(f"Không nghe được ở {host}:{port} ({error.strerror or error}). Hãy chọn cổng khác bằng --port.") from error
    say("http://{}:{}".format(*listening.getsockname()[:2]))
    config = uvicorn.Config(app(data, key), log_config=None, access_log=False, server_header=False, ws="none", timeout_keep_alive=60)
    uvicorn.Server(config).run([listening])
