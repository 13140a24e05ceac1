"""The list of all documents."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from bot import records
from bot.web.caching import unchanged
from bot.web.paging import page_of
from bot.web.state import service_of
from bot.web.templates import render
from rag.documents import ENDED

catalog_page = APIRouter(include_in_schema=False, dependencies=[Depends(unchanged)])

_ON_A_PAGE = 50
_STATES = {"": "Tất cả", "co": "Có toàn văn", "nhac": "Chỉ được nhắc tới", "het": "Đã thay thế, hết hiệu lực"}


@catalog_page.get("/van-ban")
def catalog(
    request: Request,
    wanted: Annotated[str, Query(alias="tim", max_length=200)] = "",
    state: Annotated[str, Query(alias="tinh-trang")] = "",
    kind: Annotated[str, Query(alias="loai", max_length=60)] = "",
    number: Annotated[int, Query(alias="trang", ge=1, le=100_000)] = 1,
) -> Response:
    """Return the catalog, filtered."""
    service = service_of(request)
    everything = records.documents(service.shelf(), service.today())
    found = [
        listed
        for listed in everything
        if records.speaks_of(listed.document, wanted)
        and kind in ("", listed.document.kind)
        and {"co": listed.document.present, "nhac": not listed.document.present, "het": listed.validity in ENDED}.get(state, True)
    ]
    present = [listed.document for listed in everything if listed.document.present]
    given = {"tim": wanted, "tinh-trang": state, "loai": kind}
    shown = page_of(found, number, _ON_A_PAGE)
    return render(
        request,
        "documents.html",
        found=shown.items,
        total=len(found),
        pages=shown.last,
        number=shown.number,
        page_link=lambda page: f"/van-ban?{urlencode(given | {'trang': page})}",
        totals={
            "present": len(present),
            "named": len(everything) - len(present),
            "ended": sum(listed.validity in ENDED for listed in everything),
        },
        newest=max((document.issued for document in present), default=""),
        since=service.shelf().snapshot.info.created,
        kinds=sorted({listed.document.kind for listed in everything} - {""}),
        states=_STATES,
        wanted=wanted,
        state=state,
        kind=kind,
    )
