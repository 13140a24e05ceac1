"""The one door of ``tracuu serve``: which office a request is for, by its host or its path, and the application of that office.

An office's application is made when somebody comes, and again when what is set for it has changed. A service without offices
is its main application and nothing else.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from anyio import to_thread
from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Receive, Scope, Send

from bot.offices.registry import Office
from bot.offices.settings import of_office, offices_of
from bot.repeating import again_and_again
from bot.settings import Settings
from bot.web.problems import problem
from bot.web.roots import going_out
from rag.errors import TracuuError

_log = logging.getLogger("tracuu.web")
_LOOK = 2.0  # seconds between two looks at which offices there are
_BELOW = "/o/"

Make = Callable[[Settings, str], FastAPI]
"""What makes the application of somebody, given their settings and what people call them."""


@dataclass
class _Open:
    """An office that somebody came to: its application, as long as its life goes on."""

    office: Office
    app: FastAPI
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    leave: asyncio.Event = field(default_factory=asyncio.Event)
    visitors: int = 0
    life: asyncio.Task[None] | None = None

    async def live(self) -> None:
        """Be there until asked to leave, and until the last visitor has gone."""
        async with self.app.router.lifespan_context(self.app):
            self.ready.set()
            await self.leave.wait()
            while self.visitors:
                await asyncio.sleep(0.1)


class Front:
    """The service with its offices (ASGI)."""

    def __init__(self, service: Settings, make: Make) -> None:
        self._service = service
        self._make = make
        self._main = make(service, "")
        self._offices: list[Office] = []
        self._open: dict[str, _Open] = {}
        self._opening = asyncio.Lock()
        self._watch: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request to the office that it is for."""
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
        elif scope["type"] == "http":
            await self._served(scope, receive, send)
        else:
            await self._main(scope, receive, send)

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def told(message: Message) -> None:
            if message["type"] == "lifespan.shutdown.complete":
                await self._close()
            await send(message)

        await self._look()
        self._watch = asyncio.create_task(again_and_again(self._look, _LOOK, "Lỗi khi xem có những đơn vị nào"))
        await self._main(scope, receive, told)

    async def _look(self) -> None:
        """See which offices there are now, and close those that are gone or set otherwise."""
        try:
            self._offices = await to_thread.run_sync(offices_of, self._service)
        except TracuuError as error:  # those that are known go on
            _log.warning("%s", error)
            return
        self._main.state.offices = self._offices
        for name, opened in list(self._open.items()):
            if opened.office not in self._offices:
                del self._open[name]
                opened.leave.set()

    async def _close(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
        lives = [opened.life for opened in self._open.values() if opened.life is not None]
        for opened in self._open.values():
            opened.leave.set()
        await asyncio.gather(*lives, return_exceptions=True)

    async def _served(self, scope: Scope, receive: Receive, send: Send) -> None:
        office, root = self._meant(scope)
        if office is None:
            chooses = self._offices and scope["path"] in (_BELOW, _BELOW.rstrip("/"))
            await (RedirectResponse("/") if chooses else self._main)(scope, receive, send)
            return
        if root and scope["path"] == root:
            await RedirectResponse(f"{root}/", 308)(scope, receive, send)
            return
        try:
            opened = await self._opened(office)
        except TracuuError as error:
            _log.error("%s: %s", office.name, error)
            await self._refused({**scope, "root_path": root}, receive, send)
            return
        opened.visitors += 1
        try:
            await opened.app({**scope, "root_path": root}, receive, _led_inside(send, root))
        finally:
            opened.visitors -= 1

    def _meant(self, scope: Scope) -> tuple[Office | None, str]:
        """Return the office that a request is for, and its root; a host that is nobody's is the service's."""
        host = Headers(scope=scope).get("host", "").rsplit(":", 1)[0].lower().rstrip(".")
        for office in self._offices:
            if office.host and office.host == host:
                return office, ""
        if scope["path"].startswith(_BELOW):
            path = scope["path"].removeprefix(_BELOW).partition("/")[0]
            for office in self._offices:
                if office.path and office.path == path:
                    return office, office.root
        return None, ""

    async def _opened(self, office: Office) -> _Open:
        """Return the application of an office, ready for visitors. Raises ``TracuuError``."""
        async with self._opening:
            opened = self._open.get(office.name)
            if opened is None:
                made = await to_thread.run_sync(lambda: self._make(of_office(self._service, office), office.title))
                opened = self._open[office.name] = _Open(office, made)
                opened.life = asyncio.create_task(opened.live())
        coming = asyncio.create_task(opened.ready.wait())
        assert opened.life is not None
        await asyncio.wait((coming, opened.life), return_when=asyncio.FIRST_COMPLETED)
        coming.cancel()
        if opened.life.done() and not opened.leave.is_set():
            self._open.pop(office.name, None)
            opened.life.result()
        return opened

    async def _refused(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request({**scope, "app": self._main})
        told = "Đơn vị này chưa mở được; lý do ở log của máy chủ. Hãy thử lại sau."
        await problem(request, 503, told, "This office cannot be opened yet; see the log of the server.")(scope, receive, send)


def _led_inside(send: Send, root: str) -> Send:
    """Let no redirect lead out of an office."""
    if not root:
        return send

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if leads := headers.get("location"):
                headers["location"] = going_out(leads, root)
        await send(message)

    return sent
