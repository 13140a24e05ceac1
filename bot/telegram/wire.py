"""The connection to Telegram: the library's requests over aiohttp, told to the mailbox at the moment a letter leaves.

The library's own requests (httpx) take three times the processor time of aiohttp's, most of what sending costs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO
from urllib.parse import urlencode

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.messenger.http import MARK, WAIT, open_session, timeout, unmarked

CONNECTIONS = 16  # at Telegram's 30 messages a second half of them are idle
_OK = 200
_AGENT = {"User-Agent": BaseRequest.USER_AGENT}
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_File = tuple[str, bytes | IO[bytes], str]  # name, content, type


class Request(BaseRequest):
    """Sends what the library asks for. ``proxy`` is the address of one to go through."""

    def __init__(self, connections: int, proxy: str | None = None) -> None:
        self._connections = connections
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer; polling waits so much longer than it asks Telegram to hold it."""
        return WAIT

    async def initialize(self) -> None:
        """Open what keeps the connections."""
        if self._session is None:
            self._session = open_session(self._connections, self._proxy)

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
        fields = request_data.json_parameters if request_data else {}
        files = request_data.multipart_data if request_data else None
        seconds = read_timeout if isinstance(read_timeout, int | float) else WAIT
        status, content = await self.ask(url, fields, seconds, method, files)
        if not _is_telegrams(content):
            raise NetworkError(f"trả lời {status} không phải của Telegram")  # a proxy's page: nobody is blocked, nothing is wrong
        return status, content

    async def ask(
        self, url: str, fields: Mapping[str, str], seconds: float = WAIT, method: str = "POST", files: Mapping[str, _File] | None = None
    ) -> tuple[int, bytes]:
        """Return the status and body of the response to a form, with ``files``. Raises ``TimedOut`` or ``NetworkError``."""
        assert self._session
        body = _multipart(fields, files) if files else urlencode(fields, errors="replace").encode()
        headers = _AGENT if files else _AGENT | _FORM
        mark = MARK.get() or unmarked
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=timeout(seconds), allow_redirects=False, trace_request_ctx=mark
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


def _multipart(fields: Mapping[str, str], files: Mapping[str, _File]) -> aiohttp.FormData:
    form = aiohttp.FormData(fields)
    for field, (name, content, type) in files.items():
        form.add_field(field, content, filename=name, content_type=type)
    return form


def _is_telegrams(content: bytes) -> bool:
    """Say whether an answer is Telegram's own."""
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        return False
    return isinstance(told, dict) and isinstance(told.get("ok"), bool)
