"""The connection to Telegram: the library's requests over aiohttp, told to the mailbox at the moment a letter leaves.

The library's own requests (httpx) take three times the processor time of aiohttp's, most of what sending costs.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx
from telegram.error import NetworkError, TimedOut
from telegram.ext import AIORateLimiter
from telegram.request import BaseRequest, RequestData

CONNECTIONS = 16  # at Telegram's 30 messages a second half of them are idle
_WAIT = 10.0  # seconds for a connection, and for an answer of Telegram's; for a free connection as long as it takes
_RETRIES = 3  # of a request that Telegram asks to slow down; after that the letter waits in the outbox
_OK = 200
_FORM = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": BaseRequest.USER_AGENT}

Mark = Callable[[bool], None]
# What to call with True when the request of this task leaves, and with False when it turns out not to have arrived.
MARK: ContextVar[Mark | None] = ContextVar("MARK", default=None)


class Request(BaseRequest):
    """Sends what the library asks for; files are never among it. ``proxy`` is the address of one to go through.

    The mark is set right before the request is handed to the machine: earlier Telegram cannot act on it, later it will.
    """

    def __init__(self, connections: int, proxy: str | None = None) -> None:
        self._connections = connections
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer; polling waits so much longer than it asks Telegram to hold it."""
        return _WAIT

    async def initialize(self) -> None:
        """Open what keeps the connections."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections, ssl=httpx.create_ssl_context())
            self._session = aiohttp.ClientSession(
                connector=connector, proxy=self._proxy, trace_configs=[_marking()], cookie_jar=aiohttp.DummyCookieJar()
            )

    async def shutdown(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Return the status and body of the response. Raises ``TimedOut`` or ``NetworkError``."""
        assert self._session
        body = urlencode(request_data.json_parameters, errors="replace").encode() if request_data else b""
        wait = aiohttp.ClientTimeout(sock_connect=_WAIT, sock_read=read_timeout if isinstance(read_timeout, int | float) else _WAIT)
        mark = MARK.get() or _unmarked
        try:
            async with self._session.request(
                method, url, data=body, headers=_FORM, timeout=wait, allow_redirects=False, trace_request_ctx=mark
            ) as response:
                content = await response.read()
        except TimeoutError as error:
            mark(False)
            raise TimedOut from error
        except (aiohttp.ClientError, OSError) as error:
            mark(False)
            raise NetworkError(f"{type(error).__name__}: {error}") from error
        if response.status != _OK:
            mark(False)
        return response.status, content


def proxy_for(address: str) -> str | None:
    """Return the proxy that the environment (``HTTPS_PROXY``, ``NO_PROXY``) names for an https address."""
    parts = urlsplit(address)
    return None if parts.scheme != "https" or proxy_bypass(parts.netloc) else getproxies().get("https")


def _marking() -> aiohttp.TraceConfig:
    async def leaves(session: aiohttp.ClientSession, context: SimpleNamespace, chunk: object) -> None:
        context.trace_request_ctx(True)

    trace = aiohttp.TraceConfig()  # calls "chunk sent" just before sending it, and small requests are one chunk
    trace.on_request_chunk_sent.append(leaves)
    return trace


def _unmarked(is_leaving: bool) -> None:
    """What is no letter needs no mark."""


class Limiter(AIORateLimiter):
    """Telegram's limits, which a typing sign does not count against: it is not worth making an answer wait."""

    def __init__(self, per_second: float) -> None:
        super().__init__(overall_max_rate=per_second, max_retries=_RETRIES)

    async def process_request(self, callback: Any, args: Any, kwargs: Any, endpoint: str, data: Any, rate_limit_args: Any) -> Any:  # noqa: ANN401
        """Make a request when its time has come."""
        if endpoint == "sendChatAction":
            return await callback(*args, **kwargs)
        return await super().process_request(callback, args, kwargs, endpoint, data, rate_limit_args)
