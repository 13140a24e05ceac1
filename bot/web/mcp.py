"""``/mcp``: the tools over HTTP, for everybody who may call the API; every request stands alone, whichever worker gets it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import date
from typing import Any, TypeVar

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import Response
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.types import Message, Receive, Scope, Send

from bot.mcp.tools import server_of
from bot.settings import items
from bot.web import metrics
from bot.web.callers import kept_as
from bot.web.desk import Desk
from bot.web.problems import MCP, Refused
from rag.finding.search import Hit, Searcher

T = TypeVar("T")

mcp = APIRouter(include_in_schema=False)


@mcp.post(MCP)
async def call(request: Request) -> Response:
    """Hand one message of the protocol on, once it is here as a whole and no page of another site has sent it."""
    _refuse_strangers(request)
    return _Handed(request.app.state.mcp, await request.body())


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


def serving(app: FastAPI) -> AbstractAsyncContextManager[None]:
    """Return what has to be open while ``/mcp`` is served."""
    server = server_of(_Served(app.state.desk))
    # Stateless, so that the next request of an older client may reach another worker; without streams, which proxies would cut.
    server.streamable_http_app(json_response=True, stateless_http=True, host="")
    app.state.mcp = server.session_manager
    return server.session_manager.run()


class _Served:
    """The library behind the web's desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def ask(self, question: str, conversation: str, request: Request) -> dict[str, Any]:
        kept = kept_as(self._desk, request, conversation) if conversation else ""
        given = await self._desk.ask(question, kept, plain=True)
        metrics.note_answer(given.turn.answer["status"])
        return given.turn.answer

    async def search(self, question: str, k: int) -> list[Hit]:
        return await self._desk.run(self._desk.search, question, k)

    async def read(self, work: Callable[[Searcher, date], T]) -> T:
        return await self._desk.run(lambda: work(self._desk.searcher(), self._desk.today()))

    async def listed(self, work: Callable[[Searcher, date], T]) -> T:
        return await self._desk.run(lambda: work(self._desk.shelf(), self._desk.today()))
