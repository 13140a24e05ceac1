"""The admin's page on the own account: another password, logging out everywhere."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from bot.web.admin.access import Password, admins_of, attempts_of, confirmed, enter
from bot.web.admin.admins import OWNER, ROLES
from bot.web.admin.attempts import Origin, Wait
from bot.web.admin.audit import note
from bot.web.admin.pages import Csrf, Who, page
from bot.web.admin.passwords import SHORTEST, checked
from bot.web.admin.sessions import Session
from rag.errors import TracuuError

account_pages = APIRouter(prefix="/quan-tri/tai-khoan", include_in_schema=False)


@account_pages.get("")
def account_page(request: Request, session: Who, done: Annotated[bool, Query(alias="xong")] = False) -> Response:
    """Return who is logged in, and the form of another password."""
    return _account(request, session, done=done)


@account_pages.post("/mat-khau")
async def change_password(request: Request, csrf: Csrf, current: Password, password: Password, again: Password) -> Response:
    """Change the own password; every other device has to log in again."""
    attempts, admins = attempts_of(request), admins_of(request)
    session = await attempts.run(confirmed, request, csrf)
    found = await attempts.run(admins.named, session.name)
    try:
        checked(password, again)
        if not await attempts.check(current, found.hashed, Origin(f"account:{session.name}", "known")):
            raise TracuuError("Mật khẩu đang dùng không đúng.")
    except Wait as wait:
        trouble = f"Đã gõ sai nhiều lần. Hãy đợi {wait.seconds} giây rồi thử lại."
        return await attempts.run(_account, request, session, trouble)
    except TracuuError as error:
        return await attempts.run(_account, request, session, str(error))
    return await attempts.run(_change, request, session, password)


def _change(request: Request, session: Session, password: str) -> Response:
    changed = admins_of(request).set_password(session.name, password)
    note(request, session, "đổi mật khẩu của mình")
    enter(request, changed, entered := RedirectResponse("/quan-tri/tai-khoan?xong=true", 303))
    return entered


def _account(request: Request, session: Session, trouble: str = "", *, done: bool = False) -> Response:
    given = {"role": ROLES[session.role], "of_setting": session.name == OWNER, "shortest": SHORTEST}
    return page(request, session, "account", 422 if trouble else 200, trouble=trouble, done=done, **given)
