"""Requests to the services of the channels: their connections, the proxy on the way, and the moment a letter leaves."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from types import SimpleNamespace
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx

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


def timeout(seconds: float = WAIT) -> aiohttp.ClientTimeout:
    """Return the patience of a request that is answered within so many seconds."""
    return aiohttp.ClientTimeout(sock_connect=WAIT, sock_read=seconds)


def proxy_for(address: str) -> str | None:
    """Return the proxy that the environment (``HTTPS_PROXY``, ``NO_PROXY``) names for an https address."""
    parts = urlsplit(address)
    return None if parts.scheme != "https" or proxy_bypass(parts.netloc) else getproxies().get("https")


def unmarked(is_leaving: bool) -> None:
    """What is no letter needs no mark."""


def _marking() -> aiohttp.TraceConfig:
    async def leaves(session: aiohttp.ClientSession, context: SimpleNamespace, chunk: object) -> None:
        context.trace_request_ctx(True)

    trace = aiohttp.TraceConfig()  # calls "chunk sent" just before sending it, and small requests are one chunk
    trace.on_request_chunk_sent.append(leaves)
    return trace
