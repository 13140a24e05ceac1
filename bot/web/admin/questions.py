"""The admin's pages on questions: what was not answered, what people picked, and teaching where the answer stands."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from bot.journal import Entry
from bot.nameless import HIDDEN, nameless
from bot.stats import KINDS
from bot.web.admin.access import changing
from bot.web.admin.pages import DAY, Csrf, Who, page
from bot.web.admin.sessions import Session
from bot.web.api import desk_of
from bot.web.problems import Refused
from ingest.questions import LONGEST
from ingest.teaching import Teacher
from rag.errors import TracuuError
from rag.finding.search import Hit
from rag.finding.taught import as_typed
from rag.index.bank import ELSEWHERE, BankEntry

question_pages = APIRouter(prefix="/quan-tri/cau-hoi", include_in_schema=False)

Words = Annotated[str, Form(max_length=4 * LONGEST)]
Place = Annotated[str, Form(max_length=500)]
_SHOWN = 200
_FOUND = 10
_WAIT = 5.0  # seconds for another builder


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the page lists it: how often and when last it was asked, the answer's id, whether it is taught by now."""

    question: str
    times: int
    entry: Entry
    taught: bool


@question_pages.get("")
def questions_page(
    request: Request,
    session: Who,
    days: Annotated[int, Query(alias="ngay", ge=1, le=3650)] = 30,
    said: Annotated[str, Query(alias="xong", max_length=3 * LONGEST)] = "",
) -> Response:
    """Return what could not be answered, what people found wrong or picked themselves, and what is taught."""
    desk = desk_of(request)
    taught, trouble = _taught(request)
    known = {as_typed(entry.question) for entry in taught}
    entries = desk.journal.entries(time.time() - days * DAY)
    lists = {status: _asked(entries, status, known) for status in ("not_found", "offered")}
    disliked = [(entry, _question_of(request, entry)) for entry in reversed(entries) if entry.vote == "down"][:_SHOWN]
    return page(
        request,
        session,
        "questions",
        asked=lists,
        disliked=disliked,
        picks=desk.picks.all(days)[:_SHOWN],
        taught=taught[::-1],
        said=said,
        trouble=trouble,
        days=days,
        kinds=KINDS,
    )


def _asked(entries: Sequence[Entry], status: str, known: set[tuple[str, ...]]) -> list[Asked]:
    of = [(nameless(entry.question), entry) for entry in entries if entry.status == status]
    latest = dict(of)
    times = Counter(question for question, _ in of).most_common(_SHOWN)
    return [Asked(question, count, latest[question], as_typed(question) in known) for question, count in times]


def _question_of(request: Request, entry: Entry) -> str:
    """The words of a question, where they are kept: with it, or in its conversation."""
    turn = None if entry.question else desk_of(request).turns.get(entry.id)
    return nameless(entry.question or (turn.answer["question"] if turn else ""))


def _taught(request: Request) -> tuple[list[BankEntry], str]:
    try:
        return _teacher(request).taught(), ""
    except TracuuError as error:
        return [], str(error)


def _teacher(request: Request) -> Teacher:
    chosen = request.app.state.settings
    return desk_of(request).teacher(chosen.corpus, chosen.data, _WAIT)


@question_pages.get("/day")
def lesson_page(
    request: Request,
    session: Who,
    question: Annotated[str, Query(alias="cau", max_length=4 * LONGEST)] = "",
    wanted: Annotated[str, Query(alias="tim", max_length=4 * LONGEST)] = "",
) -> Response:
    """Return the provisions that may answer a question, to pick one."""
    return _lesson(request, session, question, wanted)


def _lesson(request: Request, session: Session, question: str, wanted: str = "", trouble: str = "") -> Response:
    asked = " ".join(nameless(question).replace(HIDDEN, " ").split())
    hits: list[Hit] = []
    try:
        hits = desk_of(request).search(wanted or asked, _FOUND) if wanted or asked else []
    except TracuuError as error:
        trouble = trouble or str(error)
    numbers = list(dict.fromkeys(hit.document for hit in hits))
    given = {"question": asked, "wanted": wanted or asked, "hits": hits, "numbers": numbers, "longest": LONGEST}
    return page(request, session, "lesson", status=422 if trouble else 200, trouble=trouble, between=ELSEWHERE, **given)


@question_pages.post("/day")
def teach(request: Request, csrf: Csrf, question: Words, place: Place, picked: Annotated[bool, Form()] = False) -> Response:
    """Teach that a provision (``SỐ|MỤC``) answers a question, or that a document (``SỐ|``) does not; in use at once."""
    session = changing(request, csrf)
    number, _, section = place.rpartition(ELSEWHERE)
    try:
        _teacher(request).teach(question, number, section)
    except TracuuError as error:
        return _lesson(request, session, question, trouble=str(error))
    if picked:
        desk_of(request).picks.drop(question)
    answers = f"mục {section} của {number} trả lời" if section else f"{number} không trả lời"
    return _done(f"Đã dạy, có hiệu lực ngay: {answers} câu “{question}”.")


@question_pages.post("/bo-day")
def take_back(request: Request, csrf: Csrf, question: Words, number: Annotated[str, Form(max_length=200)]) -> Response:
    """Take back what was taught of a question."""
    changing(request, csrf)
    try:
        _teacher(request).undo(question, number)
    except TracuuError as error:
        raise Refused(422, str(error), "It cannot be taken back.") from None
    return _done(f"Đã bỏ điều đã dạy về câu “{question}”.")


@question_pages.post("/bo-goi-y")
def drop_pick(request: Request, csrf: Csrf, question: Words) -> Response:
    """Forget what people picked for a question."""
    changing(request, csrf)
    desk_of(request).picks.drop(question)
    return _done(f"Đã bỏ gợi ý cho câu “{question}”.")


def _done(said: str) -> Response:
    return RedirectResponse(f"/quan-tri/cau-hoi?{urlencode({'xong': said})}", 303)


@question_pages.get("/{id}")
def question_page(request: Request, session: Who, id: str) -> Response:
    """Return the conversation around an answer."""
    desk = desk_of(request)
    turn = desk.turns.get(id)
    if turn is None:
        raise Refused(404, "Không giữ hội thoại quanh câu này (hỏi qua API, kênh khác, hoặc đã xóa).")
    turns = [(each.id == id, nameless(each.answer["question"]), each) for each in desk.turns.of(turn.conversation)]
    return page(request, session, "question", turns=turns)
