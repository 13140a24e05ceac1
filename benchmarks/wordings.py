"""What a language model's wording does to the answers: ``make bench-wordings``.

First the lists of replies in tests/data: how many of the true ones pass the check, how many of the false ones are stopped,
by kind. Then every question set of tests/evals, without a model and with a truthful scripted one behind real HTTP: the
figures must be the same, and the wordings are shown.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from ingest.pipeline import ingest
from rag.assistant import Assistant
from rag.training.evaluation import Figures, count, load_cases, run
from rag.training.grounding import Grounding
from rag.verification.checker import verify
from rag.wording.writer import Writer, WriterOptions
from tests.rag.reply_lists import Row, provisions_of, reply_list
from tests.rag.scripted_models import ScriptedModels, truthful

REPO = Path(__file__).resolve().parent.parent
TODAY = date(2025, 11, 1)


def main() -> None:
    """Print both tables."""
    with tempfile.TemporaryDirectory() as folder:
        indexes = _indexed(Path(folder))
        _print_replies({2607: indexes["directive"], 1422: indexes["other_directive"]})
        with ScriptedModels.start(truthful) as models:
            for path in sorted((REPO / "tests/evals").glob("*.yaml")):
                data = indexes.get("directive" if path.stem.startswith("directive_") else path.stem)
                if data is not None:
                    _print_set(path, data, models.url, Path(folder))


def _indexed(folder: Path) -> dict[str, Path]:
    """Index corpus/, the made-up directive, and the laws where they are there; by the names of their sets."""
    other = folder / "other"
    other.mkdir()
    shutil.copy(REPO / "tests/data/1422-SGDDT-CNTT.md", other)
    corpora = {"directive": REPO / "corpus", "other_directive": other, "laws": REPO.parent / "shared/texts"}
    for name, corpus in corpora.items():
        if corpus.is_dir():
            ingest(corpus, folder / f"data-{name}")
    return {name: folder / f"data-{name}" for name in corpora if (folder / f"data-{name}").is_dir()}


def _print_replies(data: dict[int, Path]) -> None:
    provisions = provisions_of({document: Assistant(folder, today=TODAY).shelf() for document, folder in data.items()})
    good: Counter[tuple[str, str]] = Counter()
    total: Counter[tuple[str, str]] = Counter()
    for name, row in _replies():
        passed = verify(row["reply"], [numbered.source for numbered in provisions(row)]).passed
        key = (f"{name} {row['split']}", row["kind"])
        total[key] += 1
        good[key] += passed == (row["kind"] == "true")
    for (name, kind), amount in sorted(total.items()):
        print(f"{name:14} {kind:14} {good[name, kind]:4} / {amount:<4} {'qua' if kind == 'true' else 'bị chặn'}")
    for name in sorted({name for name, _ in total}):
        false = [key for key in total if key[0] == name and key[1] != "true"]
        if stopped := sum(good[key] for key in false):
            print(f"{name:14} {'mọi loại sai':14} {stopped:4} / {sum(total[key] for key in false):<4} bị chặn")


def _replies() -> Iterator[tuple[str, Row]]:
    for name in ("true", "false", "fresh"):
        for row in reply_list(name):
            yield name if name == "fresh" else "own", {"kind": name} | row


def _print_set(path: Path, data: Path, url: str, folder: Path) -> None:
    cases = load_cases(path)
    writer = Writer(WriterOptions("openai:scripted", url, seconds=20.0, cache_days=0), folder)
    lines = []
    for assistant in (Assistant(data, today=TODAY), Assistant(data, today=TODAY, writer=writer)):
        outcomes = run(assistant, cases, Grounding(assistant.snapshot.store).invented)
        answered = [turn.answer for outcome in outcomes for turn in outcome.turns if turn.answer.status == "answered"]
        lines.append(_told(count(outcomes)))
        worded = sum(bool(answer.wording) for answer in answered)
    print(f"{path.stem:16} không có mô hình: {lines[0]}")
    print(f"{'':16} có mô hình:       {lines[1]}; {worded} / {len(answered)} lời diễn đạt được dùng")


def _told(figures: Figures) -> str:
    return (
        f"đúng {figures.right:.1%} của {figures.cases}, từ chối đúng {figures.correct_refusals}/{figures.unanswerable}, "
        f"trích đúng {figures.correct_citations}/{figures.citations}, số liệu không có nguồn {figures.wrong_figures}"
    )


if __name__ == "__main__":
    main()
