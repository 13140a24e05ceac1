"""Who changed what behind the admin page: documents, teaching, admins."""

from __future__ import annotations

import logging

from fastapi import Request

from bot.audit import Audit
from bot.web.admin.sessions import Session
from rag.errors import TracuuError

_log = logging.getLogger("tracuu.web")


def audit_of(request: Request) -> Audit:
    """Return the audit log of the application."""
    audit: Audit = request.app.state.audit
    return audit


def note(request: Request, session: Session, action: str, on: str = "") -> None:
    """Keep that an admin did something (``action``, in Vietnamese, as the log tells it) to something (``on``)."""
    note_of(request, session.name, action, on)


def note_of(request: Request, who: str, action: str, on: str = "", *, fold: bool = False) -> None:
    """Keep what somebody did who may have no session; it is done, so where it cannot be kept that is told to the service's log."""
    try:
        audit_of(request).add(who, action, on, fold=fold)
    except TracuuError as error:
        _log.error("%s", error)
