"""Which sites may frame the page, told to the script that they embed: a browser only leaves a frame blank that may not be there."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from bot.settings import items

framing = APIRouter(include_in_schema=False)

_PORTS = {"http": 80, "https": 443}


@framing.get("/khung/duoc-phep")
def may_frame(request: Request) -> Response:
    """Say whether the site that asks, by its ``Origin``, may frame the page; everybody may ask."""
    asking = request.headers.get("origin", str(request.base_url).rstrip("/"))
    allowed = any(is_of(origin, asking) for origin in items(request.app.state.settings.widget_origins))
    return JSONResponse({"allowed": allowed}, headers={"Access-Control-Allow-Origin": "*", "Vary": "Origin"})


def is_of(allowed: str, asking: str) -> bool:
    """Say whether an origin is one that ``allowed`` names, as ``frame-ancestors`` reads it.

    ``*`` is everybody, ``https://*.edu.vn`` every name below, ``http://localhost:*`` every port; ``http`` stands for ``https`` too.
    """
    try:
        wanted, found = urlsplit(allowed.replace(":*", "")), urlsplit(asking)
        ports = wanted.port or _PORTS.get(wanted.scheme), found.port or _PORTS.get(found.scheme)
    except ValueError:
        return False
    if found.scheme not in _PORTS or not found.hostname:
        return False
    if allowed == "*":
        return True
    upgraded = (wanted.scheme, found.scheme) == ("http", "https")
    same_port = allowed.endswith(":*") or ports[0] == ports[1] or (upgraded and ports == (80, 443))
    return same_port and (wanted.scheme == found.scheme or upgraded) and _is_host(wanted.hostname or "", found.hostname)


def _is_host(wanted: str, found: str) -> bool:
    return found.endswith(wanted[1:]) if wanted.startswith("*.") else found == wanted
