"""The jobs of the queue as people and Prometheus see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.work.migrations import SCHEMA
from ingest.work.queue import BUILD, PAGES, Queue

KINDS = {PAGES: "đọc trang quét", BUILD: "lập chỉ mục"}
STATES = {
    "doing": "đang làm",
    "todo": "đang đợi",
    "failed": "không làm được",
    "aborted": "đã dừng",
    "cancelled": "đã bỏ",
    "succeeded": "xong",
}
_JOBS = f"""
SELECT j.id, j.task_name, j.status::text, j.attempts, coalesce(t.line, ''), coalesce(j.args ->> 'name', j.args ->> 'office', ''),
    coalesce(j.args ->> 'file', ''), coalesce(j.args -> 'pages', '[]'::jsonb), coalesce(w.name, ''),
    extract(epoch FROM now() - (SELECT min(e.at) FROM {SCHEMA}.procrastinate_events e WHERE e.job_id = j.id)),
    greatest(extract(epoch FROM j.scheduled_at - now()), 0)
FROM {SCHEMA}.procrastinate_jobs j LEFT JOIN told t ON t.job = j.id LEFT JOIN workers w ON w.worker = j.worker_id
"""
_OURS = "WHERE (? = '' OR j.args ->> 'office' = ?)"  # nobody sees another office's documents
_ORDER = "ORDER BY array_position(ARRAY['doing', 'failed', 'todo', 'aborted', 'cancelled', 'succeeded'], j.status::text), j.id LIMIT ?"
_COUNTS = f"SELECT task_name, status::text, count(*) FROM {SCHEMA}.procrastinate_jobs GROUP BY 1, 2"
_OLDEST = f"""
SELECT coalesce(extract(epoch FROM now() - min(e.at)), 0) FROM {SCHEMA}.procrastinate_jobs j
JOIN {SCHEMA}.procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred' WHERE j.status = 'todo'
"""


@dataclass(frozen=True, slots=True)
class Job:
    """A job: ``about``: the file's name or the office; ``line``: why it failed or how far it is; times in seconds.

    ``age``: since it was put into the queue; ``waits``: until it may be tried again; ``worker``: who does it, machine and process.
    """

    id: int
    kind: str
    state: str
    attempts: int
    line: str
    about: str
    file: str
    pages: tuple[int, ...]
    worker: str
    age: float
    waits: float

    @property
    def title(self) -> str:
        """What it is called."""
        return KINDS.get(self.kind, self.kind)

    @property
    def state_name(self) -> str:
        """How it stands."""
        return "đợi làm lại" if self.state == "todo" and self.attempts else STATES.get(self.state, self.state)

    @property
    def page_range(self) -> str:
        """Its pages, from the first to the last."""
        return f"{self.pages[0]}-{self.pages[-1]}" if len(self.pages) > 1 else "".join(map(str, self.pages))


@dataclass(frozen=True, slots=True)
class Figures:
    """How the queue stands: jobs by kind and state, how long the oldest that waits has waited (seconds), who is at work."""

    counts: dict[tuple[str, str], int]
    oldest: float
    workers: int
    slots: int

    def of(self, state: str) -> int:
        """How many jobs are in a state."""
        return sum(count for (_, found), count in self.counts.items() if found == state)


def jobs(queue: Queue, *, every: bool = False, most: int = 100) -> list[Job]:
    """Return the jobs, those under way first, then those that failed; ``every``: also those that are done or were cancelled."""
    which = "" if every else "AND j.status IN ('doing', 'todo', 'failed')"
    return [_job(row) for row in queue.database.rows(f"{_JOBS} {_OURS} {which} {_ORDER}", queue.office, queue.office, most)]


def job(queue: Queue, id: int) -> Job | None:
    """Return one job."""
    return next((_job(row) for row in queue.database.rows(f"{_JOBS} {_OURS} AND j.id = ?", queue.office, queue.office, id)), None)


def figures(queue: Queue) -> Figures:
    """Return how the queue stands."""
    counts = {(kind, state): count for kind, state, count in queue.database.rows(_COUNTS)}
    return Figures(counts, float(queue.database.rows(_OLDEST)[0][0]), *queue.alive())


def again(queue: Queue, chosen: Sequence[Job]) -> list[Job]:
    """Do jobs once more that have failed, whatever pages they could not read; return those."""
    failed = [each for each in chosen if each.state == "failed"]
    for each in failed:
        queue.pages.forget_reasons(each.file, each.pages)
        queue.database.run("DELETE FROM told WHERE job = ?", each.id)
        queue.again(each.id)
    return failed


def cancel(queue: Queue, chosen: Sequence[Job]) -> list[Job]:
    """Take jobs out of the queue; what is being done ends after the page. Return those for which there was still time."""
    return [each for each in chosen if queue.cancel(each.id)]


def _job(row: Sequence[object]) -> Job:
    id, kind, state, attempts, line, about, file, pages, worker, age, waits = row
    return Job(id, kind, state, attempts, line, about, file, tuple(pages), worker, float(age or 0), float(waits or 0))  # type: ignore[arg-type]


def lasting(seconds: float) -> str:
    """Return a time as people say it, in its largest unit."""
    for unit, name in ((86_400, "ngày"), (3_600, "giờ"), (60, "phút")):
        if seconds >= unit:
            return f"{seconds / unit:.0f} {name}"
    return f"{seconds:.0f} giây"
