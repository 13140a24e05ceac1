"""``/mcp``: the tools over HTTP, for everybody who may call the API; every request stands alone, whichever worker gets it."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import Response
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.types import Message, Receive, Scope, Send

from bot.mcp.tools import server_of
from bot.settings import items
from bot.web.callers import kept_as
from bot.web.problems import MCP, Refused
from bot.web.talks import Talks

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
    talks: Talks = app.state.talks

    async def ask(question: str, conversation: str, request: Request) -> dict[str, Any]:
        given = await talks.ask(question, kept_as(talks.service, request, conversation) if conversation else "", plain=True)
        return given.turn.answer

    server = server_of(talks.service, ask)
    # Stateless, so that the next request of an older client may reach another worker; without streams, which proxies would cut.
    server.streamable_http_app(json_response=True, stateless_http=True, host="")
    app.state.mcp = server.session_manager
    return server.session_manager.run()
