"""The page of a job: how far it is, what came of it; stopping it, and doing it all the same."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from bot.web.admin import audit
from bot.web.admin.access import changing
from bot.web.admin.adding import preview_of
from bot.web.admin.jobs import Job
from bot.web.admin.pages import Csrf, Who, jobs_of, page, started
from bot.web.admin.said_otherwise import SAYS
from bot.web.admin.uploads import discard, keep_copy
from bot.web.browsers import is_by_script
from bot.web.problems import Refused
from bot.web.state import service_of
from ingest.given import FIELDS

task_pages = APIRouter(prefix="/quan-tri", include_in_schema=False)

_STAMPED = 3  # dashes before the name of a file in the bin: <day>-<time>-<letters>-<name>


@task_pages.get("/viec/{id}")
def job_page(
    request: Request,
    session: Who,
    id: str,
    again: Annotated[bool, Query(alias="da-co")] = False,
    unforced: Annotated[bool, Query(alias="con-xet")] = False,
) -> Response:
    """Return how far a job is, and what came of it; to a script, as JSON.

    ``again``: it was asked for once more; ``unforced``: then with force, which it does without.
    """
    job = _found(request, id)
    if job.kind == "check" and job.state in ("failed", "stopped"):
        discard(request.app.state.settings.data, job.asked["files"])
    if is_by_script(request):
        told = {"state": job.state, "line": job.line, "at": job.at, "total": job.total, "seconds": round(job.seconds)}
        return JSONResponse(told)
    previews = [preview_of(job, at) for at in range(len(job.asked["files"]))] if job.kind == "check" and job.state == "done" else []
    unread = any(not card["reason"] and "facts" not in card for card in job.result.get("cards", []))
    open_still = not job.is_given_up and (any(previews) or unread)
    known = service_of(request).searcher().documents if job.result.get("files") else {}
    adding = jobs_of(request).adding(id) if job.kind == "check" else None
    given: dict[str, Any] = {
        "words": FIELDS,
        "says": SAYS,
        "previews": previews,
        "open_still": open_still,
        "adding": adding,
        "known": known,
    }
    return page(request, session, "job", job=job, again=again, unforced=unforced, **given)


@task_pages.post("/viec/{id}/dung")
def stop(request: Request, id: str, csrf: Csrf) -> Response:
    """Stop a job; the index in use goes on answering."""
    session = changing(request, csrf)
    job = _found(request, id)
    if jobs_of(request).stop(id):
        audit.note(request, session, "dừng việc đang làm", job.title)
    return RedirectResponse(f"/quan-tri/viec/{id}", 303)


@task_pages.post("/viec/{id}/van-lam")
def insist(request: Request, id: str, csrf: Csrf) -> Response:
    """Do once more what failed only for the admin's own questions, or for a document that would be lost, all the same."""
    session = changing(request, csrf)
    job = _found(request, id)
    if job.state != "failed" or not job.result.get("insist"):
        raise Refused(404, "Việc này không làm lại như vậy được.")
    return started(request, session, job.kind, job.asked | {"force": True}, "vẫn dùng bản chỉ mục mới dù chưa đạt", job.title)


@task_pages.post("/viec/{id}/dua-lai")
def put_back(request: Request, id: str, csrf: Csrf) -> Response:
    """Have files that were taken out checked, as if they were uploaded again."""
    session = changing(request, csrf)
    job = _found(request, id)
    data = request.app.state.settings.data
    kept = [data / "trash" / name for name in job.result.get("kept", [])]
    if not kept or not all(path.exists() for path in kept):
        raise Refused(404, "Tệp không còn được giữ. Hãy tải tệp lên lại.", "The file is gone.")
    files = [keep_copy(data, path, path.name.split("-", _STAMPED)[-1]) for path in kept]
    names = ", ".join(path.name for path in files)
    return started(request, session, "check", {"files": [str(path) for path in files]}, "đưa lại văn bản đã bỏ", names)


def _found(request: Request, id: str) -> Job:
    job = jobs_of(request).get(id)
    if job is None:
        raise Refused(404, "Không có việc này, hoặc việc đã quá 30 ngày.")
    return job
