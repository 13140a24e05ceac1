"""Which conversation a caller of the API means by an id.

An id that ``POST /api/conversations`` gave is known by its end, which nobody can compute: whoever was told it may use it. Any other
id was thought up, so others may think it up as well: it means a conversation of this caller alone.
"""

from __future__ import annotations

import hmac

from fastapi import Request

from bot.service import Service
from bot.web.limits import client_of
from bot.web.turns import new_id

_RANDOM = len(new_id())


def issued(service: Service) -> str:
    """Return the id of a conversation that nobody can guess."""
    random = new_id()
    return random + _end(service, random)


def kept_as(service: Service, request: Request, id: str) -> str:
    """Return the name under which the conversation that the caller calls ``id`` is kept; no conversation of a page has such a one."""
    if hmac.compare_digest(id[_RANDOM:].encode(), _end(service, id[:_RANDOM]).encode()):
        return id
    return f"{service.kept.people.alias(caller_of(request))}:{id}"


def caller_of(request: Request) -> str:
    """Return what tells callers apart: the key of the API, without keys the network address; never kept but as an alias."""
    return f"key:{key}" if (key := getattr(request.state, "key", "")) else f"address:{client_of(request.scope)}"


def _end(service: Service, random: str) -> str:
    return service.kept.people.alias(f"conversation:{random}")
