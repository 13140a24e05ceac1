"""Who computes answers for a channel: a thread of its process (here), or processes of their own (``bot.workers``)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import NamedTuple, Protocol

from anyio import CapacityLimiter, to_thread

from bot.topics import topic_of
from rag.assistant import Assistant
from rag.documents import Answer
from rag.errors import TracuuError
from rag.finding.search import Hit
from rag.question.audience import Audience
from rag.question.conversation import Conversation

_log = logging.getLogger(__name__)

Watch = Callable[[bool], None]
"""Told ``True`` when the work on a question begins, and ``False`` when it is through."""


def unwatched(is_at_work: bool) -> None:
    """Watch nothing."""


class Computed(NamedTuple):
    """An answer without a language model, as it can be told to another process.

    ``after`` is the conversation after it (``Conversation.to_json``), ``topic`` what it is about, for statistics. ``is_lasting`` says
    whether the same would be answered until another index is published: not so while a damaged one is being replaced, or search nodes
    do not serve the one that was published.
    """

    answer: Answer
    after: str
    topic: str
    is_lasting: bool


class Computing(Protocol):
    """Computes in its own threads or processes, never on the event loop that calls it."""

    async def ask(self, question: str, before: Conversation, audience: frozenset[Audience], at_work: Watch) -> Computed:
        """Return the answer. Raises what ``Assistant.ask`` raises."""
        ...

    async def search(self, question: str, k: int) -> list[Hit]:
        """Return what ``Assistant.search`` finds. Raises what it raises."""
        ...

    def start(self) -> None:
        """Begin to open what answers need."""
        ...

    def close(self) -> None:
        """Give threads and processes back."""
        ...


def computed(assistant: Assistant, question: str, conversation: Conversation, audience: frozenset[Audience]) -> Computed:
    """Have ``assistant`` answer, in the thread of whoever calls; ``conversation`` goes on by that. Raises what ``Assistant.ask`` raises."""
    answer = assistant.ask(question, conversation, audience, plain=True)
    try:
        searcher = assistant.searcher()
        passing = any(part.snapshot.warning or part.snapshot.superseded for part, _ in searcher.parts)
        topic, is_lasting = topic_of(searcher.store, answer), not passing
    except TracuuError as error:  # the question is answered all the same
        _log.warning("%s", error)
        topic, is_lasting = "", False
    return Computed(answer, conversation.to_json(), topic, is_lasting)


class InThread:
    """Computes in one thread of this process, one question after the other: threads that compute would only wait for one another."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._one = CapacityLimiter(1)

    async def ask(self, question: str, before: Conversation, audience: frozenset[Audience], at_work: Watch) -> Computed:
        """Return the answer. Raises what ``Assistant.ask`` raises."""
        async with self._one:
            at_work(True)
            try:
                return await to_thread.run_sync(computed, self._assistant, question, before, audience)
            finally:
                at_work(False)

    async def search(self, question: str, k: int) -> list[Hit]:
        """Return what ``Assistant.search`` finds. Raises what it raises."""
        return await to_thread.run_sync(self._assistant.search, question, k, limiter=self._one)

    def start(self) -> None:
        """Nothing: the assistant opens what it needs."""

    def close(self) -> None:
        """Nothing: the thread ends by itself."""
