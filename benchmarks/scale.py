"""How time, memory and disk grow with the collection: ``make bench-scale``.

Makes collections of any size out of the articles of ``../shared/bench/zalo``: every copy has document numbers of its own
and some words in another order. Each is ingested by ``tracuu ingest`` into an empty folder and asked the citizens'
questions: alone, and while an ingest of one article more runs beside it. Prints a Markdown table.
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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.search.data import BENCH, Article, Benchmark, load, write_collection
from benchmarks.search.measure import resident, serving, size_of
from benchmarks.search.metrics import median_and_p95
from benchmarks.search.ours import ingesting

SIZES = (50_000, 200_000, 800_000)
SYSTEM = "ranked"
_SEED = 2026
_MOVED = 0.1  # of the words of a copy change places with the next one
_NUMBER = re.compile(r"^\d+")
_COPY = 100_000  # is added to the running number of a document, once a copy
_HEAD = (
    "passages | text | ingest | peak memory | on disk | × text | serving memory | median | p95 | median beside an ingest | p95 beside it"
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What one size costs: bytes and seconds; ``alone`` and ``beside`` are the seconds of each search."""

    passages: int
    text: int
    ingest: float
    peak: int
    disk: int
    memory: int
    alone: Sequence[float]
    beside: Sequence[float]

    def row(self) -> str:
        """Return a row of the table."""
        times = [f"{seconds * 1000:.0f} ms" for part in (self.alone, self.beside) for seconds in median_and_p95(part)]
        sizes = [f"{self.peak / 1e6:,.0f} MB", f"{self.disk / 1e6:,.0f} MB", f"{self.disk / self.text:.1f}", f"{self.memory / 1e6:,.0f} MB"]
        return f"| {' | '.join([f'{self.passages:,}', f'{self.text / 1e6:,.0f} MB', f'{self.ingest:,.0f} s', *sizes, *times])} |"


def main() -> None:
    """Measure every size."""
    parser = argparse.ArgumentParser(prog="benchmarks.scale", description="How time, memory and disk grow with the collection.")
    parser.add_argument("--sizes", type=lambda text: [int(size) for size in text.split(",")], default=list(SIZES), metavar="N,N")
    parser.add_argument("--questions", type=int, default=0, metavar="N", help="ask only the first N")
    chosen = parser.parse_args()
    benchmark = load("zalo")
    if benchmark is None:
        print(f"Không có {BENCH / 'zalo'}: không đo được.")
        return
    questions = [question.text for question in benchmark.questions][: chosen.questions or None]
    print(f"{date.today().isoformat()}, `{' '.join(['python -m benchmarks.scale', *sys.argv[1:]])}`, {os.cpu_count()} cores, {SYSTEM}\n")
    print(f"| {_HEAD} |\n|{' --- |' * (_HEAD.count('|') + 1)}", flush=True)
    for size in chosen.sizes:
        with tempfile.TemporaryDirectory() as folder:
            print(measure(benchmark, size, questions, Path(folder)).row(), flush=True)


def measure(benchmark: Benchmark, size: int, questions: Sequence[str], folder: Path) -> Measured:
    """Ingest ``size`` passages into an empty data folder and ask questions."""
    collection, data = folder / "collection.jsonl", folder / "data"
    write_collection(copies(benchmark.articles, size), collection)
    text = sum(len(article.whole.encode()) for article in copies(benchmark.articles, size))
    _say(f"{size:,} passages: ingest")
    seconds, peak = _ingest(collection, data)
    disk = size_of(data)
    _say(f"{size:,} passages: questions")
    with serving(SYSTEM, data) as (ask, process, _):
        alone = [ask(question)["seconds"] for question in questions]
        memory = resident(process.pid)
        _say(f"{size:,} passages: questions beside an ingest")
        with collection.open("a", encoding="utf-8") as file:
            file.write('{"id": "1/2026/qd-ubnd+1", "document": "1/2026/qd-ubnd", "article": "1", "title": "", "text": "Một điều nữa."}\n')
        beside = _ask_beside(ask, questions, collection, data)
    return Measured(size, text, seconds, peak, disk, memory, alone, beside)


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


def _ingest(collection: Path, data: Path) -> tuple[float, int]:
    """Return the seconds, and the most bytes that the command or a process it started held in memory (Linux)."""
    started = time.perf_counter()
    with ingesting(collection, data) as process:
        assert process.stderr
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"tracuu ingest: {said}")
    return time.perf_counter() - started, usage.ru_maxrss * 1024


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
