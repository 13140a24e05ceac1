"""The API: asking, searching, conversations. What it takes and returns stands in ``schemas``."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from bot.render import search_json, to_json
from bot.web.callers import issued, kept_as
from bot.web.keys import Keyed
from bot.web.problems import WORDS, Refused, told_as
from bot.web.schemas import MOST, AnswerOut, AskBody, ConversationId, ConversationOut, NewConversation, SearchOut, VoteBody
from bot.web.state import service_of, talks_of
from bot.web.talks import Given
from bot.web.turns import Turn
from rag.documents import Wording
from rag.errors import AnswerFailed, TracuuError

PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: told_as(meaning)
    for status, meaning in (
        (400, "Yêu cầu sai"),
        (401, "Thiếu khóa API"),
        (413, "Quá lớn"),
        (414, "Địa chỉ quá dài"),
        (422, "Dữ liệu không hợp lệ"),
        (429, "Quá nhiều lượt"),
        (503, "Chưa có chỉ mục"),
    )
}
NOT_THERE: dict[int | str, dict[str, Any]] = {404: told_as("Không tìm thấy")}
_log = logging.getLogger("tracuu.web")
_STREAM = "text/event-stream"
_PATIENCE = 1.0  # seconds between two signs of life

api = APIRouter(prefix="/api", responses=PROBLEMS, route_class=Keyed)


@api.post(
    "/ask",
    tags=["ask"],
    summary="Hỏi một câu",
    response_model=AnswerOut,
    responses={200: {"content": {_STREAM: {"schema": {"type": "string"}}}, "headers": {"X-Answer-Id": {"schema": {"type": "string"}}}}},
)
async def ask(request: Request, body: AskBody) -> Response:
    """Trả lời kèm trích dẫn. Gửi `Accept: text/event-stream` để nhận dần: các sự kiện `progress`, `text`, `answer` (hoặc `problem`).

    Có mô hình ngôn ngữ thì sau `answer` là các sự kiện `wording`: toàn bộ lời diễn đạt tới lúc đó, hoặc `null` khi phải bỏ. Câu hỏi
    nối tiếp đã bị từ chối mà mô hình viết lại được, hoặc các mục gần nhất mà mô hình chọn được một, thì có một `answer` nữa, cùng `id`:
    nó thay cho câu trước.
    """
    conversation = kept_as(service_of(request), request, body.conversation) if body.conversation else ""
    asking = talks_of(request).ask(body.question, conversation, body.role or "", plain=body.plain)
    if _STREAM in request.headers.get("accept", ""):
        return StreamingResponse(streamed(asking, _final, _worded), media_type=_STREAM, headers={"X-Accel-Buffering": "no"})
    given = await asking
    answer = to_json(await given.growing.last()) if given.growing else given.turn.answer
    return JSONResponse(answer, headers={"X-Answer-Id": given.turn.id})


async def _final(given: Given) -> tuple[str, Any]:
    return "answer", given.turn.answer | {"id": given.turn.id}


async def _worded(wording: Wording) -> dict[str, Any]:
    return asdict(wording)


async def streamed(
    asking: Awaitable[Given], final: Callable[[Given], Awaitable[tuple[str, Any]]], worded: Callable[[Wording], Awaitable[Any]]
) -> AsyncIterator[str]:
    """Yield server-sent events: a sign of life while an answer is made, its text line by line, then what ``final`` says.

    After that, what a language model adds: ``final`` once more where what was refused or offered has an answer after all,
    its wording as ``worded`` tells it.
    """
    task: asyncio.Task[Given] = asyncio.ensure_future(asking)
    yield event("progress", {"text": "Đang tìm trong các văn bản…"})
    while not (await asyncio.wait({task}, timeout=_PATIENCE))[0]:
        yield event("progress", {"text": "Đang viết câu trả lời…"})
    if error := task.exception():
        yield event("problem", _told(error))
        return
    given = task.result()
    for line in given.turn.answer["answer"].splitlines(keepends=True):
        yield event("text", {"text": line})
    yield event(*await final(given))
    if given.growing:
        async for grown in given.growing.read():
            if grown.answer.status != given.turn.answer["status"]:
                given = given.changed(grown.answer)
                yield event(*await final(given))
            else:
                wording = grown.answer.wording
                yield event("wording", await worded(wording) if wording else None)


def _told(error: BaseException) -> dict[str, str]:
    if isinstance(error, TracuuError):
        return {"detail": str(error), "detail_en": WORDS[500 if isinstance(error, AnswerFailed) else 503].detail_en}
    _log.error("while streaming", exc_info=error)
    return {"detail": WORDS[500].detail, "detail_en": WORDS[500].detail_en}


def event(name: str, content: Any) -> str:  # noqa: ANN401
    """Return one server-sent event."""
    return f"event: {name}\ndata: {json.dumps(content, ensure_ascii=False)}\n\n"


@api.post("/conversations", status_code=201, tags=["conversations"], summary="Mở một hội thoại")
async def open_conversation(request: Request) -> NewConversation:
    """Cho một mã hội thoại không ai đoán được: ai có mã thì hỏi tiếp, đọc và xóa được.

    Mã tự đặt cũng dùng được, nhưng chỉ nơi đã đặt (cùng khóa API; không dùng khóa thì cùng địa chỉ mạng) hỏi tiếp, đọc và xóa được:
    nơi khác đặt trùng mã là một hội thoại khác.
    """
    return NewConversation(id=issued(service_of(request)))


@api.get(
    "/conversations/{id}", tags=["conversations"], summary="Đọc lại một hội thoại", response_model=ConversationOut, responses=NOT_THERE
)
async def read_conversation(request: Request, id: Annotated[ConversationId, Path()]) -> Response:
    """Các lượt hỏi đáp, cũ trước."""
    talks = talks_of(request)
    turns = await talks.service.run(talks.turns.of, kept_as(talks.service, request, id))
    if not turns:
        raise _no_conversation()
    return JSONResponse({"id": id, "turns": [_turn(turn) for turn in turns]})


def _turn(turn: Turn) -> dict[str, Any]:
    return {"id": turn.id, "asked": datetime.fromtimestamp(turn.asked).astimezone().isoformat(), "answer": turn.answer}


@api.delete("/conversations/{id}", status_code=204, tags=["conversations"], summary="Xóa một hội thoại", responses=NOT_THERE)
async def delete_conversation(request: Request, id: Annotated[ConversationId, Path()]) -> None:
    """Xóa hẳn, cùng mọi lượt trong đó."""
    if not await talks_of(request).forget(kept_as(service_of(request), request, id)):
        raise _no_conversation()


def _no_conversation() -> Refused:
    return Refused(404, "Không có hội thoại này, hoặc đã được xóa.", "There is no such conversation, or it was deleted.")


@api.post("/answers/{id}/vote", status_code=204, tags=["ask"], summary="Đánh giá một câu trả lời", responses=NOT_THERE)
async def vote(request: Request, id: Annotated[str, Path(max_length=64)], body: VoteBody) -> None:
    """`id` là tiêu đề `X-Answer-Id` (hoặc `id` trong sự kiện `answer`) của câu trả lời."""
    talks = talks_of(request)
    turn = await talks.service.run(talks.turns.get, id)
    is_the_callers = turn is None or (turn.owner is None and not turn.is_told)  # of a page, only its browser votes
    if not is_the_callers or not await talks.vote(id, body.vote, body.reason):
        raise Refused(404, "Không có câu trả lời này.", "There is no such answer.")


@api.get("/search", tags=["search"], summary="Tìm điều khoản", response_model=SearchOut)
async def search(
    request: Request,
    q: Annotated[str, Query(max_length=MOST, description="Câu hỏi.", examples=["học bạ số"])],
    k: Annotated[int, Query(ge=1, le=100, description="Nhiều nhất bao nhiêu kết quả.")] = 10,
) -> Response:
    """Các điều khoản gần câu hỏi nhất, không trả lời."""
    return JSONResponse(search_json(await service_of(request).search(q, k)))
