"""What a library costs in one piece and on search nodes: ``make bench-nodes DATA=folder SHARDS=4``.

Cuts the index in a data folder (``benchmarks.scale`` leaves one with ``--keep``), starts a node for each shard on this machine and
asks the citizens' questions of both, one after the other. Prints a Markdown table; times are of one question.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.search.data import load
from benchmarks.search.measure import resident, size_of
from benchmarks.search.metrics import median_and_p95
from rag.assistant import Assistant
from rag.finding.search import Hit
from rag.index.cutting import cut
from rag.index.nodes.calls import nodes_of
from rag.index.snapshot import SnapshotReader
from tests.servers.nodes import KEY, Node, setting, started

_DEEP = 20
_HEAD = "| | median | p95 | processor time, asking | processor time, all nodes | memory, asking | memory of a node | on disk |"


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds and bytes."""

    name: str
    walls: Sequence[float]
    asking: float
    nodes: float
    memory: int
    of_node: int
    disk: int

    def row(self) -> str:
        """Return a row of the table."""
        times = [*median_and_p95(self.walls), self.asking, self.nodes]
        sizes = [f"{size / 1e6:,.0f} MB" for size in (self.memory, self.of_node, self.disk)]
        return f"| {' | '.join([self.name, *(f'{1000 * seconds:.1f} ms' for seconds in times), *sizes])} |"


def main() -> None:
    """Measure both."""
    parser = argparse.ArgumentParser(prog="benchmarks.nodes", description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="a data folder with a library")
    parser.add_argument("--shards", type=int, default=4)
    parser.add_argument("--questions", type=int, default=200, metavar="N")
    chosen = parser.parse_args()
    benchmark = load("zalo")
    assert benchmark is not None
    questions = [question.text for question in benchmark.questions][: chosen.questions]
    with tempfile.TemporaryDirectory() as folder:
        print("\n".join(compared(chosen.data, Path(folder), chosen.shards, questions)))


def compared(data: Path, folder: Path, shards: int, questions: Sequence[str]) -> list[str]:
    """Return the lines of a table on the library in ``data``, whole and cut into ``folder``."""
    started_at = time.perf_counter()
    cut(SnapshotReader(data).get(), folder, shards)
    seconds = time.perf_counter() - started_at
    nodes = started(folder, shards, 1)
    running = [node for replicas in nodes for node in replicas]
    try:
        sharded = Assistant(folder / "head", nodes=nodes_of(setting(nodes), KEY))
        found, rows = [], []
        # sharded first: what opening the whole takes is not in its memory
        for name, assistant, own, where in ((f"{shards} shards", sharded, running, folder), ("whole", Assistant(data), [], data)):
            hits, measured = _measured(name, assistant, own, where, questions)
            found.append(hits)
            rows.append(measured.row())
    finally:
        for node in running:
            node.kill()
    different = sum(one != other for one, other in zip(*found, strict=True))
    told = f"{len(questions)} questions, {different} with other results; cut in {seconds:.0f} s"
    return [_HEAD, f"|{' --- |' * (_HEAD.count('|') - 1)}", *reversed(rows), "", told]


def _measured(
    name: str, assistant: Assistant, nodes: Sequence[Node], where: Path, questions: Sequence[str]
) -> tuple[list[list[Hit]], Measured]:
    pids = [node.process.pid for node in nodes]
    for question in questions[:10]:
        assistant.search(question, _DEEP)
    before = time.process_time(), sum(map(_processor_time, pids))
    walls, found = [], []
    for question in questions:
        started_at = time.perf_counter()
        found.append(assistant.search(question, _DEEP))
        walls.append(time.perf_counter() - started_at)
    asking, others = time.process_time() - before[0], sum(map(_processor_time, pids)) - before[1]
    of_node = max(map(resident, pids), default=0)
    return found, Measured(name, walls, asking / len(questions), others / len(questions), resident(os.getpid()), of_node, size_of(where))


def _processor_time(pid: int) -> float:
    """The seconds that a process has computed (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
