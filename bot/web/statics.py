"""Our own style sheets, scripts and pictures: read once, kept by browsers until one of them changes."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.web.caching import is_known
from bot.web.problems import Refused
from bot.web.templates import STATIC, version

statics = APIRouter(include_in_schema=False)

_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_FOR_GOOD = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Static:
    """A file as it is sent: as it stands, and compressed."""

    content: bytes
    packed: bytes
    kind: str
    tag: str


@statics.get("/static/{of}/{name}")
async def static_file(request: Request, of: str, name: str) -> Response:
    """Return a file of a version of all of them: scripts name one another without it."""
    return _sent(request, name, _FOR_GOOD if of == version() else "no-cache")


@statics.get("/nhung.js")
async def widget(request: Request) -> Response:
    """Return the script that other sites embed."""
    return _sent(request, "widget.js", "public, max-age=3600")


@statics.get("/favicon.ico")
async def icon(request: Request) -> Response:
    """Return the picture that browsers ask for by habit."""
    return _sent(request, "icon.svg", "public, max-age=86400")


def _sent(request: Request, name: str, kept: str) -> Response:
    if name not in _files():
        raise Refused(404)
    file = _files()[name]
    headers = {"Cache-Control": kept, "ETag": file.tag, "Vary": "Accept-Encoding"}
    if is_known(request, file.tag):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(file.packed, media_type=file.kind, headers=headers | {"Content-Encoding": "gzip"})
    return Response(file.content, media_type=file.kind, headers=headers)


@cache
def _files() -> dict[str, Static]:
    return {path.name: _static(path.read_bytes(), _TYPES[path.suffix]) for path in STATIC.iterdir() if path.suffix in _TYPES}


def _static(content: bytes, kind: str) -> Static:
    return Static(content, gzip.compress(content, 9, mtime=0), kind, f'"{hashlib.sha256(content).hexdigest()[:16]}"')
