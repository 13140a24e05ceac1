"""What every chat channel does around its messages: open its desk, keep the clock, end cleanly, be the only one of its kind."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from functools import partial
from typing import Any, TypeVar

from anyio import to_thread
from filelock import FileLock, Timeout

from bot.examples import Examples
from bot.messenger.crew import Crew
from bot.messenger.delivery import Delivery
from bot.messenger.desk import Desk, Voice
from bot.messenger.flood import FloodGate
from bot.messenger.handling import Handle, Handling
from bot.messenger.mailbox import Mailbox
from bot.messenger.posting import Post
from bot.messenger.reminders import remind
from bot.messenger.runs import plain
from bot.service import Service
from bot.settings import Settings
from rag.errors import Disconnected, TracuuError

_log = logging.getLogger(__name__)
_TICK = 20.0  # seconds between looks at the clock
_PRUNE_EVERY = 15  # ticks
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 30.0
T = TypeVar("T")


@contextlib.contextmanager
def alone(chosen: Settings, channel: str, name: str) -> Iterator[None]:
    """Be the only program that runs a channel with this data, unless it is shared. Raises ``TracuuError`` where another does."""
    if chosen.database:
        yield
        return
    chosen.data.mkdir(parents=True, exist_ok=True)
    lock = FileLock(chosen.data / f"{channel}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise TracuuError(f"Bot {name} đang chạy với {chosen.data}. Hãy dừng tiến trình đó trước.") from None
    try:
        yield
    finally:
        lock.release()


async def open_desk(chosen: Settings, voice: Voice, post: Post, per_second: float, patience: float) -> Desk:
    """Return the desk of a channel, with everything open. Raises ``TracuuError`` without an index."""
    service = Service.apart(chosen)
    try:
        await to_thread.run_sync(service.make_ready)
        await service.in_use.catch_up()
    except BaseException:  # be it that the bot is stopped meanwhile
        service.close()
        raise
    people, mailbox, crew = service.kept.people, Mailbox(chosen.state, voice.channel), _crew(chosen, voice.channel, patience)

    def stop_reminders(chat: str) -> None:
        people.stop_reminders(f"{voice.channel}:{chat}")

    return Desk(
        service=service,
        mailbox=mailbox,
        flood=FloodGate(chosen.questions_per_minute),
        examples=Examples(service.assistant),
        voice=voice,
        crew=crew,
        delivery=Delivery(post, mailbox, crew, per_second, lambda chat: people.alias(f"{voice.channel}:{chat}"), stop_reminders),
    )


def _crew(chosen: Settings, channel: str, patience: float) -> Crew:
    if not chosen.database:
        return Crew()
    from bot.messenger.claims import Claims

    return Claims(chosen.state.server, chosen.state.schema(channel), patience)


@contextlib.asynccontextmanager
async def at_work(desk: Desk, handle: Handle, give_up: Handle) -> AsyncIterator[Handling]:
    """Handle what waits and what comes, deliver, remind and prune while inside; then end cleanly. The desk stays open."""
    put_aside = partial(desk.service.kept.journal.put_aside, desk.channel)
    desk.handling = handling = Handling(desk.mailbox, desk.crew, handle, give_up, put_aside)
    desk.crew.begin(handling, desk.delivery)
    ticking = asyncio.create_task(desk.crew.while_leading(lambda: _tick(desk)))
    try:
        yield handling
    finally:
        ticking.cancel()
        await asyncio.gather(ticking, return_exceptions=True)
        await handling.close()
        await desk.delivery.close()


def until_stopped(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run until SIGINT or SIGTERM, which end it cleanly, or until it raises."""

    async def run() -> None:
        task = asyncio.ensure_future(work())
        stopped = False

        def stop() -> None:
            nonlocal stopped
            stopped = True
            task.cancel()

        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop)
        try:
            await task
        except asyncio.CancelledError:
            if not stopped:
                raise

    asyncio.run(run())


def tell_next_time(desk: Desk, name: str, reason: str) -> None:
    """Tell the admin why a bot ended, as soon as it can: at the next start at the latest."""
    if admin := desk.admin_chat:
        try:
            desk.mailbox.commit(desk.voice.letters(admin, [plain(f"Bot {name} đã tự dừng: {reason}")]))
        except TracuuError as error:  # the reason for the end is told all the same
            _log.error("%s", error)


async def patiently(call: Callable[[], Awaitable[T]], patience: float, service: str, fails: type[Exception]) -> T:
    """Return what a call to a ``service`` returns, which ``fails`` for want of a network, within the ``patience``.

    Raises ``Disconnected``, and what else the call raises.
    """
    until, wait = time.monotonic() + patience, _FIRST_WAIT
    while True:
        try:
            return await call()
        except fails as error:
            if time.monotonic() > until:
                raise Disconnected(f"Đã {patience:.0f} giây không nối được với {service} ({error}): bot dừng.") from None
            _log.warning("Chưa nối được với %s (%s): thử lại sau %.0f giây", service, error, wait)
        await asyncio.sleep(wait)
        wait = min(wait * 2, _LONGEST_WAIT)


async def _tick(desk: Desk) -> None:
    """Look at the clock every few seconds: reminders, and forgetting what is old enough."""
    count = 0
    while True:
        try:
            await desk.service.in_use.catch_up()
            if given := remind(desk):
                _log.info("Đã nhắc hạn cho %d người", given)
            if count % _PRUNE_EVERY == 0:
                desk.prune()
        except Exception:
            _log.exception("Lỗi khi nhắc hạn hoặc dọn dữ liệu cũ")
        count += 1
        await asyncio.sleep(_TICK)
