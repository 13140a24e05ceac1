"""The page where people ask: a form, answers with their sources, shared answers, judging them."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from bot.people import ROLES
from bot.web.api import streamed
from bot.web.asking import Asked, answer_once, refusal_of, tidy
from bot.web.browsers import is_by_script
from bot.web.coverage import coverage, successor_wanted
from bot.web.listing import role_called
from bot.web.office_pages import offices_page
from bot.web.owners import own_turn, owner_of, private, remember
from bot.web.problems import Refused
from bot.web.role_cookie import remember_role, role_of
from bot.web.roots import going_out, page_going_out, root_of
from bot.web.schemas import MOST
from bot.web.state import begun_of, service_of, suggestions_of, talks_of
from bot.web.talks import Given
from bot.web.templates import render, wording_shown, written
from bot.web.turns import Turn
from rag.documents import Wording
from rag.errors import TracuuError

pages = APIRouter(include_in_schema=False)

IdField = Annotated[str, Form(pattern=r"^[\w-]{1,64}$")]
RoleChosen = Annotated[str | None, Query(alias="vai-tro")]
ConversationField = Annotated[str, Form(pattern=r"^[\w-]{0,64}$")]
InsteadField = ConversationField


@pages.get("/")
async def ask_page(request: Request, role: RoleChosen = None) -> Response:
    """Return the page with nothing asked yet; where there are several offices, first the page to choose one of them."""
    if request.app.state.offices and role is None:
        return await service_of(request).run(offices_page, request)
    return remember(request, await _page(request, "ask.html", role))


@pages.get("/khung")
async def frame(request: Request) -> Response:
    """Return the page as other sites frame it."""
    return await _page(request, "frame.html", None)


async def _page(request: Request, template: str, chosen: str | None, turns: list[Turn] | None = None, **more: Any) -> Response:  # noqa: ANN401
    role = role_of(request, chosen)
    role_called(role)
    page = await (_made(request, template, role, turns or [], more) if turns or more else _first(request, template, role))
    return page if chosen is None else remember_role(page, request, role)


async def _first(request: Request, template: str, role: str) -> Response:
    """Return the page with nothing asked yet."""
    service = service_of(request)
    key = (template, str(request.url), role, service.version(), service.today())
    if (known := begun_of(request).get(key)) is not None:
        return HTMLResponse(known)
    given: dict[str, Any] = {}
    page = await _made(request, template, role, [], given)
    if not given["trouble"]:
        begun_of(request).put(key, bytes(page.body))
    return page


async def _made(request: Request, template: str, role: str, turns: list[Turn], given: dict[str, Any]) -> Response:
    """Return a page; ``given`` is what its template gets, and is told in what trouble the index is."""
    service = service_of(request)
    given |= {"conversation": "", "thanks": False, "editing": None, "instead": "", "typed": "", "refusal": ""} | given
    given |= {"turns": turns, "role": role, "suggested": [], "trouble": ""}
    try:
        given["suggested"] = await suggestions_of(request).of(role)
    except TracuuError as error:
        given["trouble"] = str(error)
    return await service.run(_rendered, request, template, given)


def _rendered(request: Request, template: str, given: dict[str, Any]) -> Response:
    """Return the page with what it says of the index in use; reads files, as the answers on it do."""
    service, wanted, covered = service_of(request), "", None
    try:
        shelf = service.shelf()
        wanted, covered = successor_wanted(shelf, service.today()), coverage(shelf)
    except TracuuError as error:
        given |= {"trouble": str(error)}
    return render(request, template, alone=False, roles=list(ROLES.values()), wanted=wanted, covered=covered, most=MOST, **given)


@pages.post("/hoi")
async def ask(
    request: Request,
    question: Annotated[str, Form()] = "",
    conversation: ConversationField = "",
    role: Annotated[str, Form()] = "",
    plain: Annotated[bool, Form()] = False,
    instead: InsteadField = "",
) -> Response:
    """Answer, then show the conversation; to a script, stream the answer, its HTML and what a language model says of it."""
    role_called(role)
    is_script = "text/event-stream" in request.headers.get("accept", "")
    if refusal := refusal_of(question := tidy(question)):
        if is_script:
            raise Refused(422, refusal)
        kept: dict[str, Any] = {"conversation": conversation, "instead": instead, "typed": question}
        return await _page(request, "ask.html", role, refusal=refusal, status=422, **kept)
    asking = answer_once(talks_of(request), Asked(owner_of(request), question, conversation, role, plain, instead))
    if not is_script:
        turn = (await asking).turn
        shown = RedirectResponse(f"{_address(turn)}#{turn.id}", 303) if turn.owner else await _shown(request, turn, role)
        return remember_role(shown, request, role)

    service, root = service_of(request), root_of(request)

    async def final(given: Given) -> tuple[str, Any]:
        turn = given.turn
        html = await service.run(partial(written, request, "turn.html", turn=turn, alone=False))
        address, html = going_out(_address(turn), root), page_going_out(html, root)
        return "turn", {"conversation": turn.conversation, "address": address, "html": html}

    async def worded(wording: Wording) -> dict[str, Any]:
        shown = await service.run(lambda: wording_shown(service.searcher(), asdict(wording)))
        return shown | {"sources": [each | {"address": going_out(each["address"], root)} for each in shown["sources"]]}

    stream = StreamingResponse(streamed(asking, final, worded), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})
    return remember_role(stream, request, role)


def _address(turn: Turn) -> str:
    """Where the browser that asked finds a turn again; empty where the page alone holds it."""
    return f"/hoi/{turn.conversation}" if turn.owner else ""


async def _shown(request: Request, turn: Turn, role: str = "", *, thanks: bool = False) -> Response:
    """Return a conversation that has no address."""
    service = service_of(request)
    turns = await service.run(talks_of(request).turns.of, turn.conversation)
    shown = await _page(request, "ask.html", role, turns or [turn], conversation=turn.conversation, thanks=thanks)
    return private(remember(request, shown))


@pages.get("/hoi")
async def back() -> Response:
    """Return to the start: a question is not kept in an address."""
    return RedirectResponse("/", 303)


@pages.get("/hoi/{id}")
async def conversation_page(
    request: Request,
    id: str,
    role: RoleChosen = None,
    thanks: Annotated[bool, Query(alias="cam-on")] = False,
    edited: Annotated[str, Query(alias="sua")] = "",
) -> Response:
    """Return a conversation, to go on with, to the browser that asked; or with the question of the turn ``edited`` in the box."""
    service, owner = service_of(request), owner_of(request)
    turns = await service.run(talks_of(request).turns.of, id)
    if not turns or not owner or turns[0].owner != owner:
        return private(render(request, "elsewhere.html", 404))
    editing = next((turn for turn in turns if turn.id == edited), None)
    return private(remember(request, await _page(request, "ask.html", role, turns, conversation=id, thanks=thanks, editing=editing)))


@pages.get("/tra-loi/{share}")
async def shared(request: Request, share: str) -> Response:
    """Return one answer, for whoever got its link."""
    service = service_of(request)
    turn = await service.run(talks_of(request).turns.shared, share)
    if turn is None:
        raise Refused(404, "Câu trả lời này không còn, hoặc liên kết bị sai.")
    return await service.run(partial(render, request, "shared.html", turn=turn, alone=True))


@pages.post("/chon")
async def pick(request: Request, id: IdField, place: Annotated[int, Form(ge=0, le=99)]) -> Response:
    """Keep which of the provisions offered was meant."""
    service, turn = service_of(request), await own_turn(request, id)
    if not await service.run(talks_of(request).pick, turn, place):
        raise Refused(404, "Câu trả lời này không còn.")
    return await _thanked(request, turn)


@pages.post("/danh-gia")
async def vote(
    request: Request,
    id: IdField,
    votes: Annotated[list[Literal["up", "down"]], Form(alias="vote", default_factory=list)],
    reason: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Keep what somebody thought of an answer.

    Enter in a form presses its first button, whichever that is: who typed what is wrong (``reason``) did not mean ``up``.
    """
    turn = await own_turn(request, id)
    if not votes and not reason.strip():
        raise Refused(422, "Hãy chọn câu trả lời đúng hay sai.", "There is no vote.")
    meant = "down" if "down" in votes or reason.strip() else "up"
    if not await talks_of(request).vote(turn.id, meant, reason):
        raise Refused(404, "Câu trả lời này không còn.")
    return await _thanked(request, turn)


async def _thanked(request: Request, turn: Turn) -> Response:
    if is_by_script(request):
        return Response(status_code=204)
    if not turn.owner:
        return await _shown(request, turn, thanks=True)
    return RedirectResponse(f"{_address(turn)}?cam-on=1#{turn.id}", 303)
