"""Long work for the admin, each piece in a process of its own, watched through SQLite by whichever worker is asked."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bot.database import Database

Kind = Literal["check", "add", "edit", "remove", "ingest"]
State = Literal["running", "done", "failed"]

TITLES: dict[Kind, str] = {
    "check": "Kiểm tra tệp tải lên",
    "add": "Thêm văn bản",
    "edit": "Sửa thông tin văn bản",
    "remove": "Bỏ văn bản",
    "ingest": "Lập lại chỉ mục",
}
_SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, asked TEXT NOT NULL, state TEXT NOT NULL, line TEXT NOT NULL, result TEXT NOT NULL,
    began REAL NOT NULL, pid INTEGER NOT NULL
);
"""
_KEPT = 30 * 86_400.0
_STARTING = 10.0  # seconds until a process has told its number
_DIED = "Việc này bị dừng giữa chừng; chỉ mục đang dùng giữ nguyên. Hãy làm lại."


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work: what was asked, how far it is (``line``), what came of it."""

    id: str
    kind: Kind
    asked: dict[str, Any]
    state: State
    line: str
    result: dict[str, Any]
    began: float

    @property
    def title(self) -> str:
        """What it is called."""
        return TITLES[self.kind]


class Jobs:
    """The jobs under a data folder."""

    def __init__(self, data: Path) -> None:
        self._database = Database(data / "jobs.sqlite3", _SCHEMA)

    def start(self, kind: Kind, asked: dict[str, Any]) -> str:
        """Start a process for the work and return the job's id."""
        id = secrets.token_urlsafe(9)
        now = time.time()
        self._database.run("DELETE FROM jobs WHERE began < ?", now - _KEPT)
        statement = "INSERT INTO jobs VALUES (?, ?, ?, 'running', 'Đang bắt đầu…', '{}', ?, 0)"
        self._database.run(statement, id, kind, json.dumps(asked, ensure_ascii=False), now)
        root = str(Path(__file__).resolve().parents[3])
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])}
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.web.admin.work", id], env=environment, stdin=subprocess.DEVNULL, start_new_session=True
        )
        threading.Thread(target=process.wait, daemon=True).start()
        return id

    def get(self, id: str) -> Job | None:
        """Return a job; one whose process has died without a word has failed."""
        rows = self._database.rows("SELECT id, kind, asked, state, line, result, began, pid FROM jobs WHERE id = ?", id)
        if not rows:
            return None
        *_, state, _line, _result, began, pid = rows[0]
        if state == "running" and (not _alive(pid) if pid else time.time() - began > _STARTING):
            self.end(id, "failed", {"text": _DIED})
            return self.get(id)
        return _job(rows[0])

    def latest(self, count: int = 10) -> list[Job]:
        """Return the last jobs, the newest first."""
        query = "SELECT id, kind, asked, state, line, result, began FROM jobs ORDER BY began DESC LIMIT ?"
        return [_job(row) for row in self._database.rows(query, count)]

    def took_up(self, id: str) -> None:
        """Note that this process does the work."""
        self._database.run("UPDATE jobs SET pid = ? WHERE id = ?", os.getpid(), id)

    def say(self, id: str, line: str) -> None:
        """Tell how far the work is."""
        self._database.run("UPDATE jobs SET line = ? WHERE id = ?", line, id)

    def end(self, id: str, state: State, result: dict[str, Any]) -> None:
        """Note what came of the work, unless that is known already."""
        statement = "UPDATE jobs SET state = ?, result = ? WHERE id = ? AND state = 'running'"
        self._database.run(statement, state, json.dumps(result, ensure_ascii=False), id)

    def close(self) -> None:
        """Give the file back."""
        self._database.close()


def _job(row: tuple[Any, ...]) -> Job:
    return Job(row[0], row[1], json.loads(row[2]), row[3], row[4], json.loads(row[5]), row[6])


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
