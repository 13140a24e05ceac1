"""The API: documents, deadlines, contacts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import unquote

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response

from bot import records
from bot.calendar import TYPE, Feed, calendar, calendar_name
from bot.web.addresses import addresses
from bot.web.api import NOT_THERE, PROBLEMS
from bot.web.caching import unchanged
from bot.web.list_schemas import ContactsOut, DeadlinesOut, DocumentsOut, DocumentText, SectionText
from bot.web.listing import contacts_out, deadlines_out, document_out, found_section, opening, paths_of, provision_out, role_called
from bot.web.problems import Refused
from bot.web.schemas import RoleKey
from bot.web.site_address import site_of
from bot.web.state import service_of
from ingest.show import below, lines_of
from rag.documents import Document
from rag.finding.search import Searcher

lists = APIRouter(prefix="/api", responses=PROBLEMS, dependencies=[Depends(unchanged)])

NumberInPath = Annotated[
    str,
    Path(max_length=300, description="Như trong địa chỉ trang: `2607-SGDDT-GDPT`; hoặc số hiệu, mã hóa: `2607%2FSGD%C4%90T-GDPT`."),
]


@lists.get("/documents", tags=["documents"], summary="Danh mục văn bản")
def documents(
    request: Request,
    q: Annotated[str, Query(max_length=200, description="Chữ có trong số hiệu, trích yếu hoặc cơ quan ban hành.")] = "",
    present: Annotated[bool | None, Query(description="true: có toàn văn; false: chỉ được nhắc tới.")] = None,
) -> DocumentsOut:
    """Văn bản có toàn văn trước, rồi văn bản chỉ được nhắc tới."""
    service = service_of(request)
    searcher, roots = service.searcher(), request.app.state.trust_roots
    found = [listed.document for listed in records.documents(searcher, service.today())]
    wanted = [document for document in found if present in (None, document.present) and records.speaks_of(document, q)]
    return DocumentsOut(documents=[document_out(searcher, document, service.today(), roots) for document in wanted])


@lists.get("/documents/{number}", tags=["documents"], summary="Một văn bản", responses=NOT_THERE, response_model=DocumentText)
def document(request: Request, number: NumberInPath) -> Response:
    """Các điều khoản theo thứ tự; văn bản chỉ được nhắc tới thì không có điều khoản nào."""
    return _asked(request)


@lists.get(
    "/documents/{number}/{section}", tags=["documents"], summary="Một mục của văn bản", responses=NOT_THERE, response_model=SectionText
)
def section(request: Request, number: NumberInPath, section: Annotated[str, Path(max_length=300)]) -> Response:
    """Mục viết như `IV.2`, `Điều 5.2`, `Dieu-5.2`; trả về cả những gì nằm dưới mục."""
    return _asked(request)


@lists.get("/documents/{path:path}", include_in_schema=False)
def by_path(request: Request, path: str) -> Response:
    """Return a document or section whose number is written with its slashes."""
    return _asked(request)


def _asked(request: Request) -> Response:
    """Return the document or section that the address names: the slashes of a number may stand in it encoded or as they are."""
    searcher = service_of(request).searcher()
    written = request.scope["raw_path"].decode("ascii").partition(f"{lists.prefix}/documents/")[2]
    first, *rest = (unquote(part) for part in written.split("/"))
    if number := addresses(searcher).number(first):
        found: tuple[str, str] | None = (number, "/".join(rest))
    else:
        found = addresses(searcher).split(unquote(written))
    if found is None:
        raise Refused(404, f"Trong kho không có văn bản {unquote(written)[:80]}.", "There is no such document.")
    meant = searcher.documents[found[0]]
    told = _section(request, searcher, meant, found[1]) if found[1] else _document(request, searcher, meant)
    return Response(told.model_dump_json(), media_type="application/json")


def _document(request: Request, searcher: Searcher, meant: Document) -> DocumentText:
    provisions = searcher.store.of_document(meant.number)
    return DocumentText(
        document=document_out(searcher, meant, service_of(request).today(), request.app.state.trust_roots),
        provisions=[provision_out(searcher, provision) for provision in provisions],
    )


def _section(request: Request, searcher: Searcher, meant: Document, written: str) -> SectionText:
    found = found_section(searcher, meant.number, written)
    part = below(searcher.store.of_document(meant.number), found.section, meant.number)
    found = opening(found, part)
    return SectionText(
        document=document_out(searcher, meant, service_of(request).today(), request.app.state.trust_roots),
        section=found.section,
        label=searcher.label(found),
        text="\n".join(lines_of(part)),
        provisions=[provision_out(searcher, provision) for provision in part],
    )


@lists.get("/deadlines", tags=["lists"], summary="Thời hạn")
def deadlines(request: Request, role: Annotated[RoleKey | None, Query()] = None) -> DeadlinesOut:
    """Sắp tới trước, rồi đã qua, rồi định kỳ."""
    service = service_of(request)
    return deadlines_out(service.shelf(), service.today(), role_called(role or ""))


@lists.get(
    "/deadlines.ics",
    tags=["lists"],
    summary="Thời hạn, dạng lịch",
    response_class=Response,
    responses={200: {"content": {TYPE: {"schema": {"type": "string"}}}}},
)
def deadlines_calendar(request: Request, role: Annotated[RoleKey | None, Query()] = None) -> Response:
    """Lịch iCalendar để điện thoại, Outlook, Google Calendar đăng ký theo dõi."""
    return calendar_response(request, role or "")


def calendar_response(request: Request, key: str) -> Response:
    """Return the deadlines that concern a role, by its key, as a calendar."""
    service = service_of(request)
    searcher, role = service.shelf(), role_called(key)
    dues = records.deadlines(searcher, service.today(), role)
    read = datetime.fromisoformat(searcher.snapshot.info.created).astimezone(UTC)
    feed = Feed(calendar_name(role), f"{site_of(request)}/", request.app.state.settings.timezone, read)
    content = calendar(dues, feed, paths_of(searcher, dues))
    file = f"thoi-han-{key}.ics" if key else "thoi-han.ics"
    return Response(content, media_type=TYPE, headers={"Content-Disposition": f'attachment; filename="{file}"'})


@lists.get("/contacts", tags=["lists"], summary="Đầu mối và hệ thống")
def contacts(request: Request) -> ContactsOut:
    """Ai cần gọi, phần mềm và biểu mẫu ở địa chỉ nào."""
    return contacts_out(service_of(request).shelf())
