"""The ingest's side of the queue: the pages of scans are read by workers before the files are parsed, which then goes on as ever.

Every file is looked at first; one without pages to be read by OCR is parsed at once. The pages of the others go into the
queue, and each file is parsed as soon as its pages are there, in the same way and with the same result as if its pages had
been read here. Where no worker is alive, this process is one.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from ingest.options import Progress
from ingest.parsed import forget, give_up, parse
from ingest.readers import PagesWanted
from ingest.readers.ocr import available
from ingest.work.queue import Queue
from ingest.work.worker import benched, slots, working
from rag.disk import checksum
from rag.errors import DatabaseAway, ReadError, StoreUnavailable, TracuuError

T = TypeVar("T")
Given = Mapping[str, str]
_LOOK = 0.3  # seconds between two looks at the queue
_PATIENCE = 600.0  # seconds for which a database or bucket may be away
_URGENT = 10
_LOST = "việc đọc các trang quét đã bị bỏ hoặc không làm được (xem: tracuu jobs); chạy lại thì các trang còn thiếu được đọc tiếp."


@dataclass(frozen=True, slots=True)
class ReadAhead:
    """Has pages of an office's files read by workers, by the queue at ``server``, which find the files in ``sources``."""

    server: str
    sources: str
    office: str = ""

    def __call__(self, files: Sequence[tuple[Path, Given]], data: Path, progress: Progress, *, again: bool = False) -> None:
        """Parse files, with what the catalog says of each, and keep the results; pages that want OCR are read by workers.

        ``again``: somebody waits for these, so their pages come first, and what could not be read before is tried again. What
        cannot be parsed is left to who parses it next. Raises ``TracuuError`` when the database or the store of files is away
        for too long, and ``OSError``.
        """
        self._forget(files, data, progress)
        with ExitStack() as end:
            waiting: _Waiting | None = None
            for path, given in files:
                try:
                    parse(path, given, data, progress, again=again, elsewhere=True)
                except PagesWanted as wanted:
                    if waiting is None:
                        queue = end.enter_context(closing(self._opened(progress)))
                        waiting = _Waiting(queue, data, progress, _URGENT if again else 0)
                    waiting.take(_Scan(path, given, checksum(path), wanted.pages))
                except ReadError:
                    continue
            if waiting:
                waiting.until_read()

    def _forget(self, files: Sequence[tuple[Path, Given]], data: Path, progress: Progress) -> None:
        """Forget what files were parsed to without pages that could not be read, where these are to be tried again, or have been."""
        without = {told.parent.name for told in (data / "cache").glob("*/*.txt")}
        if not without:
            return
        with closing(self._opened(progress)) as queue:
            for path, given in files:
                if path.is_file() and (file := checksum(path)) in without:
                    told = {int(each.stem): each for each in (data / "cache" / file).glob("*.txt")}
                    reasons = patiently(partial(queue.pages.reasons, file, list(told)), progress)
                    for page in told.keys() - reasons.keys():
                        told[page].unlink()
                        forget(path, given, data)

    def _opened(self, progress: Progress) -> Queue:
        return patiently(lambda: Queue.open(self.server, self.sources, self.office), progress)


@dataclass(frozen=True, slots=True)
class _Scan:
    """A file that waits for pages."""

    path: Path
    given: Given
    file: str
    pages: tuple[int, ...]


@dataclass(slots=True)
class _Waiting:
    """The files that wait for pages, and what is shown of that."""

    queue: Queue
    data: Path
    progress: Progress
    priority: int
    scans: list[_Scan] = field(default_factory=list)
    wanted: int = 0
    read: int = 0
    said: str = ""

    def take(self, scan: _Scan) -> None:
        """Have the pages of a file read."""
        self.scans.append(scan)
        self.wanted += len(scan.pages)
        patiently(lambda: self._ask_for(scan), self.progress)

    def until_read(self) -> None:
        """Parse each file as soon as its pages are there; work on the queue oneself while nobody else does."""
        with ExitStack() as helping:
            helps = False
            while self.scans:
                began = time.monotonic()
                patiently(self._look, self.progress)
                if not helps and self.scans and not patiently(self.queue.alive, self.progress)[0]:
                    if not available():
                        return
                    helps = True
                    helping.enter_context(working(helping.enter_context(benched(self.queue, self._cache())), slots()))
                time.sleep(max(_LOOK, 3 * (time.monotonic() - began)) if self.scans else 0)

    def _ask_for(self, scan: _Scan) -> None:
        if self.queue.pages.lacking(scan.file, scan.pages):
            self.queue.sources.put(scan.path)
            self.queue.want(scan.file, scan.path.name, scan.pages, self.priority)

    def _look(self) -> None:
        """Parse what has all its pages by now, and give up what nobody works on any more."""
        under_way = self.queue.under_way()  # first: what ends between this and the next line has its pages there
        there = self.queue.pages.there({scan.file for scan in self.scans})
        for scan in list(self.scans):
            if there.get(scan.file, set()).issuperset(scan.pages):
                self.queue.pages.fetch(scan.file, scan.pages, self._cache() / scan.file)
                self._end(scan)
                with contextlib.suppress(ReadError):
                    parse(scan.path, scan.given, self.data, self.progress, again=True)
            elif scan.file in under_way:
                continue
            elif scan.file in self.queue.given_up():
                self._end(scan)
                give_up(scan.path, scan.given, self.data, _LOST)
            else:
                self._ask_for(scan)  # a replica took over that had not heard of the jobs
        self._show(there)

    def _end(self, scan: _Scan) -> None:
        self.scans.remove(scan)
        self.read += len(scan.pages)

    def _show(self, there: Mapping[str, set[int]]) -> None:
        read = self.read + sum(len(there.get(scan.file, set()).intersection(scan.pages)) for scan in self.scans)
        workers, at_once = self.queue.alive()
        line = f"Nhận dạng chữ các trang quét ({workers} bộ đọc, {at_once} trang cùng lúc): {read}/{self.wanted}"
        if line != self.said:
            self.progress(line)
        self.said = line

    def _cache(self) -> Path:
        return self.data / "cache"


def patiently(ask: Callable[[], T], progress: Progress) -> T:
    """Ask the queue, and again where it is away, for as long as that may last. Raises ``TracuuError``."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            return ask()
        except (DatabaseAway, StoreUnavailable) as error:
            if time.monotonic() > until:
                far = f"Đã đợi {_PATIENCE / 60:.0f} phút; những trang đã đọc được giữ, chạy lại thì đọc tiếp."
                raise TracuuError(f"{error} {far}") from error
            progress(f"Hàng đợi không trả lời, đang đợi: {error}")
        time.sleep(1.0)
