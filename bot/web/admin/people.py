"""The owners' page on the admins: who may come in, and what they may do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from bot.web.admin.access import Password, admins_of, owner, owning
from bot.web.admin.admins import LONGEST, ROLES, Role
from bot.web.admin.audit import note
from bot.web.admin.pages import Csrf, page
from bot.web.admin.passwords import SHORTEST, checked
from bot.web.admin.sessions import Session
from rag.errors import TracuuError

people_pages = APIRouter(prefix="/quan-tri/nguoi", include_in_schema=False)

Owner = Annotated[Session, Depends(owner)]
Name = Annotated[str, Form(max_length=200)]
_MEANINGS: dict[Role, str] = {
    "reads": "xem mọi thứ, không đổi gì",
    "edits": "thêm, sửa, bỏ văn bản; dạy câu hỏi; quay về bản trước",
    "owns": "làm mọi việc, cả người quản trị và tải nhật ký về",
}


@people_pages.get("")
def people_page(
    request: Request,
    session: Owner,
    said: Annotated[str, Query(alias="xong", max_length=300)] = "",
    seal: Annotated[str, Query(alias="dau", max_length=32)] = "",
) -> Response:
    """Return who the admins are."""
    return _people(request, session, said=session.own(said, seal))


@people_pages.post("/them")
def add(request: Request, csrf: Csrf, name: Name, role: Annotated[Role, Form()], password: Password, again: Password) -> Response:
    """Add an admin."""
    session = owning(request, csrf)

    def work() -> str:
        added = admins_of(request).add(name, role, checked(password, again))
        note(request, session, "thêm người quản trị", f"{added.name} ({ROLES[role]})")
        return f"Đã thêm {added.name}, vai trò {ROLES[role]}."

    return _done(request, session, work, {"name": name, "role": role})


@people_pages.post("/vai-tro")
def change_role(request: Request, csrf: Csrf, name: Name, role: Annotated[Role, Form()]) -> Response:
    """Let an admin do more or less, at once."""
    session = owning(request, csrf)

    def work() -> str:
        before = admins_of(request).set_role(name, role)
        note(request, session, "đổi vai trò", f"{before.name}: {ROLES[before.role]} → {ROLES[role]}")
        return f"{before.name} nay có vai trò {ROLES[role]}."

    return _done(request, session, work)


@people_pages.post("/mat-khau")
def reset_password(request: Request, csrf: Csrf, name: Name, password: Password, again: Password) -> Response:
    """Give another admin a new password; all their devices have to log in again."""
    session = owning(request, csrf)

    def work() -> str:
        if admins_of(request).named(name).name == session.name:
            raise TracuuError("Mật khẩu của chính mình đổi ở trang Tài khoản.")
        changed = admins_of(request).set_password(name, checked(password, again))
        note(request, session, "đặt lại mật khẩu", changed.name)
        return f"Đã đặt mật khẩu mới cho {changed.name}; mọi thiết bị của người này phải đăng nhập lại."

    return _done(request, session, work)


@people_pages.post("/bo")
def remove(request: Request, csrf: Csrf, name: Name) -> Response:
    """Take an admin out, who is logged out at once."""
    session = owning(request, csrf)

    def work() -> str:
        removed = admins_of(request).remove(name)
        note(request, session, "bỏ người quản trị", removed.name)
        return f"Đã bỏ {removed.name}."

    return _done(request, session, work)


def _done(request: Request, session: Session, work: Callable[[], str], typed: dict[str, str] | None = None) -> Response:
    """Do it and say so; where it is refused, say why on the page, with what was typed."""
    try:
        said = work()
    except TracuuError as error:
        return _people(request, session, trouble=str(error), typed=typed)
    return RedirectResponse(f"/quan-tri/nguoi?{urlencode(session.sealed(said))}", 303)


def _people(request: Request, session: Session, said: str = "", trouble: str = "", typed: dict[str, str] | None = None) -> Response:
    given = {
        "roles": ROLES,
        "meanings": _MEANINGS,
        "shortest": SHORTEST,
        "longest": LONGEST,
        "typed": typed or {"name": "", "role": "edits"},
    }
    everybody = admins_of(request).all()
    return page(request, session, "people", 422 if trouble else 200, said=said, trouble=trouble, everybody=everybody, **given)
