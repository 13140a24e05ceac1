"""What every request passes: an id, a log line without personal data, limits on size and number, safe headers, figures."""

from __future__ import annotations

import logging
import re
import secrets
import time
from typing import Any

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.service import Service
from bot.web import metrics
from bot.web.caching import TAG
from bot.web.crawlers import PRIVATE
from bot.web.limits import Limits
from bot.web.openai_faults import is_here
from bot.web.problems import Refused, problem
from bot.web.roots import inside
from rag.errors import TracuuError

_log = logging.getLogger("tracuu.web")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_BODY = 64_000  # bytes of any request but an upload
_CARDS = 1_000_000  # of what is said of the files of an upload, twenty cards with long titles
_CHAT = 1_000_000  # of a chat that is sent whole with every question
_PATH = 2_000  # bytes of an address, as it is sent
_QUERY = 16_000  # of what stands behind its question mark
_UPLOADS = "/quan-tri/tai-len"
_JOBS = "/quan-tri/viec/"
_UNCOUNTED = ("/healthz", "/readyz", "/metrics", "/static/")
_CONTENT_SECURITY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {}"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_WENT_AWAY = 499  # as nginx logs it
_A_YEAR = "max-age=31536000"


class Guard:
    """Stands around the application of the ``office``; only CORS stands around it. ``framers`` are the sites that may frame ``/khung``."""

    def __init__(self, app: ASGIApp, office: str, limits: Limits, upload_bytes: int, framers: list[str]) -> None:
        self._app = app
        self._office = office
        self._limits = limits
        self._upload_bytes = upload_bytes
        self._framers = " ".join(framers) or "'none'"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request (ASGI)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        if scope["method"] == "HEAD":  # as GET; the server leaves the body out
            scope = {**scope, "method": "GET"}
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        scope["request_id"] = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._secure(scope, MutableHeaders(scope=message))
            await send(message)

        try:
            if refusal := self._refusal(scope, headers):
                await refusal(scope, receive, answer)
            else:
                await self._app(scope, _Counted(receive, self._most(scope)), answer)
        except ClientDisconnect:  # went away while sending: nobody is there to be told
            status = status or _WENT_AWAY
        except Exception:  # nobody foresaw it: told like every other fault, and kept in the log
            if status:
                raise
            _log.exception("request %s", scope["request_id"])
            await problem(Request(scope), 500)(scope, receive, answer)
            await _look_again(scope)
        finally:
            self._note(scope, status, time.perf_counter() - started)

    def _refusal(self, scope: Scope, headers: Headers) -> Any:  # noqa: ANN401
        if not inside(scope).startswith(_UNCOUNTED) and (wait := self._limits.wait(scope)):
            return problem(Request(scope), 429, headers={"Retry-After": str(wait)})
        if len(scope["raw_path"]) > _PATH or len(scope["query_string"]) > _QUERY:
            return problem(Request(scope), 414)
        length = headers.get("content-length", "0")
        if length.isdigit() and int(length) > self._most(scope):
            return problem(Request(scope), 413, headers={"Connection": "close"})
        return None

    def _most(self, scope: Scope) -> int:
        path = inside(scope)
        if is_here(path):
            return _CHAT
        return self._upload_bytes if path == _UPLOADS else _CARDS if path.startswith(_JOBS) else _BODY

    def _secure(self, scope: Scope, headers: MutableHeaders) -> None:
        path = inside(scope)
        framed = path.startswith("/khung")
        headers["X-Request-ID"] = scope["request_id"]
        headers.setdefault("Content-Security-Policy", _CONTENT_SECURITY.format(self._framers if framed else "'none'"))
        headers["Cross-Origin-Resource-Policy"] = "cross-origin" if framed or path in ("/nhung.js",) else "same-origin"
        if not framed:
            headers["X-Frame-Options"] = "DENY"
        for name, value in _HEADERS.items():
            headers[name] = value
        if scope["scheme"] == "https":
            headers["Strict-Transport-Security"] = _A_YEAR
        if path.startswith(PRIVATE):
            headers["X-Robots-Tag"] = "noindex, nofollow"
        if tag := scope.get(TAG):
            headers["ETag"] = tag
            headers.add_vary_header("Accept, Cookie, X-Part")
        headers.setdefault("Cache-Control", "no-store" if path.startswith("/quan-tri") else "no-cache")

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "") or "(không có)"
        metrics.note(self._office, scope["method"], route, status, seconds)
        if not inside(scope).startswith(_UNCOUNTED):
            _log.info(
                "request",
                extra={
                    "told": {
                        "request": scope["request_id"],
                        "method": scope["method"],
                        "route": route,
                        "status": status,
                        "milliseconds": round(seconds * 1000, 1),
                    }
                },
            )


async def _look_again(scope: Scope) -> None:
    """Where a damaged index is what nobody foresaw, the next request gets the one before."""
    service: Service = scope["app"].state.service
    try:
        await service.run(service.look_again)
    except TracuuError as error:
        _log.error("%s", error)


class _Counted:
    """Receives a body of at most so many bytes."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._left = most

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise Refused(413)
        return message
