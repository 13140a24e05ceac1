"""The page of the queue: which work waits, is done or has failed, who does it; doing it once more, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from bot.web.admin import audit
from bot.web.admin.access import changing
from bot.web.admin.pages import Csrf, Who, page
from bot.web.problems import Refused
from bot.web.queueing import queue_of
from rag.errors import DatabaseAway

if TYPE_CHECKING:
    from ingest.work.queue import Queue
    from ingest.work.watching import Job

queue_pages = APIRouter(prefix="/quan-tri/hang-doi", include_in_schema=False)

_SHOWN = 100
_NONE = "Máy này không có hàng đợi: mọi việc được làm ngay trên máy."


@queue_pages.get("")
def queue_page(request: Request, session: Who) -> Response:
    """Return what is in the queue, and how it stands."""
    from ingest.work import watching

    given: dict[str, Any] = {"jobs": [], "figures": None, "trouble": "", "shown": _SHOWN, "since": watching.lasting}
    try:
        queue = _queue(request)
        given |= {"jobs": watching.jobs(queue, most=_SHOWN), "figures": watching.figures(queue)}
    except DatabaseAway as error:
        given["trouble"] = str(error)
    return page(request, session, "queue", 503 if given["trouble"] else 200, **given)


@queue_pages.post("/{id}/lam-lai")
def retry(request: Request, id: int, csrf: Csrf) -> Response:
    """Do a job once more that has failed."""
    from ingest.work import watching

    return _changed(request, id, csrf, "làm lại việc trong hàng đợi", lambda queue, job: watching.again(queue, [job]))


@queue_pages.post("/{id}/bo")
def cancel(request: Request, id: int, csrf: Csrf) -> Response:
    """Take a job out of the queue, or have it end after the page that is being read."""
    from ingest.work import watching

    return _changed(request, id, csrf, "bỏ việc trong hàng đợi", lambda queue, job: watching.cancel(queue, [job]))


def _changed(request: Request, id: int, csrf: str, what: str, change: Callable[[Queue, Job], object]) -> Response:
    from ingest.work import watching

    session = changing(request, csrf)
    queue = _queue(request)
    job = watching.job(queue, id)
    if job is None:
        raise Refused(404, "Không có việc này, hoặc việc đã xong từ lâu.")
    change(queue, job)
    audit.note(request, session, what, f"{job.title} {job.about}".strip())
    return RedirectResponse("/quan-tri/hang-doi", 303)


def _queue(request: Request) -> Queue:
    queue = queue_of(request)
    if queue is None:
        raise Refused(404, _NONE)
    return queue
