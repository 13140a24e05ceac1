"""The admins' verbs of ``tracuu`` that keep an office safe: backup, restore."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import settings
from bot.audit import by_command
from bot.commands.index import DryRun, Force
from bot.commands.printing import print_changes, print_report, print_skipped, progress_lines
from bot.index_options import WAIT, options
from bot.loading import load_settings
from bot.render import open_console
from bot.vietnamese import VietnameseTyper
from rag.errors import TracuuError
from rag.storage import State

if TYPE_CHECKING:
    from ingest.archive import Manifest

safekeeping = VietnameseTyper()


@safekeeping.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="Tệp sao lưu sẽ được ghi, như /mnt/usb/tracuu.zip.")],
    force: Annotated[bool, typer.Option("--force", help="Ghi đè lên tệp sao lưu đã có.")] = False,
) -> int:
    """Sao lưu văn bản, danh mục, ngân hàng câu hỏi, hội thoại, thống kê và thiết lập (không có mật khẩu, khóa) vào một tệp."""
    from bot.offices import registry
    from ingest.backup import Environment, back_up

    chosen = load_settings()
    environment = Environment(*settings.portable(), {registry.FILE: registry.without_secrets})
    with progress_lines() as progress:
        manifest = back_up(chosen.corpus, chosen.data, file, environment, force=force, wait=WAIT, progress=progress)
    print(f"Đã sao lưu {_amount(manifest)} vào {file}. Chỉ mục không nằm trong đó: tracuu restore lập lại.")
    _print_secrets("Không ghi vào tệp, hãy giữ riêng", manifest)
    _print_server(
        chosen.state,
        "KHÔNG nằm trong tệp này: hội thoại, thống kê, hộp thư, người quản trị, câu đã dạy ở PostgreSQL. Hãy sao lưu chúng bằng "
        f"pg_dump, như: pg_dump --format=custom --file={file}.pgdump ĐỊA_CHỈ (địa chỉ trong TRACUU_DATABASE)",
    )
    print_skipped(manifest.left_out)
    return 1 if manifest.left_out else 0


@safekeeping.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="Tệp mà tracuu backup đã ghi.")],
    dry_run: DryRun = False,
    force: Force = False,
) -> int:
    """Khôi phục từ một tệp sao lưu và lập lại chỉ mục; những gì đang có được giữ lại trong TRACUU_DATA/trash."""
    from ingest.exchange import SETTINGS
    from ingest.restoring import restore as put_back

    if not file.is_file():
        raise TracuuError(f"Không có tệp {file}. Không có gì thay đổi.")
    chosen = load_settings()
    with progress_lines() as progress:
        restored = put_back(file, chosen.corpus, chosen.data, options(force), progress, dry_run=dry_run)
    manifest = restored.manifest
    if restored.preview:
        print(f"Tệp sao lưu nguyên vẹn: {_amount(manifest)}, ghi lúc {manifest.created}. Các văn bản sẽ đổi:")
        print_changes(restored.preview.changes, "Không văn bản nào thay đổi.")
        print_skipped(restored.preview.skipped)
        return 1 if restored.preview.skipped else 0
    assert restored.report is not None
    by_command("khôi phục từ tệp sao lưu", f"{file.name}, ghi lúc {manifest.created}")
    print(f"Đã khôi phục {_amount(manifest)}, ghi lúc {manifest.created}.")
    print(f"Những gì có trước đó được giữ ở {restored.kept}")
    print(f"Thiết lập lúc sao lưu, để xem và đặt lại: {chosen.data / SETTINGS}")
    _print_secrets("Phải tự đặt lại", manifest)
    _print_server(
        chosen.state,
        "Hội thoại, thống kê, hộp thư, người quản trị, câu đã dạy ở PostgreSQL vẫn như trước; để khôi phục chúng: dừng serve và các bot, "
        "rồi pg_restore --clean --if-exists --dbname=ĐỊA_CHỈ TỆP.pgdump",
    )
    print_report(restored.report)
    return 1 if restored.report.skipped else 0


def _amount(manifest: Manifest) -> str:
    return f"{len(manifest.files)} tệp, {manifest.size / 1e6:.1f} MB".replace(".", ",")


def _print_server(state: State, line: str) -> None:
    """Say what a backup is not, where the state is on a server."""
    if state.server:
        open_console().print(line, style="bold yellow", soft_wrap=True)


def _print_secrets(what: str, manifest: Manifest) -> None:
    if manifest.secrets:
        open_console().print(f"{what}: {', '.join(manifest.secrets)}", style="bold yellow", soft_wrap=True)
