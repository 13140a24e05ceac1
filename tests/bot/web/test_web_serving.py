"""Several processes over one index: nothing fails when one dies, when the index changes, when the service is stopped."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.bot.command import COMMAND
from tests.bot.web.site import DUE, Site


@pytest.fixture(scope="module")
def service(repo, small_corpus, directive_index, tmp_path_factory):
    folder = tmp_path_factory.mktemp("service")
    shutil.copytree(directive_index, folder / "data")
    started = Site(repo, folder / "data", Path(shutil.copytree(small_corpus, folder / "corpus")), TRACUU_WORKERS="2")
    yield started
    started.stop()


def workers_of(site: Site) -> list[int]:
    children = Path(f"/proc/{site.pid}/task/{site.pid}/children").read_text().split()
    return [int(pid) for pid in children if b"multiprocessing.spawn" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def test_the_address_is_printed_and_the_commands_are_seen_by_all(service):
    assert service.base in service.said
    (service.corpus / "2.txt").write_text("Số: 2/KH-ABC\n\nI. Việc cần làm\n\n1. Dọn kho.\n", encoding="utf-8")

    assert service.command("ingest").returncode == 0
    found = {httpx.get(f"{service.base}/api/documents/2-KH-ABC").status_code for _ in range(12)}
    assert service.command("rollback").returncode == 0
    gone = {httpx.get(f"{service.base}/api/documents/2-KH-ABC").status_code for _ in range(12)}

    assert (found, gone) == ({200}, {404})


def test_files_of_its_own_that_are_damaged_keep_nobody_from_an_answer(repo, directive_index, tmp_path):
    # given noise, a folder, and a closed way where the service keeps what it is asked
    data = shutil.copytree(directive_index, tmp_path / "data")
    (data / "conversations.sqlite3").mkdir()
    (data / "journal.sqlite3").write_bytes(b"SQLite format 3\0" + b"\7" * 9000)
    (data / "turns.sqlite3").symlink_to(tmp_path / "none" / "turns.sqlite3")

    site = Site(repo, data, repo / "corpus")

    # then it answers, a conversation goes on, and what is amiss is told to whoever looks after it
    assert site.ask(DUE, conversation="an")["status"] == "answered"
    assert site.ask("còn trường mầm non?", conversation="an")["status"] != "chat"
    told = site.http.get("/readyz").json()["warning"]
    assert all(f"{name}.sqlite3" in told for name in ("conversations", "journal", "turns"))
    assert "journal.sqlite3 từng bị hỏng" in site.command("status").stdout
    assert site.command("stats").returncode == 0
    assert site.stop() == 0
    assert not [line for line in site.lines() if line["level"] == "ERROR"]


def test_a_service_whose_workers_cannot_start_is_not_taken_for_one_that_was_stopped(repo, tmp_path):
    site = [*COMMAND, "serve", "--port", "0"]
    environment = os.environ | {"PYTHONPATH": f"{tmp_path}:{repo}", "TRACUU_DATA": str(tmp_path / "data")}
    (tmp_path / "sitecustomize.py").write_text(
        "import bot.web.talks\ndef fail(*given): raise OSError('chưa sẵn sàng')\nbot.web.talks.Talks.__init__ = fail\n"
    )

    ended = subprocess.run(site, env=environment, capture_output=True, text=True, timeout=60, check=False)

    assert ended.returncode == 1  # which systemd tries again, other than 0 and 2
    assert "không khởi động được" in ended.stderr.splitlines()[-1]


def test_a_worker_that_dies_is_replaced(service):
    before = workers_of(service)

    os.kill(before[0], signal.SIGKILL)

    answers = []
    for _ in range(60):
        try:
            answers.append(httpx.post(f"{service.base}/api/ask", json={"question": DUE}, timeout=60).json()["status"])
        except httpx.TransportError:  # it was in the hands of the one that died
            continue
        if before[0] not in (now := workers_of(service)) and len(now) == len(before):
            break
        threading.Event().wait(0.25)
    assert set(answers) == {"answered"}
    assert len(workers_of(service)) == len(before)


def test_a_request_under_way_is_ended_before_the_service_stops(service):
    began = threading.Event()

    def ask_slowly() -> httpx.Response:
        def body():
            yield b'{"question": '
            began.set()
            threading.Event().wait(1.5)
            yield f'"{DUE}"}}'.encode()

        return httpx.post(f"{service.base}/api/ask", content=body(), headers={"Content-Type": "application/json"}, timeout=60)

    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(ask_slowly)
        began.wait()
        threading.Event().wait(0.3)
        code = service.stop()

    assert asking.result().json()["status"] == "answered"
    assert code == 0
    assert not [line for line in service.lines() if line["level"] == "ERROR"]


def test_the_page_starts_without_the_library_of_the_protocol():
    told = "import sys, bot.web.app; sys.exit(bool({'mcp', 'mcp_types'} & sys.modules.keys()))"

    assert subprocess.run([sys.executable, "-c", told]).returncode == 0
