"""Learn the order of candidates from the questions of ``../shared/bench``: ``make train-ranker``.

Each set is ingested, every question is asked in each way of typing and once without vectors, and what is learnt is
written to ``rag/data/ranker.json`` with its cross-validated figures.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.search.corruption import VARIANTS, corrupt
from benchmarks.search.data import BENCH, SETS, Benchmark, article_id, load
from benchmarks.search.measure import REPO, Indexes
from benchmarks.search.ours import section_article
from rag.choosing.ranker import SHIPPED
from rag.finding.encoder import open_encoder
from rag.finding.search import Searcher
from rag.index.snapshot import SnapshotReader
from rag.question.understanding import understand
from rag.training.ranker import Example, write

_CACHE = REPO / "build" / "bench"
WITHOUT_VECTORS = "without vectors"


def main() -> None:
    """Learn from the sets asked for."""
    parser = argparse.ArgumentParser(prog="benchmarks.train_ranker", description=__doc__.splitlines()[0])
    parser.add_argument("--sets", type=lambda text: text.split(","), default=list(SETS), help=f"default: {','.join(SETS)}")
    parser.add_argument("--to", type=Path, default=SHIPPED, help="default: the file that ships")
    chosen = parser.parse_args()
    found: list[Example] = []
    counts: dict[str, int] = {}
    for name in chosen.sets:
        benchmark = load(name)
        if benchmark is None:
            sys.exit(f"Không có {BENCH / name}: không học được.")
        folder, _ = Indexes(benchmark, _CACHE).folder("ranked")
        found += examples(benchmark, folder)
        counts[name] = len(benchmark.questions)
    encoder = open_encoder(None)
    assert encoder is not None
    validated = write(chosen.to, found, {"questions": counts, "encoder": encoder.name})
    for group, figures in validated.items():
        print(f"{group:30} {figures}")


def examples(benchmark: Benchmark, folder: Path) -> Iterator[Example]:
    """Yield what the ranker would see of every question, asked of the index in ``folder``."""
    snapshot = SnapshotReader(folder).get()
    searcher, blind = Searcher(snapshot, open_encoder(None)), Searcher(snapshot)
    for at, question in enumerate(benchmark.questions):
        for variant in (*VARIANTS, WITHOUT_VECTORS):
            asking = blind if variant == WITHOUT_VECTORS else searcher
            text = question.text if asking is blind else corrupt(question.text, variant)
            considered = asking.considered(understand(text, searcher.diacritics))
            provisions = searcher.store.provisions(considered.ids).values()
            names = [article_id(provision.document, section_article(provision.section)) for provision in provisions]
            right = np.array([name in question.relevant for name in names], dtype=bool)
            missed = len(question.relevant - set(names))
            yield Example(f"{benchmark.name} {at}", f"{benchmark.name}, {variant}", considered.rows, right, missed)


if __name__ == "__main__":
    main()
