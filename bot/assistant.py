"""The assistant that the settings ask for; every channel opens it here."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from bot import settings
from bot.clock import Clock
from bot.following import follow_now
from bot.loading import load_settings
from rag.assistant import Assistant
from rag.finding.encoder import OFF

if TYPE_CHECKING:
    from rag.index.nodes.calls import Nodes
    from rag.wording.writer import Writer, WriterOptions

_sharing = Lock()
"""Held while the library is made that offices share, not while it is opened: that is its own."""


def open_assistant() -> Assistant:
    """Open the index that the settings name, so that what is wrong with it is said before any question is read.

    Raises ``IndexMissing``, ``IndexDamaged`` or ``SettingError``.
    """
    chosen = load_settings()
    follow_now(chosen)
    assistant = assistant_of(chosen)
    assistant.shelf()
    return assistant


def assistant_of(chosen: settings.Settings) -> Assistant:
    """Return the assistant with its language model, where one is set; the index is opened when it is needed. Raises ``SettingError``."""
    return _assistant(chosen, chosen.encoder, _writer(chosen))


def reader_of(chosen: settings.Settings) -> Assistant:
    """Return an assistant that lists and shows, and is asked nothing: without an encoder and a language model."""
    return _assistant(chosen, OFF, None)


def _assistant(chosen: settings.Settings, encoder: str | None, writer: Writer | None) -> Assistant:
    if not chosen.office_name:
        return Assistant(
            chosen.data, encoder=encoder, clock=chosen.clock.today, writer=writer, office=chosen.office, nodes=nodes_of(chosen)
        )
    from bot.offices.settings import neighbours_of

    service = settings.of_service()
    return Assistant(
        chosen.data,
        encoder=encoder,
        clock=chosen.clock.today,
        writer=writer,
        office=chosen.office,
        library=_shared_library(service, encoder),
        neighbours=lambda: neighbours_of(service, chosen.office_name),
    )


def folders_of(chosen: settings.Settings) -> list[Path]:
    """Return the data folders whose indexes answer: the own one, and that of the library where there is one."""
    return [chosen.data, *([settings.of_service().data] if chosen.office_name else [])]


def _shared_library(service: settings.Settings, encoder: str | None) -> Assistant:
    with _sharing:  # ``lru_cache`` calls twice where two threads ask first
        return _library(service.data, encoder, service.clock, nodes_of(service))


@lru_cache(maxsize=2)
def _library(data: Path, encoder: str | None, clock: Clock, nodes: Nodes | None) -> Assistant:
    """The documents of the service itself, which its offices share: open once in a process, however many offices this serves."""
    return Assistant(data, encoder=encoder, clock=clock.today, nodes=nodes)


def nodes_of(chosen: settings.Settings) -> Nodes | None:
    """Return the search nodes of the settings; without any nothing of them is imported. Raises ``SettingError``."""
    if not chosen.search_nodes:
        return None
    from rag.index.nodes import calls

    return calls.nodes_of(chosen.search_nodes, chosen.node_key.get_secret_value() if chosen.node_key else "")


def _writer(chosen: settings.Settings) -> Writer | None:
    """The language model of the settings; without one nothing of it is imported."""
    if (options := writer_options(chosen)) is None:
        return None
    from rag.wording.writer import Writer

    return Writer(options, chosen.state, chosen.clock.today)


def writer_options(chosen: settings.Settings) -> WriterOptions | None:
    """Return how the language model of the settings is used; ``None`` where there is none."""
    if chosen.llm is None:
        return None
    from rag.wording.ledger import Limits
    from rag.wording.writer import WriterOptions

    limits = Limits(chosen.llm_daily_calls, chosen.llm_daily_tokens, chosen.llm_daily_cost, chosen.llm_price_in, chosen.llm_price_out)
    return WriterOptions(
        chosen.llm, chosen.llm_url, chosen.llm_seconds, limits, chosen.llm_cache_days, chosen.llm_sends, chosen.llm_rewrites
    )
