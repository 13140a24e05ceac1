"""A worker: as many jobs at once as it has slots, until it is told to end.

It shows a sign of life every two seconds. One that shows none for twenty (a machine may be busy) is taken for dead by the
others, which give its jobs back, so some 22 seconds after a ``kill -9``; what it had read is kept, and what it comes back
with changes nothing. While the database is away it waits, and then goes on.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from procrastinate import App
from procrastinate.exceptions import ConnectorException
from procrastinate.worker import Worker
from psycopg import Error
from psycopg_pool import AsyncConnectionPool

from ingest.work.bench import Bench
from ingest.work.queue import BEAT, BUILD, GONE, PAGES, Queue, connector
from ingest.work.tasks import Patience, build, me, read_pages
from rag.errors import DatabaseAway

_LOG = logging.getLogger("tracuu.worker")
_POLL = 2.0  # seconds after which a worker looks for jobs of which it was not told
_PAUSE = 1.0  # seconds between two tries while the database is away
_A_DAY = 24
_HOUR = 3600.0
_GIVE_BACK = "SELECT pg_try_advisory_xact_lock(hashtext('give back'))"
_ENLIST = "INSERT INTO workers VALUES (%s, %s, %s, %s) ON CONFLICT (worker) DO UPDATE SET name = excluded.name, slots = excluded.slots"


def slots() -> int:
    """Return how many jobs this machine does at once when nothing else is said: one a core."""
    return len(os.sched_getaffinity(0))


@contextlib.contextmanager
def benched(queue: Queue, cache: Path | None = None, build: tuple[str, ...] = ()) -> Iterator[Bench]:
    """Yield what the jobs of a worker share, with a room of its own."""
    room = Path(tempfile.mkdtemp(prefix="tracuu-worker-"))
    bench = Bench(queue, room, cache, build)
    try:
        yield bench
    finally:
        bench.close()
        shutil.rmtree(room, ignore_errors=True)


def work(bench: Bench, concurrency: int) -> None:
    """Work until a SIGTERM or Ctrl-C, and then to the end of the pages that are being read."""

    async def until_told() -> None:
        loop = asyncio.get_running_loop()
        worker = _Worker(bench, concurrency)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, worker.end)
        await worker.run()

    asyncio.run(until_told())


@contextlib.contextmanager
def working(bench: Bench, concurrency: int) -> Iterator[None]:
    """Work beside what is done inside, in a thread of this process."""
    worker = _Worker(bench, concurrency)
    thread = threading.Thread(target=lambda: asyncio.run(worker.run()), name="tracuu-worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        worker.end()
        thread.join()


class _Worker:
    """The library's worker, begun anew whenever the database was away."""

    def __init__(self, bench: Bench, concurrency: int) -> None:
        self._bench = bench
        self._slots = concurrency
        self._stop: Callable[[], None] = lambda: None

    def end(self) -> None:
        """Take no more jobs, and put back what is not begun of the present ones."""
        self._bench.ending.set()
        self._stop()

    async def run(self) -> None:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(self._slots + 1))
        told = False
        while not self._bench.ending.is_set():
            try:
                await self._until_trouble()
            except (ConnectorException, Error, DatabaseAway) as error:
                if not told:
                    _LOG.warning("Hàng đợi không trả lời (%s); đợi rồi làm tiếp.", " ".join(str(error).split())[:200])
                told = True
                await asyncio.sleep(_PAUSE)
            else:
                told = False

    async def _until_trouble(self) -> None:
        app = App(connector=connector(self._bench.queue.server, self._slots))
        app.task(name=PAGES, queue=PAGES, pass_context=True, retry=Patience())(read_pages)
        app.task(name=BUILD, queue=BUILD, pass_context=True, retry=Patience())(build)
        async with app.open_async():
            worker = Worker(
                app,
                queues=[PAGES, *([BUILD] if self._bench.build else [])],
                name=me(),
                concurrency=self._slots,
                fetch_job_polling_interval=_POLL,
                abort_job_polling_interval=_POLL,
                update_heartbeat_interval=BEAT,
                stalled_worker_timeout=GONE,
                install_signal_handlers=False,
                additional_context={"bench": self._bench},
            )
            self._stop = worker.stop
            if self._bench.ending.is_set():
                return
            looking_after = asyncio.create_task(self._look_after(app, worker))
            try:
                await worker.run()  # type: ignore[no-untyped-call]
            finally:
                looking_after.cancel()
                await asyncio.gather(looking_after, return_exceptions=True)

    async def _look_after(self, app: App, worker: Worker) -> None:
        """Say who this worker is, give back the jobs of dead ones, and clear old jobs away."""
        pool: AsyncConnectionPool = app.connector.pool  # type: ignore[attr-defined]
        cleared = -_HOUR
        while True:
            with contextlib.suppress(ConnectorException, Error):  # the worker itself meets it too, and ends
                await self._enlist(pool, worker)
                await _give_back(app, pool, worker.worker_id)
                if (now := asyncio.get_running_loop().time()) - cleared > _HOUR:
                    await _clear(app, pool)
                    cleared = now
            await asyncio.sleep(BEAT)

    async def _enlist(self, pool: AsyncConnectionPool, worker: Worker) -> None:
        if worker.worker_id is not None:
            async with pool.connection() as connection:
                await connection.execute(_ENLIST, [worker.worker_id, me(), self._slots, int(bool(self._bench.build))])


async def _give_back(app: App, pool: AsyncConnectionPool, mine: int | None) -> None:
    """Put the jobs of dead workers back into the queue; one worker at a time does, or a job might be given back twice."""
    async with pool.connection() as connection, connection.transaction():
        row = await (await connection.execute(_GIVE_BACK)).fetchone()
        if row and row[0]:
            for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=GONE):
                if mine is not None and job.worker_id == mine:  # late, but alive
                    continue
                _LOG.warning("Bộ đọc làm việc %s đã chết; việc được đưa lại vào hàng đợi.", job.id)
                await app.job_manager.retry_job(job, retry_at=datetime.now(UTC))


async def _clear(app: App, pool: AsyncConnectionPool) -> None:
    """Forget what was done a day ago, and what failed a month ago."""
    await app.job_manager.delete_old_jobs(nb_hours=_A_DAY)
    await app.job_manager.delete_old_jobs(nb_hours=30 * _A_DAY, include_failed=True, include_cancelled=True, include_aborted=True)
    async with pool.connection() as connection:
        await connection.execute("DELETE FROM told WHERE NOT EXISTS (SELECT 1 FROM procrastinate_jobs j WHERE j.id = told.job)")
        await connection.execute("DELETE FROM workers WHERE NOT EXISTS (SELECT 1 FROM procrastinate_workers w WHERE w.id = workers.worker)")
