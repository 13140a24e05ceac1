"""What all jobs of a worker share: the queue, copies of the files to read, readers that are idle, and whether it is to end."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue

from ingest.readers.page_child import PageReader
from ingest.work.queue import Queue
from rag.storage import open_blobs

_KEPT = 16  # copies of sources


class Bench:
    """One worker's. ``room``: a folder of its own; ``cache``: where this machine keeps pages; ``build``: the command that builds an index.

    ``ending`` is set when the worker is told to end.
    """

    def __init__(self, queue: Queue, room: Path, cache: Path | None = None, build: tuple[str, ...] = ()) -> None:
        self.queue = queue
        self.cache = cache
        self.build = build
        self.ending = threading.Event()
        self._room = room
        self._fetching = threading.Lock()
        self._idle: SimpleQueue[PageReader] = SimpleQueue()

    @contextmanager
    def reader(self) -> Iterator[PageReader]:
        """Lend a reader; one that a page has ended, or that was stopped half-way, is not used again."""
        try:
            reader = self._idle.get_nowait()
        except Empty:
            reader = PageReader()
        try:
            yield reader
        except BaseException:
            reader.close()
            raise
        self._idle.put(reader)

    def source(self, sources: str, file: str, name: str) -> Path:
        """Return a copy of a file of the store ``sources`` under the name that people know; those used last are kept.

        Raises ``StoreUnavailable``, ``OSError``.
        """
        folder = self._room / file
        path = folder / Path(name).name
        with self._fetching:
            folder.mkdir(exist_ok=True)
            os.utime(folder)
            if not path.exists():
                open_blobs(sources).get(file, path)
            copies = sorted(self._room.iterdir(), key=lambda copy: copy.stat().st_mtime)
            for copy in copies[:-_KEPT]:
                shutil.rmtree(copy)
        return path

    def close(self) -> None:
        """End the readers."""
        while not self._idle.empty():
            self._idle.get_nowait().close()
