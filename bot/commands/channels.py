"""The channels of our own, as an entry point names them; what a channel needs is imported where it is run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from bot.commands.zalo import zalo_login
from bot.settings_reading import ChannelSettings
from bot.vietnamese import VietnameseTyper


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A ``Channel``; what it is set to stands in ``bot.settings``."""

    verbs: typer.Typer
    settings: type[ChannelSettings] | None = None


telegram, zalo, zalo_oa, web, mcp = (BuiltIn(VietnameseTyper()) for _ in range(5))
zalo_oa.verbs.add_typer(zalo_login)


@telegram.verbs.command("telegram")
def run_telegram() -> None:
    """Chạy bot Telegram (cần TRACUU_TELEGRAM_TOKEN) cho đến khi dừng bằng Ctrl-C."""
    from bot.telegram.app import run

    run()


@zalo.verbs.command("zalo")
def run_zalo() -> None:
    """Chạy bot Zalo (cần TRACUU_ZALO_TOKEN) cho đến khi dừng bằng Ctrl-C."""
    from bot.zalo.app import run

    run()


@zalo_oa.verbs.command("zalo-oa")
def run_zalo_oa() -> None:
    """Chạy bot của Zalo Official Account (cần các biến TRACUU_ZALO_OA_…) cho đến khi dừng bằng Ctrl-C."""
    from bot.zalo.oa_app import run

    run()


@web.verbs.command()
def serve(
    host: Annotated[str | None, typer.Option(metavar="ĐỊA_CHỈ", help="Nghe ở địa chỉ này thay cho TRACUU_WEB_LISTEN.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, metavar="CỔNG", help="Nghe ở cổng này thay cho TRACUU_WEB_PORT.")] = None,
) -> int:
    """Mở trang web và API cho đến khi dừng bằng Ctrl-C."""
    from bot.web.serve import serve as run_server

    return run_server(host, port)


@web.verbs.command("hash-password")
def hash_password() -> None:
    """Băm mật khẩu của trang quản trị cho TRACUU_ADMIN_PASSWORD_HASH."""
    from bot.web.admin.passwords import ask_new, hash_of

    print(hash_of(ask_new()))


@web.verbs.command("api-key")
def api_key(name: Annotated[str, typer.Argument(metavar="TÊN", help="Khóa này của ai, như “truong-a”.")]) -> None:
    """Tạo một khóa API: in ra khóa để giao, và mã băm để thêm vào TRACUU_API_KEYS."""
    from bot.web.keys import new_key

    key, kept = new_key(name)
    print(f"Khóa (giao cho người dùng, không xem lại được): {key}")
    print(f"Thêm vào TRACUU_API_KEYS: {kept}")


@mcp.verbs.command("mcp")
def run_mcp() -> None:
    """Phục vụ trợ lý AI qua giao thức MCP trên đầu vào, đầu ra chuẩn, cho đến khi đầu vào đóng."""
    from bot.mcp.standard import serve as serve_mcp

    serve_mcp()
