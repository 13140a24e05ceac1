"""What a request says of the browser that sent it: from which page, over which connection, for a script or to be shown."""

from __future__ import annotations

import re

from fastapi import Request

from bot.web.roots import root_of


def is_sent_from_here(request: Request) -> bool:
    """Say whether this was sent from our own page: by ``Sec-Fetch-Site``, else by ``Origin``.

    What says neither is held to its token or ``SameSite`` alone, which lets every page under the same domain through.
    """
    if site := request.headers.get("sec-fetch-site"):
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    asking = (origin or "").partition("://")[2].lower()
    return origin is None or request.headers.get("host", "").lower() in (asking, re.sub(r":\d+$", "", asking))  # nginx's $host has no port


def is_encrypted(request: Request) -> bool:
    """Say whether it came over https, also where a trusted proxy says so."""
    return request.url.scheme == "https"


def is_by_script(request: Request) -> bool:
    """Say whether a script sent a form, which wants to be told what came of it rather than to be shown a page."""
    return "application/json" in request.headers.get("accept", "")


def part_wanted(request: Request) -> str:
    """Return which part of a page a script asks for, to put it into the page that is open; empty for the whole page."""
    return request.headers.get("x-part", "")


def cookie_name(request: Request, name: str, *, secure: bool) -> str:
    """Return what a cookie is called. With ``__Host-``, no other site under the same domain can set it; browsers take it over https only.

    Below a root it is called after the office, so that no other office takes it for its own; there browsers allow no ``__Host-``.
    """
    if root := root_of(request):
        return f"{'__Secure-' if secure else ''}{name}-{root.rpartition('/')[2]}"
    return f"__Host-{name}" if secure else name
