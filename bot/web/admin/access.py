"""The door of the admin page: logging in and out, and what every page behind it asks for."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from bot.web.admin.admins import LONGEST, OWNER, STRANGER, Admin, Admins
from bot.web.admin.attempts import Attempts, Origin, Wait
from bot.web.admin.audit import note, note_of
from bot.web.admin.sessions import Session, Sessions
from bot.web.browsers import cookie_name, is_encrypted, is_sent_from_here
from bot.web.limits import client_of, is_this_machine, network_of
from bot.web.problems import Refused
from bot.web.roots import root_of
from bot.web.state import service_of
from bot.web.templates import render

access = APIRouter(prefix="/quan-tri", include_in_schema=False)

_COOKIE, _DEVICE = "tracuu", "tracuu-may"
Password = Annotated[str, Form(max_length=500)]
_A_YEAR = 365 * 86_400


def sessions_of(request: Request) -> Sessions:
    """Return the sessions of the application."""
    sessions: Sessions = request.app.state.sessions
    return sessions


def admins_of(request: Request) -> Admins:
    """Return the admins of the application."""
    admins: Admins = request.app.state.admins
    return admins


def attempts_of(request: Request) -> Attempts:
    """Return the tries to log in."""
    attempts: Attempts = request.app.state.attempts
    return attempts


def admin(request: Request) -> Session:
    """Return the session of who asks; sends anybody else to the login."""
    token = request.cookies.get(cookie_name(request, _COOKIE, secure=True), "")
    session = sessions_of(request).find(token) if token else None
    if session is None:
        raise HTTPException(303, headers={"Location": "/quan-tri/vao"})
    return session


def owner(request: Request) -> Session:
    """Return the session of an owner who asks. Raises ``Refused``."""
    return _owning(admin(request))


def confirmed(request: Request, csrf: str) -> Session:
    """Return the session of whoever is logged in and sent a form of ours. Raises ``Refused``."""
    session = admin(request)
    if not session.allows(csrf) or not is_sent_from_here(request):
        raise Refused(403, "Trang này đã cũ. Hãy mở lại trang quản trị rồi làm lại.", "The form is outdated.")
    return session


def changing(request: Request, csrf: str) -> Session:
    """Return the session of who may and wants to change something; the form has to be one of ours. Raises ``Refused``."""
    session = confirmed(request, csrf)
    if not session.may_edit:
        raise Refused(403, "Vai trò của thầy cô chỉ được xem. Cần sửa thì nhờ người có vai trò sửa hoặc chủ.", "This role may only read.")
    return session


def owning(request: Request, csrf: str) -> Session:
    """Return the session of an owner who wants to change something. Raises ``Refused``."""
    return _owning(confirmed(request, csrf))


def _owning(session: Session) -> Session:
    if not session.owns:
        raise Refused(403, "Chỉ người có vai trò chủ được làm việc này.", "Only an owner may do this.")
    return session


@access.get("/vao")
def login_page(request: Request) -> Response:
    """Return the login."""
    return _login(request)


@access.post("/vao")
async def login(request: Request, password: Password, name: Annotated[str, Form(max_length=200)] = "") -> Response:
    """Check the password of who has a name; without a name, the one of the setting."""
    if not is_sent_from_here(request):
        raise Refused(403)
    attempts = attempts_of(request)
    if await attempts.run(_closed, request):
        return await attempts.run(_login, request, "", 403)
    found = await attempts.run(admins_of(request).find, name)
    try:
        right = await attempts.check(password, found.hashed if found else "", _origin(request, found))
    except Wait as wait:
        return await attempts.run(_told_to_wait, request, name, wait)
    if not right or found is None:
        return await attempts.run(_wrong, request, name, found)
    return await attempts.run(_enter, request, found)


def _origin(request: Request, found: Admin | None) -> Origin:
    """Return whose tries these are: a browser's that was logged in before, the machine's own, or an address's and its network's."""
    if device := sessions_of(request).known_device(request.cookies.get(cookie_name(request, _DEVICE, secure=True), ""), found):
        return Origin(f"device:{device}", "known")
    client, alias = client_of(request.scope), service_of(request).kept.people.alias
    if is_this_machine(client):
        return Origin(f"address:{alias(client)}", "known")
    return Origin(f"address:{alias(client)}", "unknown", f"network:{alias(network_of(client))}")


def _told_to_wait(request: Request, name: str, wait: Wait) -> Response:
    why = "Đang có nhiều người cùng đăng nhập." if wait.busy else "Đã gõ sai nhiều lần."
    return _login(request, f"{why} Hãy đợi {wait.seconds} giây rồi thử lại.", 429, name, {"Retry-After": str(wait.seconds)})


def _wrong(request: Request, name: str, found: Admin | None) -> Response:
    note_of(request, found.name if found else STRANGER, "đăng nhập không được", fold=True)
    return _login(request, "Tên hoặc mật khẩu không đúng." if name else "Mật khẩu không đúng.", 401, name)


def _enter(request: Request, found: Admin) -> Response:
    session = enter(request, found, entered := RedirectResponse("/quan-tri", 303))
    note(request, session, "đăng nhập")
    return entered


def enter(request: Request, found: Admin, entered: Response) -> Session:
    """Begin a session of an admin in the browser that gets this response; it will be known again."""
    sessions = sessions_of(request)
    session = sessions.open(found)
    for name, value, age in ((_COOKIE, session.token, None), (_DEVICE, sessions.device(found), _A_YEAR)):
        cookie, path = cookie_name(request, name, secure=True), root_of(request) or "/"
        entered.set_cookie(cookie, value, max_age=age, secure=True, httponly=True, samesite="strict", path=path)
    return session


@access.post("/ra")
def logout(request: Request, csrf: Annotated[str, Form()]) -> Response:
    """End the session."""
    session = confirmed(request, csrf)
    sessions_of(request).end(session.token)
    note(request, session, "đăng xuất")
    return _left(request)


@access.post("/ra-het")
def logout_everywhere(request: Request, csrf: Annotated[str, Form()]) -> Response:
    """End every session of the admin."""
    session = confirmed(request, csrf)
    sessions_of(request).end_all(session.name)
    note(request, session, "đăng xuất mọi thiết bị")
    return _left(request)


def _left(request: Request) -> Response:
    left = RedirectResponse("/quan-tri/vao", 303)
    cookie, path = cookie_name(request, _COOKIE, secure=True), root_of(request) or "/"
    left.delete_cookie(cookie, secure=True, httponly=True, samesite="strict", path=path)
    return left


def _closed(request: Request) -> bool:
    return request.app.state.settings.admin_password_hash is None and not admins_of(request).any_named()


def _login(request: Request, wrong: str = "", status: int = 200, name: str = "", headers: dict[str, str] | None = None) -> Response:
    by_setting, named = request.app.state.settings.admin_password_hash is not None, admins_of(request).any_named()
    safe = is_encrypted(request) or request.url.hostname == "localhost" or is_this_machine(request.url.hostname or "")
    given = {
        "wrong": wrong,
        "closed": _closed(request),
        "named": named,
        "by_setting": by_setting,
        "safe": safe,
        "typed": name,
        "office_name": request.app.state.settings.office_name,
    }
    return render(request, "admin/login.html", status, headers, **given, owner=OWNER, longest=LONGEST)
