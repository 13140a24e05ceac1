"""The door of the admin page: logging in and out, and what every page behind it asks for."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from bot.web.admin.passwords import is_right
from bot.web.admin.sessions import Session, Sessions
from bot.web.api import desk_of
from bot.web.limits import client_of, is_this_machine
from bot.web.problems import Refused
from bot.web.templates import render

access = APIRouter(prefix="/quan-tri", include_in_schema=False)

COOKIE = "__Host-tracuu"


def sessions_of(request: Request) -> Sessions:
    """Return the sessions of the application."""
    sessions: Sessions = request.app.state.sessions
    return sessions


def admin(request: Request) -> Session:
    """Return the session of who asks; sends anybody else to the login."""
    token = request.cookies.get(COOKIE, "")
    session = sessions_of(request).find(token) if token else None
    if session is None:
        raise HTTPException(303, headers={"Location": "/quan-tri/vao"})
    return session


def changing(request: Request, csrf: str) -> Session:
    """Return the session of who wants to change something; the form has to be one of ours. Raises ``Refused``."""
    session = admin(request)
    if not session.allows(csrf) or not _from_here(request):
        raise Refused(403, "Trang này đã cũ. Hãy mở lại trang quản trị rồi làm lại.", "The form is outdated.")
    return session


def _from_here(request: Request) -> bool:
    """Say whether a browser sent this from our own page; what does not say where it comes from is held to the token alone."""
    return request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")


@access.get("/vao")
def login_page(request: Request) -> Response:
    """Return the login."""
    return _login(request)


@access.post("/vao")
def login(request: Request, password: Annotated[str, Form(max_length=500)]) -> Response:
    """Check the password."""
    if not _from_here(request):
        raise Refused(403)
    hashed = request.app.state.settings.admin_password_hash
    client = desk_of(request).alias(client_of(request.scope))
    sessions = sessions_of(request)
    if not hashed:
        return _login(request, status=403)
    if not sessions.may_try(client):
        return _login(request, "Đã thử quá nhiều lần. Hãy đợi 15 phút rồi thử lại.", 429)
    if not is_right(password, hashed.get_secret_value()):
        return _login(request, "Mật khẩu không đúng.", 401)
    sessions.succeeded(client)
    entered = RedirectResponse("/quan-tri", 303)
    entered.set_cookie(COOKIE, sessions.open().token, secure=True, httponly=True, samesite="strict", path="/")
    return entered


@access.post("/ra")
def logout(request: Request, csrf: Annotated[str, Form()]) -> Response:
    """End the session."""
    sessions_of(request).end(changing(request, csrf).token)
    left = RedirectResponse("/quan-tri/vao", 303)
    left.delete_cookie(COOKIE, secure=True, httponly=True, samesite="strict", path="/")
    return left


def _login(request: Request, wrong: str = "", status: int = 200) -> Response:
    closed = request.app.state.settings.admin_password_hash is None
    safe = request.url.scheme == "https" or request.url.hostname == "localhost" or is_this_machine(request.url.hostname or "")
    return render(request, "admin/login.html", status, wrong=wrong, closed=closed, safe=safe)
