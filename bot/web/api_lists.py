"""The API: documents, deadlines, contacts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from bot import records
from bot.web.addresses import addresses, find_section
from bot.web.api import NOT_THERE, PROBLEMS, desk_of
from bot.web.calendar import TYPE, calendar
from bot.web.listing import contacts_out, deadlines_out, document_out, found_document, paths_of, provision_out, role_called
from bot.web.problems import Refused
from bot.web.schemas import ContactsOut, DeadlinesOut, DocumentsOut, DocumentText, RoleKey, SectionText
from ingest.show import below, lines_of
from rag.documents import Document
from rag.finding.search import Searcher
from rag.language.text import fold

lists = APIRouter(prefix="/api", responses=PROBLEMS)

_NUMBER = "Số hiệu như trong địa chỉ trang: `2607-SGDDT-GDPT`, hoặc số hiệu mã hóa: `2607%2FSGDĐT-GDPT`."


@lists.get("/documents", tags=["Văn bản"], summary="Danh mục văn bản")
def documents(
    request: Request,
    q: Annotated[str, Query(max_length=200, description="Chữ có trong số hiệu, trích yếu hoặc cơ quan ban hành.")] = "",
    present: Annotated[bool | None, Query(description="true: có toàn văn; false: chỉ được nhắc tới.")] = None,
) -> DocumentsOut:
    """Văn bản có toàn văn trước, rồi văn bản chỉ được nhắc tới."""
    desk = desk_of(request)
    searcher, roots = desk.searcher(), request.app.state.trust_roots
    wanted = fold(q).split()
    found = [document_out(searcher, listed.document, desk.today(), roots) for listed in records.documents(searcher, desk.today())]
    return DocumentsOut(
        documents=[
            document
            for document in found
            if present in (None, document.present)
            and all(word in fold(f"{document.number} {document.title} {document.issuer} {document.kind}") for word in wanted)
        ]
    )


@lists.get("/documents/{number}", tags=["Văn bản"], summary="Một văn bản", responses=NOT_THERE)
def document(request: Request, number: str) -> DocumentText:
    """Các điều khoản theo thứ tự; văn bản chỉ được nhắc tới thì không có điều khoản nào."""
    searcher = desk_of(request).searcher()
    return _document(request, searcher, found_document(searcher, number))


@lists.get("/documents/{number}/{section}", tags=["Văn bản"], summary="Một mục của văn bản", responses=NOT_THERE)
def section(request: Request, number: str, section: str) -> SectionText:
    """Mục viết như `IV.2`, `Điều 5.2`, `Dieu-5.2`; trả về cả những gì nằm dưới mục."""
    searcher = desk_of(request).searcher()
    return _section(request, searcher, found_document(searcher, number), section)


@lists.get("/documents/{path:path}", include_in_schema=False)
def by_path(request: Request, path: str) -> DocumentText | SectionText:
    """Return a document or section whose number is written with its slashes."""
    searcher = desk_of(request).searcher()
    found = addresses(searcher).split(path)
    if found is None:
        raise Refused(404, f"Trong kho không có văn bản {path[:80]}.", "There is no such document.")
    meant = searcher.documents[found[0]]
    return _section(request, searcher, meant, found[1]) if found[1] else _document(request, searcher, meant)


def _document(request: Request, searcher: Searcher, meant: Document) -> DocumentText:
    provisions = searcher.store.of_document(meant.number)
    return DocumentText(
        document=document_out(searcher, meant, desk_of(request).today(), request.app.state.trust_roots),
        provisions=[provision_out(searcher, provision) for provision in provisions],
    )


def _section(request: Request, searcher: Searcher, meant: Document, written: str) -> SectionText:
    found = find_section(searcher.store, meant.number, written)
    if found is None:
        raise Refused(404, f"Văn bản {meant.number} không có mục {written[:80]}.", "The document has no such section.")
    part = below(searcher.store.of_document(meant.number), found.section, meant.number)
    return SectionText(
        document=document_out(searcher, meant, desk_of(request).today(), request.app.state.trust_roots),
        section=found.section,
        label=searcher.label(found),
        text="\n".join(lines_of(part)),
        provisions=[provision_out(searcher, provision) for provision in part],
    )


@lists.get("/deadlines", tags=["Thời hạn, đầu mối"], summary="Thời hạn")
def deadlines(request: Request, role: Annotated[RoleKey | None, Query()] = None) -> DeadlinesOut:
    """Sắp tới trước, rồi đã qua, rồi định kỳ."""
    desk = desk_of(request)
    return deadlines_out(desk.shelf(), desk.today(), role_called(role or ""))


@lists.get(
    "/deadlines.ics",
    tags=["Thời hạn, đầu mối"],
    summary="Thời hạn, dạng lịch",
    response_class=Response,
    responses={200: {"content": {TYPE: {"schema": {"type": "string"}}}}},
)
def deadlines_calendar(request: Request, role: Annotated[RoleKey | None, Query()] = None) -> Response:
    """Lịch iCalendar để điện thoại, Outlook, Google Calendar đăng ký theo dõi."""
    return calendar_response(request, role or "")


def calendar_response(request: Request, role: str) -> Response:
    """Return the deadlines that concern a role as a calendar."""
    desk = desk_of(request)
    searcher = desk.shelf()
    dues = records.deadlines(searcher, desk.today(), role_called(role))
    content = calendar(dues, str(request.base_url), paths_of(searcher, dues))
    return Response(content, media_type=TYPE, headers={"Content-Disposition": 'attachment; filename="thoi-han.ics"'})


@lists.get("/contacts", tags=["Thời hạn, đầu mối"], summary="Đầu mối và hệ thống")
def contacts(request: Request) -> ContactsOut:
    """Ai cần gọi, phần mềm và biểu mẫu ở địa chỉ nào."""
    return contacts_out(desk_of(request).shelf())
