"""Messages that a service brings: one address that takes only what is genuine, and says so only when it is kept."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import logging
import socket
import time
from collections.abc import Awaitable, Callable, Iterator

import uvicorn
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.connections import PatientProtocol
from rag.errors import TracuuError

_log = logging.getLogger(__name__)
_BODY = 1_000_000  # bytes; the events of every channel are a few thousand
_SAY_AGAIN = 60.0  # seconds in which a forged request is not told of again: whoever likes can send them
_GRACE = 5  # seconds that requests under way have to end

Check = Callable[[Headers, bytes], bool]
Take = Callable[[bytes], Awaitable[None]]


def has_secret(header: str, secret: str) -> Check:
    """Return the check of a channel that shows in a header the secret it was given."""
    wanted = secret.encode()

    def check(headers: Headers, body: bytes) -> bool:
        return hmac.compare_digest(headers.get(header, "").encode(), wanted)

    return check


def derived(token: str, purpose: str) -> str:
    """Return a name that only who has the token can work out; it stays the same over restarts."""
    return hmac.new(token.encode(), purpose.encode(), hashlib.sha256).hexdigest()


class Receiver:
    """Takes what is posted to ``path`` (ASGI).

    ``take`` returns when it has kept the body, and the service is told 200; where it raises, the service hears 503 and sends the
    body again. What ``is_genuine`` does not recognise gets 403, from the headers and the very bytes that came.
    """

    def __init__(self, path: str, is_genuine: Check, take: Take) -> None:
        self._path = path
        self._is_genuine = is_genuine
        self._take = take
        self._told = -_SAY_AGAIN

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        assert scope["type"] == "http"
        with contextlib.suppress(ClientDisconnect):  # nobody is there to be told, and nothing was taken
            status = await self._status(Request(scope, receive))
            # What is left of a body that was not read ends with the connection.
            await Response(status_code=status, headers={"Connection": "close"} if status == 413 else {})(scope, receive, send)

    async def _status(self, request: Request) -> int:
        if request.url.path != self._path:
            return 404
        if request.method != "POST":
            return 405
        body = await _body(request)
        if body is None:
            return 413
        if not self._is_genuine(request.headers, body):
            self._tell()
            return 403
        try:
            await self._take(body)
        except TracuuError as error:
            _log.error("Chưa giữ được tin vừa tới: %s", error)
            return 503
        except Exception:
            _log.exception("Chưa giữ được tin vừa tới")
            return 503
        return 200

    def _tell(self) -> None:
        now = time.monotonic()
        if now - self._told >= _SAY_AGAIN:
            self._told = now
            _log.warning("Bỏ tin gửi tới webhook mà không có mã bí mật hay chữ ký đúng")


async def _body(request: Request) -> bytes | None:
    """Return the body of a request; nothing where it is too large."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _BODY:
            return None
    return bytes(body)


def listen(host: str, port: int, setting: str) -> socket.socket:
    """Take a port; what comes waits there for ``answer``. Raises ``TracuuError``, with its ``setting``, where another program has it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        raise TracuuError(
            f"Không nghe được ở {host} cổng {port} ({error.strerror or error}). Hãy đặt {setting} là một cổng khác."
        ) from error


async def answer(app: ASGIApp, listening: socket.socket) -> None:
    """Answer what comes until the task is cancelled; requests under way are ended first."""
    config = uvicorn.Config(
        app,
        http=PatientProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level=logging.WARNING,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_GRACE,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve([listening]))
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        server.should_exit = True
        await serving
        raise


class _Server(uvicorn.Server):
    """Leaves the signals to the program: the channel has more to end than its requests."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield
