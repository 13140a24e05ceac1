"""API keys: made here, kept only as hashes in ``TRACUU_API_KEYS``."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from fastapi import Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from bot.settings import items
from bot.web.problems import Refused

_bearer = HTTPBearer(auto_error=False)


def new_key(name: str) -> tuple[str, str]:
    """Return a new key and what stands for it in the setting. The key has 256 random bits: a plain hash is enough."""
    key = f"tracuu_{secrets.token_urlsafe(32)}"
    return key, f"{name}:{_digest(key)}"


def require_key(request: Request, given: HTTPAuthorizationCredentials | None = Security(_bearer)) -> None:  # noqa: B008
    """Refuse who has none of the keys of the settings; the request keeps the digest of the key, to tell callers apart."""
    digests = [item.partition(":")[2] for item in items(request.app.state.settings.api_keys)]
    key = given.credentials if given else request.headers.get("x-api-key", "")
    request.state.key = _digest(key)
    if not any(hmac.compare_digest(request.state.key, digest) for digest in digests):
        raise Refused(401, headers={"WWW-Authenticate": "Bearer"})


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
