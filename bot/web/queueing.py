"""The queue of work as the page and Prometheus see it, where ``TRACUU_DATABASE`` names a server; nothing is imported elsewhere."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from fastapi import Request

if TYPE_CHECKING:
    from bot.settings import Settings
    from ingest.work.queue import Queue
    from ingest.work.watching import Figures

_LOCK = Lock()


def queue_of(request: Request) -> Queue | None:
    """Return the queue, opened once for the application; nothing where there is none. Raises ``DatabaseAway``."""
    state = request.app.state
    if state.settings.database is None:
        return None
    with _LOCK:
        if not hasattr(state, "queue"):
            state.queue = _opened(state.settings)
        queue: Queue = state.queue
        return queue


def figures_of(request: Request) -> Figures | None:
    """Return how the queue stands; nothing where there is none. Raises ``DatabaseAway``."""
    if (queue := queue_of(request)) is None:
        return None
    from ingest.work.watching import figures

    return figures(queue)


def build_elsewhere(request: Request) -> bool:
    """Have a worker build the index anew; say whether there is one that can. Raises ``DatabaseAway``."""
    queue = queue_of(request)
    if queue is None or not queue.builders():
        return False
    queue.want_build()
    return True


def _opened(chosen: Settings) -> Queue:
    from ingest.work.queue import Queue

    assert chosen.database
    return Queue.open(chosen.database.get_secret_value(), chosen.sources, chosen.office_name)
