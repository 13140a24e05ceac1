"""Documents and provisions as Markdown, for programs that read for people: the address of the page and ``.md``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from markupsafe import escape

from bot.web.addresses import addresses
from bot.web.caching import unchanged
from bot.web.document_pages import Meant, meant_by
from bot.web.listing import opening
from bot.web.markdown import as_lines, in_line
from bot.web.passages import outline
from bot.web.problems import Refused
from bot.web.site_address import site_of
from bot.web.standing import standing
from bot.web.state import service_of
from bot.web.templates import READ_AS, day
from ingest.show import below, lines_of, mark_of
from rag.answers.base import sentence_case
from rag.documents import Document, Doubt, Provision
from rag.finding.search import Searcher
from rag.language.text import squeeze

markdown_pages = APIRouter(include_in_schema=False, dependencies=[Depends(unchanged)])

TYPE = "text/markdown; charset=utf-8"
_DEEPEST = 6  # of the headings of Markdown


@dataclass(frozen=True, slots=True)
class _Site:
    """What is linked to: the pages, by the index in use."""

    base: str
    searcher: Searcher

    def page(self, number: str, section: str = "") -> str:
        return f"{self.base}{addresses(self.searcher).of(number, section)}"

    def link(self, label: str, number: str, section: str = "") -> str:
        return f"[{in_line(label)}]({self.page(number, section)}.md)"


@markdown_pages.get("/van-ban/{path:path}.md")
async def document_or_provision(request: Request, path: str) -> Response:
    """Return a document, or one of its provisions with all that stands below it."""
    text = await service_of(request).run(_text, request, path)
    return Response(text, media_type=TYPE)


def _text(request: Request, path: str) -> str:
    if path.endswith("/"):
        raise Refused(404)
    meant = meant_by(request, path)
    site = _Site(site_of(request), meant.searcher)
    validity = meant.searcher.validity(meant.document.number, service_of(request).today())
    holds = standing(meant.document, validity, day, escape).unescape()
    lines = _document(site, meant.document, holds) if meant.provision is None else _provision(site, meant, meant.provision, holds)
    return "\n".join(lines) + "\n"


def _document(site: _Site, document: Document, holds: str) -> Iterator[str]:
    yield from (f"# {in_line(document.name)}", "")
    if document.title:
        yield from (as_lines(sentence_case(document.title)), "")
    facts = [
        ("Cơ quan ban hành", document.issuer),
        ("Ngày ban hành", day(document.issued)),
        ("Hiệu lực", holds),
        ("Cách đọc", READ_AS[document.read_as] if document.present else ""),
        ("Trang chính thức", document.url),
        ("Nguồn", site.page(document.number)),
    ]
    yield from (f"- {name}: {in_line(value)}" for name, value in facts if value)
    provisions = site.searcher.store.of_document(document.number) if document.present else []
    yield from _doubts([*document.doubts, *(doubt for provision in provisions for doubt in provision.doubts)])
    yield ""
    if not document.present:
        yield "Kho chưa có toàn văn của văn bản này; nó chỉ được các văn bản khác nhắc tới."
    depths = {provision.id: depth for provision, depth in outline(provisions)}
    yield from _written(provisions, depths)


def _written(provisions: Sequence[Provision], depths: dict[int, int]) -> Iterator[str]:
    """The text as ``lines_of`` gives it, with the headings as headings; each provision is a paragraph."""
    ids = {provision.id for provision in provisions}
    for provision in provisions:
        if provision.inline and provision.parent in ids:
            continue
        if provision.id in depths:
            head = " ".join(part for part in (mark_of(provision), provision.heading) if part) or sentence_case(provision.label)
            yield from (f"{'#' * min(depths[provision.id] + 2, _DEEPEST)} {in_line(squeeze(head))}", "")
            if provision.text:
                yield from (as_lines(provision.text), "")
        else:
            yield from (as_lines("\n".join(lines_of([provision])[:1])), "")
    notes = [f"[{note.mark}] {note.text}" for provision in provisions for note in provision.footnotes]
    yield from (line for note in notes for line in (as_lines(note), ""))


def _provision(site: _Site, meant: Meant, provision: Provision, holds: str) -> Iterator[str]:
    document = meant.document
    provisions = site.searcher.store.of_document(document.number)
    part = below(provisions, provision.section, document.number)
    provision = opening(provision, part)
    yield from (f"# {in_line(site.searcher.label(provision))}", "")
    yield f"- Văn bản: {site.link(document.name, document.number)}"
    told = (("Về việc", squeeze(document.title)), ("Hiệu lực", holds))
    yield from (f"- {name}: {in_line(value)}" for name, value in told if value)
    if provision.headings:
        yield f"- Thuộc: {in_line(' › '.join(map(squeeze, provision.headings)))}"
    yield f"- Nguồn: {site.page(document.number, provision.section)}"
    yield from _doubts([doubt for each in part for doubt in each.doubts])
    yield ""
    yield from (line for each in lines_of(part) for line in (as_lines(each), ""))
    yield from _neighbours(site, provisions, part, provision)


def _neighbours(site: _Site, provisions: Sequence[Provision], part: Sequence[Provision], provision: Provision) -> Iterator[str]:
    ids = {each.id for each in part}
    places = [place for place, each in enumerate(provisions) if each.id in ids]
    above = next((each for each in provisions if each.id == provision.parent), None)
    before = provisions[places[0] - 1] if places[0] else None
    after = provisions[places[-1] + 1] if places[-1] + 1 < len(provisions) else None
    yield from ("---", "")
    for name, each in (("Ở trên", above), ("Liền trước", before), ("Liền sau", after)):
        if each is not None:
            yield f"- {name}: {site.link(sentence_case(each.label), each.document, each.section)}"


def _doubts(doubts: Sequence[Doubt]) -> Iterator[str]:
    for doubt in dict.fromkeys(doubts):
        why = f" ({in_line(squeeze(doubt.why))})" if doubt.why else ""
        said = "bản gốc khó đọc" if doubt.certainty == "high" else "chưa chắc, cần đối chiếu bản gốc"
        yield f"- Lưu ý: chỗ “{in_line(squeeze(doubt.reading))}” {said}{why}."
