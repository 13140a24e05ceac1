"""The assistant that the settings ask for; every channel opens it here."""

from __future__ import annotations

import sys

from bot import settings
from rag.assistant import Assistant


def open_assistant() -> Assistant:
    """Open the index that the settings name, and say on standard error when it is not the newest.

    Raises ``IndexMissing``, ``IndexDamaged`` or ``SettingError``, before any question is read.
    """
    chosen = settings.load()
    assistant = Assistant(chosen.data, encoder=chosen.encoder, today=chosen.today)
    if assistant.snapshot.warning:
        print(assistant.snapshot.warning, file=sys.stderr)
    return assistant
