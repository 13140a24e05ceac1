"""An update → what answers it: commands, messages with words, other media, presses of buttons, inline queries."""

from __future__ import annotations

import json
from typing import Any

from telegram import Message

from bot.messenger import asking, commands, feedback, presses, texts
from bot.messenger.runs import plain
from bot.telegram import inline
from bot.telegram.exchange import TelegramExchange
from bot.telegram.groups import command_in, question_in, words_of


async def answer(exchange: TelegramExchange) -> None:
    """Handle one update of any kind; what is for nobody is left alone."""
    update = exchange.update
    if update.callback_query:
        await _press(exchange)
    elif update.inline_query:
        if not _of_kind("inline_query", exchange.desk.mailbox.waiting(exchange.update_id, exchange.chat)):  # people type on
            await inline.on_query(exchange)
    elif isinstance(update.effective_message, Message):
        if _is_settled(exchange):
            exchange.heard = None
        else:
            await _message(exchange)


async def _press(exchange: TelegramExchange) -> None:
    if exchange.pressed.message is None:
        exchange.toast(texts.STALE, alert=True)
    else:
        await presses.on_press(exchange, exchange.pressed.data or "")


def _is_settled(exchange: TelegramExchange) -> bool:
    """Say whether a message needs no answer: an edit that changed no word, what is edited by now, one more picture of an album."""
    if exchange.update.edited_message and exchange.heard:
        return exchange.desk.mailbox.replies.words(exchange.chat, exchange.heard.message) == exchange.heard.words
    waiting = exchange.desk.mailbox.waiting(exchange.update_id, exchange.chat)
    return _is_edited_by_now(exchange.message, waiting) or _is_of_settled_album(exchange, waiting)


def _is_edited_by_now(message: Message, waiting: list[str]) -> bool:
    return any(edit.get("message_id") == message.message_id for edit in _of_kind("edited_message", waiting))


def _is_of_settled_album(exchange: TelegramExchange, waiting: list[str]) -> bool:
    """An album is a message for each picture, of which one may have words: that is answered, or the first where none has."""
    album, albums = exchange.message.media_group_id, exchange.telegram.albums
    if album is None:
        return False
    if album in albums and not words_of(exchange.message):
        return True
    albums.append(album)
    if words_of(exchange.message):
        return False
    return any(other.get("media_group_id") == album and other.get("caption") for other in _of_kind("message", waiting))


def _of_kind(kind: str, bodies: list[str]) -> list[dict[str, Any]]:
    return [update[kind] for update in map(json.loads, bodies) if kind in update]


async def _message(exchange: TelegramExchange) -> None:
    message = exchange.message
    command = command_in(message, exchange.desk.name)
    if command is not None:
        if act := commands.COMMANDS.get(command):
            await act(exchange)
        elif exchange.is_private:
            await commands.unknown(exchange)
        return
    if exchange.prompt is not None:
        feedback.keep_written(exchange)
        return
    words = question_in(message, exchange.desk.name, exchange.telegram.bot.id)
    if words and not any(map(str.isalnum, words)):
        if exchange.is_private:
            exchange.say([plain(texts.MEDIA["sticker"])])  # 😊, ?!
    elif words and not _is_somebody_elses_file(message):
        await asking.answer(exchange, words)
    elif (exchange.is_private and _is_content(message)) or message.text:
        exchange.say([plain(texts.MEDIA[_medium(message)] if not message.text else texts.NO_QUESTION)])


def _is_somebody_elses_file(message: Message) -> bool:
    """What stands under a file that is passed on, its sender wrote."""
    return bool(message.document and message.forward_origin)


def _is_content(message: Message) -> bool:
    """Say whether somebody sent something to be looked at, rather than did something in the chat."""
    return message.effective_attachment is not None and not (message.passport_data or message.successful_payment or message.invoice)


def _medium(message: Message) -> str:
    if message.voice or message.audio or message.video_note:
        return "voice"
    if message.photo or message.video:
        return "picture"
    if message.sticker or message.animation:
        return "sticker"
    return "file" if message.document else "other"
