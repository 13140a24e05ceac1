"""Our own style sheet, scripts and picture: read once, kept by browsers until they change."""

from __future__ import annotations

from functools import cache

from fastapi import APIRouter
from fastapi.responses import Response

from bot.web.problems import Refused
from bot.web.templates import STATIC

statics = APIRouter(include_in_schema=False)

_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}


@statics.get("/static/{name}")
async def static_file(name: str) -> Response:
    """Return a file; its address has the checksum of its content."""
    if name not in _files():
        raise Refused(404)
    content, kind = _files()[name]
    return Response(content, media_type=kind, headers=_FOR_GOOD)


@statics.get("/nhung.js")
async def widget() -> Response:
    """Return the script that other sites embed."""
    content, kind = _files()["widget.js"]
    return Response(content, media_type=kind, headers={"Cache-Control": "public, max-age=3600"})


@statics.get("/favicon.ico")
async def icon() -> Response:
    """Return the picture that browsers ask for by habit."""
    content, kind = _files()["icon.svg"]
    return Response(content, media_type=kind, headers={"Cache-Control": "public, max-age=86400"})


@cache
def _files() -> dict[str, tuple[bytes, str]]:
    return {path.name: (path.read_bytes(), _TYPES[path.suffix]) for path in STATIC.iterdir() if path.suffix in _TYPES}
