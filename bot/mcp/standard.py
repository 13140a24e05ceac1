"""``tracuu mcp``: the tools on standard input and output, for a program on this machine that starts the command itself."""

from __future__ import annotations

import os
import signal
from asyncio import Lock
from typing import Any

from bot.loading import load_settings
from bot.mcp.tools import server_of
from bot.recent import Recent
from bot.render import to_json
from bot.service import Service
from bot.web.logs import log_to_stderr
from rag.question.conversation import Conversation

_STOPPED = 130  # as after Ctrl-C everywhere
_CONVERSATIONS = 100  # remembered at once


def serve() -> None:
    """Serve until standard input ends. Raises ``TracuuError`` before anything is read when there is no index."""
    service = Service.open(load_settings())
    service.make_ready()
    log_to_stderr()
    # The thread that waits for input cannot be woken, and there is nothing to be put away.
    signal.signal(signal.SIGINT, lambda *_: os._exit(_STOPPED))
    server_of(service, _Talking(service).ask).run("stdio")


class _Talking:
    """Conversations that last as long as this process does; nothing is kept of any question."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._known: Recent[str, Conversation] = Recent(_CONVERSATIONS)
        self._in_order = Lock()

    async def ask(self, question: str, conversation: str, request: Any) -> dict[str, Any]:  # noqa: ANN401
        if not conversation:
            return to_json((await self._service.ask(question, Conversation())).answer)
        async with self._in_order:  # a client may send the next question before it has the answer
            answered = await self._service.ask(question, self._known.get(conversation) or Conversation())
            self._known.put(conversation, answered.after)
        return to_json(answered.answer)
