"""The application: put together here, started by ``serve``."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from fastapi import Depends, FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware

from bot import settings
from bot.clock import Clock
from bot.settings import items
from bot.web import problems
from bot.web.admin.access import access
from bot.web.admin.jobs import Jobs
from bot.web.admin.pages import admin_pages
from bot.web.admin.questions import question_pages
from bot.web.admin.sessions import Sessions
from bot.web.api import api
from bot.web.api_lists import lists
from bot.web.desk import Desk
from bot.web.documents import documents
from bot.web.guard import Guard
from bot.web.health import health
from bot.web.keys import require_key
from bot.web.limits import Limits
from bot.web.lists import list_pages
from bot.web.logs import log_to_stderr
from bot.web.pages import pages
from bot.web.reference import reference
from bot.web.shared import SHARED, TABLE
from bot.web.statics import statics
from ingest.trust import TrustRoots
from rag.errors import TracuuError

_log = logging.getLogger("tracuu.web")
_COMPRESSED_FROM = 20_000  # bytes: smaller pages are sent faster than they are compressed
_A_DAY = 86_400


def create() -> FastAPI:
    """Return the application that the settings ask for; ``serve`` has made the folder ``SHARED``. Raises ``SettingError``."""
    chosen = settings.load()
    log_to_stderr()
    app = FastAPI(
        title="Tra Cứu",
        version="1",
        description="Hỏi đáp về văn bản giáo dục; câu trả lời nào cũng kèm nguồn trích dẫn.",
        docs_url=None,
        redoc_url=None,
        lifespan=_life,
    )
    app.state.settings = chosen
    app.state.trust_roots = TrustRoots.load(chosen.trust_roots)
    app.state.clock = Clock(ZoneInfo(chosen.timezone), chosen.today)
    problems.install(app)
    for part in (api, lists):
        app.include_router(part, dependencies=[Depends(require_key)] if chosen.api_keys else [])
    for part in (health, reference, pages, documents, list_pages, statics, access, admin_pages, question_pages):
        app.include_router(part)
    app.add_middleware(GZipMiddleware, minimum_size=_COMPRESSED_FROM, compresslevel=4)
    if chosen.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=items(chosen.cors_origins),
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "X-API-Key"],
            expose_headers=["X-Answer-Id", "X-Request-ID"],
        )
    app.add_middleware(
        Guard,
        limits=Limits(Path(os.environ[SHARED]) / TABLE, chosen.requests_per_minute),
        upload_bytes=chosen.upload_megabytes * 1_000_000,
        framers=items(chosen.widget_origins),
    )
    return app


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    chosen = app.state.settings
    desk = app.state.desk = Desk(chosen, app.state.clock)
    app.state.sessions, app.state.jobs = Sessions(chosen.data), Jobs(chosen.data)
    try:
        await desk.warm()
    except TracuuError as error:  # the page says so too, and an admin can add documents there
        _log.warning(str(error))
    looking_after = asyncio.create_task(_look_after(desk))
    yield
    looking_after.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await looking_after
    await desk.settle()
    for kept in (desk, app.state.sessions, app.state.jobs):
        kept.close()


async def _look_after(desk: Desk) -> None:
    while True:
        try:
            await desk.run(desk.look_after)
        except TracuuError as error:  # another day, then
            _log.warning("%s", error)
        await asyncio.sleep(_A_DAY)
