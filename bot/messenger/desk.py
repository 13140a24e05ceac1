"""What every handler of a chat channel stands on, and the words in which the channel's own parts are reached."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from bot.examples import Examples
from bot.messenger.crew import Crew
from bot.messenger.delivery import Delivery
from bot.messenger.flood import FloodGate
from bot.messenger.handling import Handling
from bot.messenger.mailbox import Choice, Mailbox, Menu, Place
from bot.messenger.posting import Letter
from bot.messenger.replies import Heard
from bot.messenger.runs import Run, Text
from bot.service import Service
from rag.errors import DatabaseAway, TracuuError

_log = logging.getLogger(__name__)
_UPDATES_REPEAT = timedelta(days=8)  # Telegram repeats an update for one day, Zalo for as long as it keeps it
_BUTTONS_LAST = timedelta(days=180)

Buttons = list[list[Choice]]


class Voice(Protocol):
    """How a channel puts words into letters."""

    @property
    def channel(self) -> str:
        """What the channel is called in the ids of people: ``telegram``."""
        ...

    @property
    def is_brief(self) -> bool:
        """Whether answers are to be short: a quote cannot be folded there."""
        ...

    def pieces(self, text: Iterable[Run], spare: int = 0) -> list[Text]:
        """Return a text in pieces that each fit one message with ``spare`` characters left."""
        ...

    def letters(self, chat: str, text: Iterable[Run], buttons: Buttons = ...) -> list[Letter]:
        """Return a text as letters, with the buttons under the last."""
        ...

    @property
    def has_buttons(self) -> bool:
        """Whether people press buttons here; where not, they write the number of their choice."""
        ...


class Said(Protocol):
    """What an exchange says, to whom, and what is done once that is kept (``bot.messenger.exchange``)."""

    update_id: str
    chat: str
    user: str
    is_private: bool
    letters: list[Letter]
    places: list[Place]
    menus: dict[str, Menu]
    afterwards: list[Callable[[], object]]
    heard: Heard | None

    @property
    def person_id(self) -> str:
        """What the stores call who it is from."""

    @property
    def alias(self) -> str:
        """What logs and statistics call them."""


@dataclass(slots=True)
class Desk:
    """What a channel adds to the ``service``; ``name`` is what the bot is called in it.

    Everything of it is for the event loop, which opens no index: lists and texts are those of ``service.in_use``, which catches up
    before each update. ``may_remind`` says whether a chat may be told of a deadline at the moment; one that may not is told when
    it may.
    """

    service: Service
    mailbox: Mailbox
    flood: FloodGate
    examples: Examples
    voice: Voice
    crew: Crew
    delivery: Delivery
    handling: Handling | None = None
    name: str = ""
    may_remind: Callable[[str], bool] = field(default=lambda chat: True)
    background: set[asyncio.Task[Any]] = field(default_factory=set)

    @property
    def channel(self) -> str:
        """What the channel is called."""
        return self.voice.channel

    def finish(self, exchange: Said) -> None:
        """Keep what an exchange says and that its update is done, in one moment; then deliver it. Nothing, where another process did."""
        assert self.handling
        self.handling.confirm(exchange.update_id)
        if not self.deliver(exchange, exchange.update_id):
            return
        for act in exchange.afterwards:
            try:
                act()
            except DatabaseAway:  # which the storage tells, once
                continue
            except TracuuError as error:  # it is said already, and done; only a note of it is missing
                _log.warning("%s", error)

    def deliver(self, exchange: Said, done: str | None = None) -> bool:
        """Keep what an exchange says, and in the same moment that an update is ``done``; then deliver it. ``False`` where it was before."""
        if not self.mailbox.commit(exchange.letters, exchange.places, done, menus=exchange.menus, heard=exchange.heard):
            return False
        for chat in dict.fromkeys(letter.chat for letter in exchange.letters):
            self.delivery.kick(chat)
        return True

    def forget(self, exchange: Said) -> None:
        """Delete everything about who an exchange is from, everywhere; once its reply is said, nothing of them stands in any file."""
        self.service.kept.forget_person(exchange.person_id)
        self.flood.forget(exchange.user)
        self.mailbox.forget(exchange.person_id, [exchange.chat] if exchange.is_private else [])
        exchange.heard = None
        exchange.afterwards.append(lambda: self.delivery.scrub_after(exchange.chat))

    def tell(
        self,
        chat: str,
        text: Iterable[Run],
        buttons: Buttons | None = None,
        reminded: Iterable[tuple[str, str]] = (),
        places: Iterable[Place] = (),
    ) -> None:
        """Say something that no update asked for; where choices are numbers, they stay those of what the person asked for last."""
        letters = self.voice.letters(chat, text, (buttons or []) if self.voice.has_buttons else [])
        self.mailbox.commit(letters, places, reminded=reminded)
        self.delivery.kick(chat)

    def tell_admin(self, text: Iterable[Run]) -> None:
        """Say something to the admin's chat, where the channel has one."""
        if self.admin_chat:
            self.tell(self.admin_chat, text)

    @property
    def admin_chat(self) -> str:
        """The chat that faults are told in; empty for none."""
        chosen = self.service.settings
        chats = {"telegram": chosen.admin_chat, "zalo": chosen.zalo_admin_chat, "zalo_oa": chosen.zalo_oa_admin_chat}
        return str(chats.get(self.channel) or "")

    def waiting(self, exchange: Said) -> AbstractContextManager[Callable[[bool], None]]:
        """While inside, what an exchange answers waits for a process that is free; see ``Handling.waiting``."""
        assert self.handling
        return self.handling.waiting(exchange.update_id)

    def do_beside(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run a coroutine beside everything else; it must not raise."""
        task = asyncio.create_task(work)
        self.background.add(task)
        task.add_done_callback(self.background.discard)

    def prune(self) -> None:
        """Forget what is older than the settings allow."""
        self.service.prune()
        self.mailbox.prune(_UPDATES_REPEAT, _BUTTONS_LAST)

    def close(self) -> None:
        """Give the files and processes back."""
        self.service.close()
        self.mailbox.close()
