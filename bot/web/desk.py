"""Where questions are answered for the web: in threads, each answer noted, what many ask computed once."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from threading import Lock
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from bot.clock import Clock
from bot.conversations import Conversations
from bot.journal import Journal
from bot.people import ROLES, People
from bot.render import to_json
from bot.settings import Settings
from bot.web.suggestions import Suggestions
from bot.web.turns import Turn, Turns, new_id
from rag.assistant import Assistant
from rag.audience import Audience
from rag.conversation import Conversation
from rag.documents import Answer
from rag.search import Hit, Searcher

_KNOWN = 2000  # answers
_THREADS = 4  # an answer is computation: more threads would only wait for one another
_WARMING = "Hạn nộp báo cáo sơ kết học kì I là ngày nào?"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it was given; ``turn`` is how it was noted, kept for reading again only in a conversation."""

    answer: Answer
    turn: Turn


class Desk:
    """The assistant, and what is kept of the questions. Safe for several threads; each process has its own."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._assistant = Assistant(settings.data, encoder=settings.encoder, today=settings.today)
        self._suggestions = Suggestions(self._assistant)
        self._clock = clock
        self._silence = timedelta(minutes=settings.conversation_minutes)
        self._kept_for = timedelta(days=settings.keep_days)
        self.turns = Turns(settings.data)
        self.journal = Journal(settings.data)
        self._conversations = Conversations(settings.data)
        self._people = People(settings.data)
        self._limiter = CapacityLimiter(_THREADS)
        self._known: OrderedDict[tuple[object, ...], tuple[Answer, str]] = OrderedDict()
        self._lock = Lock()

    def searcher(self) -> Searcher:
        """Return what searches the index in use. Raises ``IndexMissing``, ``IndexDamaged`` or ``SettingError``."""
        return self._assistant.searcher()

    def today(self) -> date:
        """Return the day on which questions are asked."""
        return self._clock.today()

    async def run(self, work: Callable[..., T], *given: object) -> T:
        """Run ``work`` in one of the desk's threads."""
        return await to_thread.run_sync(work, *given, limiter=self._limiter)

    async def ask(self, question: str, conversation: str = "", role: str = "") -> Given:
        """Answer a question, as a turn of ``conversation`` where that is named. Raises what ``Assistant.ask`` raises."""
        return await self.run(self._ask, question, conversation, role)

    def search(self, question: str, k: int) -> list[Hit]:
        """Return what ``Assistant.search`` finds. Raises what it raises."""
        return self._assistant.search(question, k)

    def alias(self, person: str) -> str:
        """Return what somebody is called where they are counted: a keyed hash that nobody can turn back."""
        return self._people.alias(person)

    def suggestions(self, role: str) -> list[str]:
        """Return questions to begin with for somebody of a role. Raises what ``searcher`` raises."""
        return self._suggestions.get(role, self.today())

    def warm(self) -> None:
        """Load everything that an answer needs, so that nobody waits for it."""
        self._assistant.ask(_WARMING)
        self.suggestions("")

    def forget(self, conversation: str) -> bool:
        """Delete a conversation; ``False`` when there is none."""
        self._conversations.forget(_key(conversation))
        return bool(self.turns.forget(conversation))

    def prune(self) -> None:
        """Delete what has been kept for long enough."""
        for kept in (self.turns, self.journal, self._conversations):
            kept.prune(self._kept_for)

    def close(self) -> None:
        """Give the files back."""
        for kept in (self.turns, self.journal, self._conversations, self._people):
            kept.close()

    def _ask(self, question: str, conversation: str, role: str) -> Given:
        started = time.perf_counter()
        before = self._conversations.load(_key(conversation), self._silence) if conversation else Conversation()
        audience = ROLES[role].audience if role in ROLES else frozenset()
        answer, after = self._answered(question, before, audience)
        answer = replace(answer, seconds=round(time.perf_counter() - started, 6))
        turn = Turn(new_id(), conversation, time.time(), to_json(answer))
        if conversation:
            self._conversations.save(_key(conversation), Conversation.from_json(after))
            self.turns.add(turn)
        who = self._people.alias(_key(conversation)) if conversation else ""
        self.journal.note(turn.id, "web", who, answer, answer.seconds)
        return Given(answer, turn)

    def _answered(self, question: str, conversation: Conversation, audience: frozenset[Audience]) -> tuple[Answer, str]:
        """Return the answer and the conversation after it, computed only once for the same index and day."""
        snapshot = self._assistant.snapshot
        key = (question, conversation.to_json(), audience, snapshot.info.id, self.today())
        with self._lock:
            if known := self._known.get(key):
                self._known.move_to_end(key)
                return known
        made = self._assistant.ask(question, conversation, audience)
        found = made, conversation.to_json()
        if not snapshot.warning:  # what is wrong now may be right in a moment
            with self._lock:
                self._known[key] = found
                if len(self._known) > _KNOWN:
                    self._known.popitem(last=False)
        return found


def _key(conversation: str) -> str:
    return f"web:{conversation}"
