"""What the application holds open while it runs, for its handlers."""

from __future__ import annotations

from fastapi import Request

from bot.recent import Recent
from bot.service import Service
from bot.web.suggestions import Suggestions
from bot.web.talks import Talks


def service_of(request: Request) -> Service:
    """Return the service that the application stands on."""
    service: Service = request.app.state.service
    return service


def talks_of(request: Request) -> Talks:
    """Return the conversations of the application."""
    talks: Talks = request.app.state.talks
    return talks


def suggestions_of(request: Request) -> Suggestions:
    """Return what the application suggests to ask."""
    suggestions: Suggestions = request.app.state.suggestions
    return suggestions


def begun_of(request: Request) -> Recent[tuple[object, ...], bytes]:
    """Return the pages of the application with nothing asked yet, as they are until the index or the day changes: opened most."""
    begun: Recent[tuple[object, ...], bytes] = request.app.state.begun
    return begun
