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
    endless = "/tim?"  # pages of results without end, of what stands in the documents anyway
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in (*PRIVATE, endless)), "", f"Sitemap: {site_of(request)}/sitemap.xml", ""]
    return PlainTextResponse("\n".join(lines), headers={"Cache-Control": "public, max-age=86400"})
