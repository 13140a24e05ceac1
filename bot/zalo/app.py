"""``tracuu zalo``: the bot of the Zalo Bot Platform, put together from its parts, and its running.

Messages come by long polling, or by webhook where the settings name a public address.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any
from zoneinfo import ZoneInfo

from bot import settings
from bot.loading import load_settings
from bot.messenger.commands import COMMANDS
from bot.messenger.desk import Desk
from bot.messenger.faults import FaultDesk, Redacting, start_log
from bot.messenger.posting import Letter, NotDelivered
from bot.messenger.running import alone, at_work, open_desk, patiently, tell_next_time, until_stopped
from bot.messenger.side_by_side import until_one_ends
from bot.messenger.webhook import Receiver, answer, derived, has_secret, listen
from bot.zalo.exchange import Zalo
from bot.zalo.incoming import key, parse, read
from bot.zalo.platform import Bot, Platform
from bot.zalo.polling import poll
from bot.zalo.post import CountedPost
from bot.zalo.quota import Quota
from bot.zalo.serving import Intake, Telling, handlers
from rag.errors import Disconnected, SettingError

_log = logging.getLogger(__name__)
CHANNEL = "zalo"
SECRET_HEADER = "X-Bot-Api-Secret-Token"


def run() -> None:
    """Run the bot until it is stopped. Raises ``TracuuError`` where it cannot start or go on."""
    chosen = load_settings()
    if chosen.zalo_token is None:
        raise SettingError("Thiếu TRACUU_ZALO_TOKEN: mã mà Zalo Bot Creator cấp khi tạo bot. Xem docs/quan-tri/zalo.md.")
    token = chosen.zalo_token.get_secret_value().strip()
    formatter = start_log(token)
    with alone(chosen, CHANNEL, "Zalo"):
        until_stopped(lambda: _run(chosen, token, formatter))


async def _run(chosen: settings.Settings, token: str, formatter: Redacting) -> None:
    async with Platform(chosen.zalo_api, token) as platform:
        quota = Quota(chosen.state, CHANNEL, chosen.zalo_monthly, ZoneInfo(chosen.timezone))
        try:
            await _serve(chosen, platform, quota, token, formatter)
        finally:
            quota.close()


async def _serve(chosen: settings.Settings, platform: Platform, quota: Quota, token: str, formatter: Redacting) -> None:
    async def typing(chat: str) -> None:
        await platform.send(Letter(chat, "sendChatAction", {"action": "typing"}))

    zalo = Zalo(CHANNEL, chosen.zalo_chars, quota, typing)
    tell = Telling()
    counted = CountedPost(platform.send, quota, chosen.zalo_admin_chat, tell)
    desk = tell.desk = await open_desk(chosen, zalo, counted, chosen.zalo_per_second, chosen.zalo_patience)
    try:
        me = await patiently(platform.me, chosen.zalo_patience, "Zalo", NotDelivered)
        desk.name = me.name
        handle, give_up = handlers(desk, zalo, lambda raw: read(raw, me), FaultDesk(desk, formatter), COMMANDS)
        async with at_work(desk, handle, give_up) as handling:
            intake = Intake(CHANNEL, desk.mailbox, desk.service.kept.journal, handling)
            _log.info("Bot Zalo đã sẵn sàng")
            if chosen.public_url:
                await _be_told(desk, platform, me, intake, token)
            else:
                await _ask(desk, platform, me, intake)
    except Disconnected as error:
        tell_next_time(desk, "Zalo", str(error))
        raise
    finally:
        desk.close()


async def _ask(desk: Desk, platform: Platform, me: Bot, intake: Intake) -> None:
    chosen = desk.service.settings
    _log.info("Bot Zalo chạy bằng long polling")

    async def take(key: str, raw: dict[str, Any]) -> bool:
        intake.take(key, raw, read(raw, me))
        return True

    async def ask() -> None:
        await patiently(platform.delete_webhook, chosen.zalo_patience, "Zalo", NotDelivered)
        await poll(platform, take, chosen.zalo_poll_pause, chosen.zalo_poll_seconds, chosen.zalo_patience)

    await until_one_ends(desk.crew.attend(), desk.crew.while_leading(ask))


async def _be_told(desk: Desk, platform: Platform, me: Bot, intake: Intake, token: str) -> None:
    chosen = desk.service.settings
    path = f"/zalo/{derived(token, 'path')}"
    given = chosen.zalo_webhook_secret
    secret = given.get_secret_value() if given else derived(token, "secret")
    listening = listen(chosen.webhook_listen, chosen.zalo_webhook_port, "TRACUU_ZALO_WEBHOOK_PORT")

    async def take(body: bytes) -> None:
        raw = parse(body)
        if raw is None:
            intake.put_aside("không phải JSON")
        else:
            intake.take(key(raw), raw, read(raw, me))

    receiving = answer(Receiver(path, has_secret(SECRET_HEADER, secret), take), listening)
    serving = asyncio.create_task(until_one_ends(desk.crew.attend(), receiving))
    _log.info("Bot Zalo nhận tin qua webhook, nghe ở %s:%d", chosen.webhook_listen, chosen.zalo_webhook_port)
    url = f"{chosen.public_url}{path}"
    await patiently(lambda: platform.set_webhook(url, secret), chosen.zalo_patience, "Zalo", NotDelivered)
    await serving
