"""``/docs``: the API in words, made from its own OpenAPI; no scripts from elsewhere."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.web.templates import render

reference = APIRouter(include_in_schema=False)


@reference.get("/docs")
async def docs(request: Request) -> Response:
    """Return the reference."""
    return render(request, "docs.html", openapi=request.app.openapi())
