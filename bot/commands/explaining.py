"""Why an answer came about (``tracuu ask --explain``), as developers and admins read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.render import open_console, print_answer, to_json

if TYPE_CHECKING:
    from bot.service import Service
    from rag.answers.explanation import Explanation, Understood
    from rag.question.conversation import Conversation

Explain = Annotated[
    bool,
    typer.Option("--explain", help="Nói thêm vì sao có câu trả lời: các chỗ đã xét, độ chắc, loại trả lời, lý do từ chối; như --plain."),
]


def answer_json(service: Service, question: str, conversation: Conversation | None = None, *, plain: bool, explain: bool) -> dict[str, Any]:
    """Return the JSON answer; with ``explain`` why it came about too, and then without a language model. Raises as ``Service.stream``."""
    if not explain:
        *_, told = service.stream(question, conversation, plain=plain)
        return to_json(told)
    answer, made = service.explain(question, conversation)
    return to_json(answer) | {"explain": [one.to_json() for one in made]}


def print_explained(service: Service, question: str) -> None:
    """Answer a question for people, and say why. Raises as ``Service.stream``."""
    answer, made = service.explain(question)
    console = open_console()
    print_answer(answer, console)
    console.print()
    console.print("Vì sao có câu trả lời này", style="bold")
    for number, one in enumerate(made, 1):
        if len(made) > 1:
            console.print(f"Câu hỏi {number}", style="bold")
        _print_explanation(one, console)


def _print_explanation(made: Explanation, console: Console) -> None:
    """Write how the question was read, the candidates, what was compared, and which kind answered or why none did."""
    _print_understood(made.question, console)
    if made.candidates:
        console.print(_candidates(made))
    if made.sureness is not None:
        console.print(f"Độ chắc của bộ chọn: {made.sureness:.3f}")
    for one in made.compared:
        sign = "≥" if one.met else "<"
        console.print(f"  {one.sureness:.3f} {sign} {one.level.least:.3f}: {one.level.meaning}", soft_wrap=True)
    for gate in made.gates:
        console.print(f"Không khớp: {gate}", soft_wrap=True)
    for tried in made.tried:
        console.print(f"  loại trả lời {tried.name}: {tried.outcome}", soft_wrap=True)
    if made.kind:
        console.print(f"Trả lời bởi: {made.kind}", style="bold")
    if made.reason:
        console.print(f"Không khẳng định vì: {made.why} ({made.reason})", style="bold", soft_wrap=True)


def _print_understood(question: Understood, console: Console) -> None:
    for label, value in (
        ("Câu hỏi cốt lõi", question.core),
        ("Đọc là", question.read_as),
        ("Hỏi về", ", ".join(dict.fromkeys((question.kind, *question.kinds)))),
        ("Từ chủ đề", question.topic),
        ("Người hỏi", ", ".join(question.audience)),
        ("Vị trí được nêu", question.place),
        ("Đối tượng được nêu", "; ".join(question.slots)),
        ("Dữ kiện được nêu", "; ".join(question.facts)),
    ):
        if value:
            console.print(f"{label}: {value}", soft_wrap=True)


def _candidates(made: Explanation) -> Table:
    table = Table("Điều khoản", "Điểm", "Phủ câu hỏi", "Từ", "Vectơ", "Câu hỏi mẫu", "Không nêu")
    for one in made.candidates:
        views = (f"{one.views.words:.2f}", f"{one.views.vectors:.2f}", f"{one.views.bank:.2f}") if one.views else ("", "", "")
        table.add_row(one.label, f"{one.score:.2f}", f"{one.coverage:.2f}", *views, ", ".join(one.lacks))
    return table
