"""What is new, as a page and as an Atom feed (RFC 4287)."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from bot.people import ROLES, Role, concerns
from bot.web.addresses import addresses
from bot.web.listing import role_called
from bot.web.news import Issue, News, kept_news, news_of
from bot.web.site_address import site_of
from bot.web.state import service_of
from bot.web.templates import render, written
from bot.web.told_changes import Told
from rag.documents import Deadline
from rag.finding.search import Searcher

news_pages = APIRouter(include_in_schema=False)

_PATIENCE = 1.5  # seconds that a page waits for a comparison
_comparing: dict[str, asyncio.Task[News]] = {}


@dataclass(frozen=True, slots=True)
class Shown:
    """A change with where it can be read, as far as it still stands somewhere."""

    told: Told
    address: str = ""
    label: str = ""
    summary: str = ""


@news_pages.get("/moi")
async def news_page(request: Request, role: Annotated[str, Query(alias="vai-tro")] = "") -> Response:
    """Return what changed between the last two indexes, what concerns a role."""
    meant = role_called(role)
    service = service_of(request)
    searcher = await service.run(service.shelf)
    news = await _news(request, searcher)

    def shown() -> Response:
        issues = [(issue, _shown(searcher, issue, meant)) for issue in (news.issues if news else ())]
        created, roles = searcher.snapshot.info.created, list(ROLES.values())
        return render(request, "new.html", news=news, issues=issues, created=created, roles=roles, role=role)

    return await service.run(shown)


@news_pages.get("/moi.xml")
async def news_feed(request: Request) -> Response:
    """Return the same for feed readers, an entry for each index; of people only that something changed."""
    service = service_of(request)
    searcher = await service.run(service.shelf)
    news = await _news(request, searcher)
    base, info = site_of(request), searcher.snapshot.info

    def shown() -> str:
        entries = [(issue, _id(issue.id), _titled(issue), _shown(searcher, issue, None)) for issue in (news.issues if news else ())]
        given = {"news": news, "created": info.created, "entries": entries, "base": base, "id": _id(f"{base}/moi")}
        return written(request, "new.xml", first=_id(info.id), **given)

    return Response(await service.run(shown), media_type="application/atom+xml")


async def _news(request: Request, searcher: Searcher) -> News | None:
    """Return the news; ``None`` while the comparison takes longer than anybody should wait. Raises ``IndexMissing``, ``IndexDamaged``."""
    service, data, snapshot = service_of(request), request.app.state.settings.data, searcher.snapshot
    if (known := await service.run(kept_news, data, snapshot)) is not None:
        return known
    id = snapshot.info.id
    task = _comparing.get(id)
    if task is None:
        task = _comparing[id] = asyncio.create_task(service.run(news_of, data, snapshot))
        task.add_done_callback(lambda done: _comparing.pop(id, None))
    try:
        return await asyncio.wait_for(asyncio.shield(task), _PATIENCE)
    except TimeoutError:
        return None


def _shown(searcher: Searcher, issue: Issue, role: Role | None) -> list[Shown]:
    return [_placed(searcher, told) for told in issue.changes if told.kind != "deadline" or concerns(_due(told), role)]


def _due(told: Told) -> Deadline:
    return Deadline(what=told.title, who=told.who, to=told.to, when="", date=told.date, recurrence="", provision=0, quote="")


def _placed(searcher: Searcher, told: Told) -> Shown:
    document = searcher.documents.get(told.number)
    if document is None or told.sign == "removed":
        return Shown(told)
    found = addresses(searcher)
    if not told.section:
        summary = f"/tom-tat/{found.of(told.number).rpartition('/')[2]}" if document.present else ""
        return Shown(told, found.of(told.number), document.name, summary)
    provision = searcher.store.section(told.number, told.section)
    return Shown(told, found.of(told.number, told.section), searcher.label(provision)) if provision else Shown(told)


def _titled(issue: Issue) -> str:
    """Return what came with an index in one line: ``2 thời hạn, 1 văn bản``."""
    names = {"deadline": "thời hạn", "document": "văn bản", "contact": "đầu mối", "system": "phần mềm, biểu mẫu"}
    counts = [(sum(told.kind == kind for told in issue.changes), name) for kind, name in names.items()]
    return ", ".join(f"{count} {name}" for count, name in counts if count) or "không có thay đổi"


def _id(name: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, name).urn
