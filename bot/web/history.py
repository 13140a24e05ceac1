"""What a browser asked before, to open again and to delete."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from bot.web.browsers import is_by_script
from bot.web.owners import owner_of, private, remember
from bot.web.problems import Refused
from bot.web.state import talks_of
from bot.web.templates import render

history = APIRouter(include_in_schema=False)


@history.get("/lich-su")
async def history_page(request: Request) -> Response:
    """Return the conversations of the browser that asks for them."""
    talks, days = talks_of(request), request.app.state.settings.keep_days
    page = await talks.service.run(lambda: render(request, "history.html", talks=talks.turns.talks(owner_of(request)), days=days))
    return private(remember(request, page))


@history.post("/lich-su/xoa")
async def delete_all(request: Request) -> Response:
    """Delete everything that this browser asked."""
    talks, owner = talks_of(request), _sender(request)
    for talk in await talks.service.run(talks.turns.talks, owner):
        await talks.forget(talk.id)
    return _done(request)


@history.post("/hoi/{id}/xoa")
async def delete(request: Request, id: str) -> Response:
    """Delete a conversation of this browser."""
    talks, owner = talks_of(request), _sender(request)
    if await talks.service.run(talks.turns.owner, id) != owner or not await talks.forget(id):
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
