"""Every address that ``tracuu serve`` answers, what the API takes and returns, and its errors."""

from __future__ import annotations

import os
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from fastapi import FastAPI
from fastapi.routing import RouteContext, iter_route_contexts
from pydantic import BaseModel

from docs.generator.blocks import table

_PROGRAMS = ("/mcp", "/v1", "/metrics", "/openapi.json", "/docs", "/llms.txt", "/sitemap", "/robots.txt", "/moi.xml")
_ADMINS = "/quan-tri"


@cache
def application() -> FastAPI:
    """Return the application as it is without a single setting; it serves nobody."""
    from bot.settings import Settings
    from bot.web.limits import Limits
    from bot.web.shared import SHARED, TABLE

    before = os.environ.get(SHARED)
    with tempfile.TemporaryDirectory() as folder:
        os.environ[SHARED] = folder
        try:
            Limits.prepare(Path(folder) / TABLE)
            from bot.web.app import made

            return made(Settings.model_construct(**{name: field.default for name, field in Settings.model_fields.items()}))
        finally:
            if before is None:
                del os.environ[SHARED]
            else:
                os.environ[SHARED] = before


class Address(NamedTuple):
    """What is answered at an address; ``is_told``: the API's own description has it."""

    path: str
    methods: str
    what: str
    is_told: bool


@cache
def addresses() -> tuple[Address, ...]:
    """Return all of them in order."""
    found = (_address(route) for route in iter_route_contexts(application().routes))
    return tuple(sorted(address for address in found if address.path))


def _address(route: RouteContext) -> Address:
    words = route.summary or " ".join((route.endpoint.__doc__ or "").partition("\n\n")[0].split())
    return Address(route.path or "", ", ".join(sorted(route.methods or ())), words, route.include_in_schema)


def api_routes() -> str:
    """Return a table of what ``/docs`` and ``/openapi.json`` tell."""
    return _table([address for address in addresses() if address.is_told])


def other_routes() -> str:
    """Return tables of the addresses for other programs, for readers and for admins."""
    hidden = [address for address in addresses() if not address.is_told]
    programs = [address for address in hidden if address.path.startswith(_PROGRAMS) or address.path.endswith((".md", ".ics"))]
    admins = [address for address in hidden if address.path.startswith(_ADMINS)]
    people = [address for address in hidden if address not in programs and address not in admins]
    parts = {"Programs": programs, "Readers": people, "Admins": admins}
    return "\n\n".join(f"**{title}**\n\n{_table(part)}" for title, part in parts.items())


def _table(part: list[Address]) -> str:
    return table(("", "address", "what"), [(address.methods, f"`{address.path}`", address.what) for address in part])


def fields_of_answer() -> str:
    """Return the fields of an answer, of its citations and related provisions."""
    from bot.web.schemas import AnswerOut, CitationOut, RelatedOut, WordingOut

    return "\n\n".join(f"`{name}`\n\n{_fields(model)}" for name, model in (
        ("answer", AnswerOut), ("citations[]", CitationOut), ("related[]", RelatedOut), ("wording", WordingOut)
    ))  # fmt: skip


def fields_of_problem() -> str:
    """Return the fields of an error and the statuses there are."""
    from bot.web.problems import WORDS
    from bot.web.schemas import Problem

    statuses = [(str(status), words.title, words.title_en) for status, words in sorted(WORDS.items())]
    return f"{_fields(Problem)}\n\n{table(('status', 'title', 'title_en'), statuses)}"


def _fields(model: type[BaseModel]) -> str:
    schema = model.model_json_schema()
    rows = [(f"`{name}`", _kind(field), field.get("description", "")) for name, field in schema["properties"].items()]
    return table(("field", "kind", ""), rows)


def _kind(field: dict[str, Any]) -> str:
    if "anyOf" in field:
        return ", ".join(_kind(kind) for kind in field["anyOf"])
    if "$ref" in field:
        return str(field["$ref"]).rpartition("/")[2]
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    return f"list of {_kind(field['items'])}" if field.get("type") == "array" and "items" in field else str(field.get("type", ""))
