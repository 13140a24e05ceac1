"""Pages from templates: what they are given and how they write dates, quotes and texts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.emphasis import emphasised
from bot.offers import OFFERED, Offer, offers_of, sentence_of
from bot.render import VALIDITY_WORDS, WORDING_TITLE
from bot.web.addresses import addresses, section_slug
from rag.answers.base import sentence_case
from rag.finding.search import Searcher
from rag.language.numbers import LINK
from rag.language.text import squeeze

FOLDER = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"
READ_AS = {"text": "lớp chữ của tệp", "ocr": "nhận dạng chữ (OCR)", "transcription": "bản gõ lại"}


def render(request: Request, name: str, status: int = 200, headers: Mapping[str, str] | None = None, **given: Any) -> HTMLResponse:  # noqa: ANN401
    """Return a page."""
    return HTMLResponse(written(request, name, **given), status, headers)


def written(request: Request, name: str, **given: Any) -> str:  # noqa: ANN401
    """Return a template as text; it is also given the request and the addresses of the index in use."""
    desk = request.app.state.desk

    def address(number: str, section: str = "") -> str:
        return addresses(desk.searcher()).of(number, section)

    def formal(made: dict[str, Any], full: bool) -> str:
        return quoted(desk.searcher(), made, full)

    def worded(wording: dict[str, Any] | None) -> dict[str, Any]:
        return wording_shown(desk.searcher(), wording) if wording else {"title": "", "text": "", "sources": []}

    state = request.app.state
    more = {"request": request, "address": address, "formal": formal, "worded": worded, "clock": state.clock}
    more["has_model"] = state.settings.llm is not None
    return _environment().get_template(name).render(**more, **given)


@cache
def static(name: str) -> str:
    """Return the address of a static file, which changes with its content."""
    return f"/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "day": day,
        "moment": moment,
        "instant": instant,
        "linked": linked,
        "told": told,
        "ticked": ticked,
        "marked": marked,
        "anchor": section_slug,
        "capitalize_first": sentence_case,
        "dialled": lambda phone: re.sub(r"[^\d+]", "", phone),
    }
    environment.globals |= {"static": static, "VALIDITY": VALIDITY_WORDS, "READ_AS": READ_AS, "OFFERED": OFFERED}
    environment.globals |= {"grouped": grouped, "offers": offers, "sentence_of": sentence_of}
    return environment


def quoted(searcher: Searcher, made: Mapping[str, Any], full: bool) -> str:
    """Return a citation as an official letter writes it; its plain label where the document is no longer there.

    ``Mục IV.2 Công văn số 2607/SGDĐT-GDPT ngày 27/09/2025 của Sở … về …, trang 8``; only the number where it is not the
    first time that the document is named (``full``).
    """
    document = searcher.documents.get(made["document"])
    if document is None or not document.kind:
        return str(made["label"])
    # the label is "<document>, <place>[, chú thích 16][, trang 8]"
    places = str(made["label"]).removeprefix(document.name).removeprefix(", ").split(", ")
    page = places.pop() if places and places[-1].startswith("trang ") else ""
    kind, title = document.kind, squeeze(document.title)
    if not document.numbered:
        name, about = document.called, ""
    elif title.lower().startswith(kind.lower()):
        name, about = f"{title} số {document.number}", ""
    else:
        name = f"{kind} số {document.number}"
        about = title if title.lower().startswith("về ") else f"về {title[:1].lower()}{title[1:]}" if title else ""
    issued = f"ngày {day(document.issued)}" if document.issued else ""
    issuer = f"của {document.issuer}" if document.issuer else ""
    parts = [", ".join(places), name, *([issued, issuer, about] if full else [])]
    whole = " ".join(part for part in parts if part)
    return sentence_case(f"{whole}, {page}" if page else whole)


def wording_shown(searcher: Searcher, wording: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page shows of a language model's wording: its mark, its text, and the sources that ``[1]``, ``[2]`` … are."""
    sources = [
        {"label": made["label"], "address": addresses(searcher).of(made["document"], made["section"])} for made in wording["citations"]
    ]
    return {"title": WORDING_TITLE.format(model=wording["model"]), "text": wording["text"], "sources": sources}


def grouped(text: str) -> list[tuple[str, list[str]]]:
    """Return the lines of an answer, those that begin with a dash together as lists."""
    groups: list[tuple[str, list[str]]] = []
    for line in filter(str.strip, text.splitlines()):
        kind = "list" if line.startswith("- ") else "lines"
        if not groups or groups[-1][0] != kind:
            groups.append((kind, []))
        groups[-1][1].append(line.removeprefix("- "))
    return groups


def offers(answer: Mapping[str, Any]) -> list[tuple[dict[str, Any], Offer]]:
    """Return the citations of an offer, each with what to show of it."""
    cited = answer["citations"]
    return list(zip(cited, offers_of(answer["answer"], [(made["label"], made["quote"]) for made in cited]), strict=True))


def day(iso: str) -> str:
    """Return an ISO date as people write it (``10/01/2026``)."""
    return "/".join(reversed(iso.split("-"))) if iso else ""


def moment(seconds: float, clock: Any) -> str:  # noqa: ANN401
    """Return seconds since 1970 as people write them."""
    return datetime.fromtimestamp(seconds, clock.zone).strftime("%H:%M ngày %d/%m/%Y")


def instant(iso: str, clock: Any) -> str:  # noqa: ANN401
    """Return an ISO 8601 moment as people write it."""
    return moment(datetime.fromisoformat(iso).timestamp(), clock)


def linked(text: str) -> Markup:
    """Return text with its web addresses as links; everything in it is escaped."""
    return Markup("").join(_linked(text))


def told(line: str) -> Markup:
    """Return a line of an answer as ``linked`` does, with its dates standing out."""
    pieces = emphasised(line, lead=False)
    return Markup("").join(Markup("<strong>{}</strong>").format(text) if stands_out else linked(text) for text, stands_out in pieces)


def ticked(text: str) -> Markup:
    """Return text with what stands between backticks as code; everything in it is escaped."""
    parts = text.split("`")
    return Markup("").join(Markup("<code>{}</code>").format(part) if at % 2 else escape(part) for at, part in enumerate(parts))


def marked(text: str, quote: str) -> Markup:
    """Return text as ``linked`` does, with ``quote`` marked where it stands in it."""
    start = text.find(quote) if quote else -1
    if start < 0 or len(quote) >= len(text.strip()):
        return linked(text)
    end = start + len(quote)
    return linked(text[:start]) + Markup("<mark>") + linked(quote) + Markup("</mark>") + linked(text[end:])


def _linked(text: str) -> list[str | Markup]:
    parts: list[str | Markup] = []
    at = 0
    for found in LINK.finditer(text):
        address = found.group() if re.match(r"https?://", found.group(), re.I) else f"https://{found.group()}"
        parts += [text[at : found.start()], Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(address, found.group())]
        at = found.end()
    return [*(escape(part) for part in parts), escape(text[at:])]
