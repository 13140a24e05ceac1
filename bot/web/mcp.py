"""``/mcp``: the tools over HTTP, for everybody who may call the API; every request stands alone, whichever worker gets it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import Response
from starlette.types import Message, Receive, Scope, Send

from bot.settings import items
from bot.web.callers import kept_as
from bot.web.problems import MCP, Refused
from bot.web.talks import Talks

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

mcp = APIRouter(include_in_schema=False)


@mcp.post(MCP)
async def call(request: Request) -> Response:
    """Hand one message of the protocol on, once it is here as a whole and no page of another site has sent it."""
    _refuse_strangers(request)
    server: _Server = request.app.state.mcp
    return _Handed(await server.opened(), await request.body())


def _refuse_strangers(request: Request) -> None:
    """A browser names the site of the page that sends: one that the settings do not let call the API may not call this either.

    So no page reaches a server on its reader's own machine or network, by whatever name it calls it.
    """
    origin, let_in = request.headers.get("origin"), items(request.app.state.settings.cors_origins)
    if origin is not None and origin not in let_in and "*" not in let_in:
        raise Refused(403, "Trang web này không được gọi MCP (TRACUU_CORS_ORIGINS).", "This site may not call MCP.")


class _Handed(Response):
    """Lets the protocol's own server answer."""

    def __init__(self, manager: StreamableHTTPSessionManager, sent: bytes) -> None:
        super().__init__()
        self._manager = manager
        self._sent: bytes | None = sent

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def again() -> Message:
            if self._sent is None:
                return await receive()
            body, self._sent = self._sent, None
            return {"type": "http.request", "body": body, "more_body": False}

        await self._manager.handle_request(scope, again, send)


class _Server:
    """The protocol's own server, opened when somebody first calls: to import its library takes as long as all the rest of a start."""

    def __init__(self, talks: Talks) -> None:
        self._talks = talks
        self._opening = asyncio.Lock()
        self._ready, self._leave = asyncio.Event(), asyncio.Event()
        self._manager: StreamableHTTPSessionManager | None = None
        self._life: asyncio.Task[None] | None = None

    async def opened(self) -> StreamableHTTPSessionManager:
        """Return what answers."""
        async with self._opening:
            if self._manager is None:
                await to_thread.run_sync(import_module, "bot.mcp.tools")  # others are answered meanwhile
                self._manager = _manager_of(self._talks)
                self._life = asyncio.create_task(self._live(self._manager))
        await self._ready.wait()
        return self._manager

    async def _live(self, manager: StreamableHTTPSessionManager) -> None:
        """Be open until asked to leave; in one task, as its group of tasks wants."""
        async with manager.run():
            self._ready.set()
            await self._leave.wait()

    async def close(self) -> None:
        """End what is open."""
        self._leave.set()
        if self._life is not None:
            await self._life


def _manager_of(talks: Talks) -> StreamableHTTPSessionManager:
    from bot.mcp.tools import server_of

    async def ask(question: str, conversation: str, request: Request) -> dict[str, Any]:
        given = await talks.ask(question, kept_as(talks.service, request, conversation) if conversation else "", plain=True)
        return given.turn.answer

    server = server_of(talks.service, ask)
    # Stateless, so that the next request of an older client may reach another worker; without streams, which proxies would cut.
    server.streamable_http_app(json_response=True, stateless_http=True, host="")
    return server.session_manager


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[None]:
    """Serve ``/mcp`` meanwhile."""
    server = app.state.mcp = _Server(app.state.talks)
    try:
        yield
    finally:
        await server.close()
