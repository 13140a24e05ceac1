"""Scans read by workers: the same result as without a queue, each page once, whoever is killed on the way."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from ingest.parsed import parse
from ingest.readers.page_child import PageReader
from ingest.work import bench, tasks, watching, worker
from ingest.work.ahead import ReadAhead
from ingest.work.queue import Queue
from ingest.work.worker import benched, working
from tests.ingest.scans import scan
from tests.servers.postgres import Postgres, missing

PATIENCE = 90.0


def ahead(queue: Queue) -> ReadAhead:
    return ReadAhead(queue.server, queue.sources.address)


def result(path: Path, data: Path) -> str:
    """The checksum of what a file was parsed to."""
    return (data / "parsed" / f"{parse(path, {}, data).key}.sum").read_text()


def until(what) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, "in vain"
        time.sleep(0.05)


def readers_of(queue: Queue) -> list[tuple[int, str]]:
    return queue.database.rows("SELECT page, reader FROM pages ORDER BY page")


def test_a_killed_workers_pages_are_read_once_and_the_document_is_as_if_it_was_read_here(queue, start_worker, tmp_path, monkeypatch):
    notice = scan(tmp_path / "so-1.pdf", 5)
    here, there = tmp_path / "here", tmp_path / "data"
    first = start_worker("--concurrency", "1")
    reading = threading.Thread(target=ahead(queue), args=([(notice, {})], there, lambda line: None))

    reading.start()
    until(lambda: len(readers_of(queue)) >= 1)
    first.kill()
    monkeypatch.setattr(worker, "GONE", 5.0)
    with benched(queue) as desk, working(desk, 1):
        reading.join(PATIENCE)

    assert [page for page, _ in readers_of(queue)] == [1, 2, 3, 4, 5]
    assert len({reader for _, reader in readers_of(queue)}) == 2
    assert sorted(job.attempts for job in watching.jobs(queue, every=True)) == [1, 2]
    assert result(notice, there) == result(notice, here)


def test_a_worker_told_to_end_ends_after_the_page_and_another_does_the_rest(queue, start_worker, tmp_path):
    notice = scan(tmp_path / "so-1.pdf", 4)
    queue.sources.put(notice)
    queue.want(file_of(notice), notice.name, range(1, 5))
    process = start_worker("--concurrency", "1")

    until(lambda: len(readers_of(queue)) >= 1)
    process.send_signal(signal.SIGTERM)

    assert process.wait(PATIENCE) == 0
    assert len(readers_of(queue)) < 4
    assert [job.state for job in watching.jobs(queue)] == ["todo"]


def test_two_ingests_at_once_read_each_page_once_without_any_worker(queue, tmp_path):
    notice = scan(tmp_path / "so-1.pdf", 2)
    folders = [tmp_path / "one", tmp_path / "two"]
    ingests = [threading.Thread(target=ahead(queue), args=([(notice, {})], data, lambda line: None)) for data in folders]

    for each in ingests:
        each.start()
    for each in ingests:
        each.join(PATIENCE)

    assert [page for page, _ in readers_of(queue)] == [1, 2]
    assert result(notice, folders[0]) == result(notice, folders[1])


class Poisoned(PageReader):
    """A reader that page 2 kills."""

    def read(self, path, name, pages, cache, heard):
        for page in pages:
            if page == 2:
                self._child._process.kill()
            super().read(path, name, [page], cache, heard)


def test_a_page_that_kills_its_reader_is_left_out_with_the_reason_and_can_be_tried_again(queue, tmp_path, monkeypatch):
    bad, good, data = scan(tmp_path / "so-1.pdf", 3), scan(tmp_path / "so-2.pdf", 1, "hoc phi"), tmp_path / "data"
    monkeypatch.setattr(tasks, "PAUSE", 0.1)
    with monkeypatch.context() as poison, benched(queue) as desk, working(desk, 1):
        poison.setattr(bench, "PageReader", Poisoned)
        ahead(queue)([(bad, {}), (good, {})], data, lambda line: None)

    assert parse(bad, {}, data).problems == ("trang 2: trang làm bộ đọc dừng giữa chừng (trang hỏng hoặc đòi quá nhiều bộ nhớ)",)
    assert not parse(good, {}, data).problems
    (failed,) = watching.jobs(queue)
    assert (failed.state, failed.attempts, failed.page_range) == ("failed", 3, "1-3")
    assert failed.line.startswith("trang 2: trang làm bộ đọc dừng")

    with benched(queue) as desk, working(desk, 1):
        watching.again(queue, [failed])
        until(lambda: not watching.jobs(queue))

    ahead(queue)([(bad, {})], data, lambda line: None)

    assert not parse(bad, {}, data).problems


def test_a_file_that_is_no_pdf_fails_at_once_and_one_that_is_away_is_tried_again(queue, tmp_path, monkeypatch):
    broken, late = tmp_path / "broken.pdf", scan(tmp_path / "late.pdf", 1)
    broken.write_bytes(b"%PDF-1.7 cut short")
    monkeypatch.setattr(tasks, "PAUSE", 0.1)
    queue.sources.put(broken)
    for path in (broken, late):
        queue.want(file_of(path), path.name, [1])

    with benched(queue) as desk, working(desk, 1):
        until(lambda: {job.about for job in watching.jobs(queue) if job.attempts} == {"broken.pdf", "late.pdf"})
        queue.sources.put(late)
        until(lambda: [job.state for job in watching.jobs(queue)] == ["failed"])

    (failed,) = watching.jobs(queue)
    assert (failed.about, failed.attempts) == ("broken.pdf", 1)
    assert failed.line == "Không đọc được broken.pdf: tệp PDF bị hỏng hoặc bị cắt cụt."


def test_a_database_that_dies_is_waited_for(tmp_path):
    if reason := missing():
        pytest.skip(reason)
    server, said = Postgres.begin(durable=True), []
    pages = 8  # so many that some are left when the first is there and the server is gone
    notice, data = scan(tmp_path / "so-1.pdf", pages), tmp_path / "data"
    try:
        with closing(Queue.open(server.create("one"), data / "work")) as queue:
            reading = threading.Thread(target=ahead(queue), args=([(notice, {})], data, said.append))
            reading.start()
            until(lambda: len(readers_of(queue)) >= 1)
            server.kill()
            until(lambda: any("đang đợi" in line for line in said))
            server.start()
            reading.join(PATIENCE)
            until(lambda: not queue.database.trouble)

            assert [page for page, _ in readers_of(queue)] == list(range(1, pages + 1))
        assert not parse(notice, {}, data, elsewhere=True).problems
    finally:
        server.remove()


def test_a_school_without_a_database_imports_nothing_of_the_queue():
    code = "import sys; from bot.cli import run; run(['settings']); import ingest.pipeline; sys.exit('procrastinate' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


def file_of(path: Path) -> str:
    from rag.disk import checksum

    return checksum(path)
