"""What a store that machines share costs and how soon it is followed: ``python -m benchmarks.store [--times 10] [--questions 200]``.

One machine publishes the corpus that ships, with one document that changes, to a bucket; three serving nodes follow. Told: seconds
from the swap of the pointer until each node answers by it, bytes that a node fetches at first and after a small change, and
the processor time of a question and of an idle minute, beside a node without a store.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import threading
import time
from pathlib import Path

from ingest.options import Options
from ingest.pipeline import ingest
from rag.index.published_editions import Edition
from rag.index.sharing import Shared
from rag.storage import open_blobs
from tests.ingest.office import PARKING
from tests.servers.s3 import S3
from tests.servers.service import FEE, Node

STORE = "s3://kho/truong"
NODES = 3
ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Measure and print a line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--idle", type=float, default=30.0, help="seconds")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = S3()
        server.bucket("kho")
        os.environ.update(server.environment)
        try:
            _measure(Path(folder), chosen)
        finally:
            server.stop()


def _measure(home: Path, chosen: argparse.Namespace) -> None:
    corpus, data = home / "corpus", home / "data"
    shutil.copytree(ROOT / "corpus", corpus)
    editions = [_published(corpus, data, 1)]
    limits = {"TRACUU_QUESTIONS_PER_MINUTE": "100000", "TRACUU_REQUESTS_PER_MINUTE": "100000", "TRACUU_TODAY": "2025-11-01"}
    plain = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", **limits}
    shutil.copytree(data, home / "alone")
    nodes = [Node(home / f"node-{number}", plain | {"TRACUU_STORE": STORE}) for number in range(NODES)]
    alone = Node(home / "alone", plain)
    try:
        for node in (*nodes, alone):
            node.wait()
        seconds: list[float] = []
        for fee in range(2, chosen.times + 2):
            seconds += _followed(corpus, data, nodes, fee, editions)
        print(f"served after the swap, {len(seconds)} times: median {statistics.median(seconds):.2f} s, longest {max(seconds):.2f} s")
        _print_bytes(editions)
        _print_processor(nodes[0], alone, chosen)
    finally:
        for node in (*nodes, alone):
            node.kill()


def _published(corpus: Path, data: Path, fee: int) -> Edition:
    (corpus / "11.txt").write_text(PARKING.replace("2.000", f"{fee}.000"), encoding="utf-8")
    ingest(corpus, data, Options(store=STORE))
    newest = Shared(open_blobs(STORE), data).newest
    assert newest is not None
    return newest


def _followed(corpus: Path, data: Path, nodes: list[Node], fee: int, editions: list[Edition]) -> list[float]:
    """Publish a fee; return the seconds from the swap of the pointer until each node says it."""
    blobs = open_blobs(STORE)
    before = blobs.pointer()
    swapped, served = list[float](), dict[str, float]()

    def watch_pointer() -> None:
        while blobs.pointer() == before:
            time.sleep(0.02)
        swapped.append(time.monotonic())

    def watch(node: Node) -> None:
        while f"{fee}.000 đồng" not in node.ask(FEE)["answer"]:
            time.sleep(0.1)
        served[node.url] = time.monotonic()

    threads = [threading.Thread(target=watch_pointer), *(threading.Thread(target=watch, args=(node,)) for node in nodes)]
    for thread in threads:
        thread.start()
    editions.append(_published(corpus, data, fee))
    for thread in threads:
        thread.join()
    return [max(0.0, at - swapped[0]) for at in served.values()]


def _print_bytes(editions: list[Edition]) -> None:
    old, new = editions[-2:]
    known = {name for _, name in old.files.values()}
    whole = sum(size for size, _ in new.files.values())
    changed = sum(size for size, name in new.files.values() if name not in known)
    print(f"bytes a node fetches: {whole:,} at first, {changed:,} after a small change ({changed / whole:.0%})")


def _print_processor(shared: Node, alone: Node, chosen: argparse.Namespace) -> None:
    used: dict[str, list[float]] = {"shared": [], "alone": []}
    for part in range(10):
        for name, node in (("shared", shared), ("alone", alone)):
            before = _processor_seconds(node)
            for number in range(chosen.questions // 10):
                node.ask(f"{FEE} lần {part} {number}")
            used[name].append((_processor_seconds(node) - before) / (chosen.questions // 10) * 1000)
    medians = {name: statistics.median(values) for name, values in used.items()}
    print(f"processor time of a question: {medians['shared']:.1f} ms with the store, {medians['alone']:.1f} ms without")
    begun = {node.url: _processor_seconds(node) for node in (shared, alone)}
    time.sleep(chosen.idle)
    idle = [(_processor_seconds(node) - begun[node.url]) * 60 / chosen.idle for node in (shared, alone)]
    print(f"processor time of an idle minute: {idle[0]:.2f} s with the store, {idle[1]:.2f} s without")


def _processor_seconds(node: Node) -> float:
    """Return what the processes of a node have used so far; each leads or belongs to the same group."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        if int(fields[2]) == node.process.pid:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
