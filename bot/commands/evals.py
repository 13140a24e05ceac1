"""``tracuu eval``: asks the question sets and prints how often the answers are right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.console import Console
from rich.table import Table

from bot.render import open_console
from bot.vietnamese import VietnameseTyper
from rag.errors import TracuuError

if TYPE_CHECKING:
    from rag.training.evaluation import Figures, Outcome

DEFAULT_SETS = "tests/evals/directive_*.yaml"
SPELLINGS = {"typed": "Hỏi như người dùng gõ", "stripped": "Hỏi không dấu"}

evals = VietnameseTyper()


@evals.command("eval")
def evaluate(
    split: Annotated[Literal["tune", "report", "all"], typer.Option(metavar="tune|report|all", help="Phần nào của bộ câu hỏi.")] = "all",
    files: Annotated[
        list[Path] | None,
        typer.Option("--file", metavar="TỆP", help=f"Bộ câu hỏi YAML, lặp lại được; để trống là {DEFAULT_SETS}."),
    ] = None,
    as_typed: Annotated[bool, typer.Option("--as-typed", help="Chỉ hỏi như đã gõ.")] = False,
    stripped: Annotated[bool, typer.Option("--stripped", help="Chỉ hỏi bản bỏ hết dấu.")] = False,
    failures: Annotated[bool, typer.Option("--failures", help="Liệt kê từng câu không đúng.")] = False,
    report: Annotated[Path | None, typer.Option(metavar="TỆP", help="Ghi kết quả ra một tệp JSON.")] = None,
) -> None:
    """Hỏi các bộ câu hỏi có đáp án, in tỉ lệ đúng, sai, từ chối."""
    from bot.assistant import open_assistant
    from rag.training.evaluation import count, load_cases, run
    from rag.training.grounding import Grounding

    sets = files or sorted(Path().glob(DEFAULT_SETS))
    if not sets:
        raise TracuuError(f"Không thấy {DEFAULT_SETS} ở đây. Hãy chỉ ra bộ câu hỏi bằng --file.")
    cases = [case for path in sets for case in load_cases(path, split)]
    assistant = open_assistant()
    check = Grounding(assistant.snapshot.store).invented
    written: dict[str, Any] = {"sets": [str(path) for path in sets], "split": split}
    for spelling in SPELLINGS if as_typed == stripped else ["stripped" if stripped else "typed"]:
        outcomes = run(assistant, cases, check, stripped=spelling == "stripped")
        figures = count(outcomes)
        wrong = [outcome for outcome in outcomes if outcome.verdict != "right" or outcome.invented]
        _print_figures(SPELLINGS[spelling], figures)
        if failures:
            _print_failures(wrong)
        written[spelling] = figures.to_json() | {"failures": [outcome.to_json() for outcome in wrong]}
    if report:
        report.write_text(json.dumps(written, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _print_figures(title: str, figures: Figures) -> None:
    console = open_console()
    table = Table(title=title, title_justify="left")
    table.add_column("Loại câu hỏi")
    for heading in ("đúng", "sai", "từ chối", "tỉ lệ đúng"):
        table.add_column(heading, justify="right")
    for kind, verdicts in sorted(figures.verdicts.items()):
        amounts = [verdicts[verdict] for verdict in ("right", "wrong", "refused")]
        table.add_row(kind, *map(str, amounts), f"{amounts[0] / sum(amounts):.1%}")
    console.print(table)
    console.print(f"Đúng: {figures.right:.1%} của {figures.cases} câu và hội thoại")
    console.print(f"Từ chối đúng: {figures.correct_refusals}/{figures.unanswerable} câu không có đáp án")
    console.print(f"Từ chối nhầm: {figures.false_refusals}/{figures.answerable} câu có đáp án")
    console.print(f"Trích đúng mục: {figures.correct_citations}/{figures.citations} câu đã trả lời")
    console.print(f"Số liệu không có trong nguồn: {figures.wrong_figures}")
    console.print(f"Độ dài câu trả lời: trung vị {figures.length(0.5)} ký tự; hơn 600 ký tự mà không phải danh sách: {figures.long}")
    console.print(f"Thời gian trả lời: trung vị {figures.latency(0.5) * 1000:.1f} ms, p95 {figures.latency(0.95) * 1000:.1f} ms")
    console.print()


def _print_failures(outcomes: list[Outcome]) -> None:
    console: Console = open_console()
    for outcome in outcomes:
        console.print(f"[{outcome.verdict}] {outcome.case.id} ({outcome.case.kind})", style="bold", soft_wrap=True)
        for turn in outcome.turns:
            console.print(f"  hỏi: {turn.answer.question}", soft_wrap=True)
            console.print(f"  đáp: {' '.join(turn.answer.text.split())}", soft_wrap=True)
            for fault in (*turn.faults, *(f"không có trong nguồn: {figure}" for figure in turn.invented)):
                console.print(f"    ✗ {fault}", soft_wrap=True)
    console.print()
