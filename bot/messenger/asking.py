"""A question → its answer, in any chat channel, with what a language model adds to it later."""

from __future__ import annotations

from bot.messenger import texts
from bot.messenger.answers import button_label, shown, worded
from bot.messenger.exchange import Exchange
from bot.messenger.kept_answers import KeptAnswer
from bot.messenger.runs import Run, italic, plain
from bot.reading import heading_of
from bot.wordings import Growing
from rag.documents import Answer

_BUSY = 20  # updates in hand; then answers come before typing signs


async def on_command(exchange: Exchange) -> None:
    """Answer ``/hoi`` with what stands behind it, or the message it replies to."""
    if words := exchange.behind_command or exchange.replied_words:
        await answer(exchange, words)
    else:
        exchange.say([plain(texts.NO_QUESTION)])


async def answer(exchange: Exchange, question: str, *, repeat: bool = False) -> None:
    """Ask the assistant and say what it answers; ``repeat`` the question where nobody typed it into the chat."""
    desk = exchange.desk
    match desk.flood.check(exchange.user):
        case "silence":
            return
        case "notice":
            exchange.say([plain(texts.TOO_FAST)])
            return
    if len(desk.flood.working) < _BUSY:
        desk.do_beside(exchange.show_typing())
    before = desk.service.conversation(exchange.goes_on_with)
    with desk.flood.work(exchange.update_id), desk.waiting(exchange) as at_work:
        answered = await desk.service.ask(question, before, exchange.person.audience, at_work)
    await desk.service.in_use.catch_up()  # it may be of an index that was published meanwhile
    made = answered.answer
    repeated = [italic(f"\n\nCâu hỏi: {question}")] if repeat else []
    _say(exchange, made, repeated)
    growing = desk.service.grow(question, before, exchange.person.audience, made)

    def keep() -> None:
        named = [exchange.conversation_id] if made.status != "chat" else []
        named += [exchange.topic_id] if exchange.topic_id else []
        saved = desk.service.keep(exchange.journal_id, desk.channel, exchange.person, answered, named)
        if growing:
            desk.do_beside(_follow(exchange, made, growing, saved, repeated))

    exchange.afterwards.append(keep)


def _say(exchange: Exchange, made: Answer, repeated: list[Run], *, late: bool = False) -> None:
    """Say an answer; ``repeated`` is its question where nobody typed it into the chat."""
    store = exchange.desk.service.in_use.searcher().store
    offered = made.citations if made.status == "offered" else ()
    headings = [button_label(heading_of(store, citation.document, citation.section)) for citation in offered]
    text, buttons, places = shown(made, exchange.id, headings, is_brief=exchange.desk.voice.is_brief)
    if made.status != "chat":
        exchange.desk.mailbox.answers.keep(
            KeptAnswer(exchange.chat, exchange.id, exchange.person_id, made.question, (*text, *repeated), buttons)
        )
    exchange.say([*text, *repeated], buttons, places, late=late)


async def _follow(exchange: Exchange, made: Answer, growing: Growing, saved: dict[str, float], repeated: list[Run]) -> None:
    """Say what a language model adds to an answer, under it: an answer where there was none, then a wording.

    ``saved`` are the conversations with the moments for ``Conversations.correct``.
    """
    desk, answer = exchange.desk, made
    async for grown in growing.read():
        if grown.answer.status != answer.status:
            later = exchange.later()
            _say(later, grown.answer, repeated, late=not repeated)
            desk.deliver(later)
            for id, moment in saved.items():
                desk.service.kept.conversations.correct(id, grown.after, moment)
            desk.service.kept.journal.change(exchange.journal_id, grown.answer)
        answer = grown.answer
    if answer.wording:
        text, buttons = worded(answer.wording)
        later = exchange.later()
        later.say([*text, *repeated], buttons, late=not repeated)
        desk.deliver(later)
