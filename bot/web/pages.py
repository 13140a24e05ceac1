"""The page where people ask: a form, answers with their sources, shared answers, judging them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse

from bot.people import ROLES
from bot.web.api import desk_of, streamed
from bot.web.desk import Given
from bot.web.listing import role_called
from bot.web.problems import Refused
from bot.web.schemas import MOST
from bot.web.templates import render, wording_shown, written
from bot.web.turns import Turn, new_id
from rag.documents import Wording
from rag.errors import TracuuError

pages = APIRouter(include_in_schema=False)
_ID = r"^[\w-]{1,64}$"

ConversationField = Annotated[str, Form(pattern=r"^[\w-]{0,64}$")]


@pages.get("/")
async def ask_page(request: Request, role: Annotated[str, Query(alias="vai-tro")] = "") -> Response:
    """Return the page with nothing asked yet."""
    return await _page(request, "ask.html", role)


@pages.get("/khung")
async def frame(request: Request) -> Response:
    """Return the page as other sites frame it."""
    return await _page(request, "frame.html", "")


async def _page(request: Request, template: str, role: str, turns: list[Turn] | None = None, **more: Any) -> Response:  # noqa: ANN401
    role_called(role)
    desk, trouble, wanted = desk_of(request), "", ""
    suggested: list[str] = []
    try:
        suggested = await desk.suggestions(role)
        wanted = await desk.run(desk.successor_wanted)
    except TracuuError as error:
        trouble = str(error)
    given: dict[str, Any] = {"conversation": "", "thanks": False} | more
    return render(
        request,
        template,
        turns=turns or [],
        roles=list(ROLES.values()),
        role=role,
        suggested=suggested,
        trouble=trouble,
        wanted=wanted,
        most=MOST,
        **given,
    )


@pages.post("/hoi")
async def ask(
    request: Request,
    question: Annotated[str, Form(max_length=MOST)],
    conversation: ConversationField = "",
    role: Annotated[str, Form()] = "",
    plain: Annotated[bool, Form()] = False,
) -> Response:
    """Answer, then show the conversation; to a script, stream the answer, its HTML and what a language model says of it."""
    role_called(role)
    id = conversation or new_id()
    asking = desk_of(request).ask(question.strip(), id, role, plain=plain)
    if "text/event-stream" not in request.headers.get("accept", ""):
        given = await asking
        return RedirectResponse(f"/hoi/{id}?vai-tro={role}#{given.turn.id}", 303)

    def final(given: Given) -> tuple[str, Any]:
        return "turn", {"conversation": id, "html": written(request, "turn.html", turn=given.turn)}

    def worded(wording: Wording) -> dict[str, Any]:
        return wording_shown(desk_of(request).searcher(), asdict(wording))

    return StreamingResponse(streamed(asking, final, worded), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


@pages.get("/hoi")
async def back() -> Response:
    """Return to the start: a question is not kept in an address."""
    return RedirectResponse("/", 303)


@pages.get("/hoi/{id}")
async def conversation_page(
    request: Request, id: str, role: Annotated[str, Query(alias="vai-tro")] = "", thanks: Annotated[bool, Query(alias="cam-on")] = False
) -> Response:
    """Return a conversation, to go on with."""
    desk = desk_of(request)
    turns = await desk.run(desk.turns.of, id)
    if not turns:
        raise Refused(404, "Hội thoại này không còn, hoặc chưa từng có.")
    return await _page(request, "ask.html", role, turns, conversation=id, thanks=thanks)


@pages.get("/tra-loi/{id}")
async def shared(request: Request, id: str) -> Response:
    """Return one answer, for whoever got its link."""
    desk = desk_of(request)
    turn = await desk.run(desk.turns.get, id)
    if turn is None:
        raise Refused(404, "Câu trả lời này không còn, hoặc liên kết bị sai.")
    return render(request, "shared.html", turn=turn)


@pages.post("/chon")
async def pick(
    request: Request,
    id: Annotated[str, Form(pattern=_ID)],
    place: Annotated[int, Form(ge=0, le=99)],
    conversation: ConversationField = "",
) -> Response:
    """Keep which of the provisions offered was meant."""
    desk = desk_of(request)
    if not await desk.run(desk.pick, id, place):
        raise Refused(404, "Câu trả lời này không còn.")
    return _thanked(request, id, conversation)


@pages.post("/danh-gia")
async def vote(
    request: Request,
    id: Annotated[str, Form(pattern=_ID)],
    vote: Annotated[str, Form(pattern="^(up|down)$")],
    conversation: ConversationField = "",
    reason: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Keep what somebody thought of an answer."""
    if not await desk_of(request).vote(id, vote, reason):
        raise Refused(404, "Câu trả lời này không còn.")
    return _thanked(request, id, conversation)


def _thanked(request: Request, id: str, conversation: str) -> Response:
    if "application/json" in request.headers.get("accept", ""):
        return Response(status_code=204)
    return RedirectResponse(f"/hoi/{conversation}?cam-on=1#{id}" if conversation else f"/tra-loi/{id}#{id}", 303)
