"""What a worker does with one job, and what it does when that fails.

A job that may go better another time (no room, a reader that was killed, a bucket or database that is away) is tried again
after growing pauses; a file that cannot be read fails at once, with its reason. What a worker has read of a job stays read.
"""

from __future__ import annotations

import logging
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from procrastinate import JobContext
from procrastinate.exceptions import JobAborted
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision

from ingest.work.bench import Bench
from ingest.work.queue import Queue
from rag.errors import DatabaseAway, ReadError, ReadStopped, StoreUnavailable, TracuuError

_LOG = logging.getLogger("tracuu.worker")
PAUSE = 2.0
"""Seconds until a job is tried again for the first time; each later pause is four times the one before."""
_LONGEST = 300.0
_TRIES = {ReadStopped: 3, OSError: 12, StoreUnavailable: 12, DatabaseAway: 12}  # how often, by what went wrong
_MOST_STARTS = 20  # of a job whose workers died: then it is what kills them
_KILLS = "trang làm bộ đọc dừng giữa chừng (trang hỏng hoặc đòi quá nhiều bộ nhớ)"


class Ended(Exception):
    """The worker is told to end: somebody else does the rest of the job."""


class Patience(BaseRetryStrategy):
    """When a job is tried again."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """See the library."""
        if isinstance(exception, Ended):
            return RetryDecision(retry_in={"seconds": 0})
        tries = getattr(exception, "tries", 1)
        most = next((most for kind, most in _TRIES.items() if isinstance(exception, kind)), 1)
        return None if tries >= most else RetryDecision(retry_in={"seconds": min(PAUSE * 4 ** (tries - 1), _LONGEST)})


class _Source(NamedTuple):
    """A file with scans: whose sources it is of, the name of its content, what it is called."""

    sources: str
    file: str
    name: str


def read_pages(context: JobContext, office: str, sources: str, file: str, name: str, pages: list[int]) -> None:
    """Read pages of a source that nobody has read yet, and keep each as soon as it is read; whose they are makes no difference."""
    bench: Bench = context.additional_context["bench"]
    with _noting(bench.queue, context.job):
        _read(bench, context, _Source(sources, file, name), bench.queue.pages.lacking(file, pages))
        if reasons := bench.queue.pages.reasons(file, pages):
            raise ReadError("; ".join(f"trang {page}: {reason}" for page, reason in reasons.items()))
        bench.queue.database.run("DELETE FROM told WHERE job = ?", context.job.id)


def _read(bench: Bench, context: JobContext, source: _Source, left: list[int]) -> None:
    """Read these pages; one that ends its reader is left out, and when it has done so often enough, it counts as unreadable."""
    last = _tries(bench.queue, context.job) + 1 >= _TRIES[ReadStopped]
    stopped: ReadStopped | None = None

    def keep(page: int, read: str, reason: str) -> None:
        bench.queue.pages.put(source.file, page, read, reason, me())
        left.remove(page)

    def heard(page: int, read: str, reason: str) -> None:
        keep(page, read, reason)
        if context.should_abort():
            raise JobAborted
        if bench.ending.is_set() and left:
            raise Ended

    while left:
        if context.job.attempts >= _MOST_STARTS:
            keep(left[0], "", _KILLS)
            continue
        try:
            path = bench.source(*source)
            with bench.reader() as reader:
                reader.read(path, source.name, left, bench.cache, heard)
        except ReadStopped as error:
            if last:
                keep(left[0], "", _KILLS)
            else:
                stopped = error
                left.pop(0)
    if stopped:
        raise stopped


def build(context: JobContext, office: str, force: bool) -> None:
    """Build the index of an office in a process of its own, which gives back its memory; its last line is told of the job."""
    bench: Bench = context.additional_context["bench"]
    command = [*bench.build, *(["--force"] if force else [])]
    environment = os.environ | ({"TRACUU_OFFICE_NAME": office} if office else {})
    with _noting(bench.queue, context.job):
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        ) as process:
            said = _followed(process, bench, context)
        if process.returncode not in (0, 1):
            raise TracuuError(said)
        _tell(bench.queue, context.job, said)


def _followed(process: subprocess.Popen[str], bench: Bench, context: JobContext) -> str:
    """Return the last line that a process says; end it where it is no longer wanted."""
    assert process.stdout
    said = ""
    try:
        for line in process.stdout:
            if line[:1].isalpha():  # no table
                said = line.strip()
                _tell(bench.queue, context.job, said)
            if context.should_abort():
                raise JobAborted
            if bench.ending.is_set():
                raise Ended
    except BaseException:
        process.terminate()
        raise
    return said


@contextmanager
def _noting(queue: Queue, job: Job) -> Iterator[None]:
    """Note why a job fails, and how often that happened."""
    try:
        yield
    except (Ended, JobAborted):
        raise
    except Exception as error:
        line = " ".join(str(error).split()) or type(error).__name__
        _LOG.warning("Việc %s không làm được: %s", job.id, line, exc_info=None if isinstance(error, TracuuError | OSError) else error)
        statement = "INSERT INTO told VALUES (?, 1, ?) ON CONFLICT (job) DO UPDATE SET tries = told.tries + 1, line = excluded.line"
        queue.database.run(statement, job.id, line)
        error.tries = _tries(queue, job)  # type: ignore[attr-defined]
        raise


def _tell(queue: Queue, job: Job, line: str) -> None:
    queue.database.run("INSERT INTO told VALUES (?, 0, ?) ON CONFLICT (job) DO UPDATE SET line = excluded.line", job.id, line)


def _tries(queue: Queue, job: Job) -> int:
    """How often the job has failed before."""
    rows = queue.database.rows("SELECT tries FROM told WHERE job = ?", job.id)
    return int(rows[0][0]) if rows else 0


def me() -> str:
    """Return the name of this worker: the machine and the process."""
    return f"{socket.gethostname()}:{os.getpid()}"
