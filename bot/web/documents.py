"""The documents: the catalog, a document, a provision in its surroundings, the source file and its pages."""

from __future__ import annotations

import math
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, Response

from bot import records
from bot.web import sources
from bot.web.addresses import addresses, find_section, section_slug
from bot.web.api import desk_of
from bot.web.listing import found_document
from bot.web.passages import around, blocks, outline
from bot.web.problems import Refused
from bot.web.templates import render
from ingest.signing import told
from rag.documents import Document, Provision
from rag.finding.search import Searcher
from rag.language.text import fold

documents = APIRouter(include_in_schema=False)

_ON_A_PAGE = 100
_STATES = {"": "Tất cả", "co": "Có toàn văn", "nhac": "Chỉ được nhắc tới", "het": "Đã thay thế, hết hiệu lực"}
_ENDED = ("replaced", "expired")


@documents.get("/van-ban")
def catalog(
    request: Request,
    wanted: Annotated[str, Query(alias="tim", max_length=200)] = "",
    state: Annotated[str, Query(alias="tinh-trang")] = "",
    kind: Annotated[str, Query(alias="loai", max_length=60)] = "",
    number: Annotated[int, Query(alias="trang", ge=1, le=100_000)] = 1,
) -> Response:
    """Return the catalog, filtered."""
    desk = desk_of(request)
    everything = records.documents(desk.shelf(), desk.today())
    words = fold(wanted).split()
    found = [
        listed
        for listed in everything
        if all(word in fold(f"{listed.document.number} {listed.document.title} {listed.document.issuer}") for word in words)
        and kind in ("", listed.document.kind)
        and {"co": listed.document.present, "nhac": not listed.document.present, "het": listed.validity in _ENDED}.get(state, True)
    ]
    present = sum(listed.document.present for listed in everything)
    given = {"tim": wanted, "tinh-trang": state, "loai": kind}
    return render(
        request,
        "documents.html",
        found=found[(number - 1) * _ON_A_PAGE : number * _ON_A_PAGE],
        pages=math.ceil(len(found) / _ON_A_PAGE),
        number=number,
        page_link=lambda page: f"/van-ban?{urlencode(given | {'trang': page})}",
        totals={"present": present, "named": len(everything) - present, "ended": sum(listed.validity in _ENDED for listed in everything)},
        kinds=sorted({listed.document.kind for listed in everything} - {""}),
        states=_STATES,
        wanted=wanted,
        state=state,
        kind=kind,
    )


@documents.get("/van-ban/{path:path}")
def document_or_provision(
    request: Request, path: str, turn: Annotated[str, Query(alias="tra-loi")] = "", at: Annotated[int, Query(alias="trich", ge=0)] = 0
) -> Response:
    """Return a document, or one of its provisions with what stands around it; to a script, only that part."""
    searcher = desk_of(request).searcher()
    found = addresses(searcher).split(path)
    if found is None:
        raise Refused(404, f"Trong kho không có văn bản {path[:80]}.")
    document = searcher.documents[found[0]]
    if not found[1]:
        return _document(request, searcher, document)
    provision = find_section(searcher.store, document.number, found[1])
    if provision is None:
        raise Refused(404, f"Văn bản {document.number} không có mục {found[1][:80]}.")
    return _provision(request, searcher, document, provision, _quote(request, turn, at, provision))


def _document(request: Request, searcher: Searcher, document: Document) -> Response:
    provisions = searcher.store.of_document(document.number)
    file = sources.file_of(request.app.state.settings, document)
    return render(
        request,
        "document.html",
        document=document,
        validity=searcher.validity(document.number, desk_of(request).today()),
        blocks=blocks(provisions),
        outline=outline(provisions),
        named=records.named_in(searcher, document) if not document.present else [],
        signatures=told(document.signatures, request.app.state.trust_roots, desk_of(request).today()),
        file=f"/tep{addresses(searcher).of(document.number).removeprefix('/van-ban')}" if file else "",
    )


def _provision(request: Request, searcher: Searcher, document: Document, provision: Provision, quote: str) -> Response:
    trail, shown = around(searcher.store.of_document(document.number), provision)
    page = provision.page_at(max(provision.text.find(quote), 0)) if quote else provision.page
    has_images = page and sources.page_source(request.app.state.settings, document)
    link = addresses(searcher).of(document.number, provision.section)
    given: dict[str, Any] = {
        "document": document,
        "validity": searcher.validity(document.number, desk_of(request).today()),
        "label": searcher.label(provision, page),
        "trail": trail,
        "blocks": blocks(shown, provision, quote),
        "page": page,
        "image": f"/anh{addresses(searcher).of(document.number).removeprefix('/van-ban')}/{page}.webp" if has_images else "",
        "link": link,
        "anchor": section_slug(provision.section),
    }
    return render(request, "passage.html" if request.headers.get("x-part") else "provision.html", **given)


def _quote(request: Request, turn: str, at: int, provision: Provision) -> str:
    """What an answer quoted from this provision."""
    kept = desk_of(request).turns.get(turn) if turn else None
    made = kept.answer["citations"][at : at + 1] if kept else []
    return made[0]["quote"] if made and made[0]["section"] == provision.section else ""


@documents.get("/tep/{slug:path}")
def source_file(request: Request, slug: str) -> Response:
    """Return the file a document was read from, to be kept, never shown as a page of ours."""
    searcher = desk_of(request).searcher()
    document = found_document(searcher, slug)
    file = sources.file_of(request.app.state.settings, document)
    if file is None:
        raise Refused(404, "Kho không giữ tệp gốc của văn bản này.")
    headers = {"Content-Security-Policy": "default-src 'none'; sandbox"}
    return FileResponse(file, media_type="application/octet-stream", filename=file.name, headers=headers)


@documents.get("/anh/{slug}/{page}.webp")
async def page_image(request: Request, slug: str, page: int) -> Response:
    """Return a page of a PDF as a picture."""
    desk, chosen = desk_of(request), request.app.state.settings
    document = found_document(desk.searcher(), slug)
    file = sources.page_source(chosen, document)
    if file is None or not 1 <= page <= max(document.pages, 1):
        raise Refused(404, "Văn bản này không có ảnh của trang đó.")
    image = await sources.page_image(chosen.data, file, document.checksum, page)
    return FileResponse(image, media_type="image/webp", headers={"Cache-Control": "public, max-age=86400"})
