"""A queue in a database of the test's own, and workers as processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ingest.work.queue import Queue

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def queue(postgres, tmp_path) -> Iterator[Queue]:
    with closing(Queue.open(postgres, tmp_path / "data" / "work")) as opened:
        yield opened


@pytest.fixture
def environment(postgres, tmp_path, monkeypatch) -> dict[str, str]:
    """What a command needs to find the queue; of this process too."""
    (tmp_path / "corpus").mkdir()
    mine = {"TRACUU_DATABASE": postgres, "TRACUU_DATA": str(tmp_path / "data"), "TRACUU_CORPUS": str(tmp_path / "corpus")}
    for name, value in mine.items():
        monkeypatch.setenv(name, value)
    return os.environ | mine


@pytest.fixture
def start_worker(environment) -> Iterator[Start]:
    """Start a worker and wait until it is at work; what still runs is ended after the test."""
    started: list[subprocess.Popen[str]] = []

    def start(*options: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", "from bot.cli import main; main()", "worker", *options]
        worker = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3])
        started.append(worker)
        assert worker.stdout and "đang đợi việc" in worker.stdout.readline()
        return worker

    yield start
    for worker in started:
        worker.kill()
        worker.wait()
