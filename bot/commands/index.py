"""The admins' verbs of ``tracuu`` on the index: read the documents in, look at what was read, compare, go back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.audit import by_command
from bot.commands.printing import (
    print_bank,
    print_changes,
    print_doubts,
    print_library,
    print_overview,
    print_report,
    print_signatures,
    print_skipped,
    progress_lines,
)
from bot.index_options import options, shards_of
from bot.loading import load_settings
from bot.render import open_console
from bot.vietnamese import VietnameseTyper
from rag.errors import TracuuError
from rag.storage import troubles

if TYPE_CHECKING:
    from rich.console import Console

    from bot.settings import Settings
    from rag.index.snapshot import Snapshot

admin = VietnameseTyper()

DryRun = Annotated[bool, typer.Option("--dry-run", help="Chỉ nói sẽ thay đổi những gì, không đổi gì.")]
Force = Annotated[bool, typer.Option("--force", help="Dùng bản mới dù không đạt bộ câu hỏi checks.yaml.")]


@admin.command()
def ingest(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[TỆP.jsonl...]", help="Tuyển tập nạp thêm, mỗi dòng một điều; được nhớ cho các lần sau."),
    ] = None,
    dry_run: DryRun = False,
    force: Force = False,
) -> int:
    """Đọc mọi văn bản trong thư mục corpus và lập chỉ mục mới; tệp nào không đổi thì không đọc lại."""
    from ingest.filenames import shown
    from ingest.pipeline import ingest as run_pipeline
    from ingest.pipeline import preview
    from ingest.source_files import unfit

    chosen = load_settings()
    wrong = [f"{shown(str(file))} ({reason})" for file in files or [] if (reason := unfit(file, named=True))]
    if wrong:
        raise TracuuError(f"Không dùng được {'; '.join(wrong)}. Chỉ mục giữ nguyên.")
    with progress_lines() as progress:
        if dry_run:
            found = preview(chosen.corpus, chosen.data, options(force), progress=progress, extra=files or [])
        else:
            report = run_pipeline(chosen.corpus, chosen.data, options(force), progress=progress, extra=files or [])
    if dry_run:
        print_changes(found.changes, "Không có gì thay đổi.")
        print_skipped(found.skipped)
        return 1 if found.skipped else 0
    by_command("lập lại chỉ mục")
    print_report(report)
    return 1 if report.skipped else 0


@admin.command()
def status(every: Annotated[bool, typer.Option("--all", help="Liệt kê cả những văn bản mới chỉ được nhắc tới.")] = False) -> None:
    """Liệt kê các văn bản: đã có toàn văn, mới chỉ được nhắc tới, đã bị thay thế, không đọc được."""
    from ingest.bank_overview import bank_overview
    from ingest.status import UNREADABLE, overview

    chosen = load_settings()
    if chosen.office_name:
        from bot.library import library_now
        from bot.settings import of_service

        print_library(open_console(), library_now(of_service()))
    snapshot = _snapshot()
    found = overview(chosen.corpus, chosen.data, snapshot.store, chosen.clock.today())
    console = open_console()
    print_overview(console, found, every=every)
    for row in found.rows:
        print_signatures(row.document, chosen.trust_roots, chosen.clock.today(), f"{row.document.number}: ")
    if found.wanted:
        console.print(found.wanted, style="bold yellow", soft_wrap=True)
    print_doubts(row.document for row in found.rows)
    if found.unreadable:
        console.print(f"{UNREADABLE} {len(found.unreadable)} tệp:", style="bold yellow")
        for name, reason in found.unreadable:
            console.print(f"  - {name}: {reason}", soft_wrap=True)
    info = snapshot.info
    console.print(f"Chỉ mục {info.id}, lập lúc {info.created}: {info.counts['provisions']} điều khoản.")
    for line in _on_server(snapshot):
        console.print(line, soft_wrap=True)
    print_bank(bank_overview(chosen.corpus, chosen.data, snapshot))
    _print_store(console, chosen)
    if snapshot.warning:
        console.print(snapshot.warning, style="bold yellow")
    for line in [*snapshot.parts.missing(), *_not_copied(snapshot, chosen)]:
        console.print(line, style="bold yellow", soft_wrap=True)
    for line in troubles(chosen.state):
        console.print(line, style="bold yellow", soft_wrap=True)


def _not_copied(snapshot: Snapshot, chosen: Settings) -> list[str]:
    """Say which search nodes do not have their pieces of the whole index in use here yet."""
    from bot.assistant import nodes_of
    from ingest.pieces import not_copied
    from rag.index.cut import cut_name

    shards, nodes = shards_of(chosen), nodes_of(chosen)
    if not nodes or not shards or snapshot.info.shards:
        return []
    return not_copied(len(nodes.missing(cut_name(snapshot.info.id, shards))), shards, chosen.data)


def _print_store(console: Console, chosen: Settings) -> None:
    """Print what the shared store has, where there is one, as against this machine."""
    if not chosen.store:
        return
    from rag.index.following import look_at

    told, is_well = look_at(chosen.store, chosen.data)
    console.print(told, style="" if is_well else "bold yellow", soft_wrap=True)


def _on_server(snapshot: Snapshot) -> list[str]:
    from rag.index.vector_server import problem_of

    if not (collection := snapshot.info.collection):
        return []
    problem = problem_of(collection, snapshot.info.counts["vectors"])
    return [f"Vector: bộ sưu tập {collection.name} trên máy chủ Chroma {collection.server}.", *filter(None, [problem])]


@admin.command()
def show(
    number: Annotated[str, typer.Argument(metavar="SỐ_HIỆU", help="Số hiệu văn bản, như 2607/SGDĐT-GDPT.")],
    section: Annotated[str, typer.Argument(metavar="[MỤC]", help="Một mục, như IV.2 hay “Điều 5.2”; để trống thì in cả văn bản.")] = "",
) -> None:
    """In nguyên văn một văn bản hoặc một mục, đúng như đã đọc được."""
    from ingest.show import text_of

    print(text_of(_snapshot().store, number, section))


@admin.command()
def diff() -> None:
    """So bản chỉ mục đang dùng với bản trước: văn bản, điều khoản thêm (+), bớt (-), sửa (~)."""
    from ingest.changes import IndexOutline, compare
    from rag.index.published import list_snapshots
    from rag.index.snapshot import Snapshot

    snapshots = list_snapshots(load_settings().data)
    if len(snapshots) < 2:
        raise TracuuError("Không còn bản chỉ mục nào trước bản đang dùng để so.")
    new, old = (IndexOutline.of_store(Snapshot.open(info.path).store) for info in snapshots[:2])
    print(f"Bản lập lúc {snapshots[0].created} so với bản lập lúc {snapshots[1].created}:")
    print_changes(compare(old, new), "Hai bản có nội dung như nhau.")


@admin.command()
def verify() -> int:
    """Kiểm tra từng tệp của chỉ mục."""
    from rag.index.bank_publishing import verify_bank
    from rag.index.manifest import Unread
    from rag.index.published import verify as find_damage

    data = load_settings().data
    found = [*find_damage(data), *verify_bank(data)]
    for line in found:
        print(line, file=sys.stderr)
    if not found:
        print("Chỉ mục nguyên vẹn.")
        return 0
    if all(isinstance(line, Unread) for line in found):
        print("Chưa kiểm tra được hết, chưa thấy chỗ nào hỏng. Hãy kiểm tra đĩa và quyền đọc, rồi chạy lại: tracuu verify")
    else:
        print("Chỉ mục hỏng. Hãy chạy: tracuu ingest")
    return 2


@admin.command()
def rollback() -> None:
    """Quay về bản chỉ mục trước."""
    from ingest.shared_corpus import go_back

    with progress_lines() as progress:
        info, to_copy = go_back(load_settings().data, options(force=False), progress)
    by_command("quay về bản chỉ mục trước", info.id)
    print(f"Đã quay về bản chỉ mục {info.id}, lập lúc {info.created}.", to_copy)


def _snapshot() -> Snapshot:
    from bot.assistant import nodes_of
    from rag.index.snapshot import SnapshotReader

    chosen = load_settings()
    return SnapshotReader(chosen.data, nodes_of(chosen)).get()
