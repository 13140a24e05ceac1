"""Long work for the admin, each piece in a process of its own, watched by whichever worker is asked, on the machine where it runs."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from bot.web.problems import Refused
from rag.storage import State as Place

Kind = Literal["check", "add", "edit", "remove", "ingest", "rollback"]
State = Literal["running", "stopping", "done", "failed", "stopped"]

TITLES: dict[Kind, str] = {
    "check": "Kiểm tra tệp tải lên",
    "add": "Thêm văn bản vào kho",
    "edit": "Sửa thông tin văn bản",
    "remove": "Bỏ văn bản khỏi kho",
    "ingest": "Lập lại chỉ mục",
    "rollback": "Quay về bản chỉ mục trước",
}
STATES: dict[State, str] = {
    "running": "đang làm",
    "stopping": "đang dừng",
    "done": "xong",
    "failed": "không làm được",
    "stopped": "đã dừng",
}
_TABLES = """
CREATE TABLE IF NOT EXISTS tasks (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, who TEXT NOT NULL, asked TEXT NOT NULL, state TEXT NOT NULL, line TEXT NOT NULL,
    at BIGINT NOT NULL, total BIGINT NOT NULL, result TEXT NOT NULL, began DOUBLE PRECISION NOT NULL, ended DOUBLE PRECISION NOT NULL,
    pid BIGINT NOT NULL
);
"""
_BEFORE = "DROP TABLE IF EXISTS jobs;"
_COLUMNS = "id, kind, who, asked, state, line, at, total, result, began, ended, pid"
_UNDER_WAY = ("running", "stopping")
_KEPT = 30 * 86_400.0
_STARTING = 10.0  # seconds until the number of a process must be known
_DIED = "Việc này bị ngắt giữa chừng (máy chủ tắt hoặc khởi động lại). Chỉ mục đang dùng vẫn trả lời như trước; hãy làm lại."
_KILLED = (
    "Đã ngắt việc này. Chỉ mục cũ vẫn trả lời như trước; tệp đang được thêm hay bỏ dở có thể đã nằm trong kho hoặc đã rời kho, "
    "điều đó chỉ có hiệu lực khi lập lại chỉ mục. Hãy xem lại ở trang Văn bản."
)
_GIVEN_UP = "Các tệp này đã được bỏ nên không thêm được nữa. Muốn thêm thì hãy tải tệp lên lại."
STOPPED = "Đã dừng theo yêu cầu. Không có gì thay đổi: chỉ mục cũ vẫn trả lời như trước."


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work: what was asked and by whom, how far it is (``line``, step ``at`` of ``total``), what came of it.

    ``result`` has ``told``, one sentence, once the work is over; what else is in it is the kind's own.
    """

    id: str
    kind: Kind
    who: str
    asked: dict[str, Any]
    state: State
    line: str
    at: int
    total: int
    result: dict[str, Any]
    began: float
    ended: float
    pid: int

    @property
    def title(self) -> str:
        """What it is called."""
        return TITLES[self.kind]

    @property
    def under_way(self) -> bool:
        """Whether it still goes on."""
        return self.state in _UNDER_WAY

    @property
    def told(self) -> str:
        """How it stands, in a sentence."""
        return self.line if self.under_way else str(self.result.get("told", ""))

    @property
    def is_given_up(self) -> bool:
        """Whether what a check found was thrown away."""
        return bool(self.result.get("given_up"))

    @property
    def seconds(self) -> float:
        """How long it has taken."""
        return (self.ended or time.time()) - self.began


class Started(NamedTuple):
    """The job that does what was asked; ``is_new``: it was not there before; ``is_unforced``: it was asked for without the force of now."""

    id: str
    is_new: bool
    is_unforced: bool = False


class Jobs:
    """The jobs of this machine: their processes are here, so they are in a file also where state is on a server."""

    def __init__(self, data: Path, office: str = "") -> None:
        """``office``: the name of whose jobs these are, where the service has several."""
        self._office = office
        self._signs = data / "jobs"
        self._database = Place(data).open("jobs", (_TABLES,), before=_BEFORE)

    def start(self, kind: Kind, asked: dict[str, Any], who: str = "") -> Started:
        """Start a process for the work, unless the same is under way, or what a check found is added already: then that is returned.

        Raises ``Refused`` where what the check found was given up.
        """
        with self._database.transaction(alone=True):
            if (same := self._same(kind, asked)) is not None:
                return Started(same.id, is_new=False, is_unforced=bool(asked.get("force")) and not same.asked.get("force"))
            if (check := self.get(asked.get("check", ""))) is not None and check.is_given_up:
                raise Refused(404, _GIVEN_UP, "The upload was given up.")
            id = self._begin(kind, asked, who)
        root = str(Path(__file__).resolve().parents[3])
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")]),
            "TRACUU_OFFICE_NAME": self._office,
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.web.admin.work", id], env=environment, stdin=subprocess.DEVNULL, start_new_session=True
        )
        self._database.run("UPDATE tasks SET pid = ? WHERE id = ?", process.pid, id)
        threading.Thread(target=process.wait, daemon=True).start()
        return Started(id, is_new=True)

    def adding(self, check: str) -> Job | None:
        """Return the job that adds what a check found, or has added it; ``None`` where none does, or it came to nothing."""
        return self._same("add", {"check": check})

    def give_up(self, check: str) -> bool:
        """Let nobody add any more what a check found; ``False`` where there is nothing to give up, or it is being added or is added."""
        with self._database.transaction(alone=True):
            job = self.get(check)
            if job is None or job.kind != "check" or job.state != "done" or job.is_given_up or self.adding(check) is not None:
                return False
            result = json.dumps(job.result | {"given_up": True}, ensure_ascii=False)
            self._database.run("UPDATE tasks SET result = ? WHERE id = ?", result, check)
            return True

    def _same(self, kind: Kind, asked: dict[str, Any]) -> Job | None:
        return next((job for job in self._found("WHERE kind = ? ORDER BY began DESC", kind) if _is_same(job, asked)), None)

    def note(self, kind: Kind, asked: dict[str, Any], who: str, result: dict[str, Any]) -> str:
        """Keep what was done at once, without a process, and return its id."""
        id = self._begin(kind, asked, who)
        self.end(id, "done", result)
        return id

    def _begin(self, kind: Kind, asked: dict[str, Any], who: str) -> str:
        id, now = secrets.token_hex(8), time.time()  # no dash in front: it stands in a command line
        self._database.run("DELETE FROM tasks WHERE began < ?", now - _KEPT)
        statement = "INSERT INTO tasks VALUES (?, ?, ?, ?, 'running', 'Đang bắt đầu…', 0, 0, '{}', ?, 0, 0)"
        self._database.run(statement, id, kind, who, json.dumps(asked, ensure_ascii=False), now)
        return id

    def stop(self, id: str) -> bool:
        """Ask the process of a job to undo what it has done and end; one that was asked already is killed. Say whether there was one.

        Until a new index is in use, nothing is changed; from then on the process goes on to the end, and says so.
        """
        job = self.get(id)
        if job is None or not job.under_way or not job.pid:
            return False
        again = job.state == "stopping"
        self._database.run("UPDATE tasks SET state = 'stopping', line = 'Đang dừng…' WHERE id = ? AND state = 'running'", id)
        try:
            os.killpg(job.pid, signal.SIGKILL if again else signal.SIGTERM)
        except ProcessLookupError:  # it has just ended
            return False
        if again:
            self.end(id, "stopped", {"told": _KILLED})
        return True

    def go_on(self, id: str, line: str) -> None:
        """Note that a job can no longer be stopped."""
        self._database.run("UPDATE tasks SET state = 'running', line = ? WHERE id = ? AND state = 'stopping'", line, id)

    def get(self, id: str) -> Job | None:
        """Return a job; one whose process has died without a word has failed."""
        found = self._found("WHERE id = ?", id)
        return found[0] if found else None

    def latest(self, count: int = 10) -> list[Job]:
        """Return the last jobs, the newest first."""
        return self._found("ORDER BY began DESC LIMIT ?", count)

    def _found(self, which: str, value: object) -> list[Job]:
        jobs = [_job(row) for row in self._database.rows(f"SELECT {_COLUMNS} FROM tasks {which}", value)]
        dead = [job for job in jobs if job.under_way and self._is_dead(job)]
        for job in dead:
            self._sign(job.id).unlink(missing_ok=True)
            self.end(job.id, *(("stopped", {"told": STOPPED}) if job.state == "stopping" else ("failed", {"told": _DIED})))
        return self._found(which, value) if dead else jobs

    @contextmanager
    def at_work(self, id: str) -> Iterator[None]:
        """Be known as the process that does a job while inside: it holds a lock, which goes with it however it dies.

        The number of a process says less: it may be another one's by now, and in a container is so after every start.
        """
        sign = self._sign(id)
        sign.parent.mkdir(parents=True, exist_ok=True)
        new = sign.with_suffix(".new")
        with new.open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            new.rename(sign)  # nobody sees it without its lock
            try:
                yield
            finally:
                sign.unlink(missing_ok=True)

    def _sign(self, id: str) -> Path:
        return self._signs / f"{id}.lock"

    def _is_dead(self, job: Job) -> bool:
        """Whether nobody does the work any more."""
        try:
            with self._sign(job.id).open() as sign:
                fcntl.flock(sign, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:  # it is only being started, or it has just ended
            return _has_no_process(job)
        except BlockingIOError:
            return False
        return True

    def say(self, id: str, line: str, at: int = 0, total: int = 0) -> None:
        """Tell how far the work is."""
        self._database.run("UPDATE tasks SET line = ?, at = ?, total = ? WHERE id = ? AND state = 'running'", line, at, total, id)

    def end(self, id: str, state: State, result: dict[str, Any]) -> None:
        """Note what came of the work, unless that is known already."""
        statement = "UPDATE tasks SET state = ?, result = ?, ended = ? WHERE id = ? AND state IN ('running', 'stopping')"
        self._database.run(statement, state, json.dumps(result, ensure_ascii=False), time.time(), id)

    def close(self) -> None:
        """Give the file back."""
        self._database.close()


def _is_same(job: Job, asked: dict[str, Any]) -> bool:
    """Whether a job does what is asked; what a check found is added once, whichever of its files are chosen."""
    if "check" in asked:
        return job.asked.get("check") == asked["check"] and (job.under_way or job.state == "done")
    return job.under_way and bool(asked) and job.asked == asked  # an index may be wanted once more, of files that came meanwhile


def _job(row: tuple[Any, ...]) -> Job:
    id, kind, who, asked, state, line, at, total, result, began, ended, pid = row
    return Job(id, kind, who, json.loads(asked), state, line, at, total, json.loads(result), began, ended, pid)


def _has_no_process(job: Job) -> bool:
    """Whether the process that was started for the work is there no more; one that has its number by now is not it."""
    if not job.pid:
        return abs(time.time() - job.began) > _STARTING  # a clock may have been put back
    try:
        os.kill(job.pid, 0)
        command = Path(f"/proc/{job.pid}/cmdline")  # only Linux has it
        return command.parent.exists() and job.id.encode() not in command.read_bytes()
    except OSError:
        return True
