"""The admins' verbs of ``tracuu`` on the documents: add, remove, fetch."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from bot import settings
from bot.render import open_console
from bot.vietnamese import VietnameseTyper
from ingest.cli import DryRun, Force, options
from ingest.printing import print_changes, print_report, print_skipped, progress_lines
from rag.errors import ReadError, TracuuError

if TYPE_CHECKING:
    from ingest.additions import Addition, Confirm, Given, Outcome
    from ingest.fetch import Rules
    from rag.documents import Document

shelf = VietnameseTyper()
_FIELDS = {
    "number": "số hiệu",
    "kind": "loại",
    "issuer": "cơ quan ban hành",
    "issued": "ngày ban hành",
    "title": "trích yếu",
    "effective": "ngày hiệu lực",
}
_RELATIONS = {"replaces": "thay thế", "repeals": "bãi bỏ", "amends": "sửa đổi, bổ sung"}
_LISTED = 10

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Lấy đúng những gì đã đoán, không hỏi lại.")]


def _said(name: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(f"--{name}", metavar="GIÁ_TRỊ", help=f"Khai {_FIELDS[name]} thay cho điều đoán được.")
    return option


@shelf.command()
def add(
    sources: Annotated[list[str], typer.Argument(metavar="TỆP|THƯ_MỤC|ĐỊA_CHỈ...", help="Tệp, thư mục hoặc địa chỉ https.")],
    yes: Yes = False,
    number: Annotated[str, _said("number")] = "",
    kind: Annotated[str, _said("kind")] = "",
    issuer: Annotated[str, _said("issuer")] = "",
    issued: Annotated[str, _said("issued")] = "",
    title: Annotated[str, _said("title")] = "",
    effective: Annotated[str, _said("effective")] = "",
    dry_run: DryRun = False,
    force: Force = False,
) -> int:
    """Thêm văn bản vào corpus và chỉ mục; hỏi lại những gì đoán được về mỗi văn bản."""
    from ingest.additions import expand

    said = _checked({"number": number, "kind": kind, "issuer": issuer, "issued": issued, "title": title, "effective": effective})
    urls = [source for source in sources if "://" in source]
    files, skipped = expand(Path(source) for source in sources if "://" not in source)
    if said and len(files) + len(urls) != 1:
        raise TracuuError("Chỉ khai --number, --title … khi thêm đúng một tệp.")
    with progress_lines() as progress:
        found: list[tuple[Path, Given]] = [(file, said) for file in files]
        for url in urls:
            try:
                found.append((_download(url, progress), {**said, "url": url}))
            except ReadError as error:
                skipped.append((url, str(error)))
    confirm = _accept if yes or not sys.stdin.isatty() else _ask
    return _add(found, confirm, skipped, dry_run, force)


@shelf.command()
def remove(
    number: Annotated[str, typer.Argument(metavar="SỐ_HIỆU|TỆP", help="Số hiệu văn bản, hoặc tên tệp trong corpus.")],
    dry_run: DryRun = False,
    force: Force = False,
) -> None:
    """Bỏ một văn bản khỏi corpus và chỉ mục; tệp được giữ lại trong TRACUU_DATA/trash."""
    from ingest.additions import remove as take_out

    chosen = settings.load()
    with progress_lines() as progress:
        outcome = take_out(chosen.corpus, chosen.data, number, options(force), progress, dry_run=dry_run)
    if outcome.preview:
        print_changes(outcome.preview.changes, "Không có gì thay đổi.")
        return
    for kept in outcome.trash:
        print(f"Tệp được giữ ở {kept}")
    assert outcome.report is not None
    print_report(outcome.report)


@shelf.command()
def fetch(dry_run: DryRun = False, yes: Yes = False, force: Force = False) -> int:
    """Tải các văn bản còn thiếu mà catalog.yaml có địa chỉ, rồi thêm vào corpus và chỉ mục."""
    from time import sleep

    from ingest.additions import missing_with_address
    from ingest.fetch import allow

    chosen = settings.load()
    rules = _rules()
    with progress_lines() as progress:
        wanted = missing_with_address(chosen.corpus, chosen.data, progress)
    if not wanted:
        print("Không có văn bản nào còn thiếu mà catalog.yaml có địa chỉ (url).")
        return 0
    found: list[tuple[Path, Given]] = []
    skipped: list[tuple[str, str]] = []
    with progress_lines() as progress:
        for position, (number, url) in enumerate(wanted.items()):
            try:
                allow(url, rules)
                if dry_run:
                    print(f"Sẽ tải {number} từ {url}")
                    continue
                if position:
                    sleep(rules.pause)
                found.append((_download(url, progress, number), {"number": number, "url": url}))
            except ReadError as error:
                skipped.append((number, str(error)))
    if dry_run:
        print_skipped(skipped)
        return 1 if skipped else 0
    confirm = _accept if yes or not sys.stdin.isatty() else _ask
    return _add(found, lambda addition: _agreed(addition, confirm), skipped, False, force)


def _add(found: list[tuple[Path, Given]], confirm: Confirm, skipped: list[tuple[str, str]], dry_run: bool, force: bool) -> int:
    from ingest.additions import add as put_in

    chosen = settings.load()
    if not found:
        raise TracuuError(f"Không thêm được văn bản nào. {'; '.join(f'{name}: {reason}' for name, reason in skipped)}")
    with progress_lines() as progress:

        def ask(addition: Addition) -> Given | None:
            with progress.paused():
                return confirm(addition)

        outcome = put_in(chosen.corpus, chosen.data, found, ask, options(force), progress, dry_run=dry_run)
    outcome.skipped[:0] = skipped
    print_outcome(outcome)
    return 1 if outcome.skipped or (outcome.report and outcome.report.skipped) else 0


def print_outcome(outcome: Outcome) -> None:
    """Print what was added, or would be, and what was left out."""
    for addition in outcome.additions:
        name = addition.path.name
        number = addition.documents[0].number if len(addition.documents) == 1 else f"{len(addition.documents)} văn bản"
        if addition.same:
            print(f"{number}: đã có từ tệp {name}, không đổi.")
        elif addition.replaces:
            print(f"{number}: tệp {name} thay cho tệp {addition.replaces.name} đã có.")
        else:
            print(f"{number}: thêm từ tệp {name}.")
    for kept in outcome.trash:
        print(f"Tệp cũ được giữ ở {kept}")
    if outcome.preview:
        print_changes(outcome.preview.changes, "Không có gì thay đổi.")
        print_skipped([*outcome.skipped, *outcome.preview.skipped])
    elif outcome.report:
        print_report(outcome.report)
        print_skipped(outcome.skipped)


def _checked(said: Given) -> Given:
    from datetime import date

    for name in ("issued", "effective"):
        try:
            date.fromisoformat(said[name] or "2000-01-01")
        except ValueError:
            raise TracuuError(f"Giá trị của --{name} phải là một ngày, viết năm-tháng-ngày như 2026-01-31.") from None
    return {name: value for name, value in said.items() if value}


def _rules() -> Rules:
    from ingest.fetch import Rules

    chosen = settings.load()
    hosts = tuple(host.strip() for host in chosen.fetch_hosts.split(",") if host.strip())
    return Rules(hosts, chosen.fetch_megabytes * 1_000_000, chosen.fetch_pause, chosen.fetch_loopback)


def _download(url: str, progress: Callable[[str], None], name: str = "") -> Path:
    from ingest.fetch import download

    return download(url, settings.load().data / "fetched", _rules(), progress, name=name)


def _accept(addition: Addition) -> Given | None:
    """Take what was guessed, and show it."""
    print_guess(addition)
    return {}


def _ask(addition: Addition) -> Given | None:
    """Show what was guessed and ask until the admin agrees, corrects or leaves the file out."""
    print_guess(addition)
    said: Given = {}
    while True:
        try:
            line = input("Enter: đúng · trường=giá trị (như title=…): sửa · k: bỏ tệp này > ").strip()
        except EOFError:
            return None
        if not line:
            return said
        if line.lower() == "k":
            return None
        name, _, value = (part.strip() for part in line.partition("="))
        if name not in _FIELDS or not value:
            print(f"Viết một trong các trường {', '.join(_FIELDS)}, dấu = và giá trị.")
            continue
        try:
            said |= _checked({**dict.fromkeys(_FIELDS, ""), name: value})
        except TracuuError as error:
            print(error)


def _agreed(addition: Addition, confirm: Confirm) -> Given | None:
    """Let only a file pass that speaks of the document it was fetched for; a scan may not show its number."""
    wanted = addition.given["number"]
    if not addition.speaks_of(wanted):
        raise ReadError(
            f"tải về từ {addition.given['url']} nhưng trong đó không thấy số hiệu {wanted}; tệp ở {addition.path}, hãy xem rồi tự thêm"
        )
    return confirm(addition)


def print_guess(addition: Addition) -> None:
    """Print what a file to add was taken for."""
    console = open_console()
    console.print(f"{addition.path.name}:", style="bold", soft_wrap=True)
    if len(addition.documents) > 1:
        console.print(f"  tuyển tập {len(addition.documents)} văn bản")
        return
    table = Table(show_header=False, box=None, padding=(0, 2))
    document = addition.documents[0]
    for name, word in _FIELDS.items():
        table.add_row(f"  {word}", getattr(document, name) or "(không thấy)", "(đã khai)" if name in addition.given else "")
    for what, word in _RELATIONS.items():
        numbers = [relation.number for relation in addition.parsed.relations if relation.what == what]
        if numbers:
            table.add_row(f"  {word}", ", ".join(numbers[:_LISTED]) + (" …" if len(numbers) > _LISTED else ""), "")
    table.add_row("  cách đọc", _how_read(document), "")
    console.print(table)
    for problem in addition.parsed.problems:
        console.print(f"  {problem}", style="yellow", soft_wrap=True)


def _how_read(document: Document) -> str:
    words = {"text": "lớp chữ của tệp", "ocr": "nhận dạng chữ (OCR)", "transcription": "bản gõ lại"}
    return f"{words[document.read_as]}, độ tin {document.confidence:.0%}"
