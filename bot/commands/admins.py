"""``tracuu admin``: who may come behind the admin page, on the machine itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from bot.audit import by_command
from bot.loading import load_settings
from bot.render import open_console
from bot.vietnamese import VietnameseTyper

if TYPE_CHECKING:
    from bot.web.admin.admins import Admins

admins = VietnameseTyper(help="Người quản trị: thêm, bỏ, đổi vai trò và mật khẩu của người được vào trang quản trị.")

Name = Annotated[str, typer.Argument(metavar="TÊN", help="Tên đăng nhập.")]
_ROLE_HELP = "đọc (chỉ xem), sửa (văn bản, dạy câu hỏi) hoặc chủ (cả người quản trị)."


@admins.command("add")
def add(name: Name, role: Annotated[str, typer.Option("--role", metavar="VAI_TRÒ", help=_ROLE_HELP)] = "sửa") -> None:
    """Thêm một người quản trị; hỏi mật khẩu, hoặc đọc một dòng của đầu vào chuẩn."""
    from bot.web.admin.admins import ROLES, role_of
    from bot.web.admin.passwords import ask_new

    chosen = role_of(role)
    with _opened() as kept:
        added = kept.add(name, chosen, ask_new())
    by_command("thêm người quản trị", f"{added.name} ({ROLES[added.role]})")
    print(f"Đã thêm {added.name}, vai trò {ROLES[added.role]}.")


@admins.command("list")
def show() -> None:
    """Liệt kê những người quản trị và vai trò của họ."""
    from bot.web.admin.admins import ROLES

    zone = ZoneInfo(load_settings().timezone)
    table = Table("Tên", "Vai trò", "Từ ngày")
    with _opened() as kept:
        for admin in kept.all():
            since = "mật khẩu của thiết lập" if admin.of_setting else datetime.fromtimestamp(admin.since, zone).strftime("%d/%m/%Y")
            table.add_row(admin.name, ROLES[admin.role], since)
    console = open_console()
    if table.row_count:
        console.print(table)
    else:
        console.print("Chưa có người quản trị nào; trang quản trị đang đóng. Để thêm: tracuu admin add TÊN --role chủ", soft_wrap=True)


@admins.command("role")
def change_role(name: Name, role: Annotated[str, typer.Argument(metavar="VAI_TRÒ", help=_ROLE_HELP)]) -> None:
    """Đổi vai trò của một người; có hiệu lực ngay."""
    from bot.web.admin.admins import ROLES, role_of

    chosen = role_of(role)
    with _opened() as kept:
        changed = kept.set_role(name, chosen)
    by_command("đổi vai trò", f"{changed.name}: {ROLES[changed.role]} → {ROLES[chosen]}")
    print(f"{changed.name} nay có vai trò {ROLES[chosen]}.")


@admins.command("password")
def change_password(name: Name) -> None:
    """Đặt mật khẩu mới cho một người; họ phải đăng nhập lại ở mọi thiết bị."""
    from bot.web.admin.passwords import ask_new

    with _opened() as kept:
        kept.named(name)  # a name that is none is said before a password is asked for
        changed = kept.set_password(name, ask_new())
    by_command("đặt lại mật khẩu", changed.name)
    print(f"Đã đổi mật khẩu của {changed.name}; mọi thiết bị của người này phải đăng nhập lại.")


@admins.command("remove")
def remove(name: Name) -> None:
    """Bỏ một người quản trị; họ bị đăng xuất ngay."""
    with _opened() as kept:
        removed = kept.remove(name)
    by_command("bỏ người quản trị", removed.name)
    print(f"Đã bỏ {removed.name}.")


@contextmanager
def _opened() -> Iterator[Admins]:
    from bot.web.admin.admins import Admins

    kept = Admins(load_settings())
    try:
        yield kept
    finally:
        kept.close()
