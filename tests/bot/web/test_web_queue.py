"""The queue of work on the admin page and in Prometheus' figures, and an index built by a worker."""

from __future__ import annotations

import shutil
import time
from contextlib import closing

import pytest

from bot.web.admin.passwords import hash_of
from ingest.work import watching
from ingest.work.queue import Queue
from ingest.work.worker import benched, working
from rag.disk import checksum
from tests.bot.command import COMMAND
from tests.bot.web.insiders import Browser
from tests.bot.web.site import PASSWORD, Site

PATIENCE = 120.0


@pytest.fixture(scope="module")
def site(repo, example_index, postgres_server, tmp_path_factory):
    """A service on PostgreSQL whose admin page is open."""
    folder = tmp_path_factory.mktemp("queue")
    shutil.copytree(example_index, folder / "data")
    (folder / "corpus").mkdir()
    shutil.copy(repo / "tests/data/1422-SGDDT-CNTT.md", folder / "corpus")
    given = {"TRACUU_DATABASE": postgres_server.create("queue"), "TRACUU_ADMIN_PASSWORD_HASH": hash_of(PASSWORD)}
    started = Site(repo, folder / "data", folder / "corpus", **given)
    yield started
    assert started.stop() == 0


@pytest.fixture(scope="module")
def admin(site):
    browser = Browser(site)
    browser.enter()
    return browser


@pytest.fixture
def queue(site):
    with closing(Queue.open(site.environment["TRACUU_DATABASE"], site.data / "work")) as opened:
        yield opened


def until(what) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, "in vain"
        time.sleep(0.1)


def test_an_admin_sees_the_queue_and_does_once_more_or_cancels_what_is_in_it(site, admin, queue, tmp_path):
    broken = tmp_path / "hong.pdf"
    broken.write_bytes(b"%PDF-1.7 cut short")
    queue.sources.put(broken)
    queue.want(checksum(broken), broken.name, [1])
    with benched(queue) as bench, working(bench, 1):
        until(lambda: [job.state for job in watching.jobs(queue)] == ["failed"])
    (job,) = watching.jobs(queue)

    page = admin.get("/hang-doi").text
    figures = site.http.get("/metrics").text
    again = admin.send(f"/hang-doi/{job.id}/lam-lai")
    waiting = [each.state for each in watching.jobs(queue)]
    gone = admin.send(f"/hang-doi/{job.id}/bo")

    assert "Đọc trang quét" in page and "hong.pdf, trang 1" in page
    assert "không làm được" in page and "tệp PDF bị hỏng hoặc bị cắt cụt" in page
    assert "Không có bộ đọc nào đang chạy" in page
    assert 'tracuu_jobs{kind="pages",state="failed"} 1.0' in figures
    assert "tracuu_job_workers 0.0" in figures
    assert (again.status_code, waiting) == (303, ["todo"])
    assert (gone.status_code, watching.jobs(queue)) == (303, [])
    assert admin.send("/hang-doi/999/bo").status_code == 404


def test_an_index_is_built_by_a_worker_where_there_is_one(site, admin, queue, monkeypatch):
    for name in ("TRACUU_DATA", "TRACUU_CORPUS", "TRACUU_DATABASE"):
        monkeypatch.setenv(name, site.environment[name])
    (site.corpus / "moi.txt").write_text("Số: 78/KH-HOP\n\nPhú Hòa, ngày 5 tháng 9 năm 2025\n\nI. Việc\n\n1. Họp ngày 20/9/2025.\n")

    with benched(queue, build=(*COMMAND, "ingest")) as bench, working(bench, 1):
        until(queue.builders)
        asked = admin.send("/lap-lai")
        until(lambda: [job.state for job in watching.jobs(queue, every=True) if job.kind == "build"] == ["succeeded"])

    assert (asked.status_code, asked.headers["location"]) == (303, "/quan-tri/hang-doi")
    assert "78/KH-HOP" in site.http.get("/api/documents").text
