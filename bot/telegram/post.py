"""Telegram's post office: letters as calls of the Bot API, and what its refusals mean for a letter."""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import replace
from datetime import timedelta
from html import unescape

from telegram import Bot, InputFile, Message
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.messenger.posting import SAYS, Blocked, Later, Letter, Moved, NotDelivered, Otherwise, Unreachable, Unwanted

# What the Bot API says, in English whatever the language of the people.
_GONE = re.compile(r"message to edit not found|message can't be edited|MESSAGE_ID_INVALID|message to reply not found", re.I)
_CLOSED = re.compile(r"chat not found|not enough rights|have no rights|CHAT_WRITE_FORBIDDEN|TOPIC_CLOSED|PEER_ID_INVALID", re.I)
_DONE = re.compile(r"message is not modified|message to delete not found", re.I)
_TAG = re.compile(r"<[^>]*>")
_WHERE = ("reply_to_message_id", "allow_sending_without_reply", "message_thread_id")  # what an edit leaves as it is


class TelegramPost:
    """Sends with ``bot``."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def send(self, letter: Letter) -> str:
        """Deliver a letter and return the id of its message. Raises ``NotDelivered``."""
        try:
            return await self._call(letter)
        except RetryAfter as error:
            wait = error.retry_after
            raise Later(wait.total_seconds() if isinstance(wait, timedelta) else float(wait)) from None
        except ChatMigrated as error:
            raise Moved(str(error.new_chat_id)) from None
        except Forbidden as error:
            raise Blocked(str(error)) from None
        except BadRequest as error:
            if meaning := _meaning(letter, str(error)):
                raise meaning from None
            return letter.instead
        except TelegramError as error:
            raise Unreachable(str(error)) from None

    async def _call(self, letter: Letter) -> str:
        match letter.method:
            case "sendMessage" if _can_take_a_place(letter):
                words = {name: value for name, value in letter.payload.items() if name not in _WHERE}
                await self._bot.edit_message_text(chat_id=letter.chat, message_id=int(letter.instead), **words)
                return letter.instead
            case "sendMessage":
                sent: Message = await self._bot.send_message(chat_id=letter.chat, **letter.payload)
                return str(sent.message_id)
            case "editMessageText":
                await self._bot.edit_message_text(chat_id=letter.chat, **letter.payload)
            case "editMessageReplyMarkup":
                await self._bot.edit_message_reply_markup(chat_id=letter.chat, **letter.payload)
            case "deleteMessage" if not letter.question:
                await self._bot.delete_message(chat_id=letter.chat, **letter.payload)
            case "deleteMessage" if letter.instead:
                await self._bot.delete_message(chat_id=letter.chat, message_id=int(letter.instead))
            case "deleteMessage":
                pass  # it was never said
            case "sendDocument":
                file = {name: value for name, value in letter.payload.items() if name not in ("name", "content")}
                document = InputFile(b64decode(letter.payload["content"]), letter.payload["name"])
                await self._bot.send_document(chat_id=letter.chat, document=document, **file)
            case method:
                raise Unwanted(f"Telegram không có {method}")
        return ""


def _can_take_a_place(letter: Letter) -> bool:
    """What asks for a written reply is always said anew."""
    return bool(letter.instead) and "force_reply" not in (letter.payload.get("reply_markup") or {})


def _meaning(letter: Letter, reason: str) -> NotDelivered | None:
    """What Telegram will never take as it is goes another way, where there is one; ``None`` for what is done already."""
    if _DONE.search(reason):
        return None
    if letter.instead and letter.method == SAYS and _GONE.search(reason):
        return Otherwise(replace(letter, instead=""), reason)
    if letter.method != SAYS and _GONE.search(reason):
        if letter.method != "editMessageText":
            return Unwanted(reason)
        payload = {name: value for name, value in letter.payload.items() if name != "message_id"}
        return Otherwise(replace(letter, method=SAYS, payload=payload), reason)
    if "parse_mode" in letter.payload and not _CLOSED.search(reason):
        payload = {name: value for name, value in letter.payload.items() if name != "parse_mode"}
        payload["text"] = unescape(_TAG.sub("", payload["text"]))
        return Otherwise(replace(letter, payload=payload), reason)
    return Unwanted(reason)
