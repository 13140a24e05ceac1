"""From the library's updater to its application: every update kept first, each once, in order within a chat."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable
from typing import Any

from telegram import Update
from telegram.error import NetworkError
from telegram.ext import BaseUpdateProcessor

from bot.telegram.mailbox import Mailbox
from rag.errors import TracuuError

_AT_ONCE = 4096


class Incoming(asyncio.Queue[object]):
    """The queue between the library's updater and its application: what is put in is kept first, and only once."""

    def __init__(self, mailbox: Mailbox) -> None:
        super().__init__()
        self._mailbox = mailbox

    async def put(self, item: object) -> None:
        """Keep an update and queue it; where it cannot be kept, Telegram is made to send it again."""
        if isinstance(item, Update):
            try:
                if not self._mailbox.receive(item.update_id, item.to_json()):
                    return
            except TracuuError as error:
                raise NetworkError(str(error)) from error
        await super().put(item)

    def put_again(self, update: Update) -> None:
        """Queue an update that was kept before the last stop."""
        self.put_nowait(update)


class InOrder(BaseUpdateProcessor):
    """Handles the updates of one chat one after the other, those of different chats side by side."""

    def __init__(self, mailbox: Mailbox, finished: set[int]) -> None:
        super().__init__(_AT_ONCE)
        self._mailbox = mailbox
        self._finished = finished
        self._locks: dict[int, asyncio.Lock] = {}
        self._waiting: Counter[int] = Counter()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Handle an update when those before it are done; one that nobody answers is done too."""
        assert isinstance(update, Update)
        chat = update.effective_chat or update.effective_user
        key = chat.id if chat else 0
        self._waiting[key] += 1
        try:
            async with self._locks.setdefault(key, asyncio.Lock()):
                await coroutine
                if update.update_id not in self._finished:
                    self._mailbox.commit([], update_id=update.update_id)
                self._finished.discard(update.update_id)
        finally:
            self._waiting[key] -= 1
            if not self._waiting[key]:
                del self._waiting[key], self._locks[key]

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to give back."""
