"""What the two channels of Zalo's do alike: handle what is kept, keep what comes, be called by a webhook."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from bot.journal import Journal
from bot.messenger.commands import Handler
from bot.messenger.desk import Desk
from bot.messenger.faults import FaultDesk
from bot.messenger.handling import Handle, Handling
from bot.messenger.mailbox import Mailbox, Update
from bot.messenger.runs import plain
from bot.zalo.exchange import Zalo, ZaloExchange
from bot.zalo.incoming import Message, Unreadable
from bot.zalo.messages import answer
from rag.errors import DatabaseAway, TracuuError

_log = logging.getLogger(__name__)
_OLDEST = 7 * 24 * 3600.0  # seconds: what is repeated for longer than ids are kept would be answered anew

Read = Callable[[Any], Message | Unreadable | None]


def handlers(desk: Desk, zalo: Zalo, read: Read, faults: FaultDesk, known: Mapping[str, Handler]) -> tuple[Handle, Handle]:
    """Return what handles an update, and what gives it up."""

    async def handle(kept: Update) -> None:
        exchange = _exchange(kept)
        try:
            await desk.service.in_use.catch_up()
            await answer(exchange, known)
        except DatabaseAway:  # the update is handled again
            raise
        except Exception as error:
            faults.on_error(exchange, error, can_say=True)
        _finish(exchange)

    async def give_up(kept: Update) -> None:
        exchange = _exchange(kept)
        faults.give_up(exchange, can_say=exchange.is_private)
        _finish(exchange)

    def _exchange(kept: Update) -> ZaloExchange:
        message = read(json.loads(kept.body))
        assert isinstance(message, Message)  # nothing else is kept for an answer
        return ZaloExchange(desk, zalo, kept.id, message)

    def _finish(exchange: ZaloExchange) -> None:
        exchange.settle()
        desk.finish(exchange)

    return handle, give_up


class Intake:
    """Takes in what the channel brings: kept once, in the form in which it came."""

    def __init__(self, channel: str, mailbox: Mailbox, journal: Journal, handling: Handling) -> None:
        self._channel = channel
        self._mailbox = mailbox
        self._journal = journal
        self._handling = handling

    def take(self, key: str, raw: Any, message: Message | Unreadable | None) -> None:  # noqa: ANN401 (whatever came)
        """Keep an update. Raises ``TracuuError`` where it cannot be kept, and then it has to come again."""
        if isinstance(message, Message) and time.time() - message.at < _OLDEST:
            self._handling.take(Update(key, message.chat, json.dumps(raw, ensure_ascii=False)))
        elif self._mailbox.note(key) and isinstance(message, Unreadable):
            self.put_aside(message.reason)

    def put_aside(self, reason: str) -> None:
        """Count what cannot be read; only the kind of the fault is kept, for the words may name somebody."""
        self._journal.put_aside(self._channel, reason)
        _log.warning("Để riêng một tin của Zalo, không đọc được (%s)", reason)


class Telling:
    """Tells the admin a line: in the log, and in their chat once there is a ``desk``. Raises nothing: whoever tells has more to do."""

    def __init__(self) -> None:
        self.desk: Desk | None = None

    def __call__(self, line: str) -> None:
        """Tell it."""
        _log.warning("%s", line)
        try:
            if self.desk:
                self.desk.tell_admin([plain(line)])
        except TracuuError as error:
            _log.error("Chưa báo được cho quản trị viên: %s", error)
