"""Whose a conversation on the page is: the browser's that asked, which is known by a random token in a cookie.

Only a digest of the token is kept. A browser that sends no cookie (a frame on another site's page, cookies turned off) goes on
by the names that its page holds in memory; no address opens what it asked.
"""

from __future__ import annotations

import hashlib
import re
import secrets

from fastapi import Request
from fastapi.responses import Response

from bot.web.browsers import cookie_name, is_encrypted, is_sent_from_here
from bot.web.problems import Refused
from bot.web.roots import root_of
from bot.web.state import talks_of
from bot.web.turns import Turn

_NAME = "tracuu-hoi"
_TOKEN = re.compile(r"[\w-]{43}", re.ASCII)
_A_DAY = 86_400


def owner_of(request: Request) -> str:
    """Return the digest of the browser that asks; empty where it says none, or where another site's page changes something."""
    token = _token(request)
    if not token or (request.method != "GET" and not is_sent_from_here(request)):
        return ""
    return hashlib.sha256(token.encode()).hexdigest()


def remember(request: Request, response: Response) -> Response:
    """Have the browser keep its token, a new one where it has none, for as long as what it asks is kept; return the response.

    With a form of another site's page the browser sends no token, and a new one would take the place of its own.
    """
    if request.method != "GET" and not is_sent_from_here(request):
        return response
    response.set_cookie(
        _name(request),
        _token(request) or secrets.token_urlsafe(32),
        max_age=request.app.state.settings.keep_days * _A_DAY,
        path=root_of(request) or "/",
        secure=is_encrypted(request),
        httponly=True,
        samesite="lax",
    )
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def private(response: Response) -> Response:
    """Leave no copy of what was asked on a computer that others use too; return the response."""
    response.headers["Cache-Control"] = "private, no-store"
    return response


async def own_turn(request: Request, id: str) -> Turn:
    """Return a turn that who asks may vote on, pick from, send. Raises ``Refused``."""
    talks = talks_of(request)
    turn = await talks.service.run(talks.turns.get, id)
    if turn is None or not turn.belongs_to(owner_of(request)):
        raise Refused(404, "Câu trả lời này không còn, hoặc được hỏi ở trình duyệt khác.")
    return turn


def _token(request: Request) -> str:
    token = request.cookies.get(_name(request), "")
    return token if _TOKEN.fullmatch(token) else ""


def _name(request: Request) -> str:
    return cookie_name(request, _NAME, secure=is_encrypted(request))
