"""Documents into the corpus: uploaded, checked, looked at page by page, corrected, added."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, RedirectResponse, Response
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from bot.web.admin import audit
from bot.web.admin.access import admin, changing
from bot.web.admin.jobs import Job, Started
from bot.web.admin.pages import Csrf, Who, jobs_of, led_to, page, started
from bot.web.admin.preview import picture, read_preview
from bot.web.admin.said_otherwise import said_in
from bot.web.admin.uploads import MOST, discard, store
from bot.web.browsers import part_wanted
from bot.web.problems import Refused
from bot.web.state import service_of
from bot.web.templates import render

adding_pages = APIRouter(prefix="/quan-tri", include_in_schema=False)

_GONE = "Tệp tải lên không còn được giữ (đã thêm, đã bỏ, hoặc để quá một ngày). Hãy tải lên lại."


@adding_pages.post("/tai-len")
async def upload(request: Request) -> Response:
    """Keep the files and have them checked; only for who is logged in is anything received at all."""
    service = service_of(request)
    await service.run(admin, request)
    form = await _uploaded(request)
    try:
        session = await service.run(changing, request, str(form.get("csrf", "")))
        files = await store(request.app.state.settings.data, form.getlist("files"))
    finally:
        await form.close()
    asked, names = {"files": [str(path) for path in files]}, ", ".join(path.name for path in files)
    return await service.run(started, request, session, "check", asked, "tải tệp lên để kiểm tra", names)


async def _uploaded(request: Request) -> FormData:
    try:
        return await request.form(max_files=MOST, max_fields=5)
    except HTTPException:  # its words are for programmers, in English
        raise Refused(422, f"Không nhận được các tệp: mỗi lần tối đa {MOST} tệp. Hãy chia ra tải nhiều lần.", "Too many files.") from None


@adding_pages.get("/viec/{id}/tep/{at}")
def preview(request: Request, session: Who, id: str, at: int, number: Annotated[int, Query(alias="trang", ge=1)] = 1) -> Response:
    """Return a page as it was read beside its picture; to a script, only that part."""
    job = _checked(jobs_of(request).get(id), at)
    given = preview_of(job, at, number)
    if given is None:
        raise Refused(404, _GONE, "The upload is gone.")
    if part_wanted(request):
        return render(request, "admin/preview.html", **given)
    return page(request, session, "upload", **given)


@adding_pages.get("/viec/{id}/tep/{at}/{number}.webp")
async def preview_picture(request: Request, id: str, at: int, number: int) -> Response:
    """Return a page of an uploaded PDF as a picture."""
    service = service_of(request)
    await service.run(admin, request)
    job = _checked(await service.run(jobs_of(request).get, id), at)
    file = Path(job.asked["files"][at])
    if not job.result["cards"][at].get("paged") or not file.exists() or not 1 <= number <= job.result["cards"][at]["pages"]:
        raise Refused(404, _GONE, "The upload is gone.")
    return FileResponse(await picture(file, number), media_type="image/webp")


@adding_pages.post("/viec/{id}/dong-y")
async def agree(request: Request, id: str) -> Response:
    """Add what was checked and is not left out, with what the admin says otherwise; once, however often that is sent."""
    form = await request.form()
    service = service_of(request)
    session = await service.run(changing, request, str(form.get("csrf", "")))
    jobs = jobs_of(request)
    job = await service.run(jobs.get, id)
    if job is None or job.kind != "check" or job.state != "done":
        raise Refused(404, "Không có việc này, hoặc tệp chưa kiểm tra xong.")
    if adding := await service.run(jobs.adding, id):
        return led_to(request, Started(adding.id, is_new=False))
    taken = [at for at, card in enumerate(job.result["cards"]) if not card["reason"] and form.get(f"take-{at}")]
    if not taken:
        raise Refused(422, "Chưa chọn tệp nào để thêm. Hãy quay lại và đánh dấu ít nhất một tệp.", "No file was chosen.")
    files = [job.asked["files"][at] for at in taken]
    if not all(Path(file).exists() for file in files):
        raise Refused(404, _GONE, "The upload is gone.")
    asked = {
        "files": files,
        "given": [_given(form, at, job.result["cards"][at]) for at in taken],
        "left_out": [file for file in job.asked["files"] if file not in files],
        "check": id,
    }
    names = ", ".join(Path(file).name for file in files)
    return await service.run(started, request, session, "add", asked, "thêm văn bản", names)


@adding_pages.post("/viec/{id}/huy")
def give_up(request: Request, id: str, csrf: Csrf) -> Response:
    """Throw uploaded files away, unless they are being added or are added."""
    session, jobs = changing(request, csrf), jobs_of(request)
    job = jobs.get(id)
    if job and jobs.give_up(id):
        discard(request.app.state.settings.data, job.asked["files"])
        audit.note(request, session, "bỏ tệp tải lên", ", ".join(Path(file).name for file in job.asked["files"]))
    elif adding := jobs.adding(id):
        return led_to(request, Started(adding.id, is_new=False))
    return RedirectResponse("/quan-tri/van-ban", 303)


def preview_of(job: Job, at: int, number: int = 1) -> dict[str, Any] | None:
    """Return what the preview of a file's page needs (``number``: the first is 1); nothing where the file is gone."""
    file = Path(job.asked["files"][at])
    sheets = read_preview(file) if file.exists() else []
    if not sheets:
        return None
    number = min(number, len(sheets))
    sheet, card, link = sheets[number - 1], job.result["cards"][at], f"/quan-tri/viec/{job.id}/tep/{at}"
    image = f"{link}/{sheet.number}.webp" if card.get("paged") and sheet.number else ""
    return {"job": job, "card": card, "sheet": sheet, "place": number, "sheets": len(sheets), "link": link, "image": image}


def _given(form: FormData, at: int, card: dict[str, Any]) -> dict[str, str]:
    """What is said of a file: what was doubtful and is agreed to, and what is corrected."""
    facts = card.get("facts")
    return {name: facts[name] for name in card["doubts"]} | said_in(form, facts, f"{at}-") if facts else {}


def _checked(job: Job | None, at: int) -> Job:
    if job is None or job.kind != "check" or job.state != "done" or not 0 <= at < len(job.asked["files"]):
        raise Refused(404, "Không có tệp này.")
    return job
