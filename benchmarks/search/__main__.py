"""Compare our search with its peers; prints Markdown tables, says on standard error what it is doing.

``make bench-search`` runs everything; ``ONLY='--systems ranked,bm25s --questions 100'`` runs a part.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.search.corruption import SEED, VARIANTS
from benchmarks.search.data import BENCH, SETS, Benchmark, load
from benchmarks.search.measure import REPO, Indexes, measure
from benchmarks.search.systems import SYSTEMS
from benchmarks.search.table import report


def main() -> None:
    """Measure what the options ask for."""
    parser = argparse.ArgumentParser(prog="benchmarks.search", description=__doc__.splitlines()[0])
    parser.add_argument("--sets", type=_among(SETS), default=[SETS[0]], help=f"default: {SETS[0]}; of: {', '.join(SETS)}")
    parser.add_argument("--systems", type=_among(tuple(SYSTEMS)), default=list(SYSTEMS), help=f"default: all; of: {', '.join(SYSTEMS)}")
    parser.add_argument("--variants", type=_among(VARIANTS), default=list(VARIANTS), help=f"default: all; of: {', '.join(VARIANTS)}")
    parser.add_argument("--questions", type=int, default=0, metavar="N", help="ask only a fixed sample of N")
    parser.add_argument("--cache", type=Path, default=REPO / "build" / "bench", help="where the peers' indexes are kept for the next run")
    chosen = parser.parse_args()
    for name in chosen.sets:
        benchmark = load(name)
        if benchmark is None:
            print(f"Không có {BENCH / name}: bỏ qua bộ {name}.")
            continue
        _run(_sampled(benchmark, chosen.questions), chosen.systems, chosen.variants, chosen.cache)


def _run(benchmark: Benchmark, systems: Sequence[str], variants: Sequence[str], cache: Path) -> None:
    indexes = Indexes(benchmark, cache)
    measured = [measure(key, benchmark, indexes, variants, lambda line: print(line, file=sys.stderr, flush=True)) for key in systems]
    print(report(benchmark, measured, variants, " ".join(["python -m benchmarks.search", *sys.argv[1:]])), flush=True)


def _sampled(benchmark: Benchmark, number: int) -> Benchmark:
    if not 0 < number < len(benchmark.questions):
        return benchmark
    return replace(benchmark, questions=random.Random(SEED).sample(benchmark.questions, number))


def _among(known: Sequence[str]) -> Callable[[str], list[str]]:
    def names(text: str) -> list[str]:
        chosen = [name.strip() for name in text.split(",")]
        if unknown := [name for name in chosen if name not in known]:
            raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: not among {', '.join(known)}")
        return chosen

    return names


if __name__ == "__main__":
    main()
