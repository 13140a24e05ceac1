"""What is done for each chat in order, and for different chats side by side."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Coroutine, Set
from typing import Any

_PATIENCE = 5.0  # seconds for what is being done at the end


class SideBySide(ABC):
    """A task for each chat in which there is something to do."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._closing = False

    @abstractmethod
    async def _go_through(self, chat: str) -> None:
        """Do what there is to do in a chat, until there is nothing left or all is ``_closing``; take its task out at the end."""

    @property
    def chats(self) -> Set[str]:
        """The chats in which something is being done."""
        return self._tasks.keys()

    def kick(self, chat: str) -> None:
        """Do what is there to do in a chat."""
        if chat not in self._tasks and not self._closing:
            self._tasks[chat] = asyncio.create_task(self._go_through(chat))

    async def close(self) -> None:
        """Finish what is being done; the rest waits for the next start."""
        self._closing = True
        if self._tasks:
            _, late = await asyncio.wait(self._tasks.values(), timeout=_PATIENCE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


async def until_one_ends(*works: Coroutine[Any, Any, None]) -> None:
    """Do all of it side by side, and end all where one ends, which is where it raises."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
