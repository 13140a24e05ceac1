"""``tracuu mcp``: the tools on standard input and output, for a program on this machine that starts the command itself."""

from __future__ import annotations

import os
import signal
from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from anyio import CapacityLimiter, to_thread

from bot import settings
from bot.assistant import open_assistant
from bot.clock import Clock
from bot.mcp.tools import server_of
from bot.render import to_json
from bot.web.logs import log_to_stderr
from rag.assistant import Assistant
from rag.finding.search import Hit, Searcher
from rag.question.conversation import Conversation

_STOPPED = 130  # as after Ctrl-C everywhere
_CONVERSATIONS = 100  # remembered at once

T = TypeVar("T")


def serve() -> None:
    """Serve until standard input ends. Raises ``TracuuError`` before anything is read when there is no index."""
    assistant, chosen = open_assistant(), settings.load()
    log_to_stderr()
    # The thread that waits for input cannot be woken, and there is nothing to be put away.
    signal.signal(signal.SIGINT, lambda *_: os._exit(_STOPPED))
    server_of(_Local(assistant, Clock(ZoneInfo(chosen.timezone), chosen.today))).run("stdio")


class _Local:
    """A library in this process; conversations last as long as it does, and nothing is kept of any question."""

    def __init__(self, assistant: Assistant, clock: Clock) -> None:
        self._assistant = assistant
        self._clock = clock
        self._conversations: OrderedDict[str, Conversation] = OrderedDict()
        self._one = CapacityLimiter(1)  # threads that compute would only wait for one another

    async def ask(self, question: str, conversation: str, request: Any) -> dict[str, Any]:  # noqa: ANN401
        def asked() -> dict[str, Any]:
            return to_json(self._assistant.ask(question, self._called(conversation), plain=True))

        return await to_thread.run_sync(asked, limiter=self._one)

    async def search(self, question: str, k: int) -> list[Hit]:
        return await to_thread.run_sync(self._assistant.search, question, k, limiter=self._one)

    async def read(self, work: Callable[[Searcher, date], T]) -> T:
        return await to_thread.run_sync(lambda: work(self._assistant.searcher(), self._clock.today()), limiter=self._one)

    async def listed(self, work: Callable[[Searcher, date], T]) -> T:
        return await to_thread.run_sync(lambda: work(self._assistant.shelf(), self._clock.today()), limiter=self._one)

    def _called(self, id: str) -> Conversation | None:
        if not id:
            return None
        found = self._conversations.setdefault(id, Conversation())
        self._conversations.move_to_end(id)
        if len(self._conversations) > _CONVERSATIONS:
            self._conversations.popitem(last=False)
        return found
