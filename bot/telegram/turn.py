"""One update being handled: who it is from, what is said in reply, and the services of the bot."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from telegram import CallbackQuery, Message, Update
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.clock import Clock
from bot.conversations import Conversations
from bot.examples import Examples
from bot.journal import Journal
from bot.people import People, Person
from bot.picks import Picks
from bot.settings import Settings
from bot.telegram.flood import FloodGate
from bot.telegram.html import Run, messages
from bot.telegram.mailbox import Letter, Mailbox, Place
from bot.telegram.sending import Sender
from bot.wordings import Wordings
from bot.workers import Workers
from rag.assistant import Assistant
from rag.errors import TracuuError

_log = logging.getLogger(__name__)
CHANNEL = "telegram"
Buttons = list[list[tuple[str, str]]]


def keyboard(buttons: Buttons) -> dict[str, Any]:
    """Return rows of (label, data) as Telegram takes them."""
    rows = [[{"text": label, "callback_data": data} for label, data in row] for row in buttons if row]
    return {"inline_keyboard": rows}


@dataclass(slots=True)
class Desk:
    """The services that every handler uses; ``name`` is the bot's user name.

    ``assistant`` is for lists and texts; questions go to the ``workers``.
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
    bot: ExtBot[Any]
    sender: Sender
    name: str = ""
    bot_id: int = 0
    finished: set[int] = field(default_factory=set)
    background: set[asyncio.Task[Any]] = field(default_factory=set)

    def finish(self, turn: Turn) -> None:
        """Keep what a turn says and that its update is done, in one moment; then deliver it."""
        self.deliver(turn, turn.update.update_id)
        self.finished.add(turn.update.update_id)
        for act in turn.afterwards:
            try:
                act()
            except TracuuError as error:  # it is said already, and done; only a note of it is missing
                _log.warning("%s", error)

    def deliver(self, turn: Turn, done: int | None = None) -> None:
        """Keep what a turn says, and in the same moment that an update is ``done``; then deliver it."""
        self.mailbox.commit(turn.letters, turn.places, done)
        for chat in dict.fromkeys(letter.chat for letter in turn.letters):
            self.sender.kick(chat)

    def say(self, chat: int, text: Iterable[Run]) -> None:
        """Say something that no update asked for."""
        self.mailbox.commit([Letter(chat, "sendMessage", {"text": part, "parse_mode": "HTML"}) for part in messages(text)])
        self.sender.kick(chat)

    def do_beside(self, work: Any) -> None:  # noqa: ANN401
        """Run a coroutine beside everything else; it must not raise."""
        task = asyncio.create_task(work)
        self.background.add(task)
        task.add_done_callback(self.background.discard)


class Turn:
    """What handlers get. Nothing is said before the handler is through: what it says is kept first, then sent."""

    def __init__(self, desk: Desk, update: Update) -> None:
        self.desk = desk
        self.update = update
        self.letters: list[Letter] = []
        self.places: list[Place] = []
        self.afterwards: list[Callable[[], object]] = []

    @property
    def id(self) -> str:
        """What votes on the answer are kept under."""
        return f"{self.update.update_id:x}"

    @property
    def chat(self) -> int:
        """The chat that the update is from; the user's own where it is from none."""
        return self.update.effective_chat.id if self.update.effective_chat else self.user

    @property
    def user(self) -> int:
        """Who the update is from."""
        return self.update.effective_user.id if self.update.effective_user else 0

    @property
    def is_private(self) -> bool:
        """Whether nobody else reads this chat."""
        return self.update.effective_chat is None or self.update.effective_chat.type == "private"

    @property
    def message(self) -> Message:
        """The message of the update, sent or edited."""
        assert self.update.effective_message
        return self.update.effective_message

    @property
    def pressed(self) -> CallbackQuery:
        """The press of a button."""
        assert self.update.callback_query
        return self.update.callback_query

    @cached_property
    def person(self) -> Person:
        """Who the update is from, as far as they told us."""
        return self.desk.people.load(self.person_id)

    @property
    def person_id(self) -> str:
        """What the stores call them."""
        return f"{CHANNEL}:{self.user}"

    @property
    def alias(self) -> str:
        """What logs and statistics call them."""
        return self.desk.people.alias(self.person_id)

    @property
    def conversation_id(self) -> str:
        """What their conversation in this chat is called."""
        return f"{CHANNEL}:{self.chat}@{self.person_id}"

    def say(self, text: Iterable[Run], buttons: Buttons | None = None, places: Iterable[Place] = (), *, late: bool = False) -> None:
        """Say something, in as many messages as it takes; the buttons stand under the last.

        What comes ``late`` shows which message it belongs to: others may have come in between.
        """
        parts = messages(text)
        for number, part in enumerate(parts, 1):
            payload: dict[str, Any] = {"text": part, "parse_mode": "HTML", "disable_web_page_preview": True}
            if number == 1 and (late or self._answers_a_message()):
                payload |= {"reply_to_message_id": self.message.message_id, "allow_sending_without_reply": True}
            if number == len(parts) and buttons:
                payload["reply_markup"] = keyboard(buttons)
            self._put(payload)
        self.places += places

    def ask_back(self, text: Iterable[Run], placeholder: str) -> None:
        """Say something that waits for a written reply."""
        force = {"force_reply": True, "selective": True, "input_field_placeholder": placeholder}
        self._put({"text": "\n".join(messages(text)), "parse_mode": "HTML", "reply_markup": force})

    def show(self, page: str, buttons: Buttons, places: Iterable[Place] = ()) -> None:
        """Put a page (HTML that fits one message) in the place of the message whose button was pressed, else below."""
        payload: dict[str, Any] = {"text": page, "parse_mode": "HTML", "disable_web_page_preview": True, "reply_markup": keyboard(buttons)}
        if self.update.callback_query and self.update.callback_query.message:
            payload["message_id"] = self.update.callback_query.message.message_id
            self.letters.append(Letter(self.chat, "editMessageText", payload))
        else:
            self._put(payload)
        self.places += places

    def show_text(self, text: Iterable[Run]) -> None:
        """Put a short text without buttons in the place of the message whose button was pressed."""
        self.show("\n".join(messages(text)), [])

    def put_page(self, page: str, buttons: Buttons, places: Iterable[Place] = ()) -> None:
        """Say a page (HTML that fits one message) below."""
        self._put({"text": page, "parse_mode": "HTML", "disable_web_page_preview": True, "reply_markup": keyboard(buttons)})
        self.places += places

    def set_buttons(self, buttons: Buttons) -> None:
        """Put other buttons under the message whose button was pressed."""
        if self.pressed.message:
            payload = {"message_id": self.pressed.message.message_id, "reply_markup": keyboard(buttons)}
            self.letters.append(Letter(self.chat, "editMessageReplyMarkup", payload))

    def take_away(self) -> None:
        """Delete the message whose button was pressed."""
        if self.pressed.message:
            self.letters.append(Letter(self.chat, "deleteMessage", {"message_id": self.pressed.message.message_id}))

    def toast(self, words: str = "", alert: bool = False) -> None:
        """Take the press of a button, with a line on top of the screen; not kept, since it is worth nothing later."""
        self.desk.do_beside(_answer(self.pressed, words, alert))

    def _answers_a_message(self) -> bool:
        """In a group, and after an edit, people have to see which message is meant."""
        message = self.update.edited_message or (self.update.message if not self.is_private else None)
        return message is not None

    def _put(self, payload: dict[str, Any]) -> None:
        message = self.update.effective_message
        if message and message.is_topic_message and message.message_thread_id:
            payload["message_thread_id"] = message.message_thread_id
        self.letters.append(Letter(self.chat, "sendMessage", payload))


async def _answer(pressed: CallbackQuery, words: str, alert: bool) -> None:
    try:
        await pressed.answer(words or None, show_alert=alert)
    except TelegramError as error:  # too late, or answered before a restart
        _log.debug("Không báo lại được lần bấm nút: %s", error)
