"""Being the only one that does something, among all processes that share the state."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Protocol

from filelock import FileLock, Timeout

_LOOK = 0.1  # seconds between two looks whether a lock of the server is free


class Lock(Protocol):
    """A lock that ends with its holder; one object a holder."""

    def acquire(self, seconds: float) -> bool:
        """Take it; ``False`` where another holds it for so long. Raises ``DatabaseAway``."""

    def release(self) -> None:
        """Give it back."""


class FolderLock:
    """A lock of the processes of one machine."""

    def __init__(self, path: Path) -> None:
        self._lock = FileLock(path, thread_local=False)

    def acquire(self, seconds: float) -> bool:
        """Take it; ``False`` where another holds it for so long."""
        try:
            self._lock.acquire(timeout=seconds)
        except Timeout:
            return False
        return True

    def release(self) -> None:
        """Give it back."""
        self._lock.release()


class ServerLock:
    """A lock of all machines: it is the server's, and a connection of its own holds it."""

    def __init__(self, url: str, name: str) -> None:
        self._url = url
        self._name = name
        self._connection: Any = None

    def acquire(self, seconds: float) -> bool:
        """Take it; ``False`` where another holds it for so long. Raises ``DatabaseAway``."""
        from rag.storage.postgres_server import server_at

        server, until = server_at(self._url), time.monotonic() + seconds
        with server.watched():
            self._connection = server.connect()
            while not self._connection.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [self._name]).fetchone()[0]:
                if time.monotonic() >= until:
                    self.release()
                    return False
                time.sleep(_LOOK)
        return True

    def release(self) -> None:
        """Give it back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
