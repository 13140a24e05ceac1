"""The role of whoever asks, as their own device remembers it."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from bot.people import ROLES
from bot.web.browsers import is_encrypted

_ROLE = "vai-tro"
_A_YEAR = 365 * 86_400


def role_of(request: Request, chosen: str | None) -> str:
    """Return the role chosen just now, else the one remembered; empty for none."""
    if chosen is not None:
        return chosen
    kept = request.cookies.get(_ROLE, "")
    return kept if kept in ROLES else ""


def remember_role(response: Response, request: Request, role: str) -> Response:
    """Keep a role on the device; an empty one is forgotten."""
    if role:
        response.set_cookie(_ROLE, role, max_age=_A_YEAR, secure=is_encrypted(request), samesite="lax")
    elif _ROLE in request.cookies:
        response.delete_cookie(_ROLE, samesite="lax")
    return response
