"""The protocol's own client, as tests that are no coroutines use it."""

from __future__ import annotations

import asyncio
import sys
from contextlib import asynccontextmanager

import httpx2
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

from tests.bot.command import COMMAND


def over_http(site, work, mode="auto", **headers):
    """Return what ``work`` returns, given a client of a service."""

    @asynccontextmanager
    async def connected():
        async with (
            httpx2.AsyncClient(headers=headers, timeout=60) as http,
            Client(streamable_http_client(f"{site.base}/mcp", http_client=http), mode=mode) as client,
        ):
            yield client

    return _done(connected, work)


def over_stdio(environment, work, mode="auto"):
    """Return what ``work`` returns, given a client of a process of its own."""
    server = StdioServerParameters(command=COMMAND[0], args=[*COMMAND[1:], "mcp"], env=dict(environment))
    return _done(lambda: Client(stdio_client(server, errlog=sys.__stderr__), mode=mode), work)


def _done(connect, work):
    async def done():
        async with connect() as client:
            return await work(client)

    return asyncio.run(done())
