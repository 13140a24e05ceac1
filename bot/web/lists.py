"""The pages that list: deadlines with their calendar, contacts and systems, what is new, a document on one page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from bot.calendar import calendar_name
from bot.people import ROLES
from bot.web.api_lists import calendar_response
from bot.web.caching import unchanged
from bot.web.list_schemas import ContactOut, DeadlineOut, SystemOut
from bot.web.listing import contacts_out, deadlines_out, found_document, role_called
from bot.web.one_page import one_page
from bot.web.site_address import site_of
from bot.web.state import service_of
from bot.web.subscribing import subscription
from bot.web.summaries import summary
from bot.web.templates import render
from rag.finding.search import Searcher
from rag.language.text import fold

list_pages = APIRouter(include_in_schema=False, dependencies=[Depends(unchanged)])

RoleQuery = Annotated[str, Query(alias="vai-tro")]
_Listed = TypeVar("_Listed", ContactOut, SystemOut)


@list_pages.get("/thoi-han")
def deadlines(request: Request, role: RoleQuery = "") -> Response:
    """Return the deadlines on a timeline."""
    service = service_of(request)
    meant = role_called(role)
    found = deadlines_out(service.shelf(), service.today(), meant)
    path = f"/thoi-han.ics?vai-tro={role}" if role else "/thoi-han.ics"
    return render(
        request,
        "deadlines.html",
        today=found.today,
        coming=[each for each in found.deadlines if each.days_left is not None and each.days_left >= 0],
        passed=[each for each in found.deadlines if each.days_left is not None and each.days_left < 0],
        recurring=[each for each in found.deadlines if each.days_left is None],
        months=_by_month,
        roles=list(ROLES.values()),
        role=role,
        calendar=calendar_name(meant),
        feed_path=path,
        feed=subscription(site_of(request) + path, calendar_name(meant)),
    )


def _by_month(found: Iterable[DeadlineOut]) -> list[tuple[str, list[DeadlineOut]]]:
    """Return deadlines under their month (``Tháng 1/2026``), in the order given."""
    months = groupby(found, lambda each: each.date[:7])
    return [(f"Tháng {int(month[5:])}/{month[:4]}", list(dues)) for month, dues in months]


@list_pages.get("/thoi-han.ics")
def deadlines_feed(request: Request, role: RoleQuery = "") -> Response:
    """Return the deadlines as a calendar to subscribe to."""
    return calendar_response(request, role)


@list_pages.get("/dau-moi")
def contacts(request: Request, wanted: Annotated[str, Query(alias="tim", max_length=200)] = "") -> Response:
    """Return whom to call and where systems are, those that have all the words ``tim``, with or without their marks."""
    searcher = service_of(request).shelf()
    listed = contacts_out(searcher)
    words = fold(wanted).split()
    people = [each for each in listed.contacts if _has(words, each.name, each.role, each.phone, each.email, each.channel, each.document)]
    places = [each for each in listed.systems if _has(words, each.name, each.url, each.purpose, each.document)]
    return render(
        request,
        "contacts.html",
        wanted=wanted.strip(),
        found=len(people) + len(places),
        offices=_by_office(searcher, people),
        places=_by_office(searcher, places),
    )


@list_pages.get("/tom-tat/{slug:path}")
def document_summary(request: Request, slug: str) -> Response:
    """Return a document on one page."""
    service = service_of(request)
    searcher, today = service.searcher(), service.today()
    made = one_page(summary(searcher, found_document(searcher, slug), today))
    return render(request, "summary.html", sum=made, today=today.isoformat())


def _has(words: Sequence[str], *said: str) -> bool:
    """Say whether all words begin words of what is said; of a number also one without its dots."""
    text = fold(" ".join(said))
    bare = "".join(filter(str.isalnum, text))
    return all(re.search(rf"(?<!\w){re.escape(word)}", text) or (word.isdigit() and word in bare) for word in words)


def _by_office(searcher: Searcher, listed: Sequence[_Listed]) -> list[tuple[str, list[_Listed]]]:
    """Return records under the office whose document names them, with what that document is about."""
    groups: dict[str, list[_Listed]] = {}
    for each in listed:
        document = searcher.documents[each.document]
        groups.setdefault(" – ".join(filter(None, (document.issuer, document.name))), []).append(each)
    return list(groups.items())
