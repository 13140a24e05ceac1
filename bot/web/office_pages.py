"""The offices of a service, for who comes to its own address: which of them to ask."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from bot.offices.registry import Office
from bot.web.state import service_of
from bot.web.templates import render
from rag.errors import TracuuError


def offices_page(request: Request) -> Response:
    """Return the page on which an office is chosen."""
    offices = [(office, _address(request, office)) for office in request.app.state.offices]
    return render(request, "offices.html", offices=sorted(offices, key=lambda each: each[0].title), shared=_is_any_shared(request))


def _address(request: Request, office: Office) -> str:
    if not office.host:
        return f"{office.root}/"
    port = f":{request.url.port}" if request.url.port else ""
    return f"{request.url.scheme}://{office.host}{port}/"


def _is_any_shared(request: Request) -> bool:
    try:
        return bool(service_of(request).shelf().documents)
    except TracuuError:
        return False
