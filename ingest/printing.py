"""What the admins' verbs print: tables and lists, in Vietnamese."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.status import Status
from rich.table import Table

from bot.render import open_console

if TYPE_CHECKING:
    from ingest.bank_overview import BankOverview
    from ingest.build import Report
    from ingest.changes import DocumentChange, ProvisionChange

_SIGNS = {"added": "+", "removed": "-", "changed": "~"}
_LISTED = 30  # provisions written out for one document
_GONE = 20  # questions whose section is gone
_WORDS = 100  # characters of a provision


class ProgressLine:
    """Shows a line of progress: a moving one in a terminal, one below the other elsewhere."""

    def __init__(self, status: Status | None) -> None:
        self._status = status

    def __call__(self, line: str) -> None:
        if self._status:
            self._status.update(line)
        else:
            print(line, file=sys.stderr, flush=True)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Leave the terminal to a question."""
        if self._status:
            self._status.stop()
        yield
        if self._status:
            self._status.start()


@contextmanager
def progress_lines() -> Iterator[ProgressLine]:
    """Yield what shows progress on standard error while something is under way."""
    console = Console(stderr=True, highlight=False, markup=False)
    if console.is_terminal:
        with console.status("Đang đọc…") as status:
            yield ProgressLine(status)
    else:
        yield ProgressLine(None)


def print_report(report: Report) -> None:
    """Print what an ingest counted, skipped, and could not read in full."""
    console = open_console()
    if report.published:
        title = f"Đã nạp xong trong {report.seconds:.1f} giây"
    else:
        title = f"Không có gì thay đổi: vẫn dùng bản chỉ mục lập lúc {report.created} (xem trong {report.seconds:.1f} giây)"
    console.print(title, style="bold", soft_wrap=True)
    table = Table()
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
    if report.problems:
        console.print("Cần xem lại:", style="bold yellow")
        for file, problem in report.problems:
            console.print(f"  - {file}: {problem}", soft_wrap=True)
    if report.checked:
        console.print(f"Câu hỏi kiểm tra (checks.yaml): {report.checked}.", soft_wrap=True)
        for question, wrong in report.checked.failures:
            console.print(f"  - “{question}”: {wrong}", soft_wrap=True)
    print_skipped(report.skipped)


def print_skipped(skipped: Iterable[tuple[str, str]]) -> None:
    """Print the files that are not in the index, each with the reason."""
    listed = list(skipped)
    if listed:
        console = open_console()
        console.print(f"Bỏ qua {len(listed)} tệp:", style="bold yellow")
        for file, reason in listed:
            console.print(f"  - {file}: {reason}", soft_wrap=True)


def print_bank(found: BankOverview) -> None:
    """Print how large the bank of questions is, what of it sleeps, and which sections it points at are gone."""
    console = open_console()
    console.print(f"Ngân hàng câu hỏi: {found.questions} câu, {found.sleeping} câu ngủ vì văn bản chưa nạp.")
    if found.gone:
        console.print(f"{len(found.gone)} câu trỏ vào mục không còn trong văn bản:", style="bold yellow")
        for gone in found.gone[:_GONE]:
            console.print(f"  - “{gone.question}”: {gone.document}, mục {', '.join(gone.sections)}", soft_wrap=True)
        if (rest := len(found.gone) - _GONE) > 0:
            console.print(f"  và {rest} câu nữa")
    for _, reason in found.unreadable:
        console.print(reason, style="bold yellow", soft_wrap=True)


def print_changes(changes: Iterable[DocumentChange], nothing: str) -> None:
    """Print documents and provisions that come (+), go (-) and change (~); ``nothing`` when there are none."""
    console = open_console()
    listed = list(changes)
    if not listed:
        console.print(nothing)
    for change in listed:
        console.print(_headline(change), style="bold", soft_wrap=True)
        for name, before, after in change.fields:
            console.print(f"    {name}: {before or '(trống)'} → {after or '(trống)'}", soft_wrap=True)
        shown = change.provisions if change.what == "changed" and not change.whole else ()
        for provision in shown[:_LISTED]:
            console.print(f"    {_line(provision)}", soft_wrap=True)
        if len(shown) > _LISTED:
            console.print(f"    … và {len(shown) - _LISTED} điều khoản nữa")


def _headline(change: DocumentChange) -> str:
    amounts = ", ".join(
        f"{amount} điều khoản {word}"
        for word, amount in (("thêm", change.count("added")), ("bớt", change.count("removed")), ("sửa", change.count("changed")))
        if amount
    )
    named = "" if change.present else " (chỉ được nhắc tới)"
    return f"{_SIGNS[change.what]} {change.number}{named}" + (f": {amounts}" if amounts else "")


def _line(change: ProvisionChange) -> str:
    text = " ".join(change.text.split())
    return f"{_SIGNS[change.what]} {change.section}  {text[:_WORDS]}{'…' if len(text) > _WORDS else ''}"
