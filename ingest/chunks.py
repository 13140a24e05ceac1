"""A collection of any size, parsed chunk by chunk on all processors; a chunk that was parsed before is not parsed again."""

from __future__ import annotations

import hashlib
import json
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from ingest.collection import Chunk, chunks_of
from ingest.parsing import parse_chunk, several_children
from rag.errors import ReadError

T = TypeVar("T")
_AHEAD = 2  # chunks read for each child before one is done
Keep = Callable[[str, Callable[[Path], None]], None]
"""Given the key of a chunk and how to write what it holds into a new file: keeps that, unless it is kept already."""


def parse_chunks(path: Path, code: str, keep: Keep, progress: Callable[[str], None]) -> list[str]:
    """Parse a collection, and return the keys of what ``keep`` kept of it, in order. ``code`` names the code that reads.

    Raises ``ReadError`` and, when nothing can be written, ``OSError``.
    """
    keys: list[str] = []
    done = 0
    with several_children() as children:

        def parse(chunk: Chunk) -> tuple[str, int]:
            key = _key(path.name, chunk, code)
            keep(key, lambda new: parse_chunk(children, chunk, path.name, new))
            return key, len(chunk)

        for key, size in _in_order(parse, chunks_of(path)):
            keys.append(key)
            done += size
            progress(f"Đọc {path.name}: {done} điều")
    if not keys:
        raise ReadError(f"Không đọc được {path.name}: không tìm thấy nội dung văn bản.")
    return keys


def _key(name: str, chunk: Chunk, code: str) -> str:
    digest = hashlib.sha256(json.dumps([name, code]).encode())
    for _, line in chunk:
        digest.update(line.encode())
    return digest.hexdigest()[:40]


def _in_order(work: Callable[[Chunk], T], chunks: Iterable[Chunk]) -> Iterator[T]:
    """Work on several chunks at once, and no more than a few before the first of them is done."""
    workers = len(os.sched_getaffinity(0))
    waiting: deque[Future[T]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        try:
            for chunk in chunks:
                waiting.append(pool.submit(work, chunk))
                if len(waiting) > _AHEAD * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
