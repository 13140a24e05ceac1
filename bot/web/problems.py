"""What a caller is told when something is wrong: problem+json (RFC 9457) in Vietnamese and English, a page for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from bot.web.browsers import is_by_script
from bot.web.openai_faults import fault, is_here
from bot.web.plain_words import told
from bot.web.roots import inside
from bot.web.templates import render
from rag.errors import DatabaseAway, IndexBusy, IndexDamaged, IndexMissing, TracuuError

PROGRAMS = ("/api/", "/healthz", "/readyz", "/metrics", "/openapi.json")
"""What only programs read."""
MCP = "/mcp"
"""Where programs with a language model call; their faults are those of JSON-RPC."""
_ITS_OWN, _THE_CALLERS = -32603, -32600
MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Words:
    """What a status means, in both languages."""

    title: str
    title_en: str
    detail: str
    detail_en: str


WORDS = {
    400: Words("Yêu cầu sai", "Bad request", "Yêu cầu viết không đúng.", "The request is malformed."),
    401: Words(
        "Thiếu khóa API",
        "API key required",
        "Cần một khóa API đúng trong tiêu đề Authorization: Bearer ….",
        "A valid API key is required in the header Authorization: Bearer ….",
    ),
    403: Words("Không được phép", "Forbidden", "Yêu cầu này không được phép.", "This request is not allowed."),
    404: Words("Không tìm thấy", "Not found", "Không có gì ở địa chỉ này.", "There is nothing at this address."),
    405: Words("Sai phương thức", "Method not allowed", "Địa chỉ này không nhận cách gọi đó.", "This address does not accept that method."),
    413: Words("Quá lớn", "Too large", "Yêu cầu gửi lên quá lớn.", "The request is too large."),
    414: Words("Địa chỉ quá dài", "Address too long", "Địa chỉ này quá dài.", "The address is too long."),
    422: Words("Dữ liệu không hợp lệ", "Invalid data", "Dữ liệu gửi lên không đúng.", "The data sent is not valid."),
    429: Words(
        "Quá nhiều lượt",
        "Too many requests",
        "Thầy cô hỏi quá nhanh. Hãy đợi một phút rồi thử lại.",
        "You are asking too fast. Wait a minute and try again.",
    ),
    500: Words(
        "Lỗi trong chương trình",
        "Internal error",
        "Có lỗi trong chương trình. Hãy thử lại; nếu vẫn lỗi, báo cho người quản trị kèm mã yêu cầu.",
        "Something went wrong. Try again; if it persists, tell the administrator the request id.",
    ),
    503: Words("Chưa sẵn sàng", "Not ready", "Dịch vụ chưa sẵn sàng. Hãy thử lại sau.", "The service is not ready. Try again later."),
}


def told_as(meaning: str) -> dict[str, Any]:
    """Return how a status is described in OpenAPI: its content is a ``Problem``, and nothing else."""
    return {"description": meaning, "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}


class Refused(HTTPException):
    """A request that is refused with a reason in both languages."""

    def __init__(self, status: int, detail: str = "", detail_en: str = "", headers: dict[str, str] | None = None) -> None:
        super().__init__(status, detail, headers)
        self.detail_en = detail_en


def problem(request: Request, status: int, detail: str = "", detail_en: str = "", headers: Any = None, **more: Any) -> Response:  # noqa: ANN401
    """Return what is wrong, as programs or as people read it."""
    words = WORDS.get(status) or WORDS[500 if status >= 500 else 400]
    content = {
        "type": "about:blank",
        "title": words.title,
        "title_en": words.title_en,
        "status": status,
        "detail": detail or words.detail,
        "detail_en": detail_en or words.detail_en,
        "request_id": request.scope.get("request_id", ""),
        **more,
    }
    if inside(request.scope) == MCP:
        code = _ITS_OWN if status >= 500 else _THE_CALLERS
        error = {"code": code, "message": f"{content['detail']} {content['detail_en']}", "data": content}
        return JSONResponse({"jsonrpc": "2.0", "id": None, "error": error}, status, headers)
    if is_here(inside(request.scope)):
        status, content = fault(content)
        return JSONResponse(content, status, headers)
    if inside(request.scope).startswith(PROGRAMS) or is_by_script(request):
        return JSONResponse(content, status, headers, media_type=MEDIA_TYPE)
    return render(request, "error.html", status=status, headers=headers, **{"problem": content})


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code < 400:  # sent elsewhere
        return Response(status_code=error.status_code, headers=error.headers)
    detail = error.detail if isinstance(error, Refused) else ""  # others speak English
    return problem(request, error.status_code, detail, getattr(error, "detail_en", ""), error.headers, **getattr(error, "more", {}))


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if any(fault["type"] == "json_invalid" for fault in error.errors()):
        return problem(request, 422, "Nội dung gửi lên không phải JSON viết đúng.", "The body is not valid JSON.")
    faults = [{"where": _where(fault["loc"], error.body), "what": fault["msg"]} for fault in error.errors()]
    told_closer = tuple(fault["where"] for fault in faults)
    faults = [fault for fault in faults if not any(where.startswith(f"{fault['where']}.") for where in told_closer)]
    named = ", ".join(dict.fromkeys(fault["where"] for fault in faults))
    if is_here(inside(request.scope)):
        named = named.replace("body.", "")
    return problem(request, 422, f"Dữ liệu gửi lên không đúng ở: {named}.", f"Invalid data in: {named}.", errors=faults)


def _where(place: Sequence[str | int], body: Any) -> str:  # noqa: ANN401
    """Where a fault is, as far as what was sent has such a place: behind it are names of types that it could have had."""
    kept = [place[0]]
    for part in place[1:]:
        if place[0] == "body" and not isinstance(body, dict | list):
            break
        if isinstance(body, list) and not isinstance(part, int):
            continue
        kept.append(part)
        body = _in(body, part)
    return ".".join(map(str, kept))


def _in(body: Any, part: str | int) -> Any:  # noqa: ANN401
    if isinstance(body, dict):
        return body.get(part)
    return body[part] if isinstance(body, list) and isinstance(part, int) and part < len(body) else None


def _known(request: Request, error: Exception) -> Response:
    status = 503 if isinstance(error, IndexMissing | IndexDamaged | IndexBusy | DatabaseAway) else 500
    chosen = request.app.state.settings
    behind = inside(request.scope).startswith("/quan-tri")
    return problem(request, status, told(error, chosen.corpus, chosen.data) if behind else str(error))


def install(app: FastAPI) -> None:
    """Let every error that is foreseen be told so; the others are ``guard``'s."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(TracuuError, _known)
