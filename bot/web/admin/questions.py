"""The admin's pages on questions: what to look at, what people picked, and teaching where the answer stands."""

from __future__ import annotations

import time
from collections import Counter
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from bot.nameless import nameless
from bot.stats import OUTCOMES
from bot.web.admin.access import changing
from bot.web.admin.audit import note
from bot.web.admin.pages import Csrf, Who, page
from bot.web.admin.review import CHANNELS, DAY, TROUBLES, USUAL, Asked, Wanted, alike, askable, asked_of, taught_words, teacher_of
from bot.web.admin.sessions import Session
from bot.web.paging import page_of
from bot.web.problems import Refused
from bot.web.state import service_of, talks_of
from ingest.bank_files import LONGEST
from rag.documents import Answer
from rag.errors import TracuuError
from rag.finding.search import Hit
from rag.index.bank import ELSEWHERE, BankEntry

question_pages = APIRouter(prefix="/quan-tri/cau-hoi", include_in_schema=False)

Words = Annotated[str, Form(max_length=4 * LONGEST)]
Place = Annotated[str, Form(max_length=500)]
Back = Annotated[str, Form(max_length=2000)]
_VIEWS = {"": "Cần xem", "xong": "Đã xử lý", "chon": "Người hỏi tự chọn", "day": "Đã dạy"}
_PERIODS = {7: "7 ngày qua", 30: "30 ngày qua", 90: "90 ngày qua", 365: "một năm qua", 3650: "từ trước tới nay"}
_A_PAGE = 20
_FOUND = 10
_PICKS = 200
_OF_THE_MOMENT = ("xong", "dau", "lai")  # what an address says of what was just done


def _wanted(
    days: Annotated[int, Query(alias="ngay", ge=1, le=3650)] = USUAL,
    trouble: Annotated[str, Query(alias="loai", max_length=20)] = "",
    topic: Annotated[str, Query(alias="chu-de", max_length=1000)] = "",
    words: Annotated[str, Query(alias="tim", max_length=LONGEST)] = "",
    view: Annotated[str, Query(alias="xem", max_length=20)] = "",
) -> Wanted:
    return Wanted(days, trouble if trouble in TROUBLES else "", topic, words.strip(), done=view == "xong")


@question_pages.get("")
def questions_page(
    request: Request,
    session: Who,
    wanted: Annotated[Wanted, Depends(_wanted)],
    view: Annotated[str, Query(alias="xem", max_length=20)] = "",
    at: Annotated[int, Query(alias="trang", ge=1)] = 1,
    said: Annotated[str, Query(alias="xong", max_length=3 * LONGEST)] = "",
    seal: Annotated[str, Query(alias="dau", max_length=32)] = "",
    undone: Annotated[str, Query(alias="lai", max_length=64)] = "",
) -> Response:
    """Return the questions to look at, or those dealt with, or what people picked themselves, or what is taught."""
    service = service_of(request)
    entries, known = service.kept.journal.troubled(time.time() - wanted.days * DAY), taught_words(request)
    waiting, done = asked_of(entries, known), asked_of(entries, known, done=True)
    picks, (taught, trouble) = service.kept.picks.all(wanted.days)[:_PICKS], _taught(request)
    counts = {"": len(waiting), "xong": len(done), "chon": len(picks), "day": len(taught)}
    listed = done if wanted.done else waiting
    found = [asked for asked in listed if wanted.has(asked)]
    shown = page_of(found, at, _A_PAGE)
    return page(
        request,
        session,
        "questions",
        view=view if view in _VIEWS else "",
        views=[(key, name, counts[key]) for key, name in _VIEWS.items()],
        wanted=wanted,
        found=shown.items,
        total=len(found),
        at=shown.number,
        last=shown.last,
        others=len(listed) - len(found),
        topics=Counter(topic for asked in listed for topic in {entry.topic for entry in asked.entries} if topic).most_common(),
        troubles=TROUBLES,
        periods=_PERIODS,
        here=_here(request),
        picks=picks,
        taught=taught[::-1],
        said=session.own(said, seal),
        undone=undone,
        trouble=trouble,
    )


def _here(request: Request) -> str:
    """The query of this page, to come back to it; without what was just done."""
    return urlencode(
        [(name, value) for name, value in request.query_params.multi_items() if name not in (*_OF_THE_MOMENT, "trang") and value]
    )


def _taught(request: Request) -> tuple[list[BankEntry], str]:
    try:
        return teacher_of(request).taught(), ""
    except TracuuError as error:
        return [], str(error)


@question_pages.post("/xong")
def deal_with(request: Request, csrf: Csrf, id: Words, back: Back = "") -> Response:
    """Keep that a question, and those typed alike, are dealt with: they leave the list."""
    return _settle(request, changing(request, csrf), id, back, done=True)


@question_pages.post("/xem-lai")
def look_again(request: Request, csrf: Csrf, id: Words, back: Back = "") -> Response:
    """Put a question that was dealt with back on the list."""
    return _settle(request, changing(request, csrf), id, back, done=False)


def _settle(request: Request, session: Session, id: str, back: str, *, done: bool) -> Response:
    entry, others = alike(request, id)
    if entry is None:
        raise Refused(404, "Câu hỏi này không còn trong nhật ký.", "There is no such question.")
    service_of(request).kept.journal.settle([other.id for other in others], done=done)
    question = nameless(entry.question)
    note(
        request, session, "đánh dấu đã xử lý một câu hỏi" if done else "đưa một câu hỏi trở lại danh sách cần xem", question or entry.cited
    )
    named = f"câu “{question}”" if question else "câu này"
    told = f"Đã xử lý {named}." if done else f"Đã đưa {named} trở lại danh sách cần xem."
    return _done(session, told, back, **({"lai": id} if done else {}))


@question_pages.get("/day")
def lesson_page(
    request: Request,
    session: Who,
    question: Annotated[str, Query(alias="cau", max_length=4 * LONGEST)] = "",
    wanted: Annotated[str, Query(alias="tim", max_length=4 * LONGEST)] = "",
    place: Annotated[str, Query(alias="cho", max_length=500)] = "",
) -> Response:
    """Return what a question is answered now and the provisions that may answer it; with a place, what would be answered then."""
    return _lesson(request, session, question, wanted, place)


def _lesson(request: Request, session: Session, question: str, wanted: str = "", place: str = "", trouble: str = "") -> Response:
    asked = askable(question)
    hits: list[Hit] = []
    now: Answer | None = None
    then: Answer | None = None
    try:
        hits = service_of(request).search_here(wanted or asked, _FOUND).hits if wanted or asked else []
        now = teacher_of(request).assistant.ask(asked, plain=True) if asked else None
        if asked and place:
            number, _, section = place.rpartition(ELSEWHERE)
            then = teacher_of(request).effect(asked, number, section)
    except TracuuError as error:
        trouble = trouble or str(error)
    given: dict[str, Any] = {
        "question": asked,
        "wanted": wanted,
        "place": place,
        "now": now,
        "then": then,
        "hits": [(hit, _headings(request, hit)) for hit in hits],
        "numbers": list(dict.fromkeys(hit.document for hit in hits)),
        "longest": LONGEST,
        "OUTCOMES": OUTCOMES,
    }
    return page(request, session, "lesson", status=422 if trouble else 200, trouble=trouble, between=ELSEWHERE, **given)


def _headings(request: Request, hit: Hit) -> list[str]:
    """The headings above a provision and its own, the outermost first."""
    provision = service_of(request).searcher().store.section(hit.document, hit.section)
    headings = (*provision.headings, provision.heading) if provision else ()
    return list(dict.fromkeys(heading for heading in headings if heading))


@question_pages.post("/day")
def teach(request: Request, csrf: Csrf, question: Words, place: Place, picked: Annotated[bool, Form()] = False) -> Response:
    """Teach that a provision (``SỐ|MỤC``) answers a question, or that a document (``SỐ|``) does not; in use at once."""
    session = changing(request, csrf)
    number, _, section = place.rpartition(ELSEWHERE)
    try:
        teacher_of(request).teach(question, number, section)
    except TracuuError as error:
        return _lesson(request, session, question, trouble=str(error))
    if picked:
        service_of(request).kept.picks.drop(question)
    answers = f"mục {section} của {number} trả lời" if section else f"{number} không trả lời"
    note(request, session, "dạy một câu hỏi", f"{question} ({answers})")
    return _done(session, f"Đã dạy, có hiệu lực ngay: {answers} câu “{question}”.", "xem=chon" if picked else "")


@question_pages.post("/bo-day")
def take_back(request: Request, csrf: Csrf, question: Words, number: Annotated[str, Form(max_length=200)]) -> Response:
    """Take back what was taught of a question."""
    session = changing(request, csrf)
    try:
        teacher_of(request).undo(question, number)
    except TracuuError as error:
        raise Refused(422, str(error), "It cannot be taken back.") from None
    note(request, session, "bỏ điều đã dạy về một câu hỏi", f"{question} ({number})")
    return _done(session, f"Đã bỏ điều đã dạy về câu “{question}”.", "xem=day")


@question_pages.post("/bo-goi-y")
def drop_pick(request: Request, csrf: Csrf, question: Words) -> Response:
    """Forget what people picked for a question."""
    session = changing(request, csrf)
    service_of(request).kept.picks.drop(question)
    note(request, session, "bỏ gợi ý của người hỏi", question)
    return _done(session, f"Đã bỏ gợi ý cho câu “{question}”.", "xem=chon")


def _done(session: Session, said: str, back: str = "", **more: str) -> Response:
    kept = [(name, value) for name, value in parse_qsl(back) if name not in _OF_THE_MOMENT]
    return RedirectResponse(f"/quan-tri/cau-hoi?{urlencode([*kept, *session.sealed(said).items(), *more.items()])}", 303)


@question_pages.get("/{id}")
def question_page(request: Request, session: Who, id: str) -> Response:
    """Return how a question was answered, and the conversation around it as far as it is kept."""
    kept = talks_of(request).turns
    (entry, others), turn = alike(request, id), kept.get(id)
    if entry is None and turn is None:
        raise Refused(404, "Câu hỏi này không còn được giữ.", "The question is no longer kept.")
    turns = [(each.id == id, nameless(each.answer["question"]), each) for each in (kept.of(turn.conversation) if turn else [])]
    words = nameless(entry.question if entry and entry.question else turn.answer["question"] if turn else "")
    asked = Asked(words, tuple(others)) if entry else None
    return page(request, session, "question", entry=entry, asked=asked, question=words, turns=turns, troubles=TROUBLES, channels=CHANNELS)
