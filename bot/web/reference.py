"""``/docs``: the API in words, made from its own OpenAPI; no scripts from elsewhere."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse, Response

from bot.web.roots import root_of
from bot.web.schemas import Fault, Problem
from bot.web.templates import render

reference = APIRouter(include_in_schema=False)


@reference.get("/docs")
async def docs(request: Request) -> Response:
    """Return the reference."""
    return render(request, "docs.html", openapi=request.app.openapi())


@reference.get("/openapi.json")
async def description(request: Request) -> Response:
    """Return the description that programs read; below a root it says so."""
    servers = {"servers": [{"url": root}]} if (root := root_of(request)) else {}
    return JSONResponse(request.app.openapi() | servers)


def describe(app: FastAPI) -> None:
    """Let the description of the API hold what faults look like, which no operation returns by itself."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        description = made()
        for model in (Problem, Fault):
            schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
            schema.pop("$defs", None)
            description["components"]["schemas"][model.__name__] = schema
        return description

    app.openapi = openapi  # type: ignore[method-assign]  # the way that FastAPI documents
