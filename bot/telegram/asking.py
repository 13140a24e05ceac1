"""A message → its answer: ordinary messages, edited ones, /hoi, and the examples of the first screen."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import timedelta

from telegram import Message
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.reading import heading_of
from bot.telegram import feedback, texts
from bot.telegram.answers import button_label, shown, worded
from bot.telegram.groups import is_addressed, question_in, words_of
from bot.telegram.html import Run, italic, plain
from bot.telegram.turn import CHANNEL, Desk, Turn
from bot.topics import topic_of
from bot.wordings import Growing
from rag.documents import Answer

_BUSY = 20  # updates in hand; then answers come before typing signs


async def on_message(turn: Turn) -> None:
    """Answer a message, new or edited, where it speaks to the bot."""
    message = turn.message
    if not is_addressed(message, turn.desk.name, turn.desk.bot_id):
        return
    if feedback.is_reply_to_prompt(turn):
        feedback.keep_written(turn)
        return
    words = question_in(message, turn.desk.name)
    if message.text and words and not any(map(str.isalnum, words)):
        turn.say([plain(texts.MEDIA["sticker"])])  # 😊, ?!
    elif words and not message.document:
        await answer(turn, words)
    elif turn.is_private or message.text:
        turn.say([plain(texts.MEDIA[_medium(message)] if not message.text else texts.NO_QUESTION)])


async def on_command(turn: Turn) -> None:
    """Answer ``/hoi`` with what stands behind it, or the message it replies to."""
    message = turn.message
    words = words_of(message).partition(" ")[2].strip() or words_of(message).partition("\n")[2].strip()
    if not words and message.reply_to_message:
        words = words_of(message.reply_to_message)
    if words:
        await answer(turn, words)
    else:
        turn.say([plain(texts.NO_QUESTION)])


async def answer(turn: Turn, question: str, *, repeat: bool = False) -> None:
    """Ask the assistant and say what it answers; ``repeat`` the question where nobody typed it into the chat."""
    desk = turn.desk
    match desk.flood.check(turn.user):
        case "silence":
            return
        case "notice":
            turn.say([plain(texts.TOO_FAST)])
            return
    started = time.perf_counter()
    if len(desk.flood.working) < _BUSY:
        desk.do_beside(_type(desk, turn.chat, _thread_of(turn.update.effective_message)))
    silence = timedelta(minutes=desk.settings.conversation_minutes)
    before = desk.conversations.load(turn.conversation_id, silence)
    with desk.flood.work(turn.update.update_id):
        made, conversation = await desk.workers.ask(question, before, turn.person.audience)
    seconds = time.perf_counter() - started
    repeated = [italic(f"\n\nCâu hỏi: {question}")] if repeat else []
    _say(turn, made, repeated)
    growing = desk.wordings.begin(question, before, turn.person.audience, made) if desk.wordings else None

    def keep() -> None:
        saved = desk.conversations.save(turn.conversation_id, conversation) if made.status != "chat" else 0.0
        role, topic = turn.person.role, topic_of(desk.assistant.searcher().store, made)
        desk.journal.note(f"{CHANNEL}:{turn.id}", CHANNEL, turn.alias, made, seconds, role.key if role else "", topic)
        desk.people.seen(turn.person_id)
        if growing:
            desk.do_beside(_follow(turn, made, growing, saved, repeated))

    turn.afterwards.append(keep)


def _say(turn: Turn, made: Answer, repeated: list[Run], *, late: bool = False) -> None:
    """Say an answer; ``repeated`` is its question where nobody typed it into the chat."""
    store = turn.desk.assistant.searcher().store
    offered = made.citations if made.status == "offered" else ()
    headings = [button_label(heading_of(store, citation.document, citation.section)) for citation in offered]
    text, buttons, places = shown(made, turn.id, headings)
    turn.say([*text, *repeated], buttons, places, late=late)


async def _follow(turn: Turn, made: Answer, growing: Growing, saved: float, repeated: list[Run]) -> None:
    """Say what a language model adds to an answer, under it: an answer where there was none, then a wording.

    ``saved`` is the moment for ``Conversations.correct``.
    """
    desk, answer = turn.desk, made
    async for grown in growing.read():
        if grown.answer.status != answer.status:
            later = Turn(desk, turn.update)
            _say(later, grown.answer, repeated, late=not repeated)
            desk.deliver(later)
            desk.conversations.correct(turn.conversation_id, grown.after, saved)
            desk.journal.change(f"{CHANNEL}:{turn.id}", grown.answer)
        answer = grown.answer
    if answer.wording:
        text, buttons = worded(answer.wording)
        later = Turn(desk, turn.update)
        later.say([*text, *repeated], buttons, late=not repeated)
        desk.deliver(later)


def _thread_of(message: object) -> int | None:
    return message.message_thread_id if isinstance(message, Message) and message.is_topic_message else None


async def _type(desk: Desk, chat: int, thread: int | None) -> None:
    with suppress(TelegramError):
        await desk.bot.send_chat_action(chat, ChatAction.TYPING, message_thread_id=thread)


def _medium(message: Message) -> str:
    if message.voice or message.audio or message.video_note:
        return "voice"
    if message.photo or message.video:
        return "picture"
    if message.sticker or message.animation:
        return "sticker"
    return "file" if message.document else "other"
