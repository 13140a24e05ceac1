"""``tracuu zalo-oa-login``: the admin of a Zalo Official Account lets the bot speak for it."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from bot import settings
from bot.audit import by_command
from bot.loading import load_settings
from bot.vietnamese import VietnameseTyper
from rag.errors import SettingError

if TYPE_CHECKING:
    from bot.zalo.oauth import App

zalo_login = VietnameseTyper()


@zalo_login.command("zalo-oa-login")
def log_in() -> None:
    """Đăng nhập Zalo Official Account: mở đường dẫn được in ra, cho phép, rồi dán địa chỉ mà Zalo chuyển tới."""
    from bot.zalo.oauth import Permission, app_of

    chosen = load_settings()
    app = app_of(chosen)
    if not chosen.zalo_oa_callback:
        raise SettingError("Thiếu TRACUU_ZALO_OA_CALLBACK, địa chỉ callback đã khai trong ứng dụng ở developers.zalo.me.")
    permission = Permission(app, chosen.zalo_oa_callback)
    print("Mở đường dẫn này bằng tài khoản quản trị của Official Account rồi bấm cho phép:", permission.url, sep="\n")
    print("Dán địa chỉ mà Zalo chuyển tới (hoặc riêng mã code), trong vòng 10 phút:", flush=True)
    code = permission.code(sys.stdin.readline())
    asyncio.run(_exchange(chosen, app, code, permission.verifier))
    by_command("đăng nhập Zalo OA")
    print("Đã đăng nhập Zalo OA. Bot đang chạy sẽ dùng ngay, không cần mở lại.")


async def _exchange(chosen: settings.Settings, app: App, code: str, verifier: str) -> None:
    from bot.messenger.http import open_session, proxy_for
    from bot.zalo.tokens import Tokens

    seed = chosen.zalo_oa_refresh_token
    tokens = Tokens(chosen.state, app, seed.get_secret_value().strip() if seed else "", print)
    try:
        async with open_session(1, proxy_for(app.address)) as session:
            await tokens.log_in(session, code, verifier)
    finally:
        tokens.close()
