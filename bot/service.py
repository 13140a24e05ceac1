"""The one door to everything that answers and to everything that is kept; all channels stand on it.

The web, ``/v1``, MCP, Telegram, Zalo and the terminal each open a ``Service`` from the settings; a channel's own part is only what
its people see. What ``rag.Assistant`` is to a question, this is to a program that runs: it says where answers are computed, computes
once what many ask, and keeps conversations, people, the journal and picks by one rule.

Threads
    On an event loop: the coroutines, ``grow``, ``give_up_wordings``, ``today``, ``version`` (a ``stat`` for each pointer), and
    ``in_use``, which never opens an index there. They belong to one loop, as do the memo and the wordings.
    In any thread, from a loop through ``run``: everything else. It reads files, and may open an index, which takes seconds. Only
    what is ``kept`` the messengers write on their loop, a statement at a time: so what they say and what they note stay in order.
Locks
    ``Service._opening``: the stores are opened once. ``Memo``: none, its loop alone touches it; ``Recent`` has its own.
    ``rag.finding.shelves.Shelves._opening``: a searcher and the encoder are opened once for each index, however many threads ask first.
    ``SnapshotReader._lock``, ``BankReader._lock``: which snapshot and bank are in use. Locks are taken in this order: those of the
    office's own shelves before those of the library that it shares, shelves before readers; none is held while a question is answered.
    Each store of ``rag.storage`` guards its own connection.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from anyio import CapacityLimiter, to_thread

from bot.assistant import assistant_of, folders_of, reader_of
from bot.computing import Computed, Computing, InThread, Watch, unwatched
from bot.following import follow_now
from bot.in_use import InUse
from bot.kept import Kept
from bot.memo import Memo
from bot.people import Person
from bot.settings import Settings
from bot.wordings import Growing, Keep, Wordings
from rag.assistant import Assistant
from rag.documents import Answer
from rag.finding.search import Hit, Searcher
from rag.question.audience import Audience
from rag.question.conversation import Conversation

if TYPE_CHECKING:
    from ingest.teaching import Teacher
    from rag.answers.explanation import Explanation

_KNOWN = 2000  # answers
_THREADS = 8  # for reading and writing files

T = TypeVar("T")


class Answered(NamedTuple):
    """An answer, the conversation after it, and what it is about, for statistics."""

    answer: Answer
    after: Conversation
    topic: str


class Found(NamedTuple):
    """What was found for a question, the best first, in how many seconds."""

    question: str
    hits: list[Hit]
    seconds: float


class Service:
    """What answers, for the whole service or for one office. Open it with ``open`` or ``apart``, and ``close`` it."""

    def __init__(self, chosen: Settings, assistant: Assistant, computing: Computing, writing: Assistant) -> None:
        """``assistant`` lists and shows; questions go to ``computing``, what a language model adds to ``writing``."""
        self.settings = chosen
        self.assistant = assistant
        self.in_use = InUse(assistant)
        self.clock = chosen.clock
        self._computing = computing
        self._wordings = Wordings(writing, chosen.llm_seconds) if chosen.llm else None
        self._memo: Memo[Computed] = Memo(_KNOWN, lambda made: made.is_lasting)
        self._pointers = [folder / name for folder in folders_of(chosen) for name in ("current", "bank/current")]
        self._threads = CapacityLimiter(_THREADS)
        self._kept: Kept | None = None
        self._opening = Lock()

    @classmethod
    def open(cls, chosen: Settings) -> Service:
        """Return the service that answers in a thread of this process; the index is opened when it is needed. Raises ``SettingError``."""
        assistant = assistant_of(chosen)
        return cls(chosen, assistant, InThread(assistant), assistant)

    @classmethod
    def apart(cls, chosen: Settings) -> Service:
        """Return the service that answers in processes of their own, and goes on hearing and speaking meanwhile. Raises as ``open``.

        The processes are started by ``make_ready``, which therefore comes first.
        """
        from bot.workers import Workers, processes_of

        assistant = reader_of(chosen)
        return cls(chosen, assistant, Workers(processes_of(chosen)), assistant_of(chosen) if chosen.llm else assistant)

    def make_ready(self) -> None:
        """Take over what the shared store has, and open the index: what is wrong with it is said before any question is read.

        Raises ``IndexMissing``, ``IndexDamaged``, ``SettingError``, or ``TracuuError`` where there is no index and none can be had.
        """
        follow_now(self.settings)
        self.assistant.shelf()
        self._computing.start()

    @property
    def kept(self) -> Kept:
        """What is kept of people and their questions; opened when it is first asked for. Raises ``TracuuError`` where it cannot be."""
        with self._opening:
            if self._kept is None:
                self._kept = Kept(self.settings)
            return self._kept

    def today(self) -> date:
        """Return the day on which questions are asked."""
        return self.clock.today()

    def version(self) -> tuple[tuple[int, int], ...]:
        """Return what changes with every index and bank that is published; costs a ``stat`` each, and opens nothing."""
        return tuple(map(_stamp, self._pointers))

    async def ask(
        self, question: str, before: Conversation, audience: frozenset[Audience] = frozenset(), at_work: Watch = unwatched
    ) -> Answered:
        """Return the answer without a language model, and the conversation after it; ``before`` stays as it is.

        What many ask on one day of one index is computed once. ``at_work`` is told when that begins and when it is through; where
        somebody else's is waited for, it is not. Raises what ``Assistant.ask`` raises.
        """
        started = time.perf_counter()
        state = before.to_json()

        async def compute() -> Computed:
            return await self._computing.ask(question, Conversation.from_json(state), audience, at_work)

        made = await self._memo.get((question, state, audience, self.version(), self.today()), compute)
        answer = replace(made.answer, seconds=round(time.perf_counter() - started, 6))
        return Answered(answer, Conversation.from_json(made.after), made.topic)

    def grow(
        self, question: str, before: Conversation, audience: frozenset[Audience], given: Answer, keep: Keep | None = None
    ) -> Growing | None:
        """Have a language model add to an answer, see ``Wordings.begin``; ``None`` without one, or where it has nothing to add."""
        return self._wordings.begin(question, before, audience, given, keep) if self._wordings else None

    def stream(self, question: str, conversation: Conversation | None = None, *, plain: bool = False) -> Iterator[Answer]:
        """Yield the answer, and again with what a language model adds: ``Assistant.stream``, in the thread of whoever calls."""
        return self.assistant.stream(question, conversation, plain=plain)

    def explain(self, question: str, conversation: Conversation | None = None) -> tuple[Answer, list[Explanation]]:
        """Return the answer and how it came about: ``Assistant.explain``, in the thread of whoever calls."""
        return self.assistant.explain(question, conversation)

    async def search(self, question: str, k: int) -> Found:
        """Return what ``Assistant.search`` finds. Raises what it raises."""
        started = time.perf_counter()
        hits = await self._computing.search(question, k)
        return Found(question, hits, time.perf_counter() - started)

    def search_here(self, question: str, k: int) -> Found:
        """Do as ``search``, in the thread of whoever calls."""
        started = time.perf_counter()
        hits = self.assistant.search(question, k)
        return Found(question, hits, time.perf_counter() - started)

    def searcher(self) -> Searcher:
        """Return what reads and shows all there is. Raises ``IndexMissing``, ``IndexDamaged`` or ``SettingError``."""
        return self.assistant.searcher()

    def own(self) -> Searcher:
        """Return what searches the own documents alone: ``Assistant.own``. Raises as ``searcher``."""
        return self.assistant.own()

    def shelf(self) -> Searcher:
        """Return what lists are made of: ``Assistant.shelf``. Raises ``IndexMissing`` or ``IndexDamaged``."""
        return self.assistant.shelf()

    def look_again(self) -> bool:
        """Read the whole index for what a disk forgot: ``Assistant.look_again``."""
        return self.assistant.look_again()

    def conversation(self, id: str) -> Conversation:
        """Return a conversation as it stands; a new one where nobody has gone on with it for as long as the settings say."""
        return self.kept.conversations.load(id, self.kept.silence)

    def note(self, id: str, channel: str, who: str, given: Answered, role: str = "", at: float | None = None) -> None:
        """Note an answer, given ``at`` (now), in the journal; ``who`` is an alias (``People.alias``), ``role`` a key of ``ROLES``."""
        self.kept.journal.note(id, channel, who, given.answer, given.answer.seconds, role, given.topic, at)

    def keep(self, id: str, channel: str, person: Person, given: Answered, conversations: Iterable[str]) -> dict[str, float]:
        """Keep that a person was answered: the ``conversations`` that go on by it, that they were there, and in the journal. Blocks.

        Returns the conversations with the moments for ``Conversations.correct``.
        """
        saved = {each: self.kept.conversations.save(each, given.after) for each in conversations}
        self.note(id, channel, self.kept.people.alias(person.id), given, person.role.key if person.role else "")
        self.kept.people.seen(person.id)
        return saved

    def teacher(self, wait: float = 0.0) -> Teacher:
        """Return what teaches the assistant; it waits so many seconds for another builder."""
        from ingest.options import Options
        from ingest.teaching import Teacher

        chosen = self.settings
        options = Options(chosen.encoder, store=chosen.store, wait=wait)
        return Teacher(chosen.corpus, chosen.data, self.assistant, self.today(), options, self.kept.lessons)

    async def run(self, work: Callable[..., T], *given: object) -> T:
        """Run ``work`` in one of the service's threads."""
        return await to_thread.run_sync(work, *given, limiter=self._threads)

    def prune(self) -> None:
        """Delete what is older than the settings allow, in whichever channel it was kept: ``Kept.prune``."""
        self.kept.prune()

    def give_up_wordings(self) -> None:
        """Let go of what language models are still writing; on the event loop."""
        if self._wordings is not None:
            self._wordings.close()

    def close(self) -> None:
        """Give files, threads and processes back."""
        self.give_up_wordings()
        self._computing.close()
        if self._kept is not None:
            self._kept.close()


def _stamp(pointer: Path) -> tuple[int, int]:
    try:
        status = pointer.stat()
    except FileNotFoundError:
        return 0, 0
    return status.st_ino, status.st_mtime_ns
