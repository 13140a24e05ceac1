"""The figures as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from benchmarks.search.data import Benchmark
from benchmarks.search.measure import Figures
from benchmarks.search.metrics import CUTS, Quality

_MEASURES = " / ".join([*(f"R@{cut}" for cut in CUTS), "MRR@10"])


def report(benchmark: Benchmark, measured: Sequence[Figures], variants: Sequence[str], command: str) -> str:
    """Return two tables: how good each system is, and what it costs."""
    done = [figures for figures in measured if not figures.problem]
    lines = [
        f"### {benchmark.name}: {len(benchmark.articles):,} articles, {len(benchmark.questions)} questions, "
        f"{benchmark.bytes / 1e6:.1f} MB of text ({date.today().isoformat()}, `{command}`)",
        "",
        f"{_MEASURES}",
        "",
        *_table(["", *variants], ([f.system.label, *(_quality(f, variant) for variant in variants)] for f in done)),
        "",
        *_table(
            ["", "build", "ready after", "on disk", "× text", "memory", "median", "p95"],
            (_cost(figures, benchmark) for figures in done),
        ),
        "",
        *(f"- {figures.system.label}: not measured: {figures.problem}" for figures in measured if figures.problem),
        *_notes(benchmark, done, variants),
    ]
    return "\n".join(lines)


def _quality(figures: Figures, variant: str) -> str:
    found = figures.quality[variant]
    return f"{found} ({found.questions})" if found.questions < _most(figures.quality.values()) else str(found)


def _cost(figures: Figures, benchmark: Benchmark) -> list[str]:
    in_memory = figures.system.in_memory
    return [
        figures.system.label,
        "at each start" if in_memory else f"{figures.build:.0f} s",
        f"{figures.ready:.1f} s",
        "none" if in_memory else f"{figures.disk / 1e6:.0f} MB",
        "" if in_memory else f"{figures.disk / benchmark.bytes:.1f}",
        f"{figures.memory / 1e6:.0f} MB",
        f"{figures.median * 1000:.1f} ms",
        f"{figures.p95 * 1000:.1f} ms",
    ]


def _notes(benchmark: Benchmark, done: Sequence[Figures], variants: Sequence[str]) -> Iterable[str]:
    if benchmark.missing:
        yield f"- {benchmark.missing} more questions are about articles that the collection lacks; they are left out."
    if any(len({found.questions for found in figures.quality.values()}) > 1 for figures in done):
        yield "- A number in brackets: so many questions, a fixed sample, because the system is slow."
    if any(figures.system.in_memory for figures in done):
        yield "- What has no index on disk is made anew from the texts by every process."
    yield f"- Serving is measured on one core, each system alone in a process; times are of the questions {variants[0]}."


def _most(found: Iterable[Quality]) -> int:
    return max(quality.questions for quality in found)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]
