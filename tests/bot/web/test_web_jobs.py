"""Whether the work of an admin still goes on, however its process ended."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.web.admin.jobs import Jobs

AT_WORK = """
import sys, pathlib
from bot.web.admin.jobs import Jobs
with Jobs(pathlib.Path(sys.argv[1])).at_work(sys.argv[2]):
    print("at work", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def jobs(tmp_path):
    jobs = Jobs(tmp_path)
    yield jobs
    jobs.close()


def begun(jobs, pid):
    """A job as its process was started; it has that number."""
    id = jobs._begin("ingest", {}, "Lan")
    jobs._database.run("UPDATE tasks SET pid = ? WHERE id = ?", pid, id)
    return id


@pytest.fixture
def process(repo, tmp_path):
    """Start a process that does a job until its input ends."""
    started = []

    def start(id):
        command = [sys.executable, "-c", AT_WORK, str(tmp_path), id]
        pipe = subprocess.PIPE
        started.append(subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(repo)}, stdin=pipe, stdout=pipe, text=True))
        assert started[-1].stdout.readline() == "at work\n"
        return started[-1]

    yield start
    for each in started:
        each.kill()
        each.communicate()


def test_a_process_that_was_killed_has_failed_also_where_its_number_is_another_ones(jobs, process, monkeypatch):
    monkeypatch.setattr(Path, "exists", lambda path, real=Path.exists: not str(path).startswith("/proc") and real(path))  # as on a Mac
    id = begun(jobs, os.getpid())  # which lives on
    working = process(id)
    assert jobs.get(id).state == "running"

    working.kill()
    working.wait()

    assert jobs.get(id).state == "failed"
    assert "bị ngắt giữa chừng" in jobs.latest()[0].told
    assert not list(jobs._signs.iterdir())


def test_a_process_that_another_container_cannot_see_goes_on(jobs, process):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    id = begun(jobs, gone.pid)

    working = process(id)

    assert jobs.get(id).state == "running"
    working.communicate()
    assert not list(jobs._signs.iterdir())


def test_one_that_was_asked_to_stop_and_died_was_stopped(jobs, process):
    id = begun(jobs, os.getpid())
    working = process(id)
    jobs._database.run("UPDATE tasks SET state = 'stopping' WHERE id = ?", id)

    working.kill()
    working.wait()

    assert jobs.get(id).state == "stopped"


@pytest.mark.parametrize("seconds", [60, -60])
def test_one_of_which_no_process_was_ever_known_has_failed_whatever_the_clock_does(jobs, monkeypatch, seconds):
    id = jobs._begin("ingest", {}, "Lan")
    assert jobs.get(id).state == "running"

    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + seconds)

    assert jobs.get(id).state == "failed"
