"""The documents as the admin has them: the list, what they are, taking them out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from bot.document_facts import doubts_about, doubts_of, facts_of
from bot.records import speaks_of
from bot.web.admin.access import changing
from bot.web.admin.pages import Csrf, Who, page, started
from bot.web.admin.said_otherwise import SAYS, said_in
from bot.web.admin.uploads import MOST
from bot.web.paging import page_of
from bot.web.plain_words import plainly
from bot.web.problems import Refused
from bot.web.state import service_of
from ingest.catalog import Catalog
from ingest.given import FIELDS, STANDING, words_of
from ingest.readers import labels
from ingest.source_files import endings, is_collection
from ingest.status import unreadable_files
from rag.documents import Document
from rag.errors import IndexMissing

document_pages = APIRouter(prefix="/quan-tri", include_in_schema=False)

_ON_A_PAGE = 50
_STATES = {"": "Có toàn văn", "kiem-tra": "Cần kiểm tra", "nhac": "Chỉ được nhắc tới"}


@document_pages.get("/van-ban")
def documents_page(
    request: Request,
    session: Who,
    wanted: Annotated[str, Query(alias="tim", max_length=200)] = "",
    state: Annotated[str, Query(alias="tinh-trang")] = "",
    number: Annotated[int, Query(alias="trang", ge=1, le=100_000)] = 1,
) -> Response:
    """Return the upload, the files that cannot be read, and the documents, searched."""
    service = service_of(request)
    upload = {"megabytes": request.app.state.settings.upload_megabytes, "most": MOST, "kinds": labels(), "accept": ",".join(endings())}
    try:
        searcher = service.own()
    except IndexMissing:
        return page(request, session, "documents", listed=None, unreadable=[], **upload)
    everything = list(searcher.documents.values())
    found = [document for document in everything if _is_in(document, state) and speaks_of(document, wanted, document.source)]
    shown = page_of(found, number, _ON_A_PAGE)
    given = {"tim": wanted, "tinh-trang": state}
    everywhere = not wanted and not state and shown.number == 1
    return page(
        request,
        session,
        "documents",
        listed=[(document, searcher.validity(document.number, service.today())) for document in shown.items],
        unreadable=_unreadable(request) if everywhere else [],
        found=len(found),
        pages=shown.last,
        number=shown.number,
        page_link=lambda at: f"/quan-tri/van-ban?{urlencode(given | {'trang': at})}",
        wanted=wanted,
        state=state,
        states={key: (name, sum(_is_in(document, key) for document in everything)) for key, name in _STATES.items()},
        **upload,
    )


def _unreadable(request: Request) -> list[tuple[str, str]]:
    chosen = request.app.state.settings
    return [(name, plainly(reason, chosen.corpus, chosen.data)) for name, reason in unreadable_files(chosen.corpus, chosen.data)]


def _is_in(document: Document, state: str) -> bool:
    return {"nhac": not document.present, "kiem-tra": document.present and bool(document.doubts)}.get(state, document.present)


@document_pages.get("/sua")
def edit_page(
    request: Request,
    session: Who,
    number: Annotated[str, Query(alias="so", max_length=300)],
    nothing: Annotated[bool, Query(alias="nhu-cu")] = False,
) -> Response:
    """Return the form on what a document is."""
    document = _document(request, number)
    facts, service = facts_of(document), service_of(request)
    doubts, elsewhere = doubts_about(document, facts), doubts_of(document, facts.values())
    given: dict[str, Any] = {"facts": facts, "words": FIELDS, "doubts": doubts, "elsewhere": elsewhere, "nothing": nothing}
    given |= {"said": _standing(request, document), "says": SAYS, "holds": service.own().validity(number, service.today())}
    return page(request, session, "edit", document=document, **given)


def _standing(request: Request, document: Document) -> dict[str, str]:
    """What an admin has said of a document's validity."""
    said = Catalog.load(request.app.state.settings.corpus).said_of(document.source)
    return {name: str(said.get(name) or "") for name in STANDING}


@document_pages.post("/sua")
async def edit(request: Request) -> Response:
    """Say otherwise what a document is; an emptied field has no value, and what was doubtful is agreed to."""
    form = await request.form()
    service = service_of(request)
    session = await service.run(changing, request, str(form.get("csrf", "")))
    document = await service.run(_document, request, str(form.get("document", "")))
    doubtful = {doubt.reading for doubt in document.doubts}
    facts = facts_of(document)
    said = {name: value for name, value in facts.items() if value in doubtful} | said_in(
        form, facts | await service.run(_standing, request, document)
    )
    if not said:
        return RedirectResponse(f"/quan-tri/sua?{urlencode({'so': document.number, 'nhu-cu': 1})}", 303)
    asked = {"number": document.number, "file": document.source or document.number, "said": said}
    return await service.run(started, request, session, "edit", asked, f"sửa {', '.join(words_of(said))}", document.number)


@document_pages.get("/bo")
def remove_page(
    request: Request,
    session: Who,
    number: Annotated[str, Query(alias="so", max_length=300)] = "",
    file: Annotated[str, Query(alias="tep", max_length=300)] = "",
) -> Response:
    """Ask whether a document, or a file that cannot be read, is to be taken out, and say what becomes of it."""
    if file:
        if file not in dict(_unreadable(request)):
            raise Refused(404, f"Không có tệp {file} nào không đọc được.", "No such file.")
        return page(request, session, "remove", document=None, asked=file, collection=False)
    document = _document(request, number)
    return page(request, session, "remove", document=document, asked=number, collection=_in_collection(document))


@document_pages.post("/bo")
def remove(request: Request, csrf: Csrf, number: Annotated[str, Form(max_length=300)]) -> Response:
    """Take a document out; its file is kept."""
    session = changing(request, csrf)
    return started(request, session, "remove", {"number": number}, "bỏ văn bản", number)


def _in_collection(document: Document) -> bool:
    return is_collection(Path(document.source))


def _document(request: Request, number: str) -> Document:
    document = service_of(request).own().documents.get(number)
    if document is None or not document.present:
        raise Refused(404, f"Không có văn bản {number}.", "No such document.")
    return document
