"""The Zalo Bot Platform for tests: real HTTP, as strict as public sources tell, with faults on demand.

It runs in a thread. Tests write as users (``says``), and read what the bot said (``sent``). Nothing of it was compared with Zalo
itself: where the sources leave a doubt, the comment begins with "Doubt".
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from dataclasses import dataclass, field
from typing import Any

import tornado.httpclient
import tornado.web

from tests.bot.simulated import Fault, Simulated

TOKEN = "123456789:TEST-token_of-the_simulator"
BOT = {
    "id": "b0700000000000000b07",
    "account_name": "bot.TRACUU",
    "account_type": "BASIC",
    "can_join_groups": True,
    "display_name": "Bot Tra Cứu",
}
SECRET_HEADER = "X-Bot-Api-Secret-Token"
_FIELDS = {
    "getMe": set(),
    "getUpdates": {"timeout"},
    "setWebhook": {"url", "secret_token"},
    "deleteWebhook": set(),
    "getWebhookInfo": set(),
    "sendMessage": {"chat_id", "text", "parse_mode"},
    "sendChatAction": {"chat_id", "action"},
}


class Refused(Exception):
    """An error as the platform tells it."""

    def __init__(self, code: int, description: str, wait: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.wait = wait


@dataclass(slots=True)
class Sent:
    """A message that the bot sent."""

    chat: str
    id: str
    text: str
    parse_mode: str
    at: float


@dataclass
class ZaloBotServer(Simulated):
    """The server; ``url`` is its address, and ``old_url`` stands for the older name of the same service."""

    quota: int = 3000  # Doubt: one source, August 2026; what Zalo answers beyond it is not known (here 429 without a time)
    retention: float = 3600.0  # Doubt: seconds that an update is given again and again; the true time is not known
    wrapped: bool = False  # updates in an envelope of their own; sources show both
    in_lists: bool = False  # one update at a time says the documentation, lists say those who imitate Telegram
    tells_status: bool = True  # Doubt: whether an error has its code as HTTP status too, or 200
    longest_poll: float = 0.3  # seconds that a poll is held, whatever was asked: tests have no half minute
    refuses_formats: bool = False  # Doubt: that a format can be refused is told by one source
    sent: list[Sent] = field(default_factory=list)
    actions: list[tuple[str, str]] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    polls: list[float] = field(default_factory=list)
    blocked: set[str] = field(default_factory=set)
    chats: set[str] = field(default_factory=set)
    webhook: dict[str, Any] = field(default_factory=dict)
    webhook_statuses: list[int] = field(default_factory=list)  # what the bot answered to what was brought; 599: nothing
    token: str = TOKEN
    used: int = 0

    def __post_init__(self) -> None:
        self._pending: list[tuple[float, dict[str, Any]]] = []
        self._turn = 0
        self._ids = itertools.count(1)
        self._tasks: set[asyncio.Task[None]] = set()
        self._arrived = asyncio.Event()
        self.start([(r"/bot([^/]+)/(\w+)", _Handler, {"server": self})])
        self.old_url = f"http://localhost:{self.port}"

    # --- what users do ---

    def says(self, user: str, text: str, group: str = "", **more: Any) -> dict[str, Any]:
        """A user writes, in a private chat or in a group, where the bot is mentioned (elsewhere Zalo does not tell it)."""
        # Doubt: how a mention stands in the text is not documented.
        return self.sends(user, "message.text.received", group, text=f"@{BOT['display_name']} {text}" if group else text, **more)

    def sends(self, user: str, event: str, group: str = "", **content: Any) -> dict[str, Any]:
        """A user sends something, which is brought or waits to be fetched; returns the update."""
        chat = group or user
        self.chats.add(chat)
        message = {
            "message_id": f"{next(self._ids):020x}",
            "date": int(time.time() * 1000),
            "from": {"id": user, "display_name": f"Cô {user}", "is_bot": False},
            "chat": {"id": chat, "chat_type": "GROUP" if group else "PRIVATE"},
            "message_type": "CHAT_MESSAGE",
        }
        update = {"event_name": event, "message": message | content}
        self.brings(update)
        return update

    def brings(self, update: dict[str, Any]) -> None:
        """Bring an update made by hand, or one that was brought before."""
        body = {"ok": True, "result": update} if self.wrapped else update
        self._loop.call_soon_threadsafe(self._bring, body)

    # --- what tests read ---

    def to(self, chat: str) -> list[Sent]:
        """What the bot said in a chat."""
        return [sent for sent in self.sent if sent.chat == chat]

    # --- the server ---

    def _bring(self, body: dict[str, Any]) -> None:
        if not self.webhook:
            self._pending.append((time.monotonic(), body))
            self._arrived.set()
            return
        task = self._loop.create_task(self._post(body))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _post(self, body: dict[str, Any]) -> None:
        # Doubt: whether and when Zalo tries again is not known; here it does twice, at once.
        for _ in range(3):
            response = await tornado.httpclient.AsyncHTTPClient().fetch(
                self.webhook["reached"],
                method="POST",
                headers={"Content-Type": "application/json", SECRET_HEADER: self.webhook["secret_token"]},
                body=json.dumps(body),
                raise_error=False,
            )
            self.webhook_statuses.append(response.code)
            self.notify()
            if response.code == 200:
                return

    async def call(self, method: str, given: dict[str, Any]) -> Any:
        """Do what a method does."""
        if method not in _FIELDS:
            raise Refused(404, "Not Found")
        if strange := set(given) - _FIELDS[method]:
            raise Refused(400, f"unknown fields {sorted(strange)}")
        if method != "getUpdates":
            self.calls.append((method, given))
        result = getattr(self, f"_do_{method}")(given)
        if asyncio.iscoroutine(result):
            result = await result
        self.notify()
        return result

    def _do_getMe(self, given: dict[str, Any]) -> Any:
        return BOT

    def _do_setWebhook(self, given: dict[str, Any]) -> Any:
        url, secret = given.get("url"), given.get("secret_token")
        if not isinstance(url, str) or not url.startswith("https://"):
            raise Refused(400, "url must be https")
        if not isinstance(secret, str) or not 8 <= len(secret) <= 256:
            raise Refused(400, "secret_token must have 8 to 256 characters")
        # A test sets ``reached`` to where the https address leads to behind its proxy.
        self.webhook = {"reached": url} | self.webhook | {"url": url, "secret_token": secret}
        return {"url": url, "updated_at": int(time.time() * 1000)}

    def _do_deleteWebhook(self, given: dict[str, Any]) -> Any:
        self.webhook = {}
        return {"url": "", "updated_at": int(time.time() * 1000)}

    def _do_getWebhookInfo(self, given: dict[str, Any]) -> Any:
        if not self.webhook:
            raise Refused(404, "Not Found")
        return {"url": self.webhook["url"], "updated_at": int(time.time() * 1000)}

    async def _do_getUpdates(self, given: dict[str, Any]) -> Any:
        if not isinstance(given.get("timeout", "30"), str) or not given.get("timeout", "30").isdigit():
            raise Refused(400, "timeout must be a string of digits")
        self.polls.append(time.monotonic())
        self.notify()
        if self.webhook:
            raise Refused(409, "Conflict: a webhook is set")  # Doubt: that it fails is sure, the code is not known
        self._expire()
        if not self._pending:
            self._arrived.clear()
            try:
                await asyncio.wait_for(self._arrived.wait(), min(float(given.get("timeout", "30")), self.longest_poll))
            except TimeoutError:
                raise Refused(408, "Request timeout") from None
        # What was given before is given again, at once, as one author measured. Doubt: in which order; here one after the other.
        if self.in_lists:
            return [update for _, update in self._pending]
        self._turn += 1
        return self._pending[self._turn % len(self._pending)][1]

    def _expire(self) -> None:
        self._pending = [(at, update) for at, update in self._pending if time.monotonic() - at < self.retention]

    def _do_sendChatAction(self, given: dict[str, Any]) -> Any:
        chat = self._chat(given)
        if given.get("action") != "typing":
            raise Refused(400, "unknown action")
        self.actions.append((chat, given["action"]))
        return {}

    def _do_sendMessage(self, given: dict[str, Any]) -> Any:
        chat, text, parse_mode = self._chat(given), given.get("text"), given.get("parse_mode")
        if not isinstance(text, str) or not text.strip() or len(text.encode("utf-16-le")) > 4000:
            # Doubt: what a character is; UTF-16 units are the strictest reading.
            raise Refused(400, "text must have 1 to 2000 characters")
        if "parse_mode" in given and parse_mode not in ("markdown", "html"):
            raise Refused(400, "unknown parse_mode")
        if parse_mode and self.refuses_formats:
            raise Refused(400, "can't parse entities")
        if self.used >= self.quota:
            raise Refused(429, "monthly quota exceeded")
        self.used += 1
        id = f"{next(self._ids):020x}"
        self.sent.append(Sent(chat, id, text, parse_mode or "", time.monotonic()))
        return {"message_id": id, "date": int(time.time() * 1000)}

    def _chat(self, given: dict[str, Any]) -> str:
        chat = given.get("chat_id")
        if not isinstance(chat, str) or not chat:
            raise Refused(400, "chat_id must be a string")
        if chat in self.blocked:
            raise Refused(403, "Forbidden")  # Doubt: whether people can block a bot, and what is told then, is not known
        if chat not in self.chats:
            raise Refused(400, "chat not found")
        return chat


class _Handler(tornado.web.RequestHandler):
    def initialize(self, server: ZaloBotServer) -> None:
        self._server = server

    async def post(self, token: str, method: str) -> None:
        try:
            if token != self._server.token:
                raise Refused(401, "Unauthorized")  # Doubt: 401 and 403 are both told of
            given = self._given()
            fault = self._server.fault_for(method, given.get("chat_id", ""))
            if fault and await self._fail(fault, method, given):
                return
            self.finish({"ok": True, "result": await self._server.call(method, given)})
        except Refused as error:
            if error.code in (400, 404):
                self._server.refused.append(f"{method}: {error}")
            if self._server.tells_status:
                self.set_status(error.code)
            if error.wait is not None:
                self.set_header("Retry-After", str(error.wait))
            self.finish({"ok": False, "error_code": error.code, "description": str(error)})
            self._server.notify()

    def _given(self) -> dict[str, Any]:
        if not self.request.headers.get("Content-Type", "").startswith("application/json"):
            raise Refused(400, "Content-Type must be application/json")
        try:
            given = json.loads(self.request.body)
        except ValueError:
            raise Refused(400, "not JSON") from None
        if not isinstance(given, dict):
            raise Refused(400, "not an object")
        return given

    async def _fail(self, fault: Fault, method: str, given: dict[str, Any]) -> bool:
        """Fail as the fault says; ``False`` where the call goes on."""
        match fault.kind:
            case "429":
                raise Refused(429, "Too Many Requests", int(fault.seconds))
            case "429 bare":
                raise Refused(429, "Too Many Requests")
            case "500" | "502":
                raise Refused(int(fault.kind), "Internal Server Error")
            case "403 html":
                self.set_status(403)
                self.finish("<html>blocked by the proxy</html>")
            case "garbage":
                self.finish("<html>gateway</html>")
            case "hang" | "lost":
                if fault.kind == "lost":
                    await self._server.call(method, given)
                await asyncio.sleep(fault.seconds)
                self.request.connection.stream.close()  # type: ignore[union-attr]
            case "reset":
                self.request.connection.stream.close()  # type: ignore[union-attr]
        return True
