"""``tracuu telegram``: the bot put together from its parts, and its running.

Updates come by long polling, or by webhook where the settings name a public address. Each is kept in the mailbox before
Telegram is told that it arrived; those of one chat are handled in order, those of different chats side by side.
"""

from __future__ import annotations

import asyncio
import json
import logging
from functools import partial

from telegram import Bot, BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats, Update
from telegram.error import InvalidToken, TelegramError

from bot import settings
from bot.loading import load_settings
from bot.messenger import texts
from bot.messenger.desk import Desk
from bot.messenger.faults import FaultDesk, Redacting, start_log
from bot.messenger.http import proxy_for
from bot.messenger.mailbox import Update as Kept
from bot.messenger.running import alone, at_work, open_desk, tell_next_time, until_stopped
from bot.messenger.side_by_side import until_one_ends
from bot.messenger.webhook import Receiver, answer, derived, has_secret, listen
from bot.telegram.exchange import CHANNEL, Telegram, TelegramExchange
from bot.telegram.incoming import Incoming, read
from bot.telegram.messages import answer as answer_update
from bot.telegram.polling import Polling, patiently
from bot.telegram.post import TelegramPost
from bot.telegram.wire import CONNECTIONS, Request
from rag.errors import DatabaseAway, Disconnected, SettingError

_log = logging.getLogger(__name__)
_KINDS = [Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY, Update.MY_CHAT_MEMBER]
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


def run() -> None:
    """Run the bot until it is stopped. Raises ``TracuuError`` where it cannot start or go on."""
    chosen = load_settings()
    if chosen.telegram_token is None:
        raise SettingError("Thiếu TRACUU_TELEGRAM_TOKEN: mã mà @BotFather cấp khi tạo bot. Xem docs/quan-tri/telegram.md.")
    token = chosen.telegram_token.get_secret_value().strip()
    formatter = start_log(token)
    with alone(chosen, CHANNEL, "Telegram"):
        until_stopped(lambda: _run(chosen, token, formatter))


async def _run(chosen: settings.Settings, token: str, formatter: Redacting) -> None:
    proxy = proxy_for(chosen.telegram_api)
    polls = Request(1, proxy)
    bot = _bot(chosen, token, polls, proxy)
    telegram = Telegram(bot)
    desk = await open_desk(chosen, telegram, TelegramPost(bot), chosen.telegram_per_second, chosen.telegram_patience)
    try:
        await patiently(bot.initialize, chosen.telegram_patience)
        desk.name = bot.username
        await _serve(desk, telegram, polls, FaultDesk(desk, formatter), token)
    except (Disconnected, SettingError) as error:
        tell_next_time(desk, "Telegram", str(error))
        raise
    finally:
        desk.close()
        await bot.shutdown()


def _bot(chosen: settings.Settings, token: str, polls: Request, proxy: str | None) -> Bot:
    try:
        return Bot(token, base_url=f"{chosen.telegram_api}/bot", request=Request(CONNECTIONS, proxy), get_updates_request=polls)
    except InvalidToken:
        raise SettingError("Telegram không nhận TRACUU_TELEGRAM_TOKEN. Hãy chép lại mã từ @BotFather.") from None


async def _serve(desk: Desk, telegram: Telegram, polls: Request, faults: FaultDesk, token: str) -> None:
    bot = telegram.bot

    async def handle(kept: Kept) -> None:
        exchange = TelegramExchange(desk, telegram, read(kept.body, bot), kept.id)
        try:
            await desk.service.in_use.catch_up()
            await answer_update(exchange)
        except DatabaseAway:  # the update is handled again
            raise
        except Exception as error:
            faults.on_error(exchange, error, can_say=_is_to_be_answered(exchange))
        desk.finish(exchange)

    async def give_up(kept: Kept) -> None:
        exchange = TelegramExchange(desk, telegram, read(kept.body, bot), kept.id)
        faults.give_up(exchange, can_say=exchange.is_private and _is_to_be_answered(exchange))
        desk.finish(exchange)

    async with at_work(desk, handle, give_up) as handling:
        incoming = Incoming(bot, desk, handling)
        desk.do_beside(_set_commands(bot))
        _log.info("Bot Telegram @%s đã sẵn sàng", desk.name)
        if desk.service.settings.public_url:
            await _be_told(desk, bot, incoming, token)
        else:
            await _ask(desk, bot, polls, incoming)


async def _ask(desk: Desk, bot: Bot, polls: Request, incoming: Incoming) -> None:
    _log.info("Bot Telegram chạy bằng long polling")
    patience = desk.service.settings.telegram_patience

    async def poll() -> None:
        await patiently(bot.delete_webhook, patience)
        await Polling(bot, polls, _KINDS, incoming.take, patience).run()

    await until_one_ends(desk.crew.attend(), desk.crew.while_leading(poll))


async def _be_told(desk: Desk, bot: Bot, incoming: Incoming, token: str) -> None:
    chosen, path = desk.service.settings, f"/telegram/{derived(token, 'path')}"
    listening = listen(chosen.webhook_listen, chosen.webhook_port, "TRACUU_WEBHOOK_PORT")

    async def take(body: bytes) -> None:
        try:
            incoming.take(json.loads(body))
        except (ValueError, RecursionError):
            incoming.take(None)

    secret = derived(token, "secret")
    receiving = answer(Receiver(path, has_secret(_SECRET_HEADER, secret), take), listening)
    serving = asyncio.create_task(until_one_ends(desk.crew.attend(), receiving))
    _log.info("Bot Telegram nhận tin qua webhook, nghe ở %s:%d", chosen.webhook_listen, chosen.webhook_port)
    setting = partial(bot.set_webhook, f"{chosen.public_url}{path}", allowed_updates=_KINDS, secret_token=secret)
    await patiently(setting, chosen.telegram_patience)
    await serving


def _is_to_be_answered(exchange: TelegramExchange) -> bool:
    return bool(exchange.update.effective_message) and not exchange.update.callback_query


async def _set_commands(bot: Bot) -> None:
    everything = [BotCommand(name, meaning) for name, meaning in texts.COMMANDS.items()]
    in_groups = [BotCommand(name, texts.COMMANDS[name]) for name in texts.IN_GROUPS]
    try:
        await bot.set_my_commands(everything, BotCommandScopeAllPrivateChats())
        await bot.set_my_commands(in_groups, BotCommandScopeAllGroupChats())
    except TelegramError as error:
        _log.warning("Chưa đặt được danh sách lệnh: %s", error)
