"""How time, memory and disk grow with the collection: ``make bench-scale``.

Makes collections of any size out of the articles of ``../shared/bench/zalo``: every copy has document numbers of its own
and some words in another order. Each is ingested by ``tracuu ingest`` into an empty folder and asked the citizens'
questions: alone, and while an ingest of one article more runs beside it. Prints a Markdown table; ``growth`` is how many
times as much each costs as the size before it. ``--keep FOLDER`` leaves the data folders there, for ``make bench-nodes``.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.search.data import BENCH, Article, Benchmark, load, write_collection
from benchmarks.search.measure import resident, serving, size_of
from benchmarks.search.metrics import median_and_p95
from benchmarks.search.ours import ingesting
from rag.index.published import list_snapshots

SIZES = (50_000, 200_000, 800_000)
SYSTEM = "ranked"
_SEED = 2026
_SAMPLED = 0.5  # seconds
_MOVED = 0.1  # of the words of a copy change places with the next one
_NUMBER = re.compile(r"^\d+")
_COPY = 100_000  # is added to the running number of a document, once a copy
_HEAD = (
    "articles | vectors | text | ingest | processor time of it | peak memory, all processes | on disk | × text | ready | serving memory"
    " | of it its own | median | p95 | median beside an ingest | p95 beside it"
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What one size costs: bytes and seconds; ``alone`` and ``beside`` are the seconds of each search.

    ``memory`` is what the serving process holds, with what it has mapped; ``own`` without.
    """

    articles: int
    vectors: int
    text: int
    ingest: Ingest
    disk: int
    ready: float
    memory: int
    own: int
    alone: Sequence[float]
    beside: Sequence[float]

    @property
    def figures(self) -> list[float]:
        """What is told, in the order of the table; the seconds of a search as median and p95."""
        times = [seconds for part in (self.alone, self.beside) for seconds in median_and_p95(part)]
        costs = [self.ingest.seconds, self.ingest.processor, self.ingest.peak, self.disk, self.disk / self.text]
        return [self.articles, self.vectors, self.text, *costs, self.ready, self.memory, self.own, *times]

    def row(self) -> str:
        """Return a row of the table."""
        return _row(f"{figure / unit:,.{digits}f}{name}" for figure, (unit, digits, name) in zip(self.figures, _UNITS, strict=True))

    def growth(self, before: Measured) -> str:
        """Return a row with how many times as much this size costs as the one ``before``."""
        pairs = zip(self.figures, before.figures, strict=True)
        return _row(f"× {figure / known:.1f}" if known else "" for figure, known in pairs)


@dataclass(frozen=True, slots=True)
class Ingest:
    """Seconds, the processor's seconds, and the most bytes that all its processes held together; what they share counts once."""

    seconds: float
    processor: float
    peak: int


_NUMBER_OF, _MB, _S, _MS = (1, 0, ""), (1e6, 0, " MB"), (1, 0, " s"), (1e-3, 0, " ms")
_UNITS = (_NUMBER_OF, _NUMBER_OF, _MB, _S, _S, _MB, _MB, (1, 1, ""), (1, 1, " s"), _MB, _MB, _MS, _MS, _MS, _MS)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Measure every size."""
    parser = argparse.ArgumentParser(prog="benchmarks.scale", description="How time, memory and disk grow with the collection.")
    parser.add_argument("--sizes", type=lambda text: [int(size) for size in text.split(",")], default=list(SIZES), metavar="N,N")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave the data folders here, named by their sizes")
    parser.add_argument("--questions", type=int, default=0, metavar="N", help="ask only the first N")
    chosen = parser.parse_args()
    benchmark = load("zalo")
    if benchmark is None:
        print(f"Không có {BENCH / 'zalo'}: không đo được.")
        return
    questions = [question.text for question in benchmark.questions][: chosen.questions or None]
    print(f"{date.today().isoformat()}, `{' '.join(['python -m benchmarks.scale', *sys.argv[1:]])}`, {os.cpu_count()} cores, {SYSTEM}\n")
    print(f"| {_HEAD} |\n|{' --- |' * (_HEAD.count('|') + 1)}", flush=True)
    before: Measured | None = None
    for size in chosen.sizes:
        with _folder(chosen.keep, size) as folder:
            measured = measure(benchmark, size, questions, folder)
        print(measured.row(), flush=True)
        if before:
            print(measured.growth(before), flush=True)
        before = measured
    print(f"\nLoad of the machine in the end: {', '.join(f'{load:.1f}' for load in os.getloadavg())}")


@contextmanager
def _folder(keep: Path | None, size: int) -> Iterator[Path]:
    if keep is None:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)
    else:
        (keep / str(size)).mkdir(parents=True)
        yield keep / str(size)


def measure(benchmark: Benchmark, size: int, questions: Sequence[str], folder: Path) -> Measured:
    """Ingest ``size`` articles into an empty data folder and ask questions."""
    collection, data = folder / "collection.jsonl", folder / "data"
    write_collection(copies(benchmark.articles, size), collection)
    text = sum(len(article.whole.encode()) for article in copies(benchmark.articles, size))
    _say(f"{size:,} articles: ingest")
    ingest = _ingest(collection, data)
    disk, vectors = size_of(data), list_snapshots(data)[0].counts["vectors"]
    _say(f"{size:,} articles: {ingest}; questions")
    with serving(SYSTEM, data) as (ask, process, ready):
        alone = [ask(question)["seconds"] for question in questions]
        memory, own = resident(process.pid), resident(process.pid, "RssAnon")
        _say(f"{size:,} articles: questions beside an ingest")
        with collection.open("a", encoding="utf-8") as file:
            file.write('{"id": "1/2026/qd-ubnd+1", "document": "1/2026/qd-ubnd", "article": "1", "title": "", "text": "Một điều nữa."}\n')
        beside = _ask_beside(ask, questions, collection, data)
    return Measured(size, vectors, text, ingest, disk, ready, memory, own, alone, beside)


def copies(articles: Sequence[Article], size: int) -> Iterator[Article]:
    """Yield ``size`` articles: all of them, then copies of all of them, each copy a little different."""
    endless = (article if not copy else _varied(article, copy) for copy in itertools.count() for article in articles)
    return itertools.islice(endless, size)


def _varied(article: Article, copy: int) -> Article:
    found = _NUMBER.match(article.document)
    document = f"{copy * _COPY + int(found[0])}{article.document[found.end() :]}" if found else f"{article.document} ({copy})"
    chance = random.Random(f"{_SEED} {copy} {article.id}")
    words = article.text.split(" ")
    for at in range(len(words) - 1):
        if chance.random() < _MOVED:
            words[at], words[at + 1] = words[at + 1], words[at]
    return replace(article, id=f"{document}+{article.article}", document=document, text=" ".join(words))


def _ingest(collection: Path, data: Path) -> Ingest:
    """Ingest and measure (Linux)."""
    started, peak = time.perf_counter(), 0
    with ingesting(collection, data) as process, ThreadPoolExecutor(1) as reader:
        assert process.stderr
        said = reader.submit(process.stderr.read)
        while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
            peak = max(peak, sum(map(_share, _family(process.pid))))
            time.sleep(_SAMPLED)
        process.returncode = os.waitstatus_to_exitcode(ended[1])
        used = ended[2].ru_utime + ended[2].ru_stime
        if process.returncode:
            sys.exit(f"tracuu ingest: {said.result()}")
    return Ingest(time.perf_counter() - started, used, peak)


def _family(pid: int) -> list[int]:
    """A process and all that it started."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:  # it ended
        return []
    return [pid, *(one for child in children for one in _family(child))]


def _share(pid: int) -> int:
    """The bytes that a process holds, of what it shares its share."""
    with suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
        return 1024 * int(next(line.split()[1] for line in lines if line.startswith("Pss:")))
    return 0


def _ask_beside(ask: Callable[[str], dict[str, Any]], questions: Sequence[str], collection: Path, data: Path) -> list[float]:
    """Ask while an ingest runs, until all is asked or the ingest is done; then it is stopped."""
    times = []
    with ingesting(collection, data, subprocess.DEVNULL) as process:
        for question in questions:
            if process.poll() is not None:
                break
            times.append(ask(question)["seconds"])
    _say(f"{len(times)} questions were asked meanwhile")
    return times


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
