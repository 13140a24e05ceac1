"""The pages that list: deadlines with their calendar, contacts and systems."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urljoin

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from bot.people import ROLES
from bot.web.api import desk_of
from bot.web.api_lists import calendar_response
from bot.web.listing import contacts_out, deadlines_out, role_called
from bot.web.templates import render

list_pages = APIRouter(include_in_schema=False)

RoleQuery = Annotated[str, Query(alias="vai-tro")]


@list_pages.get("/thoi-han")
def deadlines(request: Request, role: RoleQuery = "") -> Response:
    """Return the deadlines on a timeline."""
    desk = desk_of(request)
    found = deadlines_out(desk.shelf(), desk.today(), role_called(role))
    path = f"/thoi-han.ics?vai-tro={role}" if role else "/thoi-han.ics"
    return render(
        request,
        "deadlines.html",
        today=found.today,
        coming=[each for each in found.deadlines if each.days_left is not None and each.days_left >= 0],
        passed=[each for each in found.deadlines if each.days_left is not None and each.days_left < 0],
        recurring=[each for each in found.deadlines if each.days_left is None],
        roles=list(ROLES.values()),
        role=role,
        feed_path=path,
        feed=urljoin(str(request.base_url), path),
    )


@list_pages.get("/thoi-han.ics")
def deadlines_feed(request: Request, role: RoleQuery = "") -> Response:
    """Return the deadlines as a calendar to subscribe to."""
    return calendar_response(request, role)


@list_pages.get("/dau-moi")
def contacts(request: Request) -> Response:
    """Return whom to call and where systems are."""
    found = contacts_out(desk_of(request).shelf())
    return render(request, "contacts.html", contacts=found.contacts, systems=found.systems)
