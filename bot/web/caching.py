"""Pages and lists that only change with the index or the day: browsers and programs that have them are told so."""

from __future__ import annotations

import hashlib

from fastapi import Request
from starlette.exceptions import HTTPException

from bot.web.state import service_of
from bot.web.templates import version

_SHOWN_BY = ("x-part", "accept", "cookie")
"""The headers that change what is shown."""
TAG = "etag"
"""Where ``Guard`` finds the tag in the scope of a request."""


def unchanged(request: Request) -> None:
    """Give the answer a tag (a dependency of routes); one who has it already gets no other (304)."""
    service = service_of(request)
    told = [service.version(), service.today(), version(), request.app.state.started, str(request.url)]
    told += [request.headers.get(name, "") for name in _SHOWN_BY]
    tag = f'W/"{hashlib.sha256(repr(told).encode()).hexdigest()[:20]}"'
    request.scope[TAG] = tag
    if request.method in ("GET", "HEAD") and is_known(request, tag):
        raise HTTPException(304)


def is_known(request: Request, tag: str) -> bool:
    """Say whether who asks has what a tag names (RFC 9110: weak and strong tags are the same here)."""
    known = request.headers.get("if-none-match", "")
    if known.strip() == "*":  # whatever there is
        return True
    return tag.removeprefix("W/") in (each.strip().removeprefix("W/") for each in known.split(","))
