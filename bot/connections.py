"""Connections that are slow on purpose: a request has so long to arrive, its head so many bytes, and only so many may be half here.

Without this a client that opens connections and says little (slowloris) keeps everybody else out. The limits are those of
Apache's mod_reqtimeout: twenty seconds for the head; for the body as long again as it comes at a least rate.
"""

from __future__ import annotations

import asyncio
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_HEAD_SECONDS = 20.0
_BODY_SECONDS = 30.0
_LEAST_RATE = 1000.0  # bytes a second of a body
_HEAD_BYTES = 65_536
HALF_OPEN = 500  # connections of a worker with a request that is not whole yet
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class PatientProtocol(HttpToolsProtocol):
    """HTTP as uvicorn speaks it, with an end to its patience."""

    _half_open: ClassVar[dict[PatientProtocol, None]] = {}  # of this process, the longest waiting first
    _timer: asyncio.TimerHandle | None = None
    _began = 0.0
    _received = 0
    _in_body = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Wait for a request."""
        super().connection_made(transport)
        self._wait(in_body=False)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._wait_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take a piece of a request."""
        if self._timer is None and not self._is_answering():
            self._wait(in_body=False)
        self._received += len(data)
        super().data_received(data)
        if self._timer is not None and not self._in_body and self._received > _HEAD_BYTES:
            self._end(_TOO_LARGE)

    def on_headers_complete(self) -> None:
        """Begin to answer; the body may still be on its way."""
        super().on_headers_complete()
        self._wait(in_body=True)

    def on_message_complete(self) -> None:
        """Go on without a limit: the request is whole."""
        self._wait_no_more()
        super().on_message_complete()

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _wait(self, *, in_body: bool) -> None:
        self._wait_no_more()
        self._in_body, self._received, self._began = in_body, 0, self.loop.time()
        self._half_open[self] = None
        self._timer = self.loop.call_at(self._due(), self._look)
        if len(self._half_open) > HALF_OPEN:
            next(iter(self._half_open))._end(_TOO_SLOW)

    def _wait_no_more(self) -> None:
        self._half_open.pop(self, None)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _due(self) -> float:
        return self._began + (_BODY_SECONDS + self._received / _LEAST_RATE if self._in_body else _HEAD_SECONDS)

    def _look(self) -> None:
        if self.loop.time() < self._due():
            self._timer = self.loop.call_at(self._due(), self._look)
        else:
            self._end(_TOO_SLOW)

    def _end(self, said: bytes) -> None:
        self._wait_no_more()
        if not self._is_answering():
            self.transport.write(said)
        self.transport.close()
