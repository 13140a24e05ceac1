"""What the site has, for programs: ``/llms.txt`` (llmstxt.org) and ``/sitemap.xml`` (sitemaps.org)."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse, Response

from bot import records
from bot.web.addresses import addresses
from bot.web.caching import unchanged
from bot.web.problems import Refused
from bot.web.site_address import site_of
from bot.web.state import service_of
from rag.documents import Document
from rag.language.text import squeeze

site_lists = APIRouter(include_in_schema=False, dependencies=[Depends(unchanged)])

_MOST = 50_000  # addresses in a sitemap
_LISTED = 500  # documents in llms.txt: what is more, /api/documents tells
_PAGES = ("/", "/van-ban", "/thoi-han", "/dau-moi", "/moi", "/docs")
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_ABOUT = """# Tra Cứu

> Hỏi đáp về văn bản chỉ đạo của ngành giáo dục, bằng tiếng Việt. Câu trả lời nào cũng kèm
> số văn bản, mục, trang và nguyên văn; không có căn cứ thì nói là không có.

Địa chỉ của mỗi văn bản, mỗi mục, thêm `.md` là bản Markdown: `{site}/van-ban/SỐ-HIỆU/MỤC.md`. Khi dẫn, hãy dẫn cả hiệu lực ghi ở đầu trang.

## Cách hỏi

- [API]({site}/docs): `POST {site}/api/ask` với `{{"question": "…"}}`; mô tả máy đọc được ở {site}/openapi.json
- API kiểu OpenAI: `{site}/v1`, mô hình `tra-cuu`
- MCP: `{site}/mcp`{keys}

## Văn bản có toàn văn
"""
_KEYS = """

Ba cách hỏi này cần khóa API, gửi trong tiêu đề `Authorization: Bearer …`; khóa do người quản trị nơi này cấp. Các trang và bản Markdown \
thì không cần."""


@site_lists.get("/llms.txt")
async def llms(request: Request) -> Response:
    """Say what the site is, how to ask, and which documents are there in full."""
    return PlainTextResponse(await service_of(request).run(_llms, request))


def _llms(request: Request) -> str:
    searcher, site, loaded = service_of(request).searcher(), site_of(request), _loaded(request)
    lines = [
        f"- [{document.name}]({site}{addresses(searcher).of(document.number)}.md){f': {squeeze(document.title)}' if document.title else ''}"
        for document in loaded[:_LISTED]
    ]
    if len(loaded) > _LISTED:
        lines.append(f"- [Và {len(loaded) - _LISTED} văn bản nữa]({site}/api/documents?present=true)")
    return "\n".join([_ABOUT.format(site=site, keys=_KEYS if request.app.state.settings.api_keys else ""), *lines, ""])


@site_lists.get("/sitemap.xml")
async def sitemap(request: Request) -> Response:
    """List the pages that anybody may read; where these are too many for one list, the lists of them."""
    return await service_of(request).run(_sitemap, request)


def _sitemap(request: Request) -> Response:
    parts = _parts(request)
    if len(parts) == 1:
        return _xml("urlset", "url", parts[0], _read(request))
    return _xml("sitemapindex", "sitemap", [f"{site_of(request)}/sitemap-{at}.xml" for at in range(1, len(parts) + 1)], _read(request))


@site_lists.get("/sitemap-{part}.xml")
async def part_of_sitemap(request: Request, part: int) -> Response:
    """Return one of several lists."""
    return await service_of(request).run(_part, request, part)


def _part(request: Request, part: int) -> Response:
    parts = _parts(request)
    if not 1 <= part <= len(parts):
        raise Refused(404)
    return _xml("urlset", "url", parts[part - 1], _read(request))


def _parts(request: Request) -> list[list[str]]:
    pages = list(_pages(request))
    return [pages[start : start + _MOST] for start in range(0, len(pages), _MOST)]


def _pages(request: Request) -> Iterator[str]:
    site, known = site_of(request), addresses(service_of(request).searcher())
    yield from (f"{site}{path}" for path in _PAGES)
    for document in _loaded(request):
        yield f"{site}{known.of(document.number)}"


def _loaded(request: Request) -> list[Document]:
    service = service_of(request)
    return [listed.document for listed in records.documents(service.searcher(), service.today()) if listed.document.present]


def _read(request: Request) -> str:
    return service_of(request).searcher().snapshot.info.created[:10]


def _xml(root: str, item: str, pages: list[str], read: str) -> Response:
    items = [f"<{item}><loc>{escape(page)}</loc><lastmod>{read}</lastmod></{item}>" for page in pages]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<{root} xmlns="{_NAMESPACE}">', *items, f"</{root}>", ""]
    return Response("\n".join(lines), media_type="application/xml")
