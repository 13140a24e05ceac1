"""The assistant that the settings ask for; every channel opens it here."""

from __future__ import annotations

from bot import settings
from rag.assistant import Assistant


def open_assistant() -> Assistant:
    """Open the index that the settings name, so that what is wrong with it is said before any question is read.

    Raises ``IndexMissing``, ``IndexDamaged`` or ``SettingError``.
    """
    chosen = settings.load()
    assistant = Assistant(chosen.data, encoder=chosen.encoder, today=chosen.today)
    _ = assistant.snapshot
    return assistant
