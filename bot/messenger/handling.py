"""From what comes in to who handles it: every update kept first, each once, in order within a chat, the chats side by side.

What waits is in the mailbox, not in memory. An update is marked as begun while it is worked on, not while it waits for a process
that answers: only what was worked on when the program died counts a crash.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from bot.messenger.crew import Crew
from bot.messenger.mailbox import Mailbox, Update
from bot.messenger.side_by_side import SideBySide
from rag.errors import DatabaseAway, TracuuError

_log = logging.getLogger(__name__)
MOST_CRASHES = 3
_TRIED_FOR = 120.0  # seconds in which a crash may be somebody's who ended the program; what ends it by itself does so again
_PAUSE = 1.0  # seconds until a chat is looked at again whose update could not be closed

Handle = Callable[[Update], Awaitable[None]]


class Handling(SideBySide):
    """Handles updates with ``handle``, which ends by committing the update as done and raises nothing but what nobody foresaw.

    ``give_up`` takes the place of ``handle`` for what made the program die too often. ``put_aside`` is told the kind of fault of
    an update that cannot be handled at all.
    """

    def __init__(self, mailbox: Mailbox, crew: Crew, handle: Handle, give_up: Handle, put_aside: Callable[[str], None]) -> None:
        super().__init__()
        self._mailbox = mailbox
        self._crew = crew
        self._handle = handle
        self._give_up = give_up
        self._put_aside = put_aside
        self._interruptions: dict[str, int] = {}  # that had been when an update was begun

    def take(self, update: Update) -> None:
        """Keep an update and have it handled when those before it are. Raises ``TracuuError`` where it cannot be kept."""
        if not self._mailbox.receive(update):
            return
        if self._crew.is_shared:
            self._crew.tell()  # whoever is free claims it
        else:
            self.kick(update.chat)

    def resume(self) -> None:
        """Go on with what came before the last stop."""
        self._mailbox.recover()
        for chat in self._mailbox.chats_waiting():
            self.kick(chat)

    def confirm(self, id: str) -> None:
        """Raise ``DatabaseAway`` where this process was cut off since an update was begun: what it read may be what was before."""
        if self._interruptions.get(id, self._crew.interruptions) != self._crew.interruptions:
            raise DatabaseAway("Mất kết nối giữa chừng: xử lý lại tin này.")

    @contextmanager
    def waiting(self, id: str) -> Iterator[Callable[[bool], None]]:
        """While inside, an update waits; call what this yields with ``True`` when it is worked on, with ``False`` when no longer."""
        self._mailbox.begin(id, False)
        try:
            yield lambda is_begun: self._mailbox.begin(id, is_begun)
        finally:
            self._mailbox.begin(id, not self._closing)

    async def _go_through(self, chat: str) -> None:
        try:
            while not await self._gone_through(chat) and not self._closing:
                await asyncio.sleep(_PAUSE)
                if self._crew.is_shared:
                    break  # whoever is free goes on
        finally:
            del self._tasks[chat]
            if self._crew.is_shared:
                self._crew.give_back(chat)

    async def _gone_through(self, chat: str) -> bool:
        """Handle what waits in a chat; ``False`` where the mailbox failed: the update waits there."""
        try:
            if self._crew.is_shared:
                self._mailbox.recover(chat)  # whoever had it before may have died at it
            while not self._closing and self._crew.has(chat) and (update := self._mailbox.next_update(chat)) is not None:
                await self._one(update)
        except DatabaseAway:  # which the storage tells
            return False
        except TracuuError as error:
            _log.error("%s", error)
            return False
        return True

    async def _one(self, update: Update) -> None:
        try:
            self._interruptions[update.id] = self._crew.interruptions
            await self._handled(update)
        except TracuuError:
            raise
        except Exception as error:  # its words may be those of a question, so only its kind is told
            _log.error("Bỏ tin %s, không xử lý được (%s)", update.id, type(error).__name__)
            self._mailbox.commit([], done=update.id)
            self._put_aside(type(error).__name__)
        finally:
            del self._interruptions[update.id]

    async def _handled(self, update: Update) -> None:
        if update.crashes >= MOST_CRASHES and time.time() - update.came > _TRIED_FOR:
            await self._give_up(update)
            return
        self._mailbox.begin(update.id, True)
        try:
            await self._handle(update)
        except asyncio.CancelledError:
            self._mailbox.begin(update.id, False)
            raise
