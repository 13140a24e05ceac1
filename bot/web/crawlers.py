"""What search engines may read: documents and lists, never what somebody asked."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse

from bot.web.site_address import site_of

crawlers = APIRouter(include_in_schema=False)

PRIVATE = ("/hoi", "/tra-loi/", "/lich-su", "/gui", "/khung", "/quan-tri", "/api/", "/v1/")
"""Where the addresses begin that are nobody's business but the asker's, the admin's or a program's."""


@crawlers.get("/robots.txt")
async def robots(request: Request) -> PlainTextResponse:
    """Tell search engines which addresses to leave alone."""
    private = [*PRIVATE, "/tim?"]  # the last are pages of results without end, of what stands in the documents anyway
    roots = ["", *(office.root for office in request.app.state.offices if office.root)]
    lines = ["User-agent: *", *(f"Disallow: {root}{path}" for root in roots for path in private), ""]
    lines += [*(f"Sitemap: {site_of(request)}{root}/sitemap.xml" for root in roots), ""]
    return PlainTextResponse("\n".join(lines), headers={"Cache-Control": "public, max-age=86400"})
