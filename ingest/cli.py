"""The admins' verbs of ``tracuu``: read the documents in, look at what was read, go back."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot import settings
from bot.render import VALIDITY_WORDS, open_console
from bot.vietnamese import VietnameseTyper
from rag.errors import TracuuError

if TYPE_CHECKING:
    from ingest.pipeline import Report
    from rag.documents import Document
    from rag.index.snapshot import Snapshot

admin = VietnameseTyper()


@admin.command()
def ingest(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[TỆP.jsonl...]", help="Tuyển tập văn bản nạp thêm, mỗi dòng một điều."),
    ] = None,
) -> int:
    """Đọc mọi văn bản trong thư mục corpus và lập chỉ mục mới."""
    from ingest.pipeline import ingest as run_pipeline

    chosen = settings.load()
    missing = [str(file) for file in files or [] if not file.is_file()]
    if missing:
        raise TracuuError(f"Không có tệp {', '.join(missing)}. Chỉ mục giữ nguyên.")
    with _progress() as progress:
        report = run_pipeline(chosen.corpus, chosen.data, encoder=chosen.encoder, progress=progress, extra=files or [])
    _print_report(report)
    return 1 if report.skipped else 0


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Yield what shows a line of progress: a moving one in a terminal, one below the other elsewhere."""
    console = Console(stderr=True, highlight=False, markup=False)
    if console.is_terminal:
        with console.status("Đang đọc…") as status:
            yield status.update
    else:
        yield lambda line: print(line, file=sys.stderr, flush=True)


def _print_report(report: Report) -> None:
    console = open_console()
    table = Table(title=f"Đã nạp xong trong {report.seconds:.1f} giây", title_justify="left")
    table.add_column("Nội dung")
    table.add_column("Số lượng", justify="right")
    for name, amount in (
        ("văn bản", report.documents),
        ("điều khoản", report.provisions),
        ("thời hạn", report.deadlines),
        ("đầu mối liên hệ", report.contacts),
        ("hệ thống", report.systems),
        ("viện dẫn", report.references),
    ):
        table.add_row(name, str(amount))
    console.print(table)
    if report.skipped:
        console.print(f"Bỏ qua {len(report.skipped)} tệp:", style="bold yellow")
        for file, reason in report.skipped:
            console.print(f"  - {file}: {reason}", soft_wrap=True)


@admin.command()
def status() -> None:
    """Liệt kê các văn bản: văn bản nào đã có, văn bản nào mới chỉ được nhắc tới."""
    snapshot = _snapshot()
    documents = snapshot.store.documents()
    console = open_console()
    table = Table("Số hiệu", "Loại", "Cơ quan ban hành", "Ngày ban hành", "Hiệu lực", "Toàn văn")
    for document in sorted(documents, key=lambda document: not document.present):
        table.add_row(
            document.number,
            document.kind,
            document.issuer,
            _day(document.issued),
            _validity(document),
            "có" if document.present else "chưa có, chỉ được nhắc tới",
        )
    console.print(table)
    present = sum(document.present for document in documents)
    console.print(f"{present} văn bản có toàn văn, {len(documents) - present} văn bản chỉ được nhắc tới.")
    info = snapshot.info
    console.print(f"Chỉ mục {info.id}, lập lúc {info.created}: {info.counts['provisions']} điều khoản.")
    if snapshot.warning:
        console.print(snapshot.warning, style="bold yellow")


def _validity(document: Document) -> str:
    words = VALIDITY_WORDS[document.validity]
    return f"{words} (bởi {document.validity_by})" if document.validity_by else words


def _day(iso: str) -> str:
    return "/".join(reversed(iso.split("-"))) if iso else ""


@admin.command()
def show(
    number: Annotated[str, typer.Argument(metavar="SỐ_HIỆU", help="Số hiệu văn bản, như 2607/SGDĐT-GDPT.")],
    section: Annotated[
        str, typer.Argument(metavar="[MỤC]", help="Một mục, như IV.2 hay “Điều 5.2”; để trống thì in cả văn bản.")
    ] = "",
) -> None:
    """In nguyên văn một văn bản hoặc một mục, đúng như đã đọc được."""
    from ingest.show import text_of

    print(text_of(_snapshot().store, number, section))


@admin.command()
def verify() -> int:
    """Kiểm tra từng tệp của chỉ mục."""
    from rag.index.snapshot import verify as find_damage

    damage = find_damage(settings.load().data)
    for line in damage:
        print(line, file=sys.stderr)
    print("Chỉ mục hỏng. Hãy chạy: tracuu ingest" if damage else "Chỉ mục nguyên vẹn.")
    return 2 if damage else 0


@admin.command()
def rollback() -> None:
    """Quay về bản chỉ mục trước."""
    from rag.index.snapshot import rollback as go_back

    info = go_back(settings.load().data)
    print(f"Đã quay về bản chỉ mục {info.id}, lập lúc {info.created}.")


def _snapshot() -> Snapshot:
    from rag.index.snapshot import SnapshotReader

    return SnapshotReader(settings.load().data).get()
