"""``/v1``: the model and its chat completions, whole or as server-sent events."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from starlette.requests import ClientDisconnect

from bot.render import to_json
from bot.service import Service
from bot.web.callers import caller_of
from bot.web.keys import Keyed
from bot.web.openai import chores
from bot.web.openai.rendering import markdown, words_of
from bot.web.openai.replaying import Replaying
from bot.web.openai.schemas import ChatBody, Unmet, check
from bot.web.openai_faults import PREFIX
from bot.web.schemas import MOST
from bot.web.site_address import site_of
from bot.web.state import service_of, talks_of
from bot.web.turns import new_id

openai = APIRouter(prefix=PREFIX, include_in_schema=False, route_class=Keyed)

MODEL = "tra-cuu"
CHANNEL = "openai"
"""What the journal calls questions that came this way."""
_UNREAD = "Tra Cứu chỉ đọc chữ, không xem được ảnh, âm thanh hay tệp gửi kèm. Thầy cô hãy gõ câu hỏi bằng lời."
_replaying = Replaying()


@dataclass(frozen=True, slots=True)
class _Said:
    """What is said to a chat; ``object`` is the answer as ``/api/ask`` gives it, where a question was asked."""

    text: str
    object: dict[str, Any] | None = None


@openai.get("/models")
async def models(request: Request) -> Response:
    """List the one model."""
    return JSONResponse({"object": "list", "data": [await _model(service_of(request))]})


@openai.get("/models/{id}")
async def model(request: Request, id: str) -> Response:
    """Return the one model."""
    _known(id)
    return JSONResponse(await _model(service_of(request)))


async def _model(service: Service) -> dict[str, Any]:
    """The model, as old as the index in use."""
    created = await service.run(lambda: service.searcher().snapshot.info.created)
    return {"id": MODEL, "object": "model", "created": int(datetime.fromisoformat(created).timestamp()), "owned_by": "tracuu"}


def _known(id: str) -> None:
    if id != MODEL:
        raise Unmet(404, f"Không có mô hình “{id[:80]}”; chỉ có “{MODEL}”.", "model", "model_not_found")


@openai.post("/chat/completions")
async def complete(request: Request, body: ChatBody) -> Response:
    """Ask the last message of the user, after those before it."""
    _known(body.model)
    check(body)
    said = await _said(request, body)
    id, made = f"chatcmpl-{new_id()}", int(time.time())
    usage = _usage(body, said)
    if body.stream:
        with_usage = bool(body.stream_options and body.stream_options.include_usage)
        stream = _streamed(
            said, {"id": id, "object": "chat.completion.chunk", "created": made, "model": MODEL}, usage if with_usage else None
        )
        return StreamingResponse(stream, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})
    message = {"role": "assistant", "content": said.text, "refusal": None} | _extra(said)
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    whole = {"id": id, "object": "chat.completion", "created": made, "model": MODEL, "choices": [choice], "usage": usage}
    return JSONResponse(whole)


async def _said(request: Request, body: ChatBody) -> _Said:
    """Return what is said to a chat; what is asked in it is noted. Raises ``Refused`` and what ``Service.ask`` raises."""
    asked = [message for message in body.messages if message.role == "user"]
    if not asked:
        raise Unmet(400, "Không có tin nào của người hỏi (role: user).", "messages", "invalid_value")
    question = asked[-1].text.strip()
    if chore := chores.done(question):
        return _Said(chore)
    if asked[-1].has_more_than_words:
        return _Said(_UNREAD)
    if len(question) > MOST:
        raise Unmet(400, f"Câu hỏi dài {len(question)} ký tự, nhiều nhất là {MOST}.", "messages", "context_length_exceeded")
    earlier = [text for message in asked[:-1] if (text := message.text.strip()) and _was_asked(text) and not message.has_more_than_words]
    return await _answered(request, question, earlier)


def _was_asked(text: str) -> bool:
    return len(text) <= MOST and not chores.done(text)


async def _answered(request: Request, question: str, earlier: list[str]) -> _Said:
    service = service_of(request)
    caller = await service.run(service.kept.people.alias, caller_of(request))

    async def is_wanted() -> bool:
        return not await request.is_disconnected()

    before = await _replaying.conversation(service, caller, earlier, is_wanted)
    if before is None:
        raise ClientDisconnect
    answered = await service.ask(question, before)
    _replaying.remember(service, caller, [*earlier, question], answered.after)
    talks_of(request).note(CHANNEL, caller, answered)
    told = to_json(answered.answer)
    return _Said(await service.run(lambda: markdown(told, service.searcher(), site_of(request))), told)


async def _streamed(said: _Said, head: dict[str, Any], usage: dict[str, int] | None) -> AsyncIterator[str]:
    """Yield the events of an answer: its lines, the answer as an object, where asked for what it counts, and that it is done."""
    more = {} if usage is None else {"usage": None}

    def chunk(delta: dict[str, Any], finish: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return _event(head | {"choices": [choice]} | more | (_extra(said) if finish else {}))

    yield chunk({"role": "assistant", "content": ""})
    for line in said.text.splitlines(keepends=True):
        yield chunk({"content": line})
    yield chunk({}, "stop")
    if usage is not None:
        yield _event(head | {"choices": [], "usage": usage})
    yield "data: [DONE]\n\n"


def _event(content: dict[str, Any]) -> str:
    return f"data: {json.dumps(content, ensure_ascii=False)}\n\n"


def _extra(said: _Said) -> dict[str, Any]:
    return {"tracuu": said.object} if said.object else {}


def _usage(body: ChatBody, said: _Said) -> dict[str, int]:
    read, written = sum(words_of(message.text) for message in body.messages), words_of(said.text)
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
