"""How the settings want an index to be made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.loading import load_settings

if TYPE_CHECKING:
    from bot.settings import Settings
    from ingest.options import Ahead, Options

WAIT = 600.0
"""Seconds to wait for another admin's command to end."""


def options(force: bool) -> Options:
    """Return how the settings want a snapshot to be made."""
    from ingest.options import Options

    chosen = load_settings()
    return Options(chosen.encoder, chosen.chroma, chosen.store, chosen.today, WAIT, force, _ahead(), shards_of(chosen))


def shards_of(chosen: Settings) -> int:
    """Return into how many shards an index is cut when it is published: the library that search nodes serve, not an office's own."""
    from bot.assistant import nodes_of  # slow to import

    nodes = None if chosen.office_name else nodes_of(chosen)
    return len(nodes.shards) if nodes else 0


def _ahead() -> Ahead | None:
    """Return who has scans read by workers, where there is a queue."""
    chosen = load_settings()
    if chosen.database is None:
        return None
    from ingest.work.ahead import ReadAhead

    return ReadAhead(chosen.database.get_secret_value(), chosen.sources, chosen.office_name)
