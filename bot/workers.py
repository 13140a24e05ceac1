"""Answers questions in processes of their own, so that a channel goes on hearing and speaking while many people ask at once.

Threads would not do: an answer is pure computation, and while one thread computes, the others wait for it.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import threading
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import asynccontextmanager
from typing import Any

from bot.assistant import open_assistant
from rag.assistant import Assistant
from rag.documents import Answer
from rag.finding.search import Hit
from rag.question.audience import Audience
from rag.question.conversation import Conversation

_log = logging.getLogger(__name__)
_MOST = 2
_KNOWN = 500  # answers
_FIRST = "hạn nộp báo cáo là ngày nào?"
_assistant: Assistant | None = None  # of a worker


def _unwatched(is_at_work: bool) -> None:
    """Nobody wants to know."""


class Workers:
    """The processes; each opens the index that the settings name. A process that dies is replaced and its question asked again.

    ``version`` names what answers depend on besides the question: the index and the day. As long as it stays the same, what
    many ask at once is answered once.
    """

    def __init__(self, version: Callable[[], str], count: int | None = None) -> None:
        self._count = count or min(_MOST, os.cpu_count() or 1)
        self._pool = self._started()
        self._free = asyncio.Semaphore(self._count)
        self._version = version
        self._known: OrderedDict[tuple[str, ...], asyncio.Task[tuple[Answer, str]]] = OrderedDict()

    async def ask(
        self,
        question: str,
        conversation: Conversation,
        audience: frozenset[Audience],
        at_work: Callable[[bool], None] = _unwatched,
    ) -> tuple[Answer, Conversation]:
        """Return what ``Assistant.ask`` answers without a language model, and the conversation after it. Raises what it raises.

        ``at_work`` is told when a process begins with it and when it is through; where somebody else's is waited for, it is not.
        """
        key = (question, conversation.to_json(), *sorted(audience), self._version())
        task = self._known.get(key)
        if task is None:
            self._known[key] = task = asyncio.create_task(self._run(at_work, _ask, question, conversation, audience))
            if len(self._known) > _KNOWN:
                self._known.popitem(last=False)
        try:
            answer, after = await asyncio.shield(task)
        except Exception:
            self._known.pop(key, None)
            raise
        return answer, Conversation.from_json(after)

    async def search(self, question: str, k: int) -> list[Hit]:
        """Return what ``Assistant.search`` finds. Raises what it raises."""
        found: list[Hit] = await self._run(_unwatched, _search, question, k)
        return found

    def close(self) -> None:
        """End the processes."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _started(self) -> ProcessPoolExecutor:
        pool = ProcessPoolExecutor(self._count, multiprocessing.get_context("spawn"), _open)
        # So that the first who asks does not wait for index, encoder and chooser to be opened.
        self._opening = [pool.submit(_ask, _FIRST, Conversation(), frozenset()) for _ in range(self._count)]
        return pool

    async def _run(self, at_work: Callable[[bool], None], work: Any, *given: Any) -> Any:  # noqa: ANN401
        async with self._process(at_work) as pool:
            try:
                return await asyncio.get_running_loop().run_in_executor(pool, work, *given)
            except BrokenProcessPool:
                if pool is self._pool:
                    _log.error("Một tiến trình trả lời đã chết: mở lại")
                    self._pool = self._started()
                return await asyncio.get_running_loop().run_in_executor(self._pool, work, *given)

    @asynccontextmanager
    async def _process(self, at_work: Callable[[bool], None]) -> AsyncIterator[ProcessPoolExecutor]:
        """Wait for a process that is open and has nothing to do."""
        async with self._free:
            await asyncio.wait(map(asyncio.wrap_future, self._opening))
            at_work(True)
            try:
                yield self._pool
            finally:
                at_work(False)


def _open() -> None:
    """Make this process a worker: it ends with the process that started it, and by no signal meant for that one."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent

    def follow() -> None:
        parent.join()
        os._exit(0)

    threading.Thread(target=follow, daemon=True).start()


def _worker() -> Assistant:
    global _assistant
    if _assistant is None:
        _assistant = open_assistant()
    return _assistant


def _ask(question: str, conversation: Conversation, audience: frozenset[Audience]) -> tuple[Answer, str]:
    return _worker().ask(question, conversation, audience, plain=True), conversation.to_json()


def _search(question: str, k: int) -> list[Hit]:
    return _worker().search(question, k)
