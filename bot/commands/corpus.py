"""The admins' verbs of ``tracuu`` on the documents: add, remove, fetch."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from bot.audit import by_command
from bot.commands.index import DryRun, Force
from bot.commands.printing import print_changes, print_report, print_signatures, print_skipped, progress_lines
from bot.document_facts import RELATIONS, doubts_of, facts_of
from bot.index_options import options
from bot.loading import load_settings
from bot.render import open_console
from bot.vietnamese import VietnameseCommand, VietnameseTyper
from ingest.given import FIELDS, Given, wrong_days
from rag.errors import ReadError, TracuuError
from rag.language.text import squeeze

if TYPE_CHECKING:
    from ingest.additions import Addition, Confirm, Outcome
    from ingest.fetch import Rules
    from ingest.source_files import Skipped
    from rag.documents import Document

shelf = VietnameseTyper()
_LISTED = 10

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Lấy đúng những gì đã đoán, không hỏi lại.")]


def said_option(name: str) -> typer.models.OptionInfo:
    """Return the option that says one fact of a document; an empty value says that it has none."""
    option: typer.models.OptionInfo = typer.Option(f"--{name}", metavar="GIÁ_TRỊ", help=f"Khai {FIELDS[name]} thay cho điều đoán được.")
    return option


class _Add(VietnameseCommand):
    """Its help ends with what can be read, which installed packages may add to."""

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401
        from ingest.readers import by_suffix, labels

        self.epilog = f"Đọc được {labels()} ({' '.join(sorted(by_suffix()))}), và tuyển tập .jsonl."
        super().format_help(ctx, formatter)


@shelf.command(cls=_Add)
def add(
    sources: Annotated[list[str], typer.Argument(metavar="TỆP|THƯ_MỤC|ĐỊA_CHỈ...", help="Tệp, thư mục hoặc địa chỉ https.")],
    yes: Yes = False,
    number: Annotated[str | None, said_option("number")] = None,
    kind: Annotated[str | None, said_option("kind")] = None,
    issuer: Annotated[str | None, said_option("issuer")] = None,
    issued: Annotated[str | None, said_option("issued")] = None,
    title: Annotated[str | None, said_option("title")] = None,
    effective: Annotated[str | None, said_option("effective")] = None,
    dry_run: DryRun = False,
    force: Force = False,
) -> int:
    """Thêm văn bản vào corpus và chỉ mục; hỏi lại những gì đoán được về mỗi văn bản."""
    from ingest.additions import expand
    from ingest.official_pages import fetch_document

    said = checked({"number": number, "kind": kind, "issuer": issuer, "issued": issued, "title": title, "effective": effective})
    urls = [source for source in sources if "://" in source]
    files, skipped = expand(Path(source) for source in sources if "://" not in source)
    if said and len(files) + len(urls) != 1:
        raise TracuuError("Chỉ khai --number, --title … khi thêm đúng một tệp.")
    with progress_lines() as progress:
        found: list[tuple[Path, Given]] = [(file, said) for file in files]
        for url in urls:
            try:
                path = fetch_document(url, load_settings().data / "fetched", _rules(), progress, number=number or "", issued=issued or "")
                found.append((path, {**said, "url": url}))
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

    chosen = load_settings()
    with progress_lines() as progress:
        outcome = take_out(chosen.corpus, chosen.data, number, options(force), progress, dry_run=dry_run)
    if outcome.preview:
        print_changes(outcome.preview.changes, "Không có gì thay đổi.")
        return
    by_command("bỏ văn bản", number)
    for kept in outcome.trash:
        print(f"Tệp được giữ ở {kept}")
    assert outcome.report is not None
    print_report(outcome.report)


@shelf.command()
def fetch(dry_run: DryRun = False, yes: Yes = False, force: Force = False) -> int:
    """Tải các văn bản còn thiếu mà catalog.yaml có địa chỉ (url, của tệp hoặc của trang), rồi thêm vào corpus và chỉ mục."""
    from ingest.additions import missing

    chosen = load_settings()
    with progress_lines() as progress:
        wanted = missing(chosen.corpus, chosen.data, progress)
    known = [document for document in wanted if document.url]
    if not known:
        print("Không có văn bản nào còn thiếu mà catalog.yaml có địa chỉ (url).")
        _print_unknown(wanted)
        return 0
    found, skipped = _fetched(known, dry_run)
    if dry_run:
        print_skipped(skipped)
        _print_unknown(wanted)
        return 1 if skipped else 0
    confirm = _accept if yes or not sys.stdin.isatty() else _ask
    try:
        return _add(found, lambda addition: _agreed(addition, confirm), skipped, False, force)
    finally:
        _print_unknown(wanted)


def _fetched(known: list[Document], dry_run: bool) -> tuple[list[tuple[Path, Given]], list[Skipped]]:
    """Download one document after the other; what cannot be had is named with the page to look at."""
    from time import sleep

    from ingest.fetch import allow
    from ingest.official_pages import fetch_document

    rules, folder = _rules(), load_settings().data / "fetched"
    found: list[tuple[Path, Given]] = []
    skipped: list[Skipped] = []
    with progress_lines() as progress:
        for position, document in enumerate(known):
            number, url = document.number, document.url
            try:
                allow(url, rules)
                if dry_run:
                    print(f"Sẽ tải {number} từ {url}")
                    continue
                if position:
                    sleep(rules.pause)
                path = fetch_document(url, folder, rules, progress, name=number, number=number, issued=document.issued)
                found.append((path, {"number": number, "url": url}))
            except ReadError as error:
                skipped.append((number, f"{error} Trang để xem: {url}"))
    return found, skipped


def _print_unknown(wanted: list[Document]) -> None:
    """Name the documents that are missing and have no address, by who issued them: that is where to look."""
    by_issuer: dict[str, list[str]] = {}
    for document in wanted:
        if not document.url:
            by_issuer.setdefault(document.issuer or "chưa rõ cơ quan ban hành", []).append(document.number)
    if by_issuer:
        print("Còn thiếu, danh mục chưa có địa chỉ; hãy tìm ở trang của cơ quan ban hành, rồi tracuu add TỆP|ĐỊA_CHỈ:")
    for issuer, numbers in by_issuer.items():
        print(f"  - {issuer}: {', '.join(numbers)}")


def _add(found: list[tuple[Path, Given]], confirm: Confirm, skipped: list[tuple[str, str]], dry_run: bool, force: bool) -> int:
    from ingest.additions import add as put_in

    chosen = load_settings()
    if not found:
        raise TracuuError(f"Không thêm được văn bản nào. {'; '.join(f'{name}: {reason}' for name, reason in skipped)}")
    with progress_lines() as progress:

        def ask(addition: Addition) -> Given | None:
            with progress.paused():
                return confirm(addition)

        outcome = put_in(chosen.corpus, chosen.data, found, ask, options(force), progress, dry_run=dry_run)
    outcome.skipped[:0] = skipped
    if outcome.report and (new := [addition.path.name for addition in outcome.additions if not addition.same]):
        by_command("thêm văn bản", *new)
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


def checked(said: dict[str, str | None]) -> Given:
    """Return what was said, of what was said at all. Raises ``TracuuError`` for a day that is none."""
    given = {name: squeeze(value) for name, value in said.items() if value is not None}
    if wrong := wrong_days(given):
        raise TracuuError(f"Giá trị của --{wrong[0]} phải là một ngày, viết năm-tháng-ngày như 2026-01-31.")
    return given


def _rules() -> Rules:
    from ingest.fetch import Rules

    chosen = load_settings()
    hosts = tuple(host.strip() for host in chosen.fetch_hosts.split(",") if host.strip())
    return Rules(hosts, chosen.fetch_megabytes * 1_000_000, chosen.fetch_pause, chosen.fetch_ca, chosen.fetch_loopback)


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
            return _confirmed(addition) | said
        if line.lower() == "k":
            return None
        name, sign, value = (part.strip() for part in line.partition("="))
        if name not in FIELDS or not sign:
            print(f"Viết một trong các trường {', '.join(FIELDS)}, dấu = và giá trị (để trống: văn bản không có).")
            continue
        try:
            said |= checked({name: value})
        except TracuuError as error:
            print(error)


def _confirmed(addition: Addition) -> Given:
    """What was doubtful and has been agreed to: then it is said, and no longer doubtful."""
    document = addition.documents[0]
    readings = {doubt.reading for doubt in document.doubts}
    return {name: value for name in FIELDS if (value := getattr(document, name)) in readings} if len(addition.documents) == 1 else {}


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
    for name, value in facts_of(document).items():
        table.add_row(f"  {FIELDS[name]}", value or "(không thấy)", "(đã khai)" if name in addition.given else "")
    for what, word in RELATIONS.items():
        numbers = [relation.number for relation in addition.parsed.relations if relation.what == what]
        if numbers:
            table.add_row(f"  {word}", ", ".join(numbers[:_LISTED]) + (" …" if len(numbers) > _LISTED else ""), "")
    table.add_row("  cách đọc", _how_read(document), "")
    console.print(table)
    chosen = load_settings()
    print_signatures(document, chosen.trust_roots, chosen.clock.today(), "  ")
    for problem in [*doubts_of(document), *addition.parsed.problems]:
        console.print(f"  {problem}", style="yellow", soft_wrap=True)


def _how_read(document: Document) -> str:
    words = {"text": "lớp chữ của tệp", "ocr": "nhận dạng chữ (OCR)", "transcription": "bản gõ lại"}
    return f"{words[document.read_as]}, độ tin {document.confidence:.0%}"
