"""``Gửi câu này cho quản trị viên``: whoever asked may send an answer that was of no use to the admin, with a note."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from bot.web.browsers import is_by_script
from bot.web.owners import own_turn
from bot.web.pages import ConversationField
from bot.web.problems import Refused
from bot.web.state import service_of, talks_of
from bot.web.templates import render

sending = APIRouter(include_in_schema=False)

LONGEST_NOTE = 500
_AS_SENT = 2 * LONGEST_NOTE  # browsers send the end of a line as two characters, and count it as one


@sending.post("/gui")
async def send(
    request: Request,
    id: Annotated[str, Form(pattern=r"^[\w-]{1,64}$")],
    note: Annotated[str, Form(max_length=_AS_SENT)] = "",
    conversation: ConversationField = "",
) -> Response:
    """Keep that the asker wants an admin to see an answer, once; a second time changes nothing. Thanks as ``/danh-gia`` does."""
    words = "\n".join(note.split("\r\n")).strip()
    if len(words) > LONGEST_NOTE:
        raise Refused(422, f"Lời nhắn dài {len(words)} ký tự; nhiều nhất là {LONGEST_NOTE}.", f"The note is longer than {LONGEST_NOTE}.")
    await own_turn(request, id)
    if not await talks_of(request).send(id, words):
        raise Refused(404, "Câu trả lời này không còn, nên chưa gửi được.", "There is no such answer.")
    if is_by_script(request):
        return Response(status_code=204)
    if conversation:
        return RedirectResponse(f"/hoi/{conversation}?cam-on=1#{id}", 303)
    return await service_of(request).run(render, request, "sent.html")
