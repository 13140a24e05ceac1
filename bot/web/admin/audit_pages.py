"""The audit log as a page, as a table for spreadsheets and as lines for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response, StreamingResponse

from bot.audit import Entry
from bot.csv_cells import harmless
from bot.web.admin.access import owner
from bot.web.admin.audit import audit_of, note
from bot.web.admin.pages import Who, page
from bot.web.admin.sessions import Session

audit_pages = APIRouter(prefix="/quan-tri/nhat-ky", include_in_schema=False)

By = Annotated[str, Query(alias="nguoi", max_length=200)]
Of = Annotated[str, Query(alias="viec", max_length=200)]
_SHOWN = 100
_COLUMNS = ("Lúc", "Ai", "Việc", "Với", "Số lần")


@audit_pages.get("")
def history_page(
    request: Request,
    session: Who,
    who: By = "",
    action: Of = "",
    before: Annotated[int, Query(alias="truoc", ge=0, le=2**62)] = 0,
) -> Response:
    """Return what was done, the newest first; of one person, or of one kind."""
    audit = audit_of(request)
    found = audit.entries(who, action, before, _SHOWN + 1)
    chosen = {"nguoi": who, "viec": action}
    given: dict[str, Any] = {
        "entries": found[:_SHOWN],
        "people": audit.people(),
        "actions": audit.actions(),
        "who": who,
        "action": action,
        "before": before,
    }
    older = f"?{urlencode(chosen | {'truoc': found[_SHOWN - 1].id})}" if len(found) > _SHOWN else ""
    return page(request, session, "history", **given, older=older, chosen=urlencode(chosen))


@audit_pages.get("/tai-ve")
def export(
    request: Request,
    session: Annotated[Session, Depends(owner)],
    form: Annotated[Literal["csv", "jsonl"], Query(alias="dang")] = "csv",
    who: By = "",
    action: Of = "",
) -> Response:
    """Return the log as a file."""
    note(request, session, "tải nhật ký về", form)
    entries, zone = audit_of(request).all(who, action), request.app.state.clock.zone
    lines, kind = (_csv(entries, zone), "text/csv") if form == "csv" else (_json_lines(entries, zone), "application/jsonl")
    headers = {"Content-Disposition": f'attachment; filename="nhat-ky.{form}"'}
    return StreamingResponse(lines, media_type=f"{kind}; charset=utf-8", headers=headers)


def _csv(entries: Iterable[Entry], zone: ZoneInfo) -> Iterator[str]:
    """Yield the lines of a table that spreadsheets open with its letters right, and in which they compute nothing."""
    line = io.StringIO()
    writer = csv.writer(line)
    yield "\ufeff"
    writer.writerow(_COLUMNS)
    for entry in entries:
        writer.writerow([harmless(cell) for cell in _row(entry, zone)])
        yield line.getvalue()
        line.seek(0)
        line.truncate()
    yield line.getvalue()


def _json_lines(entries: Iterable[Entry], zone: ZoneInfo) -> Iterator[str]:
    for entry in entries:
        yield json.dumps(_row(entry, zone)._asdict(), ensure_ascii=False) + "\n"


class _Row(NamedTuple):
    """An entry as it is taken out; the names are those of the file."""

    at: str
    who: str
    action: str
    on: str
    times: int


def _row(entry: Entry, zone: ZoneInfo) -> _Row:
    at = datetime.fromtimestamp(entry.at, zone).isoformat(timespec="seconds")
    return _Row(at, entry.who, entry.action, entry.target, entry.times)
