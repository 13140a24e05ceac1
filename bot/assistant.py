"""The assistant that the settings ask for; every channel opens it here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import settings
from rag.assistant import Assistant

if TYPE_CHECKING:
    from rag.wording.writer import Writer, WriterOptions


def open_assistant() -> Assistant:
    """Open the index that the settings name, so that what is wrong with it is said before any question is read.

    Raises ``IndexMissing``, ``IndexDamaged`` or ``SettingError``.
    """
    assistant = assistant_of(settings.load())
    _ = assistant.snapshot
    return assistant


def assistant_of(chosen: settings.Settings) -> Assistant:
    """Return the assistant with its language model, where one is set; the index is opened when it is needed. Raises ``SettingError``."""
    return Assistant(chosen.data, encoder=chosen.encoder, today=chosen.today, writer=_writer(chosen), office=chosen.office)


def _writer(chosen: settings.Settings) -> Writer | None:
    """The language model of the settings; without one nothing of it is imported."""
    if (options := writer_options(chosen)) is None:
        return None
    from rag.wording.writer import Writer

    return Writer(options, chosen.data)


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
