"""The admins' verbs of ``tracuu`` on the bank of questions: teach, and ``questions`` with what stands below it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from bot.audit import by_command
from bot.commands.printing import print_skipped, progress_lines
from bot.commands.writing import writing
from bot.index_options import options
from bot.loading import load_settings
from bot.render import open_console
from bot.vietnamese import VietnameseTyper
from rag.errors import TracuuError

if TYPE_CHECKING:
    from ingest.bank_overview import BankOverview
    from ingest.teaching import Teacher
    from rag.index.bank import BankEntry

lessons = VietnameseTyper()
questions = VietnameseTyper()
questions.add_typer(writing)


@lessons.command()
def teach(
    question: Annotated[str, typer.Argument(metavar="[CÂU_HỎI]", help="Câu hỏi, đặt trong ngoặc kép.")] = "",
    number: Annotated[str, typer.Argument(metavar="[SỐ_HIỆU]", help="Số hiệu của văn bản có câu trả lời.")] = "",
    section: Annotated[str, typer.Argument(metavar="[MỤC]", help="Mục trả lời, như IV.2 hay “Điều 5.2”.")] = "",
    no_answer: Annotated[bool, typer.Option("--no-answer", help="Văn bản không trả lời câu này; không ghi mục.")] = False,
    undo: Annotated[str, typer.Option("--undo", metavar="CÂU_HỎI", help="Bỏ điều đã dạy về câu này.")] = "",
) -> None:
    """Dạy một câu hỏi: mục nào trả lời, hoặc văn bản không trả lời; có hiệu lực ngay, cả ở máy chủ đang chạy."""
    if undo:
        if question or no_answer:
            raise TracuuError("--undo chỉ đi với câu hỏi của nó.")
        _print_taken_back(_teacher().undo(undo))
        by_command("bỏ điều đã dạy về một câu hỏi", undo)
        return
    if not question or not number or bool(section) == no_answer:
        raise TracuuError('Cần câu hỏi, số hiệu và một mục (hoặc --no-answer). Ví dụ: tracuu teach "hạn nộp báo cáo?" 2607/SGDĐT-GDPT IV.2')
    done = _teacher().teach(question, number, section)
    by_command("dạy một câu hỏi", _told(done.entry))
    print(f"Đã dạy: {_told(done.entry)}")
    for old in done.replaced:
        print(f"Thay cho: {_told(old)}")


def _print_taken_back(entries: list[BankEntry]) -> None:
    for entry in entries:
        print(f"Đã bỏ: {_told(entry)}")


def _told(entry: BankEntry) -> str:
    place = f"mục {', '.join(entry.sections)}" if entry.sections else "không trả lời câu này"
    return f"“{entry.question}” → {entry.document}, {place}"


def _teacher() -> Teacher:
    from bot.assistant import open_assistant
    from ingest.lessons import Lessons
    from ingest.teaching import Teacher

    chosen = load_settings()
    lessons = Lessons.shared(chosen.state)
    return Teacher(chosen.corpus, chosen.data, open_assistant(), chosen.clock.today(), options(force=False), lessons, _say)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


@questions.callback(invoke_without_command=True)
def start(context: typer.Context) -> int:
    """Ngân hàng câu hỏi: người ta hỏi gì về mỗi văn bản, và mục nào trả lời."""
    if context.invoked_subcommand is not None:
        return 0
    from ingest.bank_overview import bank_overview
    from rag.index.snapshot import SnapshotReader

    chosen = load_settings()
    found = bank_overview(chosen.corpus, chosen.data, SnapshotReader(chosen.data).get())
    _print_documents(found)
    print_skipped(found.unreadable)
    return 1 if found.unreadable else 0


def _print_documents(found: BankOverview) -> None:
    table = Table("Văn bản")
    for heading in ("Số câu", "Người viết", "Đã dạy", "Mô hình", "Không có lời đáp", "Mục không còn"):
        table.add_column(heading, justify="right")
    table.add_column("Tình trạng")
    for of in found.documents:
        counts = (of.questions, of.by["written"], of.by["taught"], of.by["model"], of.unanswered, of.gone)
        table.add_row(of.number, *map(str, counts), "đang dùng" if of.loaded else "ngủ: văn bản chưa nạp")
    console = open_console()
    console.print(table)
    console.print(f"{found.questions} câu hỏi, {found.sleeping} câu ngủ vì văn bản chưa nạp, {len(found.gone)} câu trỏ vào mục không còn.")


@questions.command("export")
def export(
    number: Annotated[str, typer.Argument(metavar="[SỐ_HIỆU]", help="Văn bản nào; để trống thì cần --taught.")] = "",
    taught: Annotated[bool, typer.Option("--taught", help="Chỉ những câu đã dạy.")] = False,
    to: Annotated[Path | None, typer.Option("--to", metavar="TỆP", help="Ghi ra tệp này thay cho màn hình.")] = None,
) -> int:
    """Xuất câu hỏi của một văn bản, hoặc những câu đã dạy, ra YAML để nơi khác nhập."""
    from ingest.bank_files import as_yaml, write_questions
    from ingest.bank_overview import all_questions, questions_of
    from ingest.lessons import Lessons

    if not number and not taught:
        raise TracuuError("Cần số hiệu văn bản, hoặc --taught.")
    settings = load_settings()
    found, unreadable = all_questions(settings.corpus, settings.data)
    if lessons := Lessons.shared(settings.state):  # the file of this machine may lie behind
        found = [*(entry for entry in found if entry.by != "taught"), *lessons.all()]
    chosen = questions_of(found, number) if number else found
    chosen = [entry for entry in chosen if entry.by == "taught"] if taught else chosen
    if not chosen:
        raise TracuuError("Không có câu hỏi nào như thế. Xem ngân hàng câu hỏi: tracuu questions")
    if to is None:
        print(as_yaml(chosen), end="")
    else:
        write_questions(to, chosen)
        print(f"Đã ghi {len(chosen)} câu hỏi vào {to}")
    for _, reason in unreadable:
        _say(reason)
    return 1 if unreadable else 0


@questions.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="Tệp YAML của tracuu questions export.")],
) -> int:
    """Nhập câu hỏi từ một tệp: kiểm tra cả tệp, bỏ qua câu đã có, dùng ngay."""
    from bot.assistant import open_assistant
    from ingest.bank_import import import_questions

    chosen = load_settings()
    with progress_lines() as progress:
        done = import_questions(chosen.corpus, chosen.data, open_assistant(), file, options(force=False), progress)
    by_command("nhập câu hỏi", f"{file.name}: {done.new} câu mới")
    print(f"{done.new} câu mới trong {done.questions} câu; {done.questions - done.new} câu đã có." + _kept(done.new, done.file))
    if done.sleeping:
        print(f"{done.sleeping} câu mới ngủ vì văn bản chưa nạp.")
    print_skipped(done.unreadable)
    return 1 if done.unreadable else 0


def _kept(new: int, file: Path) -> str:
    return f" Giữ ở {file}" if new else ""
