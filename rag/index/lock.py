"""One builder at a time, and one who changes what is in use: locks that the operating system drops when their holder dies."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from rag.errors import IndexBusy


@contextmanager
def builder_lock(data: Path, wait: float = 0.0, say: Callable[[str], None] | None = None) -> Iterator[None]:
    """Hold the builder's lock of the folder ``data``.

    While another builder has it, ``say`` is told who, and it is waited for. Raises ``IndexBusy``, naming the holder,
    when that builder still has it after ``wait`` seconds.
    """
    from filelock import FileLock, Timeout  # not needed to answer a question

    holder = data / "builder.json"  # beside the lock: a try to take the lock may empty the lock file
    lock = FileLock(data / "builder.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if wait > 0 and say:
            say(f"Chỉ mục đang được lập bởi {_describe(holder)}; đang đợi tiến trình đó xong…")
        try:
            lock.acquire(timeout=wait)
        except Timeout:
            raise IndexBusy(f"Chỉ mục đang được lập bởi {_describe(holder)}. Hãy đợi tiến trình đó xong rồi chạy lại.") from None
    try:
        started = datetime.now().astimezone().isoformat(timespec="seconds")
        holder.write_text(json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "started": started}))
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


@contextmanager
def pointing(data: Path) -> Iterator[None]:
    """Be the only one who puts snapshots and parts of the bank to use or deletes what is in none: a matter of moments."""
    from filelock import FileLock

    with FileLock(data / "pointers.lock"):
        yield


def _describe(holder: Path) -> str:
    try:
        known = json.loads(holder.read_text())
        return f"tiến trình {known['pid']} trên máy {known['host']}, bắt đầu lúc {known['started']}"
    except (OSError, ValueError, KeyError, TypeError):  # it has just taken the lock, or is just done
        return "một tiến trình khác"
