"""In a group the bot speaks only when it is spoken to: mentioned by name, replied to, or asked with a command."""

from __future__ import annotations

import re

from telegram import Message, MessageEntity


def words_of(message: Message) -> str:
    """Return the text or caption of a message."""
    return message.text or message.caption or ""


def is_addressed(message: Message, name: str, bot_id: int) -> bool:
    """Say whether a message speaks to the bot called ``name``."""
    if message.chat.type == "private":
        return True
    replied = message.reply_to_message
    return bool(replied and replied.from_user and replied.from_user.id == bot_id) or _mentions(message, name, bot_id)


def question_in(message: Message, name: str) -> str:
    """Return what is asked: the words without the bot's name, or those of the message replied to where only the name is said."""
    said = without_name(words_of(message), name)
    if said or message.chat.type == "private" or message.reply_to_message is None:
        return said
    return without_name(words_of(message.reply_to_message), name)


def without_name(text: str, name: str) -> str:
    """Return a text without ``@name``."""
    return " ".join(re.sub(rf"@{re.escape(name)}\b", " ", text, flags=re.I).split()) if name else text.strip()


def _mentions(message: Message, name: str, bot_id: int) -> bool:
    entities = {**message.parse_entities(), **message.parse_caption_entities()}
    for entity, text in entities.items():
        if entity.type == MessageEntity.MENTION and text.lower() == f"@{name}".lower():
            return True
        if entity.type == MessageEntity.TEXT_MENTION and entity.user and entity.user.id == bot_id:
            return True
    return False
