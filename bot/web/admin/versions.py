"""Going back to the index before: what differs between the two, asked first, told afterwards."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from bot.index_options import shards_of
from bot.settings import Settings
from bot.web.admin import audit
from bot.web.admin.access import changing
from bot.web.admin.pages import Csrf, Who, jobs_of, page
from bot.web.plain_words import plainly
from bot.web.problems import Refused
from bot.web.templates import instant
from ingest.changes import IndexOutline, compare
from ingest.options import Options
from ingest.shared_corpus import go_back
from rag.documents import Document
from rag.errors import IndexChanged
from rag.index.manifest import SnapshotInfo
from rag.index.published import list_snapshots
from rag.index.store import Store

version_pages = APIRouter(prefix="/quan-tri", include_in_schema=False)

Row = tuple[str, str]
"""A document's number and title."""


class Fact(NamedTuple):
    """Something that is said of a document, by name, and what is said instead."""

    name: str
    before: str
    after: str


class Changed(NamedTuple):
    """A document that is another one, and what of it."""

    number: str
    title: str
    facts: list[Fact]


@dataclass(slots=True)
class Differences:
    """What going from one index to another does to the documents in full."""

    gone: list[Row] = field(default_factory=list)
    back: list[Row] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.gone or self.back or self.changed)


def differences(now: list[Document], then: list[Document]) -> Differences:
    """Return what would be different if ``then`` were the documents and not ``now``."""
    of_now, of_then = ({document.number: document for document in each if document.present} for each in (now, then))
    found = Differences()
    renamed = {
        new.number: old.number
        for old in of_now.values()
        for new in of_then.values()
        if old.number not in of_then and new.number not in of_now and old.source == new.source and old.checksum == new.checksum
    }
    for change in compare(IndexOutline(of_now), IndexOutline(of_then)):
        if change.number in renamed.values():
            continue
        if change.number in renamed:
            before = of_now[renamed[change.number]]
            found.changed.append(Changed(before.number, before.title, [Fact("số hiệu", before.number, change.number)]))
        elif change.what == "changed":
            facts = [Fact(each.words, each.before, each.after) for each in change.fields]
            found.changed.append(Changed(change.number, change.title, facts))
        else:
            (found.back if change.what == "added" else found.gone).append((change.number, change.title))
    named = {each.number for each in found.changed}
    for number, document in of_now.items():
        other = of_then.get(number)
        if other and other.checksum != document.checksum and number not in named:
            found.changed.append(Changed(number, document.title, [Fact("nội dung của tệp", "bản đang dùng", "bản trước")]))
    return found


@version_pages.get("/quay-lai")
def roll_back_page(request: Request, session: Who) -> Response:
    """Say what going back changes, and ask."""
    versions = list_snapshots(request.app.state.settings.data)
    found = _between(versions) if len(versions) > 1 else None
    return page(request, session, "rollback", versions=versions[:2], differences=found)


@version_pages.post("/quay-lai")
def roll_back(request: Request, csrf: Csrf, now: Annotated[str, Form(max_length=100)] = "") -> Response:
    """Go back to the index before ``now``, the one that the page was about."""
    session = changing(request, csrf)
    chosen: Settings = request.app.state.settings
    versions = list_snapshots(chosen.data)
    if len(versions) < 2:
        raise Refused(409, "Không còn bản chỉ mục nào trước bản đang dùng, nên không có gì để quay về.", "There is no index before.")
    found = _between(versions)
    options = Options(chosen.encoder, store=chosen.store, shards=shards_of(chosen))
    try:
        info, to_copy = go_back(chosen.data, options, lambda line: None, now)
    except IndexChanged:
        problem = "Chỉ mục đã đổi từ khi trang này mở. Hãy mở lại trang để xem sẽ đổi những gì."
        raise Refused(409, problem, "The index has changed.") from None
    created = instant(info.created, request.app.state.clock)
    audit.note(request, session, "quay về bản chỉ mục trước", created)
    result: dict[str, Any] = asdict(found) | {
        "told": f"Đã quay về bản chỉ mục lập lúc {created}; bản này đang trả lời.",
        "to_copy": plainly(to_copy, chosen.data),
    }
    id = jobs_of(request).note("rollback", {}, session.name, result)
    return RedirectResponse(f"/quan-tri/viec/{id}", 303)


def _between(versions: list[SnapshotInfo]) -> Differences:
    now, then = (Store.open(info.path / "store.sqlite").documents() for info in versions[:2])
    return differences(now, then)
