"""The documents: a document, a provision in its surroundings, the source file and its pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any
from urllib.parse import quote as escaped

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import FileResponse, Response

from bot import records
from bot.web import sources
from bot.web.addresses import addresses, section_slug
from bot.web.browsers import part_wanted
from bot.web.caching import TAG, unchanged
from bot.web.dressing import Dresser
from bot.web.listing import found_document, found_section
from bot.web.marked_pages import MarkedPage, marked_pages, parts_of
from bot.web.passages import around, blocks, outline
from bot.web.pictures import PdfPage, picture_of
from bot.web.places_named import PlacesNamed
from bot.web.problems import Refused
from bot.web.references import referred
from bot.web.standing import standing
from bot.web.state import service_of, talks_of
from bot.web.templates import day, render
from bot.web.whole_document import whole
from ingest.signing import told
from rag.documents import Document, Provision, Validity
from rag.finding.search import Searcher

documents = APIRouter(include_in_schema=False, dependencies=[Depends(unchanged)])

PASSAGE, PICTURES = "1", "pictures"
"""What a script asks for in ``X-Part``: what the panel shows; only the pictures of a passage, once their lines are known."""
_PATIENCE = 3.0  # seconds that a page waits for the lines on its pictures


@dataclass(frozen=True, slots=True)
class Meant:
    """What an address names, in the index that is in use as it is asked: a document, or one of its provisions."""

    searcher: Searcher
    document: Document
    provision: Provision | None


@documents.get("/van-ban/{path:path}")
async def document_or_provision(
    request: Request, path: str, share: Annotated[str, Query(alias="tra-loi")] = "", at: Annotated[int, Query(alias="trich", ge=0)] = 0
) -> Response:
    """Return a document, or one of its provisions with what stands around it; to a script, only that part."""
    service = service_of(request)
    meant = await service.run(meant_by, request, path)
    if meant.provision is None:
        return _with_twin(request, await service.run(_document, request, meant))
    quote = await service.run(_quote, request, share, at, meant.provision)
    part = part_wanted(request)
    seconds = 0.0 if part == PASSAGE else 60.0 if part == PICTURES else _PATIENCE
    pages = await _pages(request, meant.searcher, meant.document, meant.provision, quote, seconds)
    if not all(page.settled for page in pages):
        request.scope.pop(TAG)  # more is shown in a moment
    if part == PICTURES:
        return await service.run(_pictures, request, meant, pages)
    return _with_twin(request, await service.run(_provision, request, meant, meant.provision, quote, pages))


def _with_twin(request: Request, page: Response) -> Response:
    """Tell where a page stands as Markdown (``markdown_pages``)."""
    page.headers["Link"] = f'<{escaped(request.url.path)}.md>; rel="alternate"; type="text/markdown"'
    return page


def meant_by(request: Request, path: str) -> Meant:
    """Return what an address names. Raises ``Refused``."""
    searcher = service_of(request).searcher()
    found = addresses(searcher).split(path)
    if found is None:
        raise Refused(404, f"Trong kho không có văn bản {path[:80]}.")
    number, section = found
    provision = found_section(searcher, number, section) if section else None
    return Meant(searcher, searcher.documents[number], provision)


def _document(request: Request, meant: Meant) -> Response:
    searcher, document = meant.searcher, meant.document
    file = sources.file_of(sources.home_of(request, document), document)
    given: dict[str, Any] = {
        "document": document,
        "standing": _standing(searcher, document, _validity(request, searcher, document)),
        "named": records.named_in(searcher, document) if not document.present else [],
        "signatures": told(document.signatures, request.app.state.trust_roots, service_of(request).today()),
        "file": f"/tep{_path(searcher, document)}" if file else "",
        "summary": f"/tom-tat{_path(searcher, document)}" if document.present else "",
    }
    if part_wanted(request):
        return render(request, "document_card.html", outline=outline(searcher.store.of_document(document.number)), **given)
    return render(request, "document.html", whole=whole(request, searcher, document), **given)


def _pictures(request: Request, meant: Meant, pages: list[MarkedPage]) -> Response:
    picture = _picture_address(meant.searcher, meant.document)
    return render(request, "pictures.html", pages=pages, picture=picture, document=meant.document, here=_here(request))


def _provision(request: Request, meant: Meant, provision: Provision, quote: str, pages: list[MarkedPage]) -> Response:
    searcher, document = meant.searcher, meant.document
    provisions = searcher.store.of_document(document.number)
    trail, shown = around(provisions, provision)
    page = provision.page_at(max(provision.text.find(quote), 0)) if quote else provision.page
    known = addresses(searcher)
    validity = _validity(request, searcher, document)
    given: dict[str, Any] = {
        "document": document,
        "validity": validity,
        "standing": _standing(searcher, document, validity),
        "label": searcher.label(provision, page),
        "trail": trail,
        "blocks": blocks(shown, provision, quote),
        "dress": Dresser(searcher, PlacesNamed(document, provisions, lambda section: known.of(document.number, section))),
        "pages": pages,
        "picture": _picture_address(searcher, document),
        "link": known.of(document.number, provision.section),
        "here": _here(request),
        "anchor": section_slug(provision.section),
    }
    return render(request, "passage.html" if part_wanted(request) else "provision.html", **given)


async def _pages(
    request: Request, searcher: Searcher, document: Document, provision: Provision, quote: str, seconds: float
) -> list[MarkedPage]:
    """The pages on which a provision, or the quote from it, stands, with its lines as far as they are known in time."""
    service = service_of(request)
    chosen = await service.run(sources.home_of, request, document)
    provisions = await service.run(searcher.store.of_document, document.number)
    parts = parts_of(provisions, provision, quote)
    pages = await service.run(sources.pdf_pages, chosen, document, [part.page for part in parts])
    numbers = {page.number for page in pages}
    return await marked_pages(pages, [part for part in parts if part.page in numbers], seconds)


def _quote(request: Request, share: str, at: int, provision: Provision) -> str:
    """What an answer quoted from this provision."""
    kept = talks_of(request).turns.shared(share) if share else None
    made = kept.answer["citations"][at : at + 1] if kept else []
    return made[0]["quote"] if made and (made[0]["document"], made[0]["section"]) == (provision.document, provision.section) else ""


def _validity(request: Request, searcher: Searcher, document: Document) -> Validity:
    return searcher.validity(document.number, service_of(request).today())


def _standing(searcher: Searcher, document: Document, validity: Validity) -> str:
    return standing(document, validity, day, partial(referred, searcher=searcher))


def _here(request: Request) -> str:
    return f"{request.url.path}?{request.url.query}".removesuffix("?")


def _path(searcher: Searcher, document: Document) -> str:
    return addresses(searcher).of(document.number).removeprefix("/van-ban")


def _picture_address(searcher: Searcher, document: Document) -> Callable[[int], str]:
    return lambda page: f"/anh{_path(searcher, document)}/{page}.webp"


@documents.get("/tep/{slug:path}")
def source_file(request: Request, slug: str) -> Response:
    """Return the file a document was read from, to be kept, never shown as a page of ours."""
    searcher = service_of(request).searcher()
    document = found_document(searcher, slug)
    file = sources.file_of(sources.home_of(request, document), document)
    if file is None:
        raise Refused(404, "Kho không giữ tệp gốc của văn bản này, hoặc tệp đã đổi từ khi chỉ mục được lập.")
    headers = {"Content-Security-Policy": "default-src 'none'; sandbox"}
    return FileResponse(file, media_type="application/octet-stream", filename=file.name, headers=headers)


@documents.get("/anh/{slug}/{page}.webp")
async def page_image(request: Request, slug: str, page: int) -> Response:
    """Return a page of a PDF as a picture."""
    service = service_of(request)

    def pictured() -> list[PdfPage]:
        document = found_document(service.searcher(), slug)
        return sources.pdf_pages(sources.home_of(request, document), document, [page])

    found = await service.run(pictured)
    if not found:
        raise Refused(404, "Văn bản này không có ảnh của trang đó.")
    image = await picture_of(found[0])
    return FileResponse(image, media_type="image/webp", headers={"Cache-Control": "public, max-age=86400"})
