"""On the path of a process, this makes it a fault to open an index where the event loop runs: nobody would be heard meanwhile."""

import asyncio

from rag.index.snapshot import SnapshotReader

_open = SnapshotReader._open


def _off_the_loop(reader):
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return _open(reader)
    raise AssertionError("an index is opened on the event loop")


SnapshotReader._open = _off_the_loop
