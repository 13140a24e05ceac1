"""The queue: what is put into it, given back, done again, and who is at work."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from procrastinate import App, BaseConnector, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from psycopg import OperationalError

from ingest.work.migrations import OURS, SCHEMA, prepare
from ingest.work.read_pages import PageStore
from rag.errors import DatabaseAway
from rag.storage import State, open_blobs
from rag.storage.blobs import Blobs
from rag.storage.door import Database
from rag.storage.postgres_server import server_at

logging.getLogger("procrastinate").setLevel(logging.CRITICAL)  # what it would say, with tracebacks, is said in a line of ours
RANGE = 4
"""Pages of one job: some ten seconds of OCR, so that a killed worker loses little and few jobs are waited for in the end."""
BUILD, PAGES = "build", "pages"
GONE = 20.0
"""Seconds without a sign of life (one comes every ``BEAT``) after which a worker is taken for dead, and its jobs are given back."""
BEAT = 2.0
_ALIVE = f"SELECT count(*), coalesce(sum(slots), 0) FROM {SCHEMA}.procrastinate_workers w LEFT JOIN workers m ON m.worker = w.id \
WHERE w.last_heartbeat > now() - make_interval(secs => ?)"
_BUILDERS = f"SELECT count(*) FROM {SCHEMA}.procrastinate_workers w JOIN workers m ON m.worker = w.id \
WHERE w.last_heartbeat > now() - make_interval(secs => ?) AND m.builds > 0"
_FILES = f"SELECT DISTINCT args ->> 'file' FROM {SCHEMA}.procrastinate_jobs WHERE task_name = ? AND status"
_UNDER_WAY = f"{_FILES} IN ('todo', 'doing')"
_GIVEN_UP = f"{_FILES} IN ('failed', 'cancelled', 'aborted')"


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue on a server; ``sources`` has the files of which pages are to be read.

    What is put in is work of ``office`` (empty: the only one).
    """

    server: str
    office: str
    database: Database
    sources: Blobs
    pages: PageStore
    _app: App

    @classmethod
    def open(cls, server: str, sources: str | Path, office: str = "") -> Queue:
        """Open the queue at a URL; ``sources``: a bucket or a folder that every worker reaches. Raises ``DatabaseAway``."""
        prepare(server_at(server))
        database = State(Path(), server).open(SCHEMA, OURS, lasting=True)
        app = App(connector=SyncPsycopgConnector(**connection(server), min_size=0, max_size=2, timeout=5.0))
        with talking():
            app.open()
        return cls(server, office, database, open_blobs(str(sources)), PageStore(database), app)

    def close(self) -> None:
        """Give the connections back."""
        self._app.close()
        self.database.close()

    def want(self, file: str, name: str, pages: Sequence[int], priority: int = 0) -> None:
        """Have pages of a source read, range by range, where nobody has read them and no job is waiting to.

        ``file``: its SHA-256, under which the sources have it; ``name``: what people call it.
        """
        ranges: dict[int, list[int]] = {}
        for page in self.pages.lacking(file, pages):
            ranges.setdefault((page - 1) // RANGE, []).append(page)
        given = {"office": self.office, "sources": self.sources.address, "file": file, "name": name}
        for place, wanted in ranges.items():
            self._defer(PAGES, f"{file}:{place}", priority, given | {"pages": wanted})

    def want_build(self, *, force: bool = False) -> None:
        """Have the index of the office built anew, once for everybody who asks before it begins."""
        self._defer(BUILD, f"{BUILD}:{self.office}", 20, {"office": self.office, "force": force})

    def under_way(self) -> set[str]:
        """Return the files of which pages are being read or are waiting for it."""
        return {file for (file,) in self.database.rows(_UNDER_WAY, PAGES)}

    def given_up(self) -> set[str]:
        """Return the files of which pages were not read, because that was cancelled or failed."""
        return {file for (file,) in self.database.rows(_GIVEN_UP, PAGES)}

    def alive(self) -> tuple[int, int]:
        """Return how many workers show signs of life, and how many jobs they can do at once."""
        workers, slots = self.database.rows(_ALIVE, GONE)[0]
        return workers, int(slots)

    def builders(self) -> int:
        """Return how many workers that are alive can build an index."""
        return int(self.database.rows(_BUILDERS, GONE)[0][0])

    def again(self, job: int) -> None:
        """Do a job that has failed once more. Raises ``ConnectorException`` where it has not."""
        from datetime import UTC, datetime

        with talking():
            self._app.job_manager.retry_job_by_id(job, retry_at=datetime.now(UTC))

    def cancel(self, job: int) -> bool:
        """Take a job out, or have it end after the page that is being read; say whether there was anything to cancel."""
        with talking():
            return self._app.job_manager.cancel_job_by_id(job, abort=True)

    def _defer(self, kind: str, key: str, priority: int, given: dict[str, Any]) -> None:
        with talking():
            try:
                self._app.configure_task(kind, queue=kind, lock=key, queueing_lock=key, priority=priority).defer(**given)
            except AlreadyEnqueued:
                return


def connection(server: str) -> dict[str, Any]:
    """Return what procrastinate's connectors need to reach their tables, and to notice within seconds that a server is gone."""
    lasting = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 2, "tcp_user_timeout": 4000}
    return {"conninfo": server, "kwargs": {"options": f"-c search_path={SCHEMA}", "connect_timeout": 2} | lasting}


def connector(server: str, slots: int) -> BaseConnector:
    """Return what a worker talks to its queue by."""
    return PsycopgConnector(**connection(server), min_size=2, max_size=slots + 4, timeout=5.0)


@contextmanager
def talking() -> Iterator[None]:
    """Turn a fault of the connection into ``DatabaseAway``."""
    try:
        yield
    except (ConnectorException, OperationalError) as error:
        if isinstance(error, AlreadyEnqueued) or (error.__cause__ and not isinstance(error.__cause__, OperationalError)):
            raise
        raise DatabaseAway("Hàng đợi trong PostgreSQL không trả lời; hãy kiểm tra máy chủ cơ sở dữ liệu (TRACUU_DATABASE).") from error
