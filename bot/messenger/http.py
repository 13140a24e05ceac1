"""Requests to the services of the channels: their connections, the proxy on the way, and the moment a letter leaves."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from types import SimpleNamespace
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx

from bot.messenger.posting import Unreachable

T = TypeVar("T")
WAIT = 10.0  # seconds for a connection, and for an answer; for a free connection as long as it takes

Mark = Callable[[bool], None]
# What to call with True when the request of this task leaves, and with False when it turns out not to have arrived.
MARK: ContextVar[Mark | None] = ContextVar("MARK", default=None)


def open_session(connections: int, proxy: str | None = None) -> aiohttp.ClientSession:
    """Return what keeps so many connections; ``proxy`` is the address of one to go through.

    Each request is given its mark (``trace_request_ctx``), which is set right before the request is handed to the machine:
    earlier the service cannot act on it, later it will.
    """
    connector = aiohttp.TCPConnector(limit=connections, ssl=httpx.create_ssl_context())
    return aiohttp.ClientSession(connector=connector, proxy=proxy, trace_configs=[_marking()], cookie_jar=aiohttp.DummyCookieJar())


class Connected:
    """Who calls the service at an address, within ``async with``, over so many ``connections``."""

    def __init__(self, api: str, connections: int) -> None:
        self._api = api
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open the connections."""
        self._session = open_session(self._connections, proxy_for(self._api))
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close them."""
        if self._session is not None:
            await self._session.close()
            self._session = None


Read = Callable[[aiohttp.ClientResponse, bytes], T]


def unmarked(is_leaving: bool) -> None:
    """What is no letter needs no mark."""


async def post(
    session: aiohttp.ClientSession,
    url: Any,  # noqa: ANN401 (a text, or a ``yarl.URL``)
    name: str,
    read: Read[T],
    mark: Mark = unmarked,
    seconds: float = WAIT,
    **given: Any,  # noqa: ANN401
) -> T:
    """Post what is ``given`` and return what ``read`` makes of the response. Raises what that raises, and ``Unreachable``.

    Then the mark is taken back. ``name`` is what the call is called in the error, which carries neither address nor secrets.
    """
    try:
        async with session.post(url, timeout=timeout(seconds), allow_redirects=False, trace_request_ctx=mark, **given) as response:
            return read(response, await response.read())
    except (aiohttp.ClientError, TimeoutError, OSError, UnicodeError) as error:
        mark(False)
        reason = type(error).__name__
    except Exception:
        mark(False)
        raise
    raise Unreachable(f"{name}: {reason}")  # here, and not above, so that it does not carry the address


def timeout(seconds: float = WAIT) -> aiohttp.ClientTimeout:
    """Return the patience of a request that is answered within so many seconds."""
    return aiohttp.ClientTimeout(sock_connect=WAIT, sock_read=seconds)


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
