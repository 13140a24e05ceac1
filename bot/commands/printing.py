"""What the admins' verbs print: tables and lists, in Vietnamese."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.status import Status
from rich.table import Table

from bot.document_facts import doubts_of
from bot.render import VALIDITY_WORDS, open_console
from ingest.signing import told
from ingest.trust import TrustRoots

if TYPE_CHECKING:
    from bot.library import Library
    from ingest.bank_overview import BankOverview
    from ingest.build import Report
    from ingest.changes import DocumentChange, ProvisionChange
    from ingest.status import Listed, Overview
    from rag.documents import Document, Validity

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


def print_signatures(document: Document, roots: Path | None, today: date, before: str) -> None:
    """Print who signed the file of a document, each signature after ``before``; that a file was changed since, loudly."""
    if not document.signatures:
        return
    console, trusted = open_console(), TrustRoots.load(roots)
    for line in told(document.signatures, trusted, today):
        console.print(f"{before}{line.text}", style="bold red" if line.alarm else None, soft_wrap=True)


def print_library(console: Console, library: Library) -> None:
    """Print how the library that offices share stands; what is wrong with it, loudly."""
    if library.told:
        console.print(library.told, soft_wrap=True)
    for line in library.wrong:
        console.print(line, style="bold yellow", soft_wrap=True)


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
    if report.to_copy:
        console.print(report.to_copy, style="bold", soft_wrap=True)
    if report.problems:
        console.print("Cần xem lại:", style="bold yellow")
        for file, problem in report.problems:
            console.print(f"  - {file}: {problem}", soft_wrap=True)
    if report.checked:
        console.print(f"Câu hỏi kiểm tra (checks.yaml): {report.checked}.", soft_wrap=True)
        for question, wrong in report.checked.failures:
            console.print(f"  - “{question}”: {wrong}", soft_wrap=True)
    print_skipped(report.skipped)


def print_doubts(documents: Iterable[Document]) -> None:
    """Print what of the documents should be looked at, each with its file and how it is corrected."""
    doubts = [(document.source, doubt) for document in documents for doubt in doubts_of(document)]
    if doubts:
        console = open_console()
        console.print(f"{len(doubts)} chỗ đọc chưa chắc; sửa hoặc xác nhận: tracuu edit TỆP --number … --issued …", style="bold yellow")
        for source, doubt in doubts[:_LISTED]:
            console.print(f"  - {source}: {doubt}", soft_wrap=True)
        if (rest := len(doubts) - _LISTED) > 0:
            console.print(f"  và {rest} chỗ nữa")


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
        for each in change.fields:
            console.print(f"    {each.words}: {each.before or '(trống)'} → {each.after or '(trống)'}", soft_wrap=True)
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


def print_overview(console: Console, found: Overview, *, every: bool) -> None:
    """Print the documents that are there (``every``: and those only named), and how much of what directives name is there."""
    table = Table("Số hiệu", "Loại", "Cơ quan ban hành", "Ngày ban hành", "Hiệu lực", "Toàn văn", "Lấy ở")
    for row in found.rows:
        document = row.document
        if every or document.present:
            url = document.url if not document.present else ""
            number = document.number if document.numbered else f"{document.number} (không có số hiệu)"
            table.add_row(
                number,
                document.kind,
                document.issuer,
                _day(document.issued),
                _validity(document, row.validity),
                row.state,
                url,
            )
    console.print(table)
    present = sum(row.document.present for row in found.rows)
    rest = "" if every else " (liệt kê cả: tracuu status --all)"
    console.print(f"{present} văn bản có toàn văn, {len(found.rows) - present} văn bản chỉ được nhắc tới{rest}.", soft_wrap=True)
    for listed in found.listed:
        _print_listed(console, listed)


def _print_listed(console: Console, listed: Listed) -> None:
    total = len(listed.present) + len(listed.to_fetch) + len(listed.unknown)
    directive = f"{listed.directive.kind} {listed.directive.number}".strip()
    console.print(f"{directive} nêu {total} văn bản, {len(listed.present)} đã có toàn văn.", style="bold", soft_wrap=True)
    for words, documents in (
        ("Có địa chỉ để tải (tracuu fetch)", listed.to_fetch),
        ("Chưa biết địa chỉ (tìm ở cơ quan ban hành, rồi tracuu add)", listed.unknown),
    ):
        if documents:
            console.print(f"  {words}: {', '.join(document.number for document in documents)}", soft_wrap=True)


def _validity(document: Document, validity: Validity) -> str:
    words = VALIDITY_WORDS[validity]
    known = (
        [f"bởi {document.validity_by}" if document.validity_by else "", document.validity_source] if validity == document.validity else []
    )
    said = "; ".join(filter(None, known))
    followed = f"; tiếp nối: {document.followed_by}" if document.followed_by else ""
    return f"{words}{f' ({said})' if said else ''}{followed}"


def _day(iso: str) -> str:
    return "/".join(reversed(iso.split("-")))
