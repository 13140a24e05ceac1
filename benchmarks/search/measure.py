"""Runs the systems, each in child processes of its own, and collects their figures."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.search.corruption import SEED, VARIANTS, corrupt
from benchmarks.search.data import Benchmark, Question, write_collection
from benchmarks.search.metrics import Quality, median_and_p95, quality
from benchmarks.search.system import System, Unavailable
from benchmarks.search.systems import SYSTEMS
from rag.disk import checksum

_CHILD = [sys.executable, "-m", "benchmarks.search.child"]
REPO = Path(__file__).resolve().parents[2]


@dataclass(slots=True)
class Figures:
    """What one system reached on one set. Sizes in bytes, times in seconds; ``problem`` says why there are none."""

    system: System
    quality: dict[str, Quality] = field(default_factory=dict)
    build: float = 0.0
    ready: float = 0.0
    disk: int = 0
    memory: int = 0
    median: float = 0.0
    p95: float = 0.0
    problem: str = ""


class Indexes:
    """The indexes of one set: each is built once a run, and those that are ``cached`` once for all runs."""

    def __init__(self, benchmark: Benchmark, cache: Path) -> None:
        self._folder = cache / benchmark.name
        self._folder.mkdir(parents=True, exist_ok=True)
        self._collection = self._folder / "articles.jsonl"
        write_collection(benchmark.articles, self._collection)
        self._checksum = checksum(self._collection)
        self._built: dict[str, float] = {}

    def folder(self, key: str) -> tuple[Path, float]:
        """Return where the index of a system is, and the seconds that building it took. Raises ``Unavailable``."""
        system = SYSTEMS[key]
        folder = self._folder / system.index
        if system.index not in self._built:
            note = folder.with_name(f"{folder.name}.built")
            self._built[system.index] = (system.cached and self._noted(note)) or self._build(key, folder, note)
        return folder, self._built[system.index]

    def _noted(self, note: Path) -> float:
        """Return the seconds that building a kept index took; 0 when there is none of these articles."""
        words = note.read_text().split() if note.exists() else []
        return float(words[0]) if words[1:] == [self._checksum] else 0.0

    def _build(self, key: str, folder: Path, note: Path) -> float:
        note.unlink(missing_ok=True)
        command = [*_CHILD, "build", key, str(self._collection), str(folder)]
        done = subprocess.run(command, cwd=REPO, stdout=subprocess.PIPE, encoding="utf-8", check=False)
        seconds = float(_read(done.stdout)["seconds"])
        note.write_text(f"{seconds} {self._checksum}")
        return seconds


def measure(key: str, benchmark: Benchmark, indexes: Indexes, variants: Sequence[str], say: Callable[[str], None]) -> Figures:
    """Build and ask one system; what goes wrong with it stands in the figures."""
    figures = Figures(SYSTEMS[key])
    try:
        say(f"{benchmark.name}, {key}: index")
        folder, figures.build = indexes.folder(key)
        figures.disk = size_of(folder)
        with serving(key, folder) as (ask, process, figures.ready):
            for variant in variants:
                _ask_all(figures, variant, _asked(figures.system, benchmark.questions, variant), ask)
                say(f"{benchmark.name}, {key}, {variant}: {figures.quality[variant]}")
            figures.memory = resident(process.pid)
    except Unavailable as problem:
        figures.problem = str(problem)
    return figures


def _ask_all(figures: Figures, variant: str, questions: Sequence[Question], ask: Callable[[str], dict[str, Any]]) -> None:
    answers = [ask(corrupt(question.text, variant)) for question in questions]
    ranked = [(question.relevant, answer["ranked"]) for question, answer in zip(questions, answers, strict=True)]
    figures.quality[variant] = quality(ranked)
    if not figures.median:  # of the first variant
        figures.median, figures.p95 = median_and_p95([answer["seconds"] for answer in answers])


def _asked(system: System, questions: Sequence[Question], variant: str) -> Sequence[Question]:
    if variant == VARIANTS[0] or not 0 < system.few < len(questions):
        return questions
    return random.Random(SEED).sample(questions, system.few)


@contextmanager
def serving(key: str, folder: Path) -> Iterator[tuple[Callable[[str], dict[str, Any]], subprocess.Popen[str], float]]:
    """Start a process that serves one system; yield how to ask it, the process, the seconds until it was ready."""
    command = [*_CHILD, "serve", key, str(folder)]
    with subprocess.Popen(command, cwd=REPO, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdin and process.stdout
        asking, answering = process.stdin, process.stdout

        def ask(question: str) -> dict[str, Any]:
            with suppress(BrokenPipeError):  # it died; its last line, if any, says why
                print(" ".join(question.split()), file=asking, flush=True)
            return _read(answering.readline())

        yield ask, process, _read(answering.readline())["ready"]
        asking.close()


def _read(line: str) -> dict[str, Any]:
    if not line.strip():
        raise Unavailable("the process died; standard error says why")
    answer: dict[str, Any] = json.loads(line.strip().splitlines()[-1])
    if "unavailable" in answer:
        raise Unavailable(answer["unavailable"])
    return answer


def size_of(folder: Path) -> int:
    """Return the bytes of all files in a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def resident(pid: int, what: str = "VmRSS") -> int:
    """Return the bytes that a process holds in memory (Linux): all, or ``RssAnon``, without what is mapped from files."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return 1024 * int(next(line.split()[1] for line in status.splitlines() if line.startswith(what)))
