"""The services that every handler of a chat channel uses, and the words in which the channel's own parts are reached."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from bot.clock import Clock
from bot.conversations import Conversations
from bot.examples import Examples
from bot.journal import Journal
from bot.messenger.crew import Crew
from bot.messenger.delivery import Delivery
from bot.messenger.flood import FloodGate
from bot.messenger.handling import Handling
from bot.messenger.mailbox import Choice, Mailbox, Place
from bot.messenger.posting import Letter
from bot.messenger.runs import Run, Text
from bot.people import People
from bot.picks import Picks
from bot.settings import Settings
from bot.wordings import Wordings
from bot.workers import Workers
from rag.assistant import Assistant
from rag.errors import DatabaseAway, TracuuError

if TYPE_CHECKING:
    from bot.messenger.turn import Turn

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


@dataclass(slots=True)
class Desk:
    """The services of a channel; ``name`` is what the bot is called in it.

    ``assistant`` is for lists and texts; questions go to the ``workers``. ``may_remind`` says whether a chat may be told of a
    deadline at the moment; one that may not is told when it may.
    """

    settings: Settings
    clock: Clock
    assistant: Assistant
    conversations: Conversations
    people: People
    journal: Journal
    picks: Picks
    mailbox: Mailbox
    flood: FloodGate
    workers: Workers
    wordings: Wordings | None
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

    def finish(self, turn: Turn) -> None:
        """Keep what a turn says and that its update is done, in one moment; then deliver it. Nothing, where another process did."""
        assert self.handling
        self.handling.confirm(turn.update_id)
        if not self.deliver(turn, turn.update_id):
            return
        for act in turn.afterwards:
            try:
                act()
            except DatabaseAway:  # which the storage tells, once
                continue
            except TracuuError as error:  # it is said already, and done; only a note of it is missing
                _log.warning("%s", error)

    def deliver(self, turn: Turn, done: str | None = None) -> bool:
        """Keep what a turn says, and in the same moment that an update is ``done``; then deliver it. ``False`` where it was before."""
        if not self.mailbox.commit(turn.letters, turn.places, done, menus=turn.menus, heard=turn.heard):
            return False
        for chat in dict.fromkeys(letter.chat for letter in turn.letters):
            self.delivery.kick(chat)
        return True

    def forget(self, turn: Turn) -> None:
        """Delete everything about who a turn is from, everywhere; once its reply is said, nothing of them stands in any file."""
        for question in self.journal.asked_by(turn.alias):
            self.picks.drop(question)
        self.journal.forget(turn.alias)
        self.conversations.forget_person(turn.person_id)
        self.people.forget(turn.person_id)
        self.flood.forget(turn.user)
        self.mailbox.forget(turn.person_id, [turn.chat] if turn.is_private else [])
        turn.heard = None
        turn.afterwards.append(lambda: self.delivery.scrub_after(turn.chat))

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
        chosen = {"telegram": self.settings.admin_chat, "zalo": self.settings.zalo_admin_chat, "zalo_oa": self.settings.zalo_oa_admin_chat}
        return str(chosen.get(self.channel) or "")

    def waiting(self, turn: Turn) -> AbstractContextManager[Callable[[bool], None]]:
        """While inside, what a turn answers waits for a process that is free; see ``Handling.waiting``."""
        assert self.handling
        return self.handling.waiting(turn.update_id)

    def do_beside(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run a coroutine beside everything else; it must not raise."""
        task = asyncio.create_task(work)
        self.background.add(task)
        task.add_done_callback(self.background.discard)

    def prune(self) -> None:
        """Forget what is older than the settings allow."""
        chosen = self.settings
        self.conversations.prune(timedelta(minutes=chosen.conversation_minutes))
        self.journal.prune(timedelta(days=chosen.keep_days))
        self.picks.prune(timedelta(days=chosen.keep_days))
        self.people.prune(timedelta(days=chosen.keep_people_days))
        self.mailbox.prune(_UPDATES_REPEAT, _BUTTONS_LAST)

    def close(self) -> None:
        """Give the files and processes back."""
        if self.wordings:
            self.wordings.close()
        self.workers.close()
        for store in (self.conversations, self.people, self.journal, self.picks, self.mailbox):
            store.close()
