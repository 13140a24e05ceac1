"""The connection to Telegram: the library's own request, told to the mailbox at the moment a letter leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import httpx
from telegram.ext import AIORateLimiter
from telegram.request import HTTPXRequest

CONNECTIONS = 16  # at Telegram's 30 messages a second half of them are idle
_WAIT = 10.0  # seconds for an answer of Telegram's; for a free connection as long as it takes
_POOL = 600.0
_RETRIES = 3  # of a request that Telegram asks to slow down; after that the letter waits in the outbox
_POLLING = 10.0  # seconds for an answer on top of those that Telegram is asked to hold a poll open

# What to call with True when the request of this task leaves, and with False when it turns out not to have arrived.
MARK: ContextVar[Callable[[bool], None] | None] = ContextVar("MARK", default=None)


class MarkingTransport(httpx.AsyncHTTPTransport):
    """Marks a request between its headers and its body: before that Telegram cannot act on it, after that it will.

    Requests wait here for a connection, not in the pool, which looks through all that wait for every one it sends.
    """

    def __init__(self, connections: int) -> None:
        super().__init__(limits=httpx.Limits(max_connections=connections))
        self._free = asyncio.Semaphore(connections)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request when a connection is free."""
        async with self._free:
            return await self._send(request)

    async def _send(self, request: httpx.Request) -> httpx.Response:
        mark = MARK.get()
        if mark is None:
            return await super().handle_async_request(request)

        async def trace(event: str, info: dict[str, Any]) -> None:
            if event.endswith("send_request_body.started"):
                mark(True)

        request.extensions = {**request.extensions, "trace": trace}
        try:
            response = await super().handle_async_request(request)
        except httpx.HTTPError:
            mark(False)
            raise
        if response.status_code != httpx.codes.OK:
            mark(False)
        return response


def sending_request() -> HTTPXRequest:
    """Return what everything but polling goes through."""
    transport = MarkingTransport(CONNECTIONS)
    return HTTPXRequest(
        connection_pool_size=CONNECTIONS,
        read_timeout=_WAIT,
        connect_timeout=_WAIT,
        pool_timeout=_POOL,
        httpx_kwargs={"transport": transport},
    )


def polling_request() -> HTTPXRequest:
    """Return what updates are fetched through."""
    return HTTPXRequest(connection_pool_size=1, read_timeout=_POLLING, connect_timeout=_WAIT, pool_timeout=_POOL)


class Limiter(AIORateLimiter):
    """Telegram's limits, which a typing sign does not count against: it is not worth making an answer wait."""

    def __init__(self, per_second: float) -> None:
        super().__init__(overall_max_rate=per_second, max_retries=_RETRIES)

    async def process_request(self, callback: Any, args: Any, kwargs: Any, endpoint: str, data: Any, rate_limit_args: Any) -> Any:  # noqa: ANN401
        """Make a request when its time has come."""
        if endpoint == "sendChatAction":
            return await callback(*args, **kwargs)
        return await super().process_request(callback, args, kwargs, endpoint, data, rate_limit_args)
