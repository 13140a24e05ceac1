"""The application: put together here, started by ``serve``."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from anyio import to_thread
from fastapi import Depends, FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp

from bot import settings
from bot.audit import Audit
from bot.clock import Clock
from bot.loading import load_settings
from bot.offices.settings import offices_of
from bot.recent import Recent
from bot.repeating import again_and_again
from bot.service import Service
from bot.settings import items
from bot.web import leftovers, problems
from bot.web.admin import uploads
from bot.web.admin.access import access
from bot.web.admin.account import account_pages
from bot.web.admin.adding import adding_pages
from bot.web.admin.admins import Admins
from bot.web.admin.attempts import Attempts
from bot.web.admin.audit_pages import audit_pages
from bot.web.admin.jobs import Jobs
from bot.web.admin.pages import admin_pages
from bot.web.admin.people import people_pages
from bot.web.admin.questions import question_pages
from bot.web.admin.queue_pages import queue_pages
from bot.web.admin.sessions import Sessions
from bot.web.admin.shelf_pages import document_pages
from bot.web.admin.tasks import task_pages
from bot.web.admin.versions import version_pages
from bot.web.api import api
from bot.web.api_lists import lists
from bot.web.catalog_page import catalog_page
from bot.web.crawlers import crawlers
from bot.web.document_pages import documents
from bot.web.framing import framing
from bot.web.front import Front
from bot.web.guard import Guard
from bot.web.health import health
from bot.web.history import history
from bot.web.keys import require_key
from bot.web.limits import Limits
from bot.web.lists import list_pages
from bot.web.logs import log_to_stderr
from bot.web.markdown_pages import markdown_pages
from bot.web.mcp import mcp, serving
from bot.web.news_pages import news_pages
from bot.web.openai.routes import openai
from bot.web.pages import pages
from bot.web.reference import describe, reference
from bot.web.search_pages import search_pages
from bot.web.sending import sending
from bot.web.shared import SHARED, TABLE
from bot.web.site_lists import site_lists
from bot.web.statics import statics
from bot.web.suggestions import Suggestions
from bot.web.talks import Talks
from ingest.trust import TrustRoots
from rag.errors import TracuuError
from rag.question.conversation import Conversation

_log = logging.getLogger("tracuu.web")
_BEGUN = 64  # pages with nothing asked yet that are kept
_COMPRESSED_FROM = 4_000  # bytes: 9 kB of page become 3 in a fifth of a millisecond; less fits into two packets anyway
_A_DAY = 86_400
_A_MOMENT = 2.0
_WARMING = "Hạn nộp báo cáo sơ kết học kì I là ngày nào?"
_PEOPLES = (pages, framing, history, sending, catalog_page, search_pages, markdown_pages, documents, list_pages, news_pages)
_ADMINS = (
    *(access, account_pages, people_pages, audit_pages),
    *(admin_pages, adding_pages, document_pages, task_pages, version_pages, question_pages, queue_pages),
)
_TAGS = [
    {"name": name, "description": description}
    for name, description in (
        ("ask", "Hỏi đáp"),
        ("conversations", "Hội thoại"),
        ("search", "Tìm điều khoản"),
        ("documents", "Văn bản"),
        ("lists", "Thời hạn, đầu mối"),
        ("health", "Tình trạng"),
    )
]
"""The parts of the API; clients made from its description name their modules after them."""


class _Held(Protocol):
    """What is open while the application runs."""

    def close(self) -> None: ...


def create() -> ASGIApp:
    """Return what the settings ask for: the service with its offices, or one office alone. Raises ``TracuuError``.

    ``serve`` has made the folder ``SHARED``.
    """
    chosen = load_settings()
    log_to_stderr()
    if not chosen.office_name:
        return Front(chosen, made)
    titles = {office.name: office.title for office in offices_of(settings.of_service())}
    return made(chosen, titles[chosen.office_name])


def made(chosen: settings.Settings, title: str = "") -> FastAPI:
    """Return the application of the service, or of the office whose settings these are; ``title`` is what people call it."""
    app = FastAPI(
        title="Tra Cuu",  # clients made from the description are named after it, in ASCII
        version="1",
        description="Hỏi đáp về văn bản giáo dục; câu trả lời nào cũng kèm nguồn trích dẫn.",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,  # ``reference`` has it
        lifespan=_life,
        openapi_tags=_TAGS,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.started = os.environ[SHARED]  # of all workers the same, and another at every start
    app.state.settings = chosen
    app.state.title = title
    app.state.offices = []
    app.state.begun = Recent(_BEGUN)
    app.state.trust_roots = TrustRoots.load(chosen.trust_roots)
    app.state.clock = Clock(ZoneInfo(chosen.timezone), chosen.today)
    problems.install(app)
    describe(app)
    for part in (api, lists, mcp, openai):
        app.include_router(part, dependencies=[Depends(require_key)] if chosen.api_keys else [])
    for part in (*_PEOPLES, *_ADMINS, statics, health, reference, crawlers, site_lists):
        app.include_router(part)
    app.add_middleware(GZipMiddleware, minimum_size=_COMPRESSED_FROM, compresslevel=4)
    app.add_middleware(
        Guard,
        office=chosen.office_name,
        limits=Limits(Path(os.environ[SHARED]) / TABLE, chosen.requests_per_minute, chosen.office_name),
        upload_bytes=chosen.upload_megabytes * 1_000_000,
        framers=items(chosen.widget_origins),
    )
    if chosen.cors_origins:  # outermost: a refusal can be read too
        app.add_middleware(
            CORSMiddleware,
            allow_origins=items(chosen.cors_origins),
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "X-API-Key", "MCP-Protocol-Version", "Mcp-Method", "Mcp-Name"],
            expose_headers=["X-Answer-Id", "X-Request-ID"],
        )
    return app


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    held = await to_thread.run_sync(_open, app)  # opening stores may wait for a server
    service, talks = app.state.service, app.state.talks
    try:
        await _warm(service, app.state.suggestions)
    except TracuuError as error:  # the page says so too, and an admin can add documents there
        _log.warning(str(error))
    loops = [again_and_again(partial(_look_after, service, talks), _A_DAY, "Lỗi khi dọn dữ liệu cũ và xem lại chỉ mục")]
    if service.settings.database:
        loops.append(again_and_again(partial(_follow, service), _A_MOMENT, "Lỗi khi lấy điều máy khác vừa được dạy"))
    beside = [asyncio.create_task(loop) for loop in loops]
    try:
        async with serving(app):
            yield
    finally:
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        await talks.settle()
        for kept in held:
            kept.close()


def _open(app: FastAPI) -> tuple[_Held, ...]:
    """Open what the application stands on, and return what has to be closed."""
    state, chosen = app.state, app.state.settings
    service = state.service = Service.open(chosen)
    state.suggestions, state.talks = Suggestions(service), Talks(service)
    state.admins = Admins(chosen)
    state.sessions, state.attempts = Sessions(chosen.state, state.admins), Attempts(chosen.state)
    state.audit, state.jobs = Audit(chosen.state), Jobs(chosen.data, chosen.office_name)
    return state.talks, service, state.sessions, state.attempts, state.admins, state.audit, state.jobs


async def _warm(service: Service, suggestions: Suggestions) -> None:
    """Load everything that an answer needs, so that nobody waits for it."""
    await service.ask(_WARMING, Conversation())
    await service.search(_WARMING, 1)
    await suggestions.of("")


async def _follow(service: Service) -> None:
    """Take over what other machines are taught."""
    with contextlib.suppress(TracuuError):  # no index yet, a builder at work, a server that is away: again in a moment
        await service.run(lambda: service.teacher().follow())


async def _look_after(service: Service, talks: Talks) -> None:
    """Delete what has been kept for long enough, and read the whole index for what a disk forgot."""

    def look() -> None:
        service.prune()
        talks.prune()
        uploads.sweep(service.settings.data)
        leftovers.sweep(service.settings.data)
        service.look_again()

    await service.run(look)
