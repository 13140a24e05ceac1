"""One update of Telegram's being handled: its words, and what is said in reply as calls of the Bot API."""

from __future__ import annotations

from base64 import b64encode
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from telegram import Bot, CallbackQuery, InlineKeyboardMarkup, Message, Update
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.messenger import texts
from bot.messenger.desk import Buttons, Desk
from bot.messenger.exchange import Exchange
from bot.messenger.mailbox import Place
from bot.messenger.posting import SAYS, Letter
from bot.messenger.replies import Heard
from bot.messenger.runs import Run, Text, pieces
from bot.telegram.groups import is_from, prompt_in, without_name, words_of
from bot.telegram.html import LIMIT, messages, render, size

CHANNEL = "telegram"
_CAN_BE_DELETED = timedelta(hours=48)  # core.telegram.org/bots/api#deletemessage
_SHOWN = {"parse_mode": "HTML", "disable_web_page_preview": True}


@dataclass(frozen=True, slots=True)
class Telegram:
    """Puts words into letters (see ``Voice``), and holds the connection; ``albums`` are the last that something was said to."""

    bot: Bot
    channel: str = CHANNEL
    albums: deque[str] = field(default_factory=lambda: deque(maxlen=1000))
    is_brief: bool = False
    has_buttons: bool = True

    def pieces(self, text: Iterable[Run], spare: int = 0) -> list[Text]:
        """Return a text in pieces that each fit one message with ``spare`` characters left."""
        return pieces(text, max(LIMIT - spare, LIMIT // 4), size)

    def letters(self, chat: str, text: Iterable[Run], buttons: Buttons = []) -> list[Letter]:  # noqa: B006 (never changed)
        """Return a text as letters, with the buttons under the last."""
        made: list[dict[str, Any]] = [{"text": part, **_SHOWN} for part in messages(text)]
        if made and buttons:
            made[-1]["reply_markup"] = keyboard(buttons)
        return [Letter(chat, SAYS, payload) for payload in made]


def keyboard(buttons: Buttons) -> dict[str, Any]:
    """Return rows of (label, data) as Telegram takes them."""
    rows = [[{"text": label, "callback_data": data} for label, data in row] for row in buttons if row]
    return {"inline_keyboard": rows}


class TelegramExchange(Exchange):
    """An exchange over an update of the library's; ``key`` is what it is kept under."""

    sends_files = True

    def __init__(self, desk: Desk, telegram: Telegram, update: Update, key: str) -> None:
        chat, user = update.effective_chat, update.effective_user
        asker = str(user.id) if user else "0"
        super().__init__(desk, key, str(chat.id) if chat else asker, asker)
        self.telegram = telegram
        self.update = update
        self.is_private = chat is None or chat.type == "private"
        message = update.effective_message if not update.callback_query else None
        self.words = without_name(words_of(message), desk.name) if message else ""
        replied = message.reply_to_message if message else None
        self.replied_words = without_name(words_of(replied), desk.name) if replied and not is_from(replied, telegram.bot.id) else ""
        self.prompt = prompt_in(message, telegram.bot.id) if message else None
        self.heard = self._heard()

    @property
    def id(self) -> str:
        """The update's number and what tells it from another with this number, short: 64 bytes of a button hold it with more."""
        return f"{self.update.update_id:x}{self.update_id.partition('-')[2][:6]}"

    @property
    def goes_on_with(self) -> str:
        """A reply to an answer goes on with that answer's topic; what is no longer known of it is not guessed."""
        replied = self.update.effective_message.reply_to_message if self._is_written() and self.update.effective_message else None
        if replied is None or not is_from(replied, self.telegram.bot.id):
            return self.conversation_id
        answered = self.desk.mailbox.replies.answered_by(self.chat, str(replied.message_id))
        return self.topic_of(answered) if answered else ""

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

    @property
    def rows(self) -> Buttons:
        """The buttons under the message whose button was pressed."""
        markup = getattr(self.pressed.message, "reply_markup", None) if self.update.callback_query else None
        rows = markup.inline_keyboard if isinstance(markup, InlineKeyboardMarkup) else ()
        return [[(button.text, str(button.callback_data)) for button in row] for row in rows if row]

    def say(self, text: Iterable[Run], buttons: Buttons | None = None, places: Iterable[Place] = (), *, late: bool = False) -> None:
        """Say something, in as many messages as it takes; in a group, after an edit and when ``late``, as a reply."""
        letters = self.telegram.letters(self.chat, text, buttons or [])
        if letters and (late or self._answers_a_message()):
            letters[0].payload.update(reply_to_message_id=self.message.message_id, allow_sending_without_reply=True)
        for letter in letters:
            self._put(letter.payload)
        self.places += places

    def ask_back(self, text: Iterable[Run], placeholder: str, prompt: str = "") -> None:
        """Say something that waits for a written reply; the words themselves hold the ``prompt``."""
        payload: dict[str, Any] = {"text": "\n".join(messages(text)), "parse_mode": "HTML"}
        payload["reply_markup"] = {"force_reply": True, "selective": True, "input_field_placeholder": placeholder}
        if self._answers_a_message():
            payload.update(reply_to_message_id=self.message.message_id, allow_sending_without_reply=True)
        elif not self.is_private:  # Telegram asks those for a reply who are named, or whose message is replied to
            payload["text"] = f'<a href="tg://user?id={self.user}">{texts.TO_WHOM}</a>: {payload["text"]}'
        self._put(payload)

    def show(self, page: Text, buttons: Buttons, places: Iterable[Place] = ()) -> None:
        """Put a page in the place of the message whose button was pressed, else below."""
        if not self.update.callback_query or not self.update.callback_query.message:
            self.put_page(page, buttons, places)
            return
        payload = {"text": render(page), **_SHOWN, "reply_markup": keyboard(buttons), "message_id": self.pressed.message.message_id}  # type: ignore[union-attr]
        self.letters.append(Letter(self.chat, "editMessageText", payload))
        self.places += places

    def put_page(self, page: Text, buttons: Buttons, places: Iterable[Place] = ()) -> None:
        """Say a page below."""
        self._put({"text": render(page), **_SHOWN, "reply_markup": keyboard(buttons)})
        self.places += places

    def set_buttons(self, buttons: Buttons) -> None:
        """Put other buttons under the message whose button was pressed."""
        if self.pressed.message:
            payload = {"message_id": self.pressed.message.message_id, "reply_markup": keyboard(buttons)}
            self.letters.append(Letter(self.chat, "editMessageReplyMarkup", payload))

    def take_away(self) -> bool:
        """Delete the message whose button was pressed; Telegram allows it for 48 hours."""
        message = self.pressed.message
        if message is None or datetime.now(UTC) - message.date > _CAN_BE_DELETED:
            return False
        self.letters.append(Letter(self.chat, "deleteMessage", {"message_id": message.message_id}))
        return True

    def send_file(self, name: str, content: bytes, caption: str) -> None:
        """Send a file."""
        payload: dict[str, Any] = {"name": name, "content": b64encode(content).decode(), "caption": caption}
        if thread := self._thread():
            payload["message_thread_id"] = thread
        self.letters.append(Letter(self.chat, "sendDocument", payload))

    def toast(self, words: str = "", alert: bool = False) -> None:
        """Take the press of a button, with a line on top of the screen."""
        if self.update.callback_query:
            self.desk.do_beside(_answer(self.pressed, words, alert))

    async def show_typing(self) -> None:
        """Show that an answer is being made."""
        try:
            await self.telegram.bot.send_chat_action(self.chat, ChatAction.TYPING, message_thread_id=self._thread())
        except TelegramError:
            return  # worth nothing by the time it could be said again

    def later(self) -> TelegramExchange:
        """Return an exchange that says something more about the same update."""
        later = TelegramExchange(self.desk, self.telegram, self.update, self.update_id)
        later.heard = replace(self.heard, revises=False) if self.heard else None
        return later

    def _heard(self) -> Heard | None:
        """What is answered: a message with its words, or a press."""
        if self.update.inline_query or not self.update.effective_message:
            return None
        if not self._is_written():
            return Heard(self.chat, f"~{self.id}", self.person_id)
        message = str(self.message.message_id)
        words = self.desk.service.kept.people.alias(f"{self.chat} {message} {words_of(self.message)}")
        revises = bool(self.update.edited_message) and self.desk.mailbox.replies.words(self.chat, message) is not None
        return Heard(self.chat, message, self.person_id, words, revises)

    def _is_written(self) -> bool:
        """Say whether this is about what somebody wrote, rather than pressed."""
        return (self.update.message or self.update.edited_message) is not None

    def _answers_a_message(self) -> bool:
        """In a group, and after an edit, people have to see which message is meant."""
        return (self.update.edited_message or (self.update.message if not self.is_private else None)) is not None

    def _thread(self) -> int | None:
        message = self.update.effective_message
        return message.message_thread_id if isinstance(message, Message) and message.is_topic_message else None

    def _put(self, payload: dict[str, Any]) -> None:
        if thread := self._thread():
            payload["message_thread_id"] = thread
        self.letters.append(Letter(self.chat, SAYS, payload))


async def _answer(pressed: CallbackQuery, words: str, alert: bool) -> None:
    try:
        await pressed.answer(words or None, show_alert=alert)
    except TelegramError:
        return  # too late, or answered before a restart
