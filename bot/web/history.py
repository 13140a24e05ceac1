"""What a browser asked before, to open again and to delete."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from bot.web.api import desk_of
from bot.web.browsers import is_by_script
from bot.web.owners import owner_of, private, remember
from bot.web.problems import Refused
from bot.web.templates import render

history = APIRouter(include_in_schema=False)


@history.get("/lich-su")
async def history_page(request: Request) -> Response:
    """Return the conversations of the browser that asks for them."""
    desk = desk_of(request)
    days = request.app.state.settings.keep_days
    page = await desk.run(lambda: render(request, "history.html", talks=desk.turns.talks(owner_of(request)), days=days))
    return private(remember(request, page))


@history.post("/lich-su/xoa")
async def delete_all(request: Request) -> Response:
    """Delete everything that this browser asked."""
    desk, owner = desk_of(request), _sender(request)
    for talk in await desk.run(desk.turns.talks, owner):
        await desk.forget(talk.id)
    return _done(request)


@history.post("/hoi/{id}/xoa")
async def delete(request: Request, id: str) -> Response:
    """Delete a conversation of this browser."""
    desk, owner = desk_of(request), _sender(request)
    if await desk.run(desk.turns.owner, id) != owner or not await desk.forget(id):
        raise Refused(404, "Hội thoại này không còn, hoặc được hỏi ở trình duyệt khác.")
    return _done(request)


def _sender(request: Request) -> str:
    """Return the browser that sent a form of ours. Raises ``Refused`` where another site's page sent it, or nobody known."""
    if not (owner := owner_of(request)):
        raise Refused(
            403, "Chỉ trình duyệt đã hỏi mới xóa được. Hãy mở lại trang “Câu đã hỏi” rồi xóa.", "Only the browser that asked may delete it."
        )
    return owner


def _done(request: Request) -> Response:
    return Response(status_code=204) if is_by_script(request) else RedirectResponse("/lich-su", 303)
