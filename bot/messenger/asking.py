"""A question → its answer, in any chat channel, with what a language model adds to it later."""

from __future__ import annotations

import time
from datetime import timedelta

from bot.messenger import texts
from bot.messenger.answers import button_label, shown, worded
from bot.messenger.kept_answers import KeptAnswer
from bot.messenger.runs import Run, italic, plain
from bot.messenger.turn import Turn
from bot.reading import heading_of
from bot.topics import topic_of
from bot.wordings import Growing
from rag.documents import Answer

_BUSY = 20  # updates in hand; then answers come before typing signs


async def on_command(turn: Turn) -> None:
    """Answer ``/hoi`` with what stands behind it, or the message it replies to."""
    if words := turn.behind_command or turn.replied_words:
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
        desk.do_beside(turn.show_typing())
    silence = timedelta(minutes=desk.settings.conversation_minutes)
    before = desk.conversations.load(turn.goes_on_with, silence)
    with desk.flood.work(turn.update_id), desk.waiting(turn) as at_work:
        made, conversation = await desk.workers.ask(question, before, turn.person.audience, at_work)
    seconds = time.perf_counter() - started
    repeated = [italic(f"\n\nCâu hỏi: {question}")] if repeat else []
    _say(turn, made, repeated)
    growing = desk.wordings.begin(question, before, turn.person.audience, made) if desk.wordings else None

    def keep() -> None:
        named = [turn.conversation_id] if made.status != "chat" else []
        named += [turn.topic_id] if turn.topic_id else []
        saved = {id: desk.conversations.save(id, conversation) for id in named}
        role, topic = turn.person.role, topic_of(desk.assistant.searcher().store, made)
        desk.journal.note(turn.journal_id, desk.channel, turn.alias, made, seconds, role.key if role else "", topic)
        desk.people.seen(turn.person_id)
        if growing:
            desk.do_beside(_follow(turn, made, growing, saved, repeated))

    turn.afterwards.append(keep)


def _say(turn: Turn, made: Answer, repeated: list[Run], *, late: bool = False) -> None:
    """Say an answer; ``repeated`` is its question where nobody typed it into the chat."""
    store = turn.desk.assistant.searcher().store
    offered = made.citations if made.status == "offered" else ()
    headings = [button_label(heading_of(store, citation.document, citation.section)) for citation in offered]
    text, buttons, places = shown(made, turn.id, headings, is_brief=turn.desk.voice.is_brief)
    if made.status != "chat":
        turn.desk.mailbox.answers.keep(KeptAnswer(turn.chat, turn.id, turn.person_id, made.question, (*text, *repeated), buttons))
    turn.say([*text, *repeated], buttons, places, late=late)


async def _follow(turn: Turn, made: Answer, growing: Growing, saved: dict[str, float], repeated: list[Run]) -> None:
    """Say what a language model adds to an answer, under it: an answer where there was none, then a wording.

    ``saved`` are the conversations with the moments for ``Conversations.correct``.
    """
    desk, answer = turn.desk, made
    async for grown in growing.read():
        if grown.answer.status != answer.status:
            later = turn.later()
            _say(later, grown.answer, repeated, late=not repeated)
            desk.deliver(later)
            for id, moment in saved.items():
                desk.conversations.correct(id, grown.after, moment)
            desk.journal.change(turn.journal_id, grown.answer)
        answer = grown.answer
    if answer.wording:
        text, buttons = worded(answer.wording)
        later = turn.later()
        later.say([*text, *repeated], buttons, late=not repeated)
        desk.deliver(later)
