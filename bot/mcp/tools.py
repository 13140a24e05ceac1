"""The one definition of what both servers offer: three tools that look things up, and the documents as resources."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from urllib.parse import quote

from mcp.server.caching import CacheHint
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError, ToolError
from mcp_types import CallToolResult, InputRequiredResult, ToolAnnotations
from mcp_types import Resource as ListedResource
from pydantic import Field, ValidationError

from bot import records
from bot.mcp import texts
from bot.mcp.showing import Shown, shown, written
from bot.render import search_json
from bot.service import Service
from bot.web.problems import Refused
from bot.web.schemas import MOST, AnswerOut, ConversationId, SearchOut
from rag.errors import TracuuError

_SCHEME = "tracuu://van-ban/"
_LONGEST = 300  # characters of a number or section
_A_MINUTE = CacheHint(ttl_ms=60_000)

Ask = Callable[[str, str, Any], Awaitable[dict[str, Any]]]
"""Answers a question in a conversation, which may be empty, as ``to_json`` writes it and without a language model: the caller is one.

It is also given the request over HTTP, ``None`` on standard input. Raises ``TracuuError``.
"""

_Question = Annotated[str, Field(max_length=MOST, description=texts.QUESTION)]
_Conversation = Annotated[ConversationId | None, Field(description=texts.CONVERSATION)]
_Found = Annotated[int, Field(ge=1, le=100, description=texts.MOST_FOUND)]
_Number = Annotated[str, Field(min_length=1, max_length=_LONGEST, description=texts.NUMBER)]
_Section = Annotated[str, Field(max_length=_LONGEST, description=texts.SECTION)]


class _Server(MCPServer[Any]):
    """Tells every fault that is foreseen in its own sentence, and lists the documents of the index in use."""

    def __init__(self, service: Service) -> None:
        super().__init__(
            "tracuu",
            title="Tra Cứu",
            instructions=texts.INSTRUCTIONS,
            version="1",
            subscriptions=False,
            cache_hints={"tools/list": _A_MINUTE, "resources/list": _A_MINUTE, "resources/templates/list": _A_MINUTE},
        )
        self._service = service

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            if sentence := _told(error.__cause__):
                raise ToolError(sentence) from error.__cause__
            raise

    async def read_resource(self, uri: Any, context: Context[Any, Any] | None = None) -> Any:  # noqa: ANN401
        try:
            return await super().read_resource(uri, context)
        except ResourceNotFoundError:
            raise ResourceNotFoundError(f"Không có tài nguyên {str(uri)[:_LONGEST]}. There is no such resource.") from None
        except ResourceError as error:
            if sentence := _told(error.__cause__):
                kind = ResourceNotFoundError if isinstance(error.__cause__, Refused) else ResourceError
                raise kind(sentence) from error.__cause__
            raise

    async def list_resources(self) -> list[ListedResource]:
        found = await self._service.run(lambda: records.documents(self._service.shelf(), self._service.today()))
        return [
            ListedResource(
                uri=_SCHEME + quote(document.number, safe=""),
                name=document.number,
                title=document.name,
                description=document.title or None,
                mime_type="text/plain",
            )
            for document in (listed.document for listed in found)
            if document.present
        ]


def server_of(service: Service, answer: Ask) -> MCPServer[Any]:
    """Return the server that offers what a service answers, finds and shows; nothing that it does changes a document."""
    server = _Server(service)

    async def read(number: str, section: str = "") -> Shown:
        return await service.run(lambda: shown(service.searcher(), service.today(), number, section))

    @server.tool(title="Hỏi", description=texts.ASK, annotations=_reads("Hỏi"))
    async def ask(question: _Question, context: Context[Any, Any], conversation: _Conversation = None) -> AnswerOut:
        _refuse_none(question)
        return AnswerOut.model_validate(await answer(question, conversation or "", context.request_context.request))

    @server.tool(title="Tìm điều khoản", description=texts.SEARCH, annotations=_reads("Tìm điều khoản"))
    async def search(query: _Question, k: _Found = 10) -> SearchOut:
        _refuse_none(query)
        return SearchOut.model_validate(search_json(await service.search(query, k)))

    @server.tool(title="Đọc nguyên văn", description=texts.SHOW, annotations=_reads("Đọc nguyên văn"))
    async def show(number: _Number, section: _Section = "") -> Shown:
        return await read(number, section)

    @server.resource(_SCHEME + "{number}", name="van-ban", title="Văn bản", description=texts.DOCUMENT_RESOURCE)
    async def document(number: str) -> str:
        return written(await read(number))

    @server.resource(_SCHEME + "{number}/{section}", name="muc", title="Mục", description=texts.SECTION_RESOURCE)
    async def provision(number: str, section: str) -> str:
        return written(await read(number, section))

    return server


def _refuse_none(question: str) -> None:
    if not question.strip():
        raise Refused(422, "Chưa có câu hỏi nào.", "There is no question.")


def _reads(title: str) -> ToolAnnotations:
    return ToolAnnotations(title=title, read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)


def _told(error: BaseException | None) -> str:
    """Return what the caller is told of a fault; nothing of one that nobody foresaw."""
    if isinstance(error, Refused):
        return f"{error.detail} {error.detail_en}".strip()
    if isinstance(error, ValidationError):
        named = ", ".join(dict.fromkeys(".".join(str(part) for part in fault["loc"]) for fault in error.errors()))
        reasons = "; ".join(dict.fromkeys(fault["msg"] for fault in error.errors()))
        return f"Dữ liệu gửi lên không đúng ở: {named}. Invalid data in: {named} ({reasons})."
    return str(error) if isinstance(error, TracuuError) else ""
