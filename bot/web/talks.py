"""The conversations of the web: what the pages and the API add to the service, which is that answers can be read again."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from bot.people import audience_of
from bot.render import to_json
from bot.service import Answered, Service
from bot.web import metrics
from bot.web.noting import GATHERING, Noting
from bot.web.turns import Turn, Turns, new_id
from bot.wordings import Growing, Grown
from rag.documents import Answer
from rag.errors import TracuuError
from rag.question.conversation import Conversation

_CHANNEL = "web"
_TRIES = 3

_log = logging.getLogger("tracuu.web")


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it was given and noted, kept for reading again only in a conversation.

    ``growing`` is what a language model adds to it, where one is set.
    """

    turn: Turn
    growing: Growing | None = None

    def changed(self, answer: Answer) -> Given:
        """Return the same turn with another answer."""
        return replace(self, turn=replace(self.turn, answer=to_json(answer)))


class Talks:
    """The conversations: each answer kept as a turn, voted on, picked from, sent to an admin, forgotten.

    The coroutines and ``note`` are for the event loop of ``service``; all else blocks, and may be called from any thread.
    """

    def __init__(self, service: Service) -> None:
        self.service = service
        self.turns = Turns(service.settings.state)
        self._noting = Noting(service.kept.journal, service.run)

    async def ask(
        self,
        question: str,
        conversation: str = "",
        role: str = "",
        *,
        plain: bool = False,
        owner: str | None = None,
        instead: str = "",
    ) -> Given:
        """Answer a question, as a turn of ``conversation`` where that is named; ``plain`` leaves the language model alone.

        ``owner`` is of a new conversation on a page (``Turn.owner``). The question takes the place of the turn ``instead`` of the
        conversation and of all that follows that. Raises what ``Service.ask`` raises.
        """
        run, audience = self.service.run, audience_of(role)
        before = await run(self._before, conversation, instead) if conversation else Conversation()
        answered = await self.service.ask(question, before, audience)
        answer = answered.answer
        turn = Turn(new_id(), conversation, time.time(), to_json(answer), owner=owner)
        who, saved = await run(self._keep, turn, before, answered.after, instead) if conversation else ("", 0.0)
        self._note(turn.id, _CHANNEL, who, answered, role, turn.asked)
        if plain:
            return Given(turn)

        async def keep(grown: Grown) -> None:
            await run(self.turns.change, turn.id, to_json(grown.answer))
            if grown.answer.status != answer.status:  # what was refused or offered has an answer after all
                await run(self.service.kept.conversations.correct, _key(conversation), grown.after, saved)
                self._noting.add(partial(self.service.kept.journal.change, turn.id, grown.answer))

        return Given(turn, self.service.grow(question, before, audience, answer, keep if conversation else None))

    def note(self, channel: str, who: str, answered: Answered) -> None:
        """Have the journal note an answer of ``Service.ask``, of which nothing else is kept; ``who`` is an alias."""
        self._note(new_id(), channel, who, answered)

    def _note(self, id: str, channel: str, who: str, answered: Answered, role: str = "", at: float | None = None) -> None:
        """Note an answer, given ``at``, in the journal, and count it."""
        metrics.note_answer(self.service.settings.office_name, answered.answer.status, answered.answer.seconds)
        self._noting.add(partial(self.service.note, id, channel, who, answered, role, at))

    async def vote(self, id: str, vote: str, reason: str) -> bool:
        """Keep what somebody thought of an answer; ``False`` when there is none of this id."""
        return await self._told_of(id, lambda words: self.service.kept.journal.vote(id, vote, reason, words, channel=_CHANNEL))

    async def send(self, id: str, note: str) -> bool:
        """Keep that the asker wants an admin to see an answer; ``False`` when there is none of this id."""
        return await self._told_of(id, lambda words: self.service.kept.journal.send(id, note, words))

    async def _told_of(self, id: str, keep: Callable[[str], bool]) -> bool:
        """Keep something of an answer, with the words of its question where these are still there."""
        turn = await self.service.run(self.turns.get, id)
        for _ in range(_TRIES):  # it may have been given a moment ago, by another process
            if await self.service.run(keep, turn.answer["question"] if turn else ""):
                return True
            await asyncio.sleep(2 * GATHERING)
        return False

    def pick(self, turn: Turn, place: int) -> bool:
        """Keep which of the provisions that a turn offers was meant; ``False`` when it offers no such."""
        if turn.answer["status"] != "offered" or place >= len(turn.answer["citations"]):
            return False
        if self.turns.pick(turn.id, place):
            meant = turn.answer["citations"][place]
            self.service.kept.picks.add(turn.answer["question"], meant["document"], meant["section"])
        return True

    async def forget(self, conversation: str) -> bool:
        """Delete a conversation and what the journal has of it; ``False`` when there is none."""
        return await self.service.run(self._forget, conversation)

    def _forget(self, conversation: str) -> bool:
        self.service.kept.forget_conversation(_key(conversation))
        return bool(self.turns.forget(conversation))

    def prune(self) -> None:
        """Delete the turns that have been kept for as long as the settings say."""
        self.turns.prune(self.service.kept.for_long)

    async def settle(self) -> None:
        """Wait until everything is noted; wordings under way are given up."""
        self.service.give_up_wordings()
        await self._noting.settle()

    def close(self) -> None:
        """Give the file back."""
        self.turns.close()

    def _before(self, conversation: str, instead: str) -> Conversation:
        if instead and (state := self.turns.before(instead)):
            return Conversation.from_json(state)
        return self.service.conversation(_key(conversation))

    def _keep(self, turn: Turn, before: Conversation, after: Conversation, instead: str) -> tuple[str, float]:
        """Keep a turn, so that the next one can follow it whichever process is asked.

        Returns the conversation's alias, and the moment for ``Conversations.correct``.
        """
        kept, key = self.service.kept, _key(turn.conversation)
        saved = kept.conversations.save(key, after)
        try:
            self.turns.add(turn, before.to_json(), instead)
        except TracuuError as error:  # then it cannot be read again later
            _log.warning("%s", error)
        return kept.people.alias(key), saved


def _key(conversation: str) -> str:
    return f"{_CHANNEL}:{conversation}"
