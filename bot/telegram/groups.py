"""Which messages are for the bot: in a group it speaks only when it is spoken to, by name, in a reply or with a command."""

from __future__ import annotations

import re

from telegram import Bot, Message, MessageEntity, Update

from bot.messenger import texts

_TO_WHOM = f"(?:{re.escape(texts.TO_WHOM)}: )?"
_PROMPT_OF_REASON = re.compile(_TO_WHOM + re.escape(texts.REASON).replace(re.escape("{question}"), r"(.+)"))
_OURS = ("private", "group", "supergroup")


def words_of(message: Message) -> str:
    """Return the text or caption of a message."""
    return message.text or message.caption or ""


def concerns_us(update: Update, bot: Bot) -> bool:
    """Say whether anything is to be done about an update; what people say to each other is not even kept."""
    if update.callback_query or update.inline_query:
        return True
    message = update.message or update.edited_message
    if not isinstance(message, Message) or message.chat.type not in _OURS or _is_of_a_program(message, bot):
        return False
    if update.edited_message and not words_of(message):  # a live location, a picture put in place of another
        return False
    return is_addressed(message, bot.username, bot.id) or command_in(message, bot.username) is not None


def is_addressed(message: Message, name: str, bot_id: int) -> bool:
    """Say whether a message speaks to the bot called ``name``."""
    if message.chat.type == "private":
        return True
    replied = message.reply_to_message
    return bool(replied and is_from(replied, bot_id)) or _mentions(message, name, bot_id)


def is_from(message: Message, bot_id: int) -> bool:
    """Say whether the bot said it."""
    return bool(message.from_user and message.from_user.id == bot_id)


def command_in(message: Message, name: str) -> str | None:
    """Return the command that a message begins with, in small letters; ``None`` where there is none, or it is another bot's."""
    for entity, text in {**message.parse_entities(), **message.parse_caption_entities()}.items():
        if entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0:
            command, _, meant = text[1:].partition("@")
            return command.lower() if not meant or meant.lower() == name.lower() else None
    return None


def prompt_in(message: Message, bot_id: int) -> str | None:
    """Return what a message answers of what we asked for in writing: the name of a question, or nothing for a suggestion."""
    replied = message.reply_to_message
    if not message.text or not replied or not is_from(replied, bot_id):
        return None
    found = _PROMPT_OF_REASON.fullmatch(replied.text or "")
    return found.group(1) if found else "" if replied.text == texts.SUGGEST else None


def question_in(message: Message, name: str, bot_id: int) -> str:
    """Return what is asked: the words without the bot's name, or those of the message replied to where only the name is said."""
    said, replied = without_name(words_of(message), name), message.reply_to_message
    if said or message.chat.type == "private" or replied is None or is_from(replied, bot_id):
        return said
    return without_name(words_of(replied), name)


def without_name(text: str, name: str) -> str:
    """Return a text without ``@name``; its lines stay lines."""
    said = re.sub(rf"@{re.escape(name)}\b", " ", text, flags=re.I) if name else text
    return "\n".join(" ".join(line.split()) for line in said.splitlines()).strip()


def _is_of_a_program(message: Message, bot: Bot) -> bool:
    """Other bots, what a channel forwards into its group or a business account brings, our own answers that somebody put into the chat."""
    from_bot = bool(message.from_user and message.from_user.is_bot and not message.sender_chat)
    return (
        from_bot
        or bool(message.business_connection_id)
        or bool(message.is_automatic_forward)
        or bool(message.via_bot and message.via_bot.id == bot.id)
    )


def _mentions(message: Message, name: str, bot_id: int) -> bool:
    entities = {**message.parse_entities(), **message.parse_caption_entities()}
    for entity, text in entities.items():
        if entity.type == MessageEntity.MENTION and text.lower() == f"@{name}".lower():
            return True
        if entity.type == MessageEntity.TEXT_MENTION and entity.user and entity.user.id == bot_id:
            return True
    return False
