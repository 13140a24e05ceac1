"""Pictures of pages and where the words stand on them: made by a child process once, then kept."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import signal
import sys
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.web import drawing
from bot.web.problems import Refused
from ingest import readers
from ingest.readers.page_words import Printed

PAGES = Path("web", "pages")
"""Where pictures of pages are kept, in the data folder; their names begin with so many letters of the file's checksum:"""
SUM = 32
_AGAIN = 24 * 3600.0
"""Seconds until a page is tried again whose words could not be read: its file may be damaged, or the machine was only too busy."""
_SECONDS = {"draw": 30.0, "read": 90.0}
_at_a_time = {"draw": asyncio.Semaphore(1), "read": asyncio.Semaphore(1)}


@dataclass(frozen=True, slots=True)
class PdfPage:
    """A page of a PDF that is loaded; ``data`` is the data folder, ``checksum`` the file's."""

    data: Path
    file: Path
    checksum: str
    number: int

    def kept(self, ending: str) -> Path:
        """Return where something made of the page is kept."""
        return self.data / PAGES / f"{self.checksum[:SUM]}-{self.number}{ending}"


async def picture_of(page: PdfPage) -> Path:
    """Return a page as a WebP picture. Raises ``Refused`` when it cannot be drawn."""
    kept = page.kept(".webp")
    await _make(page, "draw", kept)
    if not kept.exists():
        raise Refused(404, "Không vẽ được trang này của tệp gốc.", "The page cannot be drawn.")
    return kept


async def words_of(page: PdfPage) -> list[Printed]:
    """Return the words of a page; none where they cannot be read, which is tried again after a day or an update of the program."""
    kept, failed = page.kept(".json"), page.kept(".failed")
    if not _failed_lately(failed):
        await _make(page, "read", kept, str((page.data / "cache").resolve()))
    if not kept.exists():  # too slow, too large or damaged: for now it would be so again
        if not _failed_lately(failed):
            await asyncio.to_thread(failed.write_text, _program(), "utf-8")
        return []
    failed.unlink(missing_ok=True)
    return [Printed(*word) for word in json.loads(await asyncio.to_thread(kept.read_text, "utf-8"))]


def are_words_known(page: PdfPage) -> bool:
    """Say whether the words of a page were read before, or could not be read a short while ago."""
    return page.kept(".json").exists() or _failed_lately(page.kept(".failed"))


def _failed_lately(failed: Path) -> bool:
    """Whether this very program could not read a page within the last day."""
    try:
        return time.time() - failed.stat().st_mtime < _AGAIN and failed.read_text("utf-8") == _program()
    except FileNotFoundError:
        return False


@cache
def _program() -> str:
    """What changes when the reading of pages does."""
    reading = Path(drawing.__file__), *sorted(Path(readers.__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in reading)).hexdigest()[:20]


async def _make(page: PdfPage, verb: str, kept: Path, *more: str) -> None:
    if kept.exists():
        return
    async with _at_a_time[verb]:
        if not kept.exists():
            await _run(page, verb, kept, *more)


async def _run(page: PdfPage, verb: str, target: Path, *more: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    root = str(Path(__file__).resolve().parents[2])
    search = os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])
    environment = os.environ | {"PYTHONPATH": search, "OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "bot.web.drawing", verb, str(page.file.resolve()), str(page.number), str(target.resolve()), *more]
    child = await asyncio.create_subprocess_exec(
        *command, env=environment, stderr=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, start_new_session=True
    )
    try:
        with contextlib.suppress(TimeoutError):  # what it did not make is missed by whoever wants it
            await asyncio.wait_for(child.wait(), _SECONDS[verb])
    finally:  # also when nobody waits any more
        with contextlib.suppress(ProcessLookupError):  # and what it runs: OCR is a program of its own
            os.killpg(child.pid, signal.SIGKILL)
        await child.wait()
