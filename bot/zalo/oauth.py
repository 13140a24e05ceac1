"""How an Official Account lets our app speak for it: the page where its admin permits it, and the exchange of tokens."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp

from bot.messenger.http import post
from bot.messenger.posting import Unreachable
from bot.settings import Settings
from rag.errors import SettingError, TracuuError

_LASTS = 25 * 3600.0  # seconds, as several sources tell, where Zalo does not say it
_TOO_MANY = -32
_TOKEN = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True)
class App:
    """The app of Zalo's that the account is connected to; ``address`` is where it is given tokens."""

    id: str
    secret: str = field(repr=False)
    address: str


@dataclass(frozen=True, slots=True)
class Pair:
    """An access token for so many ``seconds``, and the token that renews it; empty where the old one goes on."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    seconds: float


class Denied(Exception):
    """Zalo itself gives no token."""


def app_of(chosen: Settings) -> App:
    """Return the app of the settings. Raises ``SettingError`` where it is not set."""
    if not chosen.zalo_oa_app_id or not chosen.zalo_oa_app_secret:
        raise SettingError("Thiếu TRACUU_ZALO_OA_APP_ID hoặc TRACUU_ZALO_OA_APP_SECRET. Hãy chép từ ứng dụng ở developers.zalo.me.")
    return App(chosen.zalo_oa_app_id, chosen.zalo_oa_app_secret.get_secret_value().strip(), chosen.zalo_oa_oauth)


async def ask(session: aiohttp.ClientSession, app: App, form: dict[str, str]) -> Pair:
    """Exchange a code or refresh token for a new pair. Raises ``Denied``, or ``Unreachable`` where nobody knows what became of it."""
    url = f"{app.address}/v4/oa/access_token"
    return await post(session, url, "oauth", _pair, data={"app_id": app.id} | form, headers={"secret_key": app.secret})


class Permission:
    """The page where the admin of the account permits it (PKCE, S256); ``callback`` is where Zalo leads from there."""

    def __init__(self, app: App, callback: str) -> None:
        self.verifier = secrets.token_urlsafe(32)
        self._state = secrets.token_urlsafe(16)
        challenge = urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).decode().rstrip("=")
        asked = {"app_id": app.id, "redirect_uri": callback, "code_challenge": challenge, "state": self._state}
        self.url = f"{app.address}/v4/oa/permission?{urlencode(asked)}"

    def code(self, pasted: str) -> str:
        """Return the code of the address that Zalo led to, or the code alone. Raises ``TracuuError`` for what is of another login."""
        pasted = pasted.strip()
        if "://" in pasted or "code=" in pasted:
            try:
                given = parse_qs(urlsplit(pasted).query or pasted.partition("?")[2] or pasted)
            except ValueError:
                given = {}
            if not secrets.compare_digest(given.get("state", [""])[0].encode(errors="replace"), self._state.encode()):
                raise TracuuError("Địa chỉ vừa dán không phải của lần cấp phép này (state khác). Hãy chạy lại lệnh và mở đường dẫn mới.")
            pasted = given.get("code", [""])[0]
        if not _TOKEN.fullmatch(pasted):
            raise TracuuError("Không thấy mã code. Hãy dán cả địa chỉ mà Zalo chuyển tới sau khi bấm cho phép.")
        return pasted


def _pair(response: aiohttp.ClientResponse, body: bytes) -> Pair:
    status = response.status
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise Unreachable(f"oauth: trả lời {status} không phải của Zalo")
    access, refresh = _token(told.get("access_token")), _token(told.get("refresh_token"))
    if access and status == 200:
        return Pair(access, refresh, _seconds(told.get("expires_in")))
    error = told.get("error")
    if not error or error == _TOO_MANY or status >= 500:
        raise Unreachable(f"oauth: trả lời {status}, lỗi {_line(error)}")
    raise Denied(f"{_line(error)} {_line(told.get('error_description') or told.get('error_name') or '')}".strip())


def _token(value: object) -> str:
    return value if isinstance(value, str) and _TOKEN.fullmatch(value) else ""


def _seconds(value: object) -> float:
    """Return for how long a token is good; Zalo is seen to write it as text."""
    return float(str(value)) if re.fullmatch(r"[1-9]\d{0,8}", str(value), re.ASCII) else _LASTS


def _line(value: Any) -> str:  # noqa: ANN401
    return " ".join(str(value).split())[:100]
