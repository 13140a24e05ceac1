"""An update → what answers it: commands, messages with words, other media, presses of buttons, inline queries."""

from __future__ import annotations

import json
from typing import Any

from telegram import Message

from bot.messenger import asking, commands, feedback, presses, texts
from bot.messenger.runs import plain
from bot.telegram import inline
from bot.telegram.groups import command_in, question_in, words_of
from bot.telegram.turn import TelegramTurn


async def answer(turn: TelegramTurn) -> None:
    """Handle one update of any kind; what is for nobody is left alone."""
    update = turn.update
    if update.callback_query:
        await _press(turn)
    elif update.inline_query:
        await inline.on_query(turn)
    elif isinstance(update.effective_message, Message):
        if _is_settled(turn):
            turn.heard = None
        else:
            await _message(turn)


async def _press(turn: TelegramTurn) -> None:
    if turn.pressed.message is None:
        turn.toast(texts.STALE, alert=True)
    else:
        await presses.on_press(turn, turn.pressed.data or "")


def _is_settled(turn: TelegramTurn) -> bool:
    """Say whether a message needs no answer: an edit that changed no word, what is edited by now, one more picture of an album."""
    if turn.update.edited_message and turn.heard:
        return turn.desk.mailbox.replies.words(turn.chat, turn.heard.message) == turn.heard.words
    waiting = turn.desk.mailbox.waiting(turn.update_id, turn.chat)
    return _is_edited_by_now(turn.message, waiting) or _is_of_settled_album(turn, waiting)


def _is_edited_by_now(message: Message, waiting: list[str]) -> bool:
    return any(edit.get("message_id") == message.message_id for edit in _of_kind("edited_message", waiting))


def _is_of_settled_album(turn: TelegramTurn, waiting: list[str]) -> bool:
    """An album is a message for each picture, of which one may have words: that is answered, or the first where none has."""
    album, albums = turn.message.media_group_id, turn.telegram.albums
    if album is None:
        return False
    if album in albums and not words_of(turn.message):
        return True
    albums.append(album)
    if words_of(turn.message):
        return False
    return any(other.get("media_group_id") == album and other.get("caption") for other in _of_kind("message", waiting))


def _of_kind(kind: str, bodies: list[str]) -> list[dict[str, Any]]:
    return [update[kind] for update in map(json.loads, bodies) if kind in update]


async def _message(turn: TelegramTurn) -> None:
    message = turn.message
    command = command_in(message, turn.desk.name)
    if command is not None:
        if act := commands.COMMANDS.get(command):
            await act(turn)
        elif turn.is_private:
            await commands.unknown(turn)
        return
    if turn.prompt is not None:
        feedback.keep_written(turn)
        return
    words = question_in(message, turn.desk.name, turn.telegram.bot.id)
    if words and not any(map(str.isalnum, words)):
        if turn.is_private:
            turn.say([plain(texts.MEDIA["sticker"])])  # 😊, ?!
    elif words and not _is_somebody_elses_file(message):
        await asking.answer(turn, words)
    elif (turn.is_private and _is_content(message)) or message.text:
        turn.say([plain(texts.MEDIA[_medium(message)] if not message.text else texts.NO_QUESTION)])


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
