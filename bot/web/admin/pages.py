"""The admin's pages: the index and its snapshots, documents, uploads, statistics; ``questions`` has those on questions."""

from __future__ import annotations

import time
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from bot.database import troubles
from bot.web.admin.access import admin, changing
from bot.web.admin.figures import figures
from bot.web.admin.jobs import Jobs, Kind
from bot.web.admin.sessions import Session
from bot.web.admin.uploads import discard, store
from bot.web.api import desk_of
from bot.web.problems import Refused
from bot.web.templates import instant, render
from ingest.given import FIELDS, Given, wrong_days
from ingest.printing import doubts_of, facts_of
from ingest.status import overview
from rag.errors import IndexDamaged, IndexMissing
from rag.index.publishing import rollback as go_back
from rag.index.snapshot import list_snapshots
from rag.language.text import squeeze

admin_pages = APIRouter(prefix="/quan-tri", include_in_schema=False)

Who = Annotated[Session, Depends(admin)]
Csrf = Annotated[str, Form()]
DAY = 86_400


def jobs_of(request: Request) -> Jobs:
    """Return the jobs of the application."""
    jobs: Jobs = request.app.state.jobs
    return jobs


@admin_pages.get("")
def index_page(request: Request, session: Who, said: Annotated[str, Query(alias="xong", max_length=300)] = "") -> Response:
    """Return the state of the index and what was done last."""
    trouble, wanted, snapshots, snapshot = "", "", [], None
    try:
        snapshots = list_snapshots(request.app.state.settings.data)
        snapshot = desk_of(request).searcher().snapshot
        trouble = snapshot.warning
        wanted = desk_of(request).successor_wanted()
    except (IndexMissing, IndexDamaged) as error:
        trouble = str(error)
    trouble = " ".join(filter(None, (trouble, *troubles(request.app.state.settings.data))))
    done = jobs_of(request).latest()
    return page(request, session, "index", snapshots=snapshots, snapshot=snapshot, trouble=trouble, wanted=wanted, said=said, jobs=done)


@admin_pages.get("/van-ban")
def documents_page(request: Request, session: Who) -> Response:
    """Return the documents, the files that cannot be read, and the upload."""
    chosen = request.app.state.settings
    try:
        found = overview(chosen.corpus, chosen.data, desk_of(request).searcher().store, chosen.today)
    except IndexMissing:
        found = None
    return page(request, session, "documents", overview=found, megabytes=chosen.upload_megabytes)


@admin_pages.post("/tai-len")
async def upload(request: Request) -> Response:
    """Keep the files and have them checked; only for who is logged in is anything received at all."""
    desk = desk_of(request)
    await desk.run(admin, request)
    async with request.form(max_files=20, max_fields=5) as form:
        await desk.run(changing, request, str(form.get("csrf", "")))
        files = await store(request.app.state.settings.data, form.getlist("files"))
    id = await desk.run(jobs_of(request).start, "check", {"files": [str(path) for path in files]})
    return _went(request, f"/quan-tri/viec/{id}")


@admin_pages.get("/viec/{id}")
def job_page(request: Request, session: Who, id: str) -> Response:
    """Return how far a job is; to a script, as JSON."""
    job = jobs_of(request).get(id)
    if job is None:
        raise Refused(404, "Không có việc này.")
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"state": job.state, "line": job.line})
    return page(request, session, "job", job=job, words=FIELDS)


@admin_pages.post("/viec/{id}/dong-y")
async def agree(request: Request, id: str) -> Response:
    """Add what was checked, with what the admin says otherwise."""
    form = await request.form()
    desk = desk_of(request)
    await desk.run(changing, request, str(form.get("csrf", "")))
    job = await desk.run(jobs_of(request).get, id)
    if job is None or job.kind != "check" or job.state != "done":
        raise Refused(404, "Không có việc này, hoặc tệp chưa kiểm tra xong.")
    guessed = job.result["guessed"]
    confirmed = {name: guessed[name] for name in job.result["doubtful"]}
    given = confirmed | _said(form, guessed) if guessed else {}
    asked = {"files": job.asked["files"], "given": given, "force": bool(form.get("force"))}
    return RedirectResponse(f"/quan-tri/viec/{await desk.run(jobs_of(request).start, 'add', asked)}", 303)


@admin_pages.post("/viec/{id}/huy")
def give_up(request: Request, id: str, csrf: Csrf) -> Response:
    """Throw uploaded files away."""
    changing(request, csrf)
    job = jobs_of(request).get(id)
    if job and job.kind == "check":
        discard(request.app.state.settings.data, job.asked["files"])
    return RedirectResponse("/quan-tri/van-ban", 303)


@admin_pages.get("/sua")
def edit_page(request: Request, session: Who, number: Annotated[str, Query(alias="so", max_length=300)]) -> Response:
    """Return the form on what a document is."""
    document = desk_of(request).searcher().documents.get(number)
    if document is None or not document.present:
        raise Refused(404, f"Không có văn bản {number}.", "No such document.")
    return page(request, session, "edit", document=document, facts=facts_of(document), words=FIELDS, doubts=doubts_of(document))


@admin_pages.post("/sua")
async def edit(request: Request) -> Response:
    """Say otherwise what a document is; an emptied field has no value."""
    form = await request.form()
    desk = desk_of(request)
    await desk.run(changing, request, str(form.get("csrf", "")))
    document = (await desk.run(desk.searcher)).documents.get(str(form.get("document", "")))
    if document is None:
        raise Refused(404, "Không có văn bản này.", "No such document.")
    doubtful = {doubt.reading for doubt in document.doubts}
    facts = facts_of(document)
    said = {name: value for name, value in facts.items() if value in doubtful} | _said(form, facts)
    if not said:
        return RedirectResponse("/quan-tri/van-ban", 303)
    asked = {"number": document.source or document.number, "said": said}
    return RedirectResponse(f"/quan-tri/viec/{await desk.run(jobs_of(request).start, 'edit', asked)}", 303)


@admin_pages.post("/bo")
def remove(request: Request, csrf: Csrf, number: Annotated[str, Form(max_length=200)]) -> Response:
    """Take a document out; its file is kept."""
    changing(request, csrf)
    return _started(request, "remove", {"number": number})


@admin_pages.post("/lap-lai")
def reindex(request: Request, csrf: Csrf, force: Annotated[bool, Form()] = False) -> Response:
    """Read what has changed in the corpus and publish a new index."""
    changing(request, csrf)
    return _started(request, "ingest", {"force": force})


@admin_pages.post("/quay-lai")
def roll_back(request: Request, csrf: Csrf) -> Response:
    """Go back to the index before."""
    changing(request, csrf)
    info = go_back(request.app.state.settings.data)
    said = f"Đã quay về bản chỉ mục lập lúc {instant(info.created, request.app.state.clock)}."
    return RedirectResponse(f"/quan-tri?{urlencode({'xong': said})}", 303)


@admin_pages.get("/thong-ke")
def statistics_page(request: Request, session: Who, days: Annotated[int, Query(alias="ngay", ge=1, le=366)] = 30) -> Response:
    """Return how much was asked, what, and how it went."""
    desk = desk_of(request)
    found = figures(desk.journal.entries(time.time() - days * DAY), days, request.app.state.clock)
    return page(request, session, "statistics", figures=found, days=days)


def _said(form: FormData, facts: dict[str, str]) -> Given:
    """What a form says otherwise than ``facts``. Raises ``Refused`` for a day that is none."""
    values = {name: squeeze(str(form.get(name, facts[name]))) for name in FIELDS}
    said = {name: value for name, value in values.items() if value != facts[name]}
    if wrong := wrong_days(said):
        raise Refused(422, f"{FIELDS[wrong[0]].capitalize()} phải là một ngày, viết năm-tháng-ngày như 2026-01-31.", "Not a date.")
    return said


def page(request: Request, session: Session, name: str, status: int = 200, **given: Any) -> Response:  # noqa: ANN401
    """Return a page behind the door."""
    return render(request, f"admin/{name}.html", status, csrf=session.csrf, **given)


def _started(request: Request, kind: Kind, asked: dict[str, Any]) -> Response:
    return _went(request, f"/quan-tri/viec/{jobs_of(request).start(kind, asked)}")


def _went(request: Request, path: str) -> Response:
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"location": path}, 202)
    return RedirectResponse(path, 303)
