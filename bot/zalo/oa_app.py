"""``tracuu zalo-oa``: the bot of an Official Account. Zalo brings what people write, waits two seconds, and is answered later."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot import settings
from bot.loading import load_settings
from bot.messenger.desk import Desk
from bot.messenger.faults import FaultDesk, Redacting, start_log
from bot.messenger.posting import Unreachable
from bot.messenger.running import alone, at_work, open_desk, tell_next_time, until_stopped
from bot.messenger.side_by_side import until_one_ends
from bot.messenger.webhook import Receiver, answer, listen
from bot.repeating import again_and_again
from bot.zalo.events import Event, Ignored, Signature, Unreadable
from bot.zalo.events import read as read_event
from bot.zalo.exchange import Zalo
from bot.zalo.oa import COMMANDS, message_of, read
from bot.zalo.oauth import App, app_of
from bot.zalo.official import OfficialAccount
from bot.zalo.quota import Quota
from bot.zalo.serving import Intake, Telling, handlers
from bot.zalo.tokens import LOG_IN, LoggedOut, Tokens
from bot.zalo.windows import Allowed, Paid, Rules, Windows
from rag.errors import Disconnected, SettingError

_log = logging.getLogger(__name__)
CHANNEL = "zalo_oa"
PATH = "/zalo-oa"
_PRUNE_EVERY, _LOOK_EVERY = 3600.0, 30.0  # seconds


def run() -> None:
    """Run the bot until it is stopped. Raises ``TracuuError`` where it cannot start or go on."""
    chosen = load_settings()
    app = app_of(chosen)
    if chosen.zalo_oa_secret_key is None:
        raise SettingError(
            "Thiếu TRACUU_ZALO_OA_SECRET_KEY: OA Secret Key, chép từ ứng dụng ở developers.zalo.me. Xem docs/quan-tri/zalo.md."
        )
    key = chosen.zalo_oa_secret_key.get_secret_value().strip()
    seed = chosen.zalo_oa_refresh_token.get_secret_value().strip() if chosen.zalo_oa_refresh_token else ""
    formatter = start_log(app.secret, key, seed)
    signature = Signature(app.id, key, timedelta(hours=chosen.zalo_oa_oldest_hours))
    with alone(chosen, CHANNEL, "Zalo OA"):
        until_stopped(lambda: _run(chosen, app, seed, signature, formatter))


async def _run(chosen: settings.Settings, app: App, seed: str, signature: Signature, formatter: Redacting) -> None:
    tell, zalo = Telling(), Zalo(CHANNEL, chosen.zalo_chars)
    rules = Rules(timedelta(hours=chosen.zalo_oa_free_hours), timedelta(days=chosen.zalo_oa_closed_days), chosen.zalo_oa_replies)
    windows = Windows(chosen.state, rules)
    tokens = Tokens(chosen.state, app, seed, tell)
    quota = Quota(chosen.state, CHANNEL, chosen.zalo_oa_monthly, ZoneInfo(chosen.timezone))
    try:
        async with OfficialAccount(
            chosen.zalo_oa_api, tokens, windows, quota, tell, pays=chosen.zalo_oa_pays, pause=chosen.zalo_oa_pause
        ) as official:
            await _log_in(official)
            desk = tell.desk = await open_desk(chosen, zalo, official, chosen.zalo_oa_per_second, chosen.zalo_patience)
            try:
                await _serve(desk, zalo, official, windows, signature, FaultDesk(desk, formatter))
            except Disconnected as error:
                tell_next_time(desk, "Zalo OA", str(error))
                raise
            finally:
                desk.close()
    finally:
        for store in (windows, tokens, quota):
            store.close()


async def _log_in(official: OfficialAccount) -> None:
    try:
        await official.log_in()
    except LoggedOut as error:
        raise SettingError(f"Official Account chưa đăng nhập được ({error}). {LOG_IN}") from None
    except Unreachable as error:
        _log.warning("Chưa nối được với Zalo (%s); tin tới vẫn được giữ", error)


async def _serve(desk: Desk, zalo: Zalo, official: OfficialAccount, windows: Windows, signature: Signature, faults: FaultDesk) -> None:
    chosen = desk.service.settings
    listening = listen(chosen.webhook_listen, chosen.zalo_oa_webhook_port, "TRACUU_ZALO_OA_WEBHOOK_PORT")
    desk.name = "Tra Cứu"
    desk.may_remind = lambda chat: _may_remind(windows, chat, pays=chosen.zalo_oa_pays)
    handle, give_up = handlers(desk, zalo, read, faults, COMMANDS)
    async with at_work(desk, handle, give_up) as handling:
        intake = Intake(CHANNEL, desk.mailbox, desk.service.kept.journal, handling)

        async def take(body: bytes) -> None:
            _take(body, desk, windows, intake)

        _log.info("Zalo OA đã sẵn sàng, nghe ở %s:%d", chosen.webhook_listen, chosen.zalo_oa_webhook_port)
        await until_one_ends(
            desk.crew.attend(),
            answer(Receiver(PATH, signature.is_genuine, take), listening),
            desk.crew.while_leading(lambda: _look(official, chosen.zalo_patience)),
            desk.crew.while_leading(lambda: again_and_again(partial(_prune, windows), _PRUNE_EVERY, "Lỗi khi dọn hạn nhắn tin cũ")),
        )


async def _look(official: OfficialAccount, patience: float) -> None:
    """See to it that the account can be spoken for; the login is renewed also while nobody writes."""
    while True:
        await official.look(patience)
        await asyncio.sleep(min(_LOOK_EVERY, patience))


def _take(body: bytes, desk: Desk, windows: Windows, intake: Intake) -> None:
    """Keep an event before Zalo is told that it came."""
    match read_event(body):
        case Unreadable(reason):
            intake.put_aside(reason)
        case Ignored():
            return
        case Event() as event:
            if event.is_action:
                windows.acted(event.user, event.at)
            elif event.name == "unfollow":
                windows.forget(event.user)
                desk.service.kept.people.stop_reminders(f"{CHANNEL}:{event.user}")
            if message := message_of(event):
                intake.take(event.key, json.loads(body), message)


def _may_remind(windows: Windows, chat: str, *, pays: bool) -> bool:
    verdict = windows.may_send(chat, time.time())
    return isinstance(verdict, Allowed) or (pays and isinstance(verdict, Paid))


async def _prune(windows: Windows) -> None:
    windows.prune(time.time())
