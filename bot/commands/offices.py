"""``tracuu office``: the offices of this service, on the machine itself."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from bot import settings
from bot.audit import by_command
from bot.commands.printing import print_library
from bot.render import open_console
from bot.vietnamese import VietnameseTyper
from rag.errors import TracuuError

if TYPE_CHECKING:
    from bot.offices.registry import Office, Registry
    from bot.settings import Settings

offices = VietnameseTyper(help="Các đơn vị dùng chung máy chủ này: mỗi đơn vị có văn bản, người quản trị, bot, địa chỉ của mình.")

Name = Annotated[str, typer.Argument(metavar="TÊN", help="Tên của đơn vị trong lệnh và địa chỉ, như ha-giang.")]
Title = Annotated[str, typer.Option("--name", metavar="TÊN_ĐẦY_ĐỦ", help="Tên người dân đọc, như “Sở GDĐT tỉnh Hà Giang”.")]
Place = Annotated[str, typer.Option("--place", metavar="NƠI", help="Người hỏi thuộc tỉnh, thành phố nào, như “tỉnh Hà Giang”.")]
Host = Annotated[str, typer.Option("--host", metavar="TÊN_MIỀN", help="Tên miền riêng, như hoidap.hagiang.edu.vn.")]
Path_ = Annotated[str, typer.Option("--path", metavar="ĐƯỜNG_DẪN", help="Mở ở /o/ĐƯỜNG_DẪN/ của máy chủ; không có --host thì là TÊN.")]


@offices.command("add")
def add(name: Name, title: Title = "", place: Place = "", host: Host = "", path: Path_ = "") -> None:
    """Thêm một đơn vị; máy chủ đang chạy nhận ra sau vài giây."""
    from bot.offices.registry import Office, corpus_of

    service = settings.of_service()
    with _opened() as registry:
        office = registry.add(Office(name, title.strip(), place.strip(), host.strip().lower(), path.strip().strip("/")))
    corpus = corpus_of(service.corpus, name)
    try:
        corpus.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TracuuError(f"Đã thêm đơn vị {name} nhưng không tạo được thư mục {corpus} ({error.strerror}). Hãy tạo thư mục đó.") from error
    by_command("thêm đơn vị", name)
    print(f"Đã thêm {office.title} ({name}): {_where(office)}.")
    print(f"Văn bản của đơn vị ở {corpus}; để thêm: tracuu --office {name} add TỆP")
    print(f"Người quản trị: tracuu --office {name} admin add TÊN --role chủ")


@offices.command("list")
def show_all() -> None:
    """Liệt kê các đơn vị và địa chỉ của chúng."""
    table = Table("Tên", "Đơn vị", "Nơi", "Địa chỉ")
    with _opened() as registry:
        for office in registry.all():
            table.add_row(office.name, office.title, office.place, _where(office))
    console = open_console()
    if table.row_count:
        console.print(table)
    else:
        console.print("Chưa có đơn vị nào; máy chủ này là của một đơn vị. Để thêm: tracuu office add TÊN --name “…”", soft_wrap=True)


@offices.command("show")
def show(name: Name) -> None:
    """Xem một đơn vị: địa chỉ, thư mục, thiết lập riêng (không in mã bí mật); thư viện chung."""
    from bot.library import library_now
    from bot.offices.registry import corpus_of, data_of

    service = settings.of_service()
    with _opened() as registry:
        office = registry.get(name)
    print(f"{office.title} ({name})")
    print(f"Nơi: {office.place or '(chưa nêu)'}")
    print(f"Địa chỉ: {_where(office)}")
    print(f"Văn bản: {corpus_of(service.corpus, name)}")
    print(f"Dữ liệu: {data_of(service.data, name)}")
    for key, value in sorted(office.settings.items()):
        print(f"{settings.PREFIX}{key.upper()}={'(đã đặt, không in ra)' if settings.is_secret(key) else value}")
    print_library(open_console(), library_now(service))


@offices.command("set")
def change(
    name: Name,
    values: Annotated[
        list[str] | None, typer.Argument(metavar="[BIẾN=GIÁ_TRỊ...]", help="Thiết lập riêng, như TELEGRAM_TOKEN=…; để trống giá trị: bỏ.")
    ] = None,
    title: Title = "",
    place: Annotated[str | None, typer.Option("--place", metavar="NƠI", help="Đổi nơi của người hỏi.")] = None,
    host: Annotated[str | None, typer.Option("--host", metavar="TÊN_MIỀN", help="Đổi tên miền; để trống: bỏ.")] = None,
    path: Annotated[str | None, typer.Option("--path", metavar="ĐƯỜNG_DẪN", help="Đổi đường dẫn; để trống: bỏ.")] = None,
) -> None:
    """Đặt thiết lập riêng của một đơn vị; đổi tên, nơi, địa chỉ. Máy chủ đang chạy nhận ra sau vài giây, bot thì phải mở lại."""
    from bot.offices.settings import with_settings

    given = dict(_pair(value) for value in values or [])
    if not given and not title.strip() and place is host is path is None:
        raise TracuuError("Không có gì để đổi: nêu BIẾN=GIÁ_TRỊ, --name, --place, --host hoặc --path.")

    def changed(office: Office) -> Office:
        office = with_settings(office, given, settings.of_service())
        office = replace(
            office,
            title=title.strip() or office.title,
            place=office.place if place is None else place.strip(),
            host=office.host if host is None else host.strip().lower(),
            path=office.path if path is None else path.strip().strip("/"),
        )
        if not office.host and not office.path:
            raise TracuuError("Đơn vị cần một địa chỉ: --host hoặc --path.")
        return office

    with _opened() as registry:
        office = registry.change(name, changed)
    by_command("đổi đơn vị", f"{name}: {', '.join(given) or 'tên, nơi, địa chỉ'}")
    print(f"Đã đổi {office.title} ({name}): {_where(office)}.")


@offices.command("remove")
def remove(
    name: Name, purge: Annotated[bool, typer.Option("--purge", help="Xóa hẳn cả văn bản và dữ liệu; phải gõ lại tên để xác nhận.")] = False
) -> None:
    """Bỏ một đơn vị khỏi máy chủ; văn bản và dữ liệu của nó vẫn còn, trừ khi có --purge."""
    from bot.offices.registry import corpus_of, data_of
    from bot.offices.settings import of_office

    service = settings.of_service()
    folders = data_of(service.data, name), corpus_of(service.corpus, name)
    with _opened() as registry:
        office = registry.get(name)
        if purge and input(f"Xóa hẳn văn bản và dữ liệu của {office.title}? Gõ lại “{name}” để xóa: ").strip() != name:
            raise TracuuError("Chưa xóa gì vì tên gõ lại không đúng.")
        if purge:  # its entry last: as long as something is left, the command can be given again
            _delete_all_of(of_office(service, office), folders)
        registry.remove(name)
    by_command("xóa hẳn đơn vị" if purge else "bỏ đơn vị", name)
    kept = "" if purge else f" Văn bản và dữ liệu vẫn ở {folders[1]} và {folders[0]}; thêm lại cùng tên thì dùng tiếp."
    print(f"Đã {'xóa hẳn' if purge else 'bỏ'} {office.title} ({name}).{kept}")


def _delete_all_of(office: Settings, folders: Iterable[Path]) -> None:
    from rag.storage import open_blobs

    office.state.forget()
    if office.store:
        open_blobs(office.store).forget()
    for folder in filter(Path.exists, folders):
        shutil.rmtree(folder)


@contextmanager
def _opened() -> Iterator[Registry]:
    from bot.offices.registry import Registry

    registry = Registry.of(settings.of_service())
    try:
        yield registry
    finally:
        registry.close()


def _pair(written: str) -> tuple[str, str]:
    name, sign, value = written.partition("=")
    if not sign or not name.strip():
        raise TracuuError(f"Viết BIẾN=GIÁ_TRỊ, như LLM=ollama:qwen3:8b; “{name[:40]}” thiếu dấu =.")
    return name, value


def _where(office: Office) -> str:
    return " và ".join(filter(None, (f"https://{office.host}" if office.host else "", f"{office.root}/" if office.root else "")))
