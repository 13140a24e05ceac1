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
from collections.abc import AsyncIterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import asynccontextmanager
from typing import Any

from bot.assistant import open_assistant
from bot.computing import Computed, Watch, computed, unwatched
from bot.settings import Settings
from rag.assistant import Assistant
from rag.finding.encoder import OFF
from rag.finding.search import Hit
from rag.question.audience import Audience
from rag.question.conversation import Conversation

_log = logging.getLogger(__name__)
_MOST = 2
_FIRST = "hạn nộp báo cáo là ngày nào?"
_assistant: Assistant | None = None  # of a worker


def processes_of(chosen: Settings) -> int:
    """Return how many processes answer in a channel: as many as are set; else two, or one where each would load a large model."""
    return chosen.workers or (1 if chosen.encoder and chosen.encoder != OFF else min(_MOST, os.cpu_count() or 1))


class Workers:
    """The processes; each opens the index that the settings name. A process that dies is replaced and its question asked again.

    It belongs to one event loop.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._pool: ProcessPoolExecutor | None = None
        self._free = asyncio.Semaphore(count)

    async def ask(self, question: str, before: Conversation, audience: frozenset[Audience], at_work: Watch) -> Computed:
        """Return what ``Assistant.ask`` answers without a language model. Raises what it raises."""
        made: Computed = await self._run(at_work, _ask, question, before, audience)
        return made

    async def search(self, question: str, k: int) -> list[Hit]:
        """Return what ``Assistant.search`` finds. Raises what it raises."""
        found: list[Hit] = await self._run(unwatched, _search, question, k)
        return found

    def start(self) -> None:
        """Start the processes; the first who asks is not to wait for index, encoder and chooser to be opened."""
        self._pool = ProcessPoolExecutor(self._count, multiprocessing.get_context("spawn"), _open)
        self._opening = [self._pool.submit(_ask, _FIRST, Conversation(), frozenset()) for _ in range(self._count)]

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    async def _run(self, at_work: Watch, work: Any, *given: Any) -> Any:  # noqa: ANN401
        async with self._process(at_work) as pool:
            try:
                return await asyncio.get_running_loop().run_in_executor(pool, work, *given)
            except BrokenProcessPool:
                if pool is self._pool:
                    _log.error("Một tiến trình trả lời đã chết: mở lại")
                    self.start()
                return await asyncio.get_running_loop().run_in_executor(self._pool, work, *given)

    @asynccontextmanager
    async def _process(self, at_work: Watch) -> AsyncIterator[ProcessPoolExecutor]:
        """Wait for a process that is open and has nothing to do."""
        async with self._free:
            await asyncio.wait(map(asyncio.wrap_future, self._opening))
            at_work(True)
            try:
                assert self._pool is not None, "start comes first"
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


def _ask(question: str, conversation: Conversation, audience: frozenset[Audience]) -> Computed:
    return computed(_worker(), question, conversation, audience)


def _search(question: str, k: int) -> list[Hit]:
    return _worker().search(question, k)
