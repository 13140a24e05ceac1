"""The page on which the words of all documents are searched."""

from __future__ import annotations

import math
import re
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response

from bot.web.addresses import addresses
from bot.web.caching import unchanged
from bot.web.searching import MOST_CHARACTERS, MOST_HITS, Results, Wanted, search
from bot.web.state import service_of
from bot.web.templates import render
from rag.documents import Document
from rag.finding.search import Searcher
from rag.language.numbers import parse_number
from rag.language.text import fold, squeeze

search_pages = APIRouter(include_in_schema=False, dependencies=[Depends(unchanged)])

_ON_A_PAGE = 20
_ISSUED = re.compile(r"\s+ngày\s+\S+$", re.IGNORECASE)
_MOST_NUMBERED = 10  # documents of one serial number that are offered


@search_pages.get("/tim")
def search_page(
    request: Request,
    typed: Annotated[str, Query(alias="q")] = "",
    within: Annotated[str, Query(alias="van-ban", max_length=200)] = "",
    kind: Annotated[str, Query(alias="loai", max_length=60)] = "",
    page: Annotated[int, Query(alias="trang", ge=1, le=100)] = 1,
) -> Response:
    """Return what holds the words; the number of a document leads straight to it."""
    searcher = service_of(request).searcher()
    known = addresses(searcher)
    text = squeeze(typed[: MOST_CHARACTERS + 1])
    is_cut, text = len(text) > MOST_CHARACTERS, text[:MOST_CHARACTERS]
    if not within and (number := _number(searcher, text)):
        return RedirectResponse(known.of(number), 303)
    document = searcher.documents.get(known.number(within) or "") if within else None
    wanted = Wanted.of(text)

    def is_meant(of: Document) -> bool:
        return of.present and kind in ("", of.kind) and (document is None or of.number == document.number)

    first = (page - 1) * _ON_A_PAGE
    results = search(searcher, wanted, is_meant, first, _ON_A_PAGE) if wanted.phrases else Results([], 0, 0, {}, False, "")
    given = {"q": text, "van-ban": within if document else "", "loai": kind}
    return render(
        request,
        "search.html",
        text=text,
        is_cut=is_cut,
        is_empty=not wanted.phrases,
        is_number=bool(parse_number(_apart(text)[1])),
        is_unmarked=bool(results.total) and results.form != wanted.form,
        results=results,
        most=MOST_HITS,
        longest=MOST_CHARACTERS,
        document=document,
        within=given["van-ban"],
        numbered=_of_serial(searcher, text) if document is None else [],
        kind=kind,
        kinds=sorted({each.kind for each in searcher.documents.values() if each.present} - {""}),
        pages=math.ceil(results.total / _ON_A_PAGE),
        number=page,
        page_link=lambda other: f"/tim?{urlencode(given | {'trang': other})}",
        all_link=f"/tim?{urlencode({'q': text})}",
        only_link=lambda number: f"/tim?{urlencode(given | {'van-ban': number})}",
    )


def _number(searcher: Searcher, text: str) -> str | None:
    """The document whose number was typed, with or without its kind before it and its day after it."""
    before, written = _apart(_ISSUED.sub("", text))
    number = addresses(searcher).number(written) if parse_number(written) else None
    return number if number and _may_be(before, searcher.documents[number]) else None


def _of_serial(searcher: Searcher, text: str) -> list[Document]:
    """The documents of which only the serial number was typed, with its kind and its year or without."""
    before, written = _apart(text)
    serial, _, year = written.partition("/")
    if not serial.isdigit() or not (year.isdigit() or year == ""):
        return []
    numbers = [(parse_number(document.number), document) for document in searcher.documents.values()]
    alike = [(number, document) for number, document in numbers if number and number.serial == (serial.lstrip("0") or "0")]
    found = [document for number, document in alike if year in ("", number.year) and _may_be(before, document)]
    return sorted(found, key=lambda document: not document.present)[:_MOST_NUMBERED]


def _apart(text: str) -> tuple[str, str]:
    """What was typed before a number, and the number, which some write with blanks (``2607 / SGDĐT - GDPT``)."""
    before, _, written = re.sub(r"\s*([/-])\s*", r"\1", text).rpartition(" ")
    return fold(before).removesuffix("so").strip(), written


def _may_be(before: str, document: Document) -> bool:
    """Whether what was typed before a number is nothing, or the kind of a document, in full or in short (``nđ``)."""
    kind = fold(document.kind)
    return before in ("", "van ban", kind, "".join(word[0] for word in kind.split()))
