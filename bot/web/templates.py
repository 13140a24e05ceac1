"""Pages from templates: what they are given and how they write dates, quotes and texts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.emphasis import emphasised
from bot.offers import OFFERED, Offer, offers_of, sentence_of
from bot.records import days_left
from bot.render import VALIDITY_WORDS, WORDING_TITLE
from bot.service import Service
from bot.web.addresses import addresses, section_slug
from bot.web.copying import copied
from bot.web.facts import Part, how_quoted, left_until, parts_of, whom_to_call
from bot.web.references import linked, opened, referred
from bot.web.roots import inside, page_going_out, root_of
from bot.web.state import service_of, talks_of
from bot.web.turns import Turns
from rag.answers.base import sentence_case
from rag.answers.doubts import says_doubt
from rag.documents import CAUTIONED, NOT_IN_FORCE
from rag.finding.search import Searcher
from rag.language.text import squeeze

FOLDER = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"
READ_AS = {"text": "lớp chữ của tệp", "ocr": "nhận dạng chữ (OCR)", "transcription": "bản gõ lại"}


def render(request: Request, name: str, status: int = 200, headers: Mapping[str, str] | None = None, **given: Any) -> HTMLResponse:  # noqa: ANN401
    """Return a page."""
    return HTMLResponse(page_going_out(written(request, name, **given), root_of(request)), status, headers)


def written(request: Request, name: str, **given: Any) -> str:  # noqa: ANN401
    """Return a template as text, its addresses as they are inside; it is also given the request and the addresses of the index in use."""
    service = service_of(request)

    def address(number: str, section: str = "") -> str:
        return addresses(service.searcher()).of(number, section)

    def formal(made: dict[str, Any], full: bool) -> Markup:
        return quoted(service.searcher(), made, full)

    def worded(wording: dict[str, Any] | None) -> dict[str, Any]:
        return wording_shown(service.searcher(), wording) if wording else {"title": "", "text": "", "sources": []}

    state = request.app.state
    more = {"request": request, "address": address, "formal": formal, "worded": worded, "clock": state.clock}
    more |= {"has_model": state.settings.llm is not None, "path": inside(request.scope), "title": state.title}
    more |= _of_answers(service, talks_of(request).turns, formal)
    return environment().get_template(name).render(**more, **given)


def _of_answers(service: Service, turns: Turns, formal: Callable[..., Markup]) -> dict[str, Callable[..., Any]]:
    """What templates are given to write answers with."""
    told_in: dict[str, list[Any]] = {}  # what is read for one page is read once
    parts_in: dict[int, list[Part]] = {}

    def told_before(turn: Any) -> set[str]:  # noqa: ANN401
        """The notes of the turns before this one in its conversation."""
        if turn.conversation not in told_in:
            told_in[turn.conversation] = turns.of(turn.conversation) if turn.conversation else []
        before = takewhile(lambda each: each.id != turn.id, told_in[turn.conversation])
        return {note for earlier in before for note in earlier.answer["notes"]}

    def said(line: str, answer: Mapping[str, Any] | None = None) -> Markup:
        """A line, of an answer or not: only an answer's dates are said to be so many days away."""
        left = left_until(answer, service.searcher(), service.today()) if answer else {}
        return told(line, lambda text: referred(text, service.searcher()), left)

    def parts(answer: Mapping[str, Any]) -> list[Part]:
        if id(answer) not in parts_in:
            parts_in[id(answer)] = parts_of(answer, service.searcher(), service.today())
        return parts_in[id(answer)]

    return {
        "told_before": told_before,
        "told": said,
        "referred": lambda text: referred(text, service.searcher()),
        "parts_of": parts,
        "whom_to_call": lambda answer: whom_to_call(answer, service.searcher()),
        "copied": lambda answer: copied(answer, lambda made, full: formal(made, full).striptags()),
    }


def static(name: str) -> str:
    """Return the address of a static file, which changes when any of them does."""
    return f"/static/{version()}/{name}"


@cache
def version() -> str:
    """Return what names the static files as they are."""
    files = sorted(path for path in STATIC.iterdir() if path.is_file())
    return hashlib.sha256(b"".join(path.name.encode() + path.read_bytes() for path in files)).hexdigest()[:10]


@cache
def environment() -> Environment:
    """Return what templates are read with."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "day": day,
        "moment": moment,
        "instant": instant,
        "lasting": lasting,
        "days_left": days_left,
        "linked": linked,
        "opened": opened,
        "told": told,
        "ticked": ticked,
        "anchor": section_slug,
        "capitalize_first": sentence_case,
        "dialled": lambda phone: re.sub(r"[^\d+]", "", phone),
    }
    environment.globals |= {"static": static, "icon": icon, "VALIDITY": VALIDITY_WORDS, "READ_AS": READ_AS, "OFFERED": OFFERED}
    environment.globals |= {"CAUTIONED": CAUTIONED, "NOT_IN_FORCE": NOT_IN_FORCE}
    environment.globals |= {"how_quoted": how_quoted, "says_doubt": says_doubt, "offers": offers, "sentence_of": sentence_of}
    return environment


def icon(name: str) -> Markup:
    """Return a drawn icon of ``icons.svg``, for beside words that say the same: screen readers pass over it."""
    return Markup('<svg class="icon" width="20" height="20" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>').format(
        static("icons.svg"), name
    )


def quoted(searcher: Searcher, made: Mapping[str, Any], full: bool) -> Markup:
    """Return a citation as an official letter writes it; its plain label where the document is no longer there.

    ``Mục IV.2 Công văn số 2607/SGDĐT-GDPT ngày 27/09/2025 của Sở … về …, trang 8``; only the number where it is not the
    first time that the document is named (``full``). Its date, issuer and subject are marked: they go where there is little room.
    """
    document = searcher.documents.get(made["document"])
    if document is None or not document.kind:
        return escape(made["label"])
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
    about = " ".join(part for part in (issued, issuer, about) if part) if full else ""
    whole = escape(sentence_case(" ".join(part for part in (", ".join(places), name) if part)))
    whole += Markup('<span class="about"> {}</span>').format(about) if about else ""
    return whole + (f", {page}" if page else "")


def wording_shown(searcher: Searcher, wording: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page shows of a language model's wording: its mark, its text, and the sources that ``[1]``, ``[2]`` … are."""
    sources = [
        {"label": made["label"], "address": addresses(searcher).of(made["document"], made["section"])} for made in wording["citations"]
    ]
    return {"title": WORDING_TITLE.format(model=wording["model"]), "text": wording["text"], "sources": sources}


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


def lasting(seconds: float) -> str:
    """Return how long something takes as people say it."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} phút {rest} giây" if minutes else f"{rest} giây"


def told(line: str, write: Callable[[str], Markup] = linked, left: Mapping[str, str] = {}) -> Markup:  # only read
    """Return a line as ``write`` does, with its dates standing out; ``left`` says how long it is until some of them."""
    made = Markup("")
    for text, stands_out in emphasised(line, lead=False):
        made += Markup("<strong>{}</strong>").format(text) if stands_out else write(text)
        made += Markup(' <span class="left">{}</span>').format(left[text]) if stands_out and text in left else ""
    return made


def ticked(text: str) -> Markup:
    """Return text with what stands between backticks as code; everything in it is escaped."""
    parts = text.split("`")
    return Markup("").join(Markup("<code>{}</code>").format(part) if at % 2 else escape(part) for at, part in enumerate(parts))
