"""What is noted of questions a moment after they were answered: nobody waits for a file that other processes write to as well."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from bot.journal import Journal
from rag.errors import TracuuError

GATHERING = 0.05
"""Seconds after which what was added is noted, all at once."""

_log = logging.getLogger("tracuu.web")


class Noting:
    """What waits to be noted in the journal by one worker; ``run`` does something in a thread."""

    def __init__(self, journal: Journal, run: Callable[..., Awaitable[Any]]) -> None:
        self._journal = journal
        self._run = run
        self._waiting: list[Callable[[], None]] = []
        self._writing: asyncio.Task[None] | None = None

    def add(self, note: Callable[[], None]) -> None:
        """Have something noted in a moment."""
        self._waiting.append(note)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())

    async def settle(self) -> None:
        """Wait until everything that was added is noted."""
        if self._writing is not None:
            await asyncio.shield(self._writing)

    async def _write(self) -> None:
        while self._waiting:
            await asyncio.sleep(GATHERING)
            notes, self._waiting = self._waiting, []
            try:
                await self._run(self._note, notes)
            except TracuuError:
                _log.exception("the journal lacks %d questions", len(notes))

    def _note(self, notes: list[Callable[[], None]]) -> None:
        with self._journal.together():
            for note in notes:
                note()
