"""Where questions are answered for the web: in threads, each answer noted, what many ask computed once."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from bot.assistant import assistant_of, folders_of
from bot.clock import Clock
from bot.conversations import Conversations
from bot.journal import Journal
from bot.people import ROLES, People
from bot.picks import Picks
from bot.render import to_json
from bot.settings import Settings
from bot.topics import topic_of
from bot.web.noting import GATHERING, Noting
from bot.web.suggestions import Suggestions
from bot.web.turns import Turn, Turns, new_id
from bot.wordings import Growing, Grown, Wordings
from ingest.build import Options
from ingest.lessons import Lessons
from ingest.teaching import Teacher
from rag.documents import Answer
from rag.errors import TracuuError
from rag.finding.school_year import successor_wanted
from rag.finding.search import Hit, Searcher
from rag.question.audience import Audience
from rag.question.conversation import Conversation

_KNOWN = 2000  # answers
_THREADS = 8  # for reading and writing files
_TRIES = 3
_WARMING = "Hạn nộp báo cáo sơ kết học kì I là ngày nào?"

T = TypeVar("T")
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


class Desk:
    """The assistant, and what is kept of the questions; each worker process has its own."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._assistant = assistant_of(settings)
        self._wordings = Wordings(self._assistant, settings.llm_seconds) if settings.llm else None
        self._suggestions = Suggestions(self._assistant)
        self._suggested: dict[tuple[object, ...], list[str]] = {}
        self._clock = clock
        self._silence = timedelta(minutes=settings.conversation_minutes)
        self._kept_for = timedelta(days=settings.keep_days)
        self.turns = Turns(settings.state)
        self.journal = Journal(settings.state)
        self.picks = Picks(settings.state)
        self._conversations = Conversations(settings.state)
        self._people = People(settings.state)
        self._lessons = Lessons.shared(settings.state)
        self._pointers = [folder / name for folder in folders_of(settings) for name in ("current", "bank/current")]
        self._noting = Noting(self.journal, self.run)
        self._limiter = CapacityLimiter(_THREADS)
        self._computing = CapacityLimiter(1)  # threads that compute would only wait for one another
        self._known: OrderedDict[tuple[object, ...], asyncio.Task[tuple[Answer, str, bool]]] = OrderedDict()

    def searcher(self) -> Searcher:
        """Return what searches the index in use. Raises ``IndexMissing``, ``IndexDamaged`` or ``SettingError``."""
        return self._assistant.searcher()

    def own(self) -> Searcher:
        """Return what searches the own documents alone: ``Assistant.own``. Raises as ``searcher``."""
        return self._assistant.own()

    def teacher(self, corpus: Path, data: Path, options: Options) -> Teacher:
        """Return what teaches the assistant."""
        return Teacher(corpus, data, self._assistant, self.today(), options, self._lessons)

    def shelf(self) -> Searcher:
        """Return what lists are made of: ``Assistant.shelf``. Raises ``IndexMissing`` or ``IndexDamaged``."""
        return self._assistant.shelf()

    def successor_wanted(self) -> str:
        """Return one sentence that asks for what comes after directives whose school year is over; mostly empty.

        Raises ``IndexMissing`` or ``IndexDamaged``.
        """
        shelf, today = self.shelf(), self.today()
        return "" if shelf.broad else successor_wanted(shelf.documents.values(), lambda number: shelf.validity(number, today), today)

    def version(self) -> tuple[tuple[int, int], ...]:
        """Return what changes with every index and bank that is published; costs a ``stat`` each, and opens nothing."""
        return tuple(map(_stamp, self._pointers))

    def today(self) -> date:
        """Return the day on which questions are asked."""
        return self._clock.today()

    async def run(self, work: Callable[..., T], *given: object) -> T:
        """Run ``work`` in one of the desk's threads."""
        return await to_thread.run_sync(work, *given, limiter=self._limiter)

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
        conversation and of all that follows that. Raises what ``Assistant.ask`` raises.
        """
        started = time.perf_counter()
        before = await self.run(self._before, conversation, instead) if conversation else Conversation()
        answer, after = await self._answered(question, before, role)
        answer = replace(answer, seconds=round(time.perf_counter() - started, 6))
        turn = Turn(new_id(), conversation, time.time(), to_json(answer), owner=owner)
        who, saved = await self.run(self._keep, turn, before, after, instead) if conversation else ("", 0.0)
        self._noting.add(partial(self._journalise, turn.id, who, answer, role))
        given = Given(turn)
        if plain or self._wordings is None:
            return given

        async def keep(grown: Grown) -> None:
            await self.run(self.turns.change, turn.id, to_json(grown.answer))
            if grown.answer.status != answer.status:  # what was refused or offered has an answer after all
                await self.run(self._conversations.correct, _key(conversation), grown.after, saved)
                self._noting.add(partial(self.journal.change, turn.id, grown.answer))

        growing = self._wordings.begin(question, before, _audience(role), answer, keep if conversation else None)
        return replace(given, growing=growing)

    async def follow(self, question: str, before: Conversation) -> tuple[Answer, Conversation]:
        """Return the answer to a question in a conversation that the caller holds, and that conversation after it.

        Nothing is kept of it, and no language model is asked. Raises what ``Assistant.ask`` raises.
        """
        started = time.perf_counter()
        answer, after = await self._answered(question, before, "")
        return replace(answer, seconds=round(time.perf_counter() - started, 6)), Conversation.from_json(after)

    def note(self, channel: str, who: str, answer: Answer) -> None:
        """Have the journal note an answer of ``follow``; ``who`` is an alias."""
        self._noting.add(partial(self._journalise, new_id(), who, answer, "", channel))

    def search(self, question: str, k: int) -> list[Hit]:
        """Return what ``Assistant.search`` finds. Raises what it raises."""
        return self._assistant.search(question, k)

    def alias(self, person: str) -> str:
        """Return what somebody is called where they are counted: a keyed hash that nobody can turn back."""
        return self._people.alias(person)

    async def suggestions(self, role: str) -> list[str]:
        """Return questions to begin with for somebody of a role. Raises what ``searcher`` raises."""
        key = (self.version(), self.today(), role)
        if key not in self._suggested:
            found = await to_thread.run_sync(self._suggestions.get, role, self.today(), limiter=self._computing)
            self._suggested = {known: each for known, each in self._suggested.items() if known[:2] == key[:2]} | {key: found}
        return self._suggested[key]

    async def warm(self) -> None:
        """Load everything that an answer needs, so that nobody waits for it."""
        await self._computed(_WARMING, Conversation(), frozenset())
        await self.run(self.search, _WARMING, 1)
        await self.suggestions("")

    async def vote(self, id: str, vote: str, reason: str) -> bool:
        """Keep what somebody thought of an answer; ``False`` when there is none of this id."""
        return await self._told_of(id, lambda words: self.journal.vote(id, vote, reason, words))

    async def send(self, id: str, note: str) -> bool:
        """Keep that the asker wants an admin to see an answer; ``False`` when there is none of this id."""
        return await self._told_of(id, lambda words: self.journal.send(id, note, words))

    async def _told_of(self, id: str, keep: Callable[[str], bool]) -> bool:
        """Keep something of an answer, with the words of its question where these are still there."""
        turn = await self.run(self.turns.get, id)
        for _ in range(_TRIES):  # it may have been given a moment ago, by another process
            if await self.run(keep, turn.answer["question"] if turn else ""):
                return True
            await asyncio.sleep(2 * GATHERING)
        return False

    def pick(self, turn: Turn, place: int) -> bool:
        """Keep which of the provisions that a turn offers was meant; ``False`` when it offers no such."""
        if turn.answer["status"] != "offered" or place >= len(turn.answer["citations"]):
            return False
        if self.turns.pick(turn.id, place):
            meant = turn.answer["citations"][place]
            self.picks.add(turn.answer["question"], meant["document"], meant["section"])
        return True

    async def settle(self) -> None:
        """Wait until everything is noted; wordings under way are given up."""
        if self._wordings is not None:
            self._wordings.close()
        await self._noting.settle()

    async def forget(self, conversation: str) -> bool:
        """Delete a conversation and what the journal has of it; ``False`` when there is none."""
        await self._noting.settle()  # what was asked a moment ago would be noted after it
        return await self.run(self._forget, conversation)

    def _forget(self, conversation: str) -> bool:
        key = _key(conversation)
        self.journal.forget(self._people.alias(key))
        self._conversations.forget(key)
        return bool(self.turns.forget(conversation))

    def look_again(self) -> bool:
        """See ``Assistant.look_again``."""
        return self._assistant.look_again()

    def look_after(self) -> None:
        """Delete what has been kept for long enough, and read the whole index for what a disk forgot. Raises ``TracuuError``."""
        self.look_again()
        for kept in (self.turns, self.journal, self.picks, self._conversations):
            kept.prune(self._kept_for)

    def close(self) -> None:
        """Give the files back."""
        for kept in (self.turns, self.journal, self.picks, self._conversations, self._people):
            kept.close()

    def _before(self, conversation: str, instead: str) -> Conversation:
        if instead and (state := self.turns.before(instead)):
            return Conversation.from_json(state)
        return self._conversations.load(_key(conversation), self._silence)

    async def _answered(self, question: str, before: Conversation, role: str) -> tuple[Answer, str]:
        """Return the answer and the conversation after it; what many ask on the same day of the same index is computed once."""
        key = (question, before.to_json(), role, self.version(), self.today())
        task = self._known.get(key)
        if task is None:
            told = Conversation.from_json(before.to_json())  # changed by the answer
            self._known[key] = task = asyncio.create_task(self._computed(question, told, _audience(role)))
            if len(self._known) > _KNOWN:
                self._known.popitem(last=False)
        try:
            answer, after, lasting = await asyncio.shield(task)
        except Exception:
            self._known.pop(key, None)
            raise
        if not lasting:
            self._known.pop(key, None)
        return answer, after

    async def _computed(self, question: str, conversation: Conversation, audience: frozenset[Audience]) -> tuple[Answer, str, bool]:
        def compute() -> tuple[Answer, str, bool]:
            made = self._assistant.ask(question, conversation, audience, plain=True)
            amiss = any(searcher.snapshot.warning for searcher, _ in self._assistant.searcher().parts)  # it may be right in a moment
            return made, conversation.to_json(), not amiss

        return await to_thread.run_sync(compute, limiter=self._computing)

    def _keep(self, turn: Turn, before: Conversation, after: str, instead: str) -> tuple[str, float]:
        """Keep a turn, so that the next one can follow it whichever process is asked.

        Returns the conversation's alias, and the moment for ``Conversations.correct``.
        """
        saved = self._conversations.save(_key(turn.conversation), Conversation.from_json(after))
        try:
            self.turns.add(turn, before.to_json(), instead)
        except TracuuError as error:  # then it cannot be read again later
            _log.warning("%s", error)
        return self._people.alias(_key(turn.conversation)), saved

    def _journalise(self, id: str, who: str, answer: Answer, role: str, channel: str = "web") -> None:
        topic = ""
        try:
            topic = topic_of(self.searcher().store, answer)
        except TracuuError as error:  # the question counts all the same
            _log.warning("%s", error)
        self.journal.note(id, channel, who, answer, answer.seconds, role, topic)


def _stamp(pointer: Path) -> tuple[int, int]:
    try:
        status = pointer.stat()
    except FileNotFoundError:
        return 0, 0
    return status.st_ino, status.st_mtime_ns


def _audience(role: str) -> frozenset[Audience]:
    return ROLES[role].audience if role in ROLES else frozenset()


def _key(conversation: str) -> str:
    return f"web:{conversation}"
