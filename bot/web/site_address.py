"""Where the pages of this service are, for links that are read elsewhere."""

from __future__ import annotations

from fastapi import Request


def site_of(request: Request) -> str:
    """Return the public address that the settings tell, else the one that was called; without a slash at its end."""
    return str(request.app.state.settings.public_url or request.base_url).rstrip("/")
