"""Scans read by workers: one worker, then three of which two are killed. Run: make bench-work; ONLY='--pages 40' for a part.

The pages are real ones, of ../shared, drawn as pictures. Each run has a database of its own, so that every page is read
anew; a killed worker is started again, as systemd would. Written: pages, seconds, pages a second, pages that do not stand
exactly once or otherwise than one worker read them, jobs that were given back, and the load of the machine.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from itertools import count as count_from
from pathlib import Path

import pypdfium2 as pdfium
from PIL.Image import Image

from ingest.work import watching
from ingest.work.queue import Queue
from rag.disk import checksum
from tests.servers.postgres import Postgres

_TEXTS = Path(__file__).resolve().parents[2] / "shared/pdf/text"
_WORKER = (sys.executable, "-c", "from bot.cli import main; main()", "worker", "--concurrency", "1")
_SCALE = 200 / 72
_LARGER = 0.05
_IN_ONE_FILE = 50
_OFTEN = 0.2


@dataclass(frozen=True)
class Run:
    """What came of one run; ``pages``: what was read, by file and page."""

    seconds: float
    pages: dict[tuple[str, int], str]
    given_back: int


def main() -> None:
    """Make the scans, have them read twice, and print both."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--pages", type=int, default=200)
    count = asked.parse_args().pages
    server = Postgres.begin()
    try:
        with tempfile.TemporaryDirectory() as folder:
            files = dict(_scans(Path(folder), count))
            print(f"{count} trang, {os.cpu_count()} lõi, tải {os.getloadavg()[0]:.1f}")
            one = _read(server, "one", Path(folder), files, workers=1, kills=0)
            _print("một bộ đọc", one, count, one)
            three = _read(server, "three", Path(folder), files, workers=3, kills=2)
            _print("ba bộ đọc, hai lần kill -9", three, count, one)
            print(f"Nhanh gấp {one.seconds / three.seconds:.2f} lần; tải lúc xong {os.getloadavg()[0]:.1f}")
    finally:
        server.remove()


def _scans(folder: Path, count: int) -> Iterator[tuple[Path, int]]:
    """Write pages of the shared texts as pictures, some in a file, and yield each file with its number of pages.

    Where there are too few, they are drawn again a little larger, as another scan of them would be.
    """
    files = sorted(_TEXTS.glob("*.pdf"))
    scales = (_SCALE * (1 + _LARGER * again) for again in count_from(0))
    drawn = islice(chain.from_iterable(_drawn(path, scale) for scale in scales for path in files), count)
    number = 0
    while pages := list(islice(drawn, _IN_ONE_FILE)):
        number += 1
        path = folder / f"scan-{number}.pdf"
        pages[0].save(path, save_all=True, append_images=pages[1:], resolution=200)
        yield path, len(pages)


def _drawn(path: Path, scale: float) -> Iterator[Image]:
    with pdfium.PdfDocument(path) as document:
        for page in document:
            yield page.render(scale=scale).to_pil().convert("L")


def _read(server: Postgres, name: str, folder: Path, files: dict[Path, int], *, workers: int, kills: int) -> Run:
    """Have all pages read, a worker killed each time another part of them is through."""
    total = sum(files.values())
    with closing(Queue.open(server.create(name), folder / name)) as queue, _working(queue, folder, workers) as running:
        began = time.monotonic()
        for path, pages in files.items():
            queue.sources.put(path)
            queue.want(checksum(path), path.name, range(1, pages + 1))
        for kill in range(1, kills + 1):
            _wait(queue, total * kill // (kills + 1))
            running[kill].kill()
            running.append(_started(queue, folder))
        _wait(queue, total)
        seconds = time.monotonic() - began
        rows = queue.database.rows("SELECT file, page, content FROM pages")
        again = sum(job.attempts > 1 for job in watching.jobs(queue, every=True, most=total))
        return Run(seconds, {(file, page): content for file, page, content in rows}, again)


def _wait(queue: Queue, pages: int) -> None:
    while queue.database.rows("SELECT count(*) FROM pages")[0][0] < pages:
        time.sleep(_OFTEN)


@contextmanager
def _working(queue: Queue, folder: Path, count: int) -> Iterator[list[subprocess.Popen[str]]]:
    """Start workers, and wait until all are at work; they are ended in the end."""
    running = [_started(queue, folder) for _ in range(count)]
    while queue.alive()[0] < count:
        time.sleep(_OFTEN)
    try:
        yield running
    finally:
        for worker in running:
            worker.terminate()
        for worker in running:
            worker.wait()


def _started(queue: Queue, folder: Path) -> subprocess.Popen[str]:
    environment = os.environ | {"TRACUU_DATABASE": queue.server, "TRACUU_DATA": str(folder), "TRACUU_CORPUS": str(folder / "none")}
    return subprocess.Popen(_WORKER, env=environment, stdout=subprocess.DEVNULL, text=True)


def _print(what: str, run: Run, count: int, one: Run) -> None:
    other = sum(run.pages.get(key) != content for key, content in one.pages.items())
    print(
        f"{what}: {run.seconds:.0f} giây, {count / run.seconds:.2f} trang/giây; {len(run.pages)}/{count} trang có đúng một lần, "
        f"{other} trang đọc khác; {run.given_back} việc được đưa lại"
    )


if __name__ == "__main__":
    main()
