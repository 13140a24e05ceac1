"""API keys: made here, kept only as hashes in ``TRACUU_API_KEYS``."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response, Security
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from bot.settings import items
from bot.web.problems import Refused
from rag.errors import SettingError

_bearer = HTTPBearer(auto_error=False)


def new_key(name: str) -> tuple[str, str]:
    """Return a new key and what stands for it in the setting. The key has 256 random bits: a plain hash is enough.

    Raises ``SettingError`` for a name that the setting cannot hold.
    """
    if not name or name != name.strip() or not name.isprintable() or set(name) & set(",:"):
        raise SettingError(f"Tên khóa “{name}” không dùng được: cần có chữ, không có dấu phẩy, dấu hai chấm hay khoảng trống ở đầu, cuối.")
    key = f"tracuu_{secrets.token_urlsafe(32)}"
    return key, f"{name}:{_digest(key)}"


def require_key(request: Request, given: HTTPAuthorizationCredentials | None = Security(_bearer)) -> None:  # noqa: B008
    """Refuse who has none of the keys of the settings; the request keeps the digest of the key, to tell callers apart."""
    digests = [item.partition(":")[2] for item in items(request.app.state.settings.api_keys)]
    key = given.credentials if given else request.headers.get("x-api-key", "")
    request.state.key = _digest(key)
    if not any(hmac.compare_digest(request.state.key, digest) for digest in digests):
        raise Refused(401, headers={"WWW-Authenticate": "Bearer"})


class Keyed(APIRoute):
    """A route that looks at no body before it has seen the key, where the settings have keys."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what handles a request (FastAPI reads bodies before it asks dependencies)."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            if request.app.state.settings.api_keys:
                require_key(request, await _bearer(request))
            return await handle(request)

        return handled


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
