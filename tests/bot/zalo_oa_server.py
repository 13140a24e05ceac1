"""Zalo for Official Accounts, for tests: OpenAPI, OAuth and webhook over real HTTP, as strict as public sources tell.

It runs in a thread. Tests act as people (``says``), as the account's admin (``permits``) and as time (``ahead``), and read what the
account said (``sent``). Nothing of it was compared with Zalo itself: where the sources leave a doubt, the comment begins with "Doubt".
"""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import json
import secrets
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import tornado.httpclient
import tornado.web

from tests.bot.simulated import Fault, Simulated

APP_ID, APP_SECRET, OA_KEY, OA_ID = "4242424242424242", "app-secret-of-the_simulator", "oa-key-of-the_simulator", "579745863508352884"
CALLBACK = "https://bot.example.org/zalo"
HOUR = 3600.0
_LADDER = (30, 300, 900, 1800, 3600)  # seconds after which Zalo brings again what was not taken; then it gives the webhook up


class Refused(Exception):
    """An error as Zalo tells it."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(slots=True)
class Sent:
    """A message that the account sent, and the quota that it was taken from."""

    user: str
    text: str
    quota: str


@dataclass(slots=True)
class Person:
    """When a person acted last and how many free replies that left."""

    acted: float
    free: int


@dataclass
class ZaloOaServer(Simulated):
    """The server; ``url`` is the address of the OpenAPI and of OAuth, ``webhook`` where the bot is reached."""

    webhook: str = ""
    ahead: float = 0.0  # seconds by which Zalo's clock is ahead of this machine's
    hour: float = HOUR  # seconds that an hour of the retries takes
    deadline: float = 2.0  # seconds within which what is brought must be taken
    package: int | None = 0  # messages left in the monthly package; None: the account has none
    package_total: int = 2000
    tells_quota: bool = True
    quota_as_text: bool = False  # Doubt: whether the numbers are written as text
    is_night: bool = False
    is_verified: bool = True
    blocked: set[str] = field(default_factory=set)
    restricted: set[str] = field(default_factory=set)
    inactive: set[str] = field(default_factory=set)
    sent: list[Sent] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)  # what OAuth was asked
    brought: list[tuple[int, int]] = field(default_factory=list)  # (num_retry, status); 599: nothing within the deadline
    is_webhook_off: bool = False

    def __post_init__(self) -> None:
        self._ids = itertools.count(1)
        self._people: dict[str, Person] = {}
        self._access: dict[str, float] = {}
        self._refresh: set[str] = set()
        self._codes: dict[str, str] = {}
        service = {"server": self}
        self.start([(r"/v3.0/oa/message/cs", _Messages, service), (r"/v4/oa/access_token", _Tokens, service), (r".*", _Old, service)])

    def now(self) -> float:
        """What Zalo's clock says, in seconds."""
        return time.time() + self.ahead

    # --- what people do ---

    def says(self, user: str, text: str, **more: Any) -> bytes:
        """A person writes; returns the body."""
        return self.sends(user, "user_send_text", text=text, **more)

    def sends(self, user: str, event: str, **message: Any) -> bytes:
        """A person sends something; returns the body."""
        self._acts(user)
        content = {"msg_id": f"{next(self._ids):020x}"} | message
        return self._brings({"event_name": event, "sender": {"id": user}, "recipient": {"id": OA_ID}, "message": content})

    def follows(self, user: str, event: str = "follow") -> bytes:
        """A person follows the account or (``unfollow``) leaves it; returns the body."""
        if event == "unfollow":
            self._people.pop(user, None)
        return self._brings({"event_name": event, "follower": {"id": user}, "oa_id": OA_ID})

    def to(self, user: str) -> list[str]:
        """What the account said to somebody."""
        return [sent.text for sent in list(self.sent) if sent.user == user]

    def sign(self, event: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
        """The body of an event and its headers."""
        stamp = str(int(self.now() * 1000))
        body = json.dumps({"app_id": APP_ID, **event, "timestamp": stamp}, ensure_ascii=False, separators=(", ", ":")).encode()
        mac = hashlib.sha256(APP_ID.encode() + body + stamp.encode() + OA_KEY.encode()).hexdigest()
        return body, {"Content-Type": "application/json", "X-ZEvent-Signature": f"mac={mac}"}

    def _acts(self, user: str) -> None:
        # Doubt: that each new action gives all free replies again, and that following gives none.
        self._people[user] = Person(self.now(), 8)

    def _brings(self, event: dict[str, Any]) -> bytes:
        body, headers = self.sign(event)
        if self.webhook and not self.is_webhook_off:
            self.do_beside(self._deliver(body, headers))
        return body

    async def _deliver(self, body: bytes, headers: dict[str, str]) -> None:
        client = tornado.httpclient.AsyncHTTPClient()
        for retry, wait in enumerate((0, *_LADDER)):
            await asyncio.sleep(wait * self.hour / HOUR)
            # Doubt: that the body, and with it the signature, is the same each time.
            try:
                response = await client.fetch(
                    self.webhook,
                    method="POST",
                    headers=headers | {"num_retry": str(retry)},
                    body=body,
                    request_timeout=self.deadline,
                    raise_error=False,
                )
                status = response.code
            except (tornado.httpclient.HTTPClientError, OSError):
                status = 599
            self.brought.append((retry, status))
            self.notify()
            if status == 200:
                return
        self.is_webhook_off = True
        self.notify()

    # --- what the admin of the account does ---

    def permits(self, address: str) -> str:
        """Open the page of a permission, agree, and return the address that Zalo leads to."""
        assert address.startswith(f"{self.url}/v4/oa/permission?"), address
        asked = {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()}
        assert asked["app_id"] == APP_ID and asked["redirect_uri"] == CALLBACK and len(asked["code_challenge"]) == 43
        code = secrets.token_urlsafe(24)
        self._codes[code] = asked["code_challenge"]
        return f"{CALLBACK}?{urlencode({'code': code, 'oa_id': OA_ID, 'state': asked['state']})}"

    def first_refresh(self) -> str:
        """A refresh token as Zalo's own page gives it for a start."""
        return self._pair()["refresh_token"]

    def revoke(self) -> None:
        """End every access token."""
        self._access.clear()

    def ends_logins(self) -> None:
        """End every refresh token."""
        self._refresh.clear()

    def _pair(self) -> dict[str, Any]:
        access, refresh = secrets.token_urlsafe(64), secrets.token_urlsafe(64)
        self._access[access] = self.now() + 25 * HOUR
        self._refresh.add(refresh)
        return {"access_token": access, "refresh_token": refresh, "expires_in": str(int(25 * HOUR))}

    # --- OAuth ---

    def exchange(self, form: dict[str, str], secret: str) -> dict[str, Any]:
        """Give a pair for a code or a refresh token, once. Doubt: all the codes of errors but -14003."""
        if form.get("app_id") != APP_ID or secret != APP_SECRET:
            raise Refused(-14002, "Invalid app or secret key")
        match form:
            case {"grant_type": "refresh_token", "refresh_token": refresh, "app_id": _, **rest} if not rest:
                if refresh not in self._refresh:
                    raise Refused(-14014, "Invalid refresh token")
                self._refresh.remove(refresh)
            case {"grant_type": "authorization_code", "code": code, "code_verifier": verifier, "app_id": _, **rest} if not rest:
                challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
                if self._codes.pop(code, "") != challenge or len(verifier) != 43:
                    raise Refused(-14004, "Invalid code or verifier")
            case _:
                self.refused.append(f"oauth: {sorted(form)}")
                raise Refused(-14001, "Invalid parameters")
        return self._pair()

    # --- messages ---

    def take(self, token: str, given: Any) -> dict[str, Any]:
        """Send a message for the account."""
        if token not in self._access:
            raise Refused(-216, "Access token is invalid")
        if self._access[token] <= self.now():
            raise Refused(-220, "Access token is expired")
        try:
            user, text = _parts(given)
        except (KeyError, TypeError, ValueError) as error:
            self.refused.append(f"message/cs: {error!r}")
            raise Refused(-201, "Params is invalid") from None
        quota = self._quota_for(user)
        self.sent.append(Sent(user, text, quota["quota_type"]))
        if self.quota_as_text:
            quota |= {name: str(quota[name]) for name in ("remain", "total")}
        data = {"message_id": f"{next(self._ids):020x}", "user_id": user}
        return data | ({"quota": quota} if self.tells_quota else {})

    def _quota_for(self, user: str) -> dict[str, Any]:
        """Take a message from the quota that it belongs to. Doubt: which of several errors comes first."""
        if not self.is_verified:
            raise Refused(-221, "OA is not verified")
        if user in self.blocked:
            raise Refused(-217, "User has blocked the OA")
        if user in self.restricted:
            raise Refused(-244, "User restricts the OA")
        if user in self.inactive:
            raise Refused(-227, "User is inactive for 45 days")
        if self.is_night:
            raise Refused(-234, "Not at night")  # of promotions only, says the source; a message must survive it all the same
        person = self._people.get(user)
        if not person:
            raise Refused(-213, "User does not follow the OA")
        since = self.now() - person.acted
        if since >= 7 * 24 * HOUR:
            raise Refused(-230, "User has not interacted in 7 days")
        if since < 48 * HOUR and person.free > 0:
            person.free -= 1
            return {"quota_type": "reply", "remain": person.free, "total": 8, "owner_type": "OA"}
        if self.package is None:  # Doubt: what an account without a package is told
            raise Refused(-311, "Reply quota exceeded") if since < 48 * HOUR else Refused(-305, "Out of 48 hours")
        if self.package <= 0:
            raise Refused(-211, "Out of quota")
        self.package -= 1
        return {"quota_type": "sub_quota", "remain": self.package, "total": self.package_total, "owner_type": "OA"}


def _parts(given: Any) -> tuple[str, str]:
    """What a message says to whom. Raises where it is not as the documentation has it; only plain text is known here."""
    match given:
        case {"recipient": {"user_id": str(user), **more}, "message": {"text": str(text), **rest}, **others}:
            if more or rest or others:
                raise ValueError("fields")
        case _:
            raise ValueError("shape")
    if not user.isdigit() or not text.strip() or len(text.encode("utf-16-le")) > 4000:  # Doubt: what a character is
        raise ValueError("user_id or text")
    return user, text


class _Handler(tornado.web.RequestHandler):
    def initialize(self, server: ZaloOaServer) -> None:
        self._server = server

    def on_finish(self) -> None:
        self._server.notify()

    async def _is_failing(self, fault: Fault | None, call: Any) -> bool:
        """Fail as the fault says; a number is the code of an error."""
        match fault.kind if fault else "":
            case "":
                return False
            case "500" | "502":
                self.set_status(int(fault.kind))
                self.finish("<html>Internal Server Error</html>")
            case "html":
                self.finish("<html>gateway</html>")
            case "hang" | "lost":
                if fault.kind == "lost":  # Zalo took it, and its answer does not arrive
                    call()
                await asyncio.sleep(fault.seconds)
                self.request.connection.stream.close()  # type: ignore[union-attr]
            case "reset":
                self.request.connection.stream.close()  # type: ignore[union-attr]
            case code:
                raise Refused(int(code), f"error {code}")
        return True


class _Messages(_Handler):
    async def post(self) -> None:
        try:
            given = json.loads(self.request.body) if self.request.headers.get("Content-Type", "").startswith("application/json") else None
            user = given["recipient"]["user_id"] if given else ""
            token = self.request.headers.get("access_token", "")
            if await self._is_failing(self._server.fault_for("message", user), lambda: self._server.take(token, given)):
                return
            self.finish({"error": 0, "message": "Success", "data": self._server.take(token, given)})
        except Refused as error:
            self.finish({"error": error.code, "message": str(error)})


class _Tokens(_Handler):
    async def post(self) -> None:
        form = {name: values[0].decode() for name, values in self.request.body_arguments.items()}
        self._server.asked.append(form)
        secret = self.request.headers.get("secret_key", "")
        try:
            if await self._is_failing(self._server.fault_for("oauth"), lambda: self._server.exchange(form, secret)):
                return
            self.finish(self._server.exchange(form, secret))
        except Refused as error:
            self.finish({"error": error.code, "error_name": str(error)})


class _Old(_Handler):
    def prepare(self) -> None:
        self._server.refused.append(f"{self.request.method} {self.request.path}")
        self.finish({"error": -240, "message": "API is shut down"})
