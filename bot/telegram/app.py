"""``tracuu telegram``: the bot put together from its parts, and its running.

Updates come by long polling, or by webhook where the settings name a public address. Each is kept in the mailbox before
Telegram is told that it arrived; those of one chat are handled in order, those of different chats side by side.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from contextlib import suppress
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from filelock import FileLock, Timeout
from telegram import BotCommand, Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackContext,
    CallbackQueryHandler,
    CommandHandler,
    ExtBot,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot import settings
from bot.assistant import assistant_of
from bot.clock import Clock
from bot.conversations import Conversations
from bot.examples import Examples
from bot.journal import Journal
from bot.people import People
from bot.picks import Picks
from bot.telegram import asking, buttons, commands, inline, texts
from bot.telegram.faults import FaultDesk, Redacting, start_log
from bot.telegram.flood import FloodGate
from bot.telegram.incoming import Incoming, InOrder
from bot.telegram.mailbox import Mailbox
from bot.telegram.reminders import remind
from bot.telegram.sending import Sender
from bot.telegram.turn import CHANNEL, Desk, Turn
from bot.telegram.wire import CONNECTIONS, Limiter, Request, proxy_for
from bot.wordings import Wordings
from bot.workers import Workers
from rag.assistant import Assistant
from rag.errors import SettingError, TracuuError
from rag.finding.encoder import OFF

_log = logging.getLogger(__name__)
_TRIES = 3
_TICK = 20.0  # seconds between looks at the clock
_PRUNE_EVERY = 15  # ticks
_UPDATES_REPEAT = timedelta(days=3)  # Telegram keeps updates for one day
_BUTTONS_LAST = timedelta(days=180)
_KINDS = [Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY, Update.MY_CHAT_MEMBER]

TelegramApplication = Application[Any, Any, Any, Any, Any, Any]


def run() -> None:
    """Run the bot until it is stopped. Raises ``TracuuError`` where it cannot start."""
    chosen = settings.load()
    if chosen.telegram_token is None:
        raise SettingError("Thiếu TRACUU_TELEGRAM_TOKEN: mã mà @BotFather cấp khi tạo bot. Xem README, phần Telegram.")
    token = chosen.telegram_token.get_secret_value().strip()
    formatter = start_log(token)
    lock = FileLock(chosen.data / "telegram.lock")
    try:
        chosen.data.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise TracuuError(f"Bot Telegram đang chạy với {chosen.data}. Hãy dừng tiến trình đó trước.") from None
    try:
        application = build(chosen, token, formatter)
        _serve(application, chosen, token)
    except InvalidToken:
        raise SettingError("Telegram không nhận TRACUU_TELEGRAM_TOKEN. Hãy chép lại mã từ @BotFather.") from None
    finally:
        lock.release()


def build(chosen: settings.Settings, token: str, formatter: Redacting) -> TelegramApplication:
    """Return the application with everything connected, not yet running."""
    assistant = Assistant(chosen.data, encoder=OFF, today=chosen.today)  # it lists and shows; what is asked goes to the workers
    _ = assistant.snapshot
    clock = Clock(ZoneInfo(chosen.timezone), chosen.today)
    mailbox = Mailbox(chosen.data)
    people = People(chosen.data)
    finished: set[int] = set()
    proxy = proxy_for(chosen.telegram_api)
    application: TelegramApplication = (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{chosen.telegram_api}/bot")
        .request(Request(CONNECTIONS, proxy))
        .get_updates_request(Request(1, proxy))
        .rate_limiter(Limiter(chosen.telegram_per_second))
        .update_queue(Incoming(mailbox))
        .concurrent_updates(InOrder(mailbox, finished))
        .post_init(_started)
        .post_stop(_stopped)
        .build()
    )
    bot = application.bot
    assert isinstance(bot, ExtBot)
    desk = Desk(
        settings=chosen,
        clock=clock,
        assistant=assistant,
        conversations=Conversations(chosen.data),
        people=people,
        journal=Journal(chosen.data),
        picks=Picks(chosen.data),
        mailbox=mailbox,
        flood=FloodGate(chosen.questions_per_minute),
        workers=Workers(
            lambda: f"{assistant.snapshot.info.id} {clock.today()}",
            chosen.workers or (1 if chosen.encoder and chosen.encoder != OFF else None),  # a model is large: once is enough
        ),
        wordings=Wordings(assistant_of(chosen), chosen.llm_seconds) if chosen.llm else None,
        examples=Examples(assistant),
        bot=bot,
        sender=Sender(bot, mailbox, lambda chat: people.alias(f"{CHANNEL}:{chat}"), lambda chat: _no_reminders(people, chat)),
        finished=finished,
    )
    application.bot_data["desk"] = desk
    application.bot_data["faults"] = faults = FaultDesk(desk, formatter)
    _add_handlers(application, desk, faults)
    return application


def _add_handlers(application: TelegramApplication, desk: Desk, faults: FaultDesk) -> None:
    def handled(act: commands.Handler) -> Any:  # noqa: ANN401
        async def handle(update: Update, context: CallbackContext[Any, Any, Any, Any]) -> None:
            turn = Turn(desk, update)
            await act(turn)
            desk.finish(turn)

        return handle

    async def on_error(update: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
        await faults.on_error(update, context.error)

    async def on_member(turn: Turn) -> None:
        member = turn.update.my_chat_member
        if member and member.new_chat_member.status in ("kicked", "left"):
            _no_reminders(desk.people, turn.chat)

    from_people = filters.UpdateType.MESSAGE | filters.UpdateType.EDITED_MESSAGE
    for name, act in commands.COMMANDS.items():
        application.add_handler(CommandHandler(name, handled(act), filters=from_people))
    application.add_handlers(
        [
            MessageHandler(from_people & filters.COMMAND & filters.ChatType.PRIVATE, handled(commands.unknown)),
            MessageHandler(from_people & ~filters.COMMAND & ~filters.StatusUpdate.ALL, handled(asking.on_message)),
            CallbackQueryHandler(handled(buttons.on_press)),
            InlineQueryHandler(handled(inline.on_query)),
            TypeHandler(Update, handled(on_member)),
        ]
    )
    application.add_error_handler(on_error)


def _no_reminders(people: People, chat: int) -> None:
    people.set_reminders(f"{CHANNEL}:{chat}", "")


def _serve(application: TelegramApplication, chosen: settings.Settings, token: str) -> None:
    if not chosen.public_url:
        _log.info("Bot Telegram chạy bằng long polling")
        application.run_polling(allowed_updates=_KINDS, bootstrap_retries=-1, drop_pending_updates=False)
        return
    path = f"telegram/{derived(token, 'path')}"
    _log.info("Bot Telegram nhận tin qua webhook, nghe ở %s:%d", chosen.webhook_listen, chosen.webhook_port)
    application.run_webhook(
        listen=chosen.webhook_listen,
        port=chosen.webhook_port,
        url_path=path,
        webhook_url=f"{chosen.public_url}/{path}",
        secret_token=derived(token, "secret"),
        allowed_updates=_KINDS,
        bootstrap_retries=-1,
        drop_pending_updates=False,
    )


def derived(token: str, purpose: str) -> str:
    """Return a name that only who has the token can work out; it stays the same over restarts."""
    return hmac.new(token.encode(), purpose.encode(), hashlib.sha256).hexdigest()


async def _started(application: TelegramApplication) -> None:
    desk: Desk = application.bot_data["desk"]
    desk.name, desk.bot_id = application.bot.username, application.bot.id
    queue = application.update_queue
    assert isinstance(queue, Incoming)
    for payload, tries in desk.mailbox.unhandled():
        update = Update.de_json(json.loads(payload), application.bot)
        if tries > _TRIES:
            application.bot_data["faults"].give_up(update)
        else:
            queue.put_again(update)
    desk.sender.resume()
    desk.do_beside(_set_commands(application))
    application.bot_data["ticking"] = asyncio.create_task(_tick(desk))
    _log.info("Bot Telegram @%s đã sẵn sàng", desk.name)


async def _set_commands(application: TelegramApplication) -> None:
    try:
        await application.bot.set_my_commands([BotCommand(name, meaning) for name, meaning in texts.COMMANDS.items()])
    except TelegramError as error:
        _log.warning("Chưa đặt được danh sách lệnh: %s", error)


async def _tick(desk: Desk) -> None:
    """Look at the clock every few seconds: reminders, and forgetting what is old enough."""
    count = 0
    while True:
        try:
            if given := remind(desk):
                _log.info("Đã nhắc hạn cho %d người", given)
            if count % _PRUNE_EVERY == 0:
                prune(desk)
        except Exception:
            _log.exception("Lỗi khi nhắc hạn hoặc dọn dữ liệu cũ")
        count += 1
        await asyncio.sleep(_TICK)


def prune(desk: Desk) -> None:
    """Forget what is older than the settings allow."""
    chosen = desk.settings
    desk.conversations.prune(timedelta(minutes=chosen.conversation_minutes))
    desk.journal.prune(timedelta(days=chosen.keep_days))
    desk.picks.prune(timedelta(days=chosen.keep_days))
    desk.people.prune(timedelta(days=chosen.keep_people_days))
    desk.mailbox.prune(_UPDATES_REPEAT, _BUTTONS_LAST)


async def _stopped(application: TelegramApplication) -> None:
    desk: Desk = application.bot_data["desk"]
    application.bot_data["ticking"].cancel()
    with suppress(asyncio.CancelledError):
        await application.bot_data["ticking"]
    if desk.wordings:
        desk.wordings.close()
    await desk.sender.close()
    desk.workers.close()
    for store in (desk.conversations, desk.people, desk.journal, desk.picks, desk.mailbox):
        store.close()
    _log.info("Bot Telegram đã dừng")
