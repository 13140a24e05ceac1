"""The admin's pages: what all of them share, the index, statistics. The other modules here have those of their subjects."""

from __future__ import annotations

import time
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from bot.following import store_troubles
from bot.stats import part_of
from bot.web.admin import audit
from bot.web.admin.access import admin, changing
from bot.web.admin.figures import ENOUGH, figures, seconds
from bot.web.admin.jobs import STATES, Jobs, Kind, Started
from bot.web.admin.review import DAY, waiting
from bot.web.admin.sessions import Session
from bot.web.browsers import is_by_script
from bot.web.coverage import successor_wanted
from bot.web.plain_words import plainly, told
from bot.web.queueing import build_elsewhere
from bot.web.roots import going_out, root_of
from bot.web.state import service_of
from bot.web.templates import render
from rag.errors import IndexDamaged, IndexMissing
from rag.index.published import list_snapshots
from rag.storage import troubles

admin_pages = APIRouter(prefix="/quan-tri", include_in_schema=False)

Who = Annotated[Session, Depends(admin)]
Csrf = Annotated[str, Form()]


def jobs_of(request: Request) -> Jobs:
    """Return the jobs of the application."""
    jobs: Jobs = request.app.state.jobs
    return jobs


@admin_pages.get("")
def index_page(request: Request, session: Who) -> Response:
    """Return the state of the index and what was done last."""
    chosen, service = request.app.state.settings, service_of(request)
    troubled, wanted, snapshots, snapshot, documents = [], "", [], None, []
    try:
        snapshots = list_snapshots(chosen.data)
        searcher = service.own()
        snapshot, documents = searcher.snapshot, list(searcher.documents.values())
        troubled.append(plainly(snapshot.warning, chosen.corpus, chosen.data))
        wanted = successor_wanted(service.shelf(), service.today())
    except (IndexMissing, IndexDamaged) as error:
        troubled.append(told(error, chosen.corpus, chosen.data))
    troubled += [plainly(line, chosen.corpus, chosen.data) for line in (*store_troubles(chosen), *troubles(chosen.state))]
    return page(
        request,
        session,
        "index",
        snapshots=snapshots,
        snapshot=snapshot,
        present=[document for document in documents if document.present],
        named=sum(not document.present for document in documents),
        troubled=list(filter(None, troubled)),
        wanted=wanted,
        jobs=jobs_of(request).latest(15),
        states=STATES,
    )


@admin_pages.post("/lap-lai")
def reindex(request: Request, csrf: Csrf) -> Response:
    """Read what has changed in the corpus and publish a new index."""
    session = changing(request, csrf)
    if build_elsewhere(request):
        audit.note(request, session, "lập lại chỉ mục")
        return went(request, "/quan-tri/hang-doi")
    return started(request, session, "ingest", {}, "lập lại chỉ mục")


@admin_pages.get("/thong-ke")
def statistics_page(request: Request, session: Who, days: Annotated[int, Query(alias="ngay", ge=1, le=366)] = 30) -> Response:
    """Return how much was asked, what, and how it went."""
    service = service_of(request)
    found = figures(service.kept.journal.entries(time.time() - days * DAY), days, request.app.state.clock)
    return page(request, session, "statistics", figures=found, days=days, enough=ENOUGH, part_of=part_of, seconds=seconds)


def page(request: Request, session: Session, name: str, status: int = 200, **given: Any) -> Response:  # noqa: ANN401
    """Return a page behind the door."""
    shared: dict[str, Any] = {
        "csrf": session.csrf,
        "session": session,
        "may_edit": session.may_edit,
        "waiting": waiting(request),
        "has_queue": request.app.state.settings.database is not None,
    }
    return render(request, f"admin/{name}.html", status, **shared, **given)


def started(request: Request, session: Session, kind: Kind, asked: dict[str, Any], action: str, on: str = "") -> Response:
    """Start a job and go to its page; where it is new, it is kept that the admin did that (``action``, ``on``: as for the audit)."""
    job = jobs_of(request).start(kind, asked, session.name)
    if job.is_new:
        audit.note(request, session, action, on)
    return led_to(request, job)


def led_to(request: Request, job: Started) -> Response:
    """Go to the page of a job; one that was there before says so."""
    said = {"da-co": not job.is_new, "con-xet": job.is_unforced}
    asked = urlencode({name: 1 for name, is_so in said.items() if is_so})
    return went(request, f"/quan-tri/viec/{job.id}{asked and '?'}{asked}")


def went(request: Request, path: str) -> Response:
    """Send a browser to another page; a script is told where that is."""
    if is_by_script(request):
        return JSONResponse({"location": going_out(path, root_of(request))}, 202)
    return RedirectResponse(path, 303)
