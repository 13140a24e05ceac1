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

from bot.render import VALIDITY_WORDS
from bot.web.addresses import addresses
from rag.numbers import LINK

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

    return _environment().get_template(name).render(request=request, address=address, clock=request.app.state.clock, **given)


@cache
def static(name: str) -> str:
    """Return the address of a static file, which changes with its content."""
    return f"/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"day": day, "moment": moment, "linked": linked, "marked": marked}
    environment.globals |= {"static": static, "VALIDITY": VALIDITY_WORDS, "READ_AS": READ_AS}
    return environment


def day(iso: str) -> str:
    """Return an ISO date as people write it (``10/01/2026``)."""
    return "/".join(reversed(iso.split("-"))) if iso else ""


def moment(seconds: float, clock: Any) -> str:  # noqa: ANN401
    """Return seconds since 1970 as people write them."""
    return datetime.fromtimestamp(seconds, clock.zone).strftime("%H:%M ngày %d/%m/%Y")


def linked(text: str) -> Markup:
    """Return text with its web addresses as links; everything in it is escaped."""
    return Markup("").join(_linked(text))


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
