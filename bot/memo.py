"""What many ask at once is computed once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from functools import partial
from typing import Any, Generic, TypeVar

from bot.recent import Recent

T = TypeVar("T")


class Memo(Generic[T]):
    """Remembers at most ``most`` results, the least recently asked for go; one that does not ``last`` is not remembered, nor is a fault.

    It belongs to one event loop.
    """

    def __init__(self, most: int, lasts: Callable[[T], bool]) -> None:
        self._known: Recent[Hashable, asyncio.Task[T]] = Recent(most)
        self._lasts = lasts

    async def get(self, key: Hashable, compute: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Return what is known by this key, or else ``compute`` it; whoever asks meanwhile waits for the same. Raises what that raises.

        Who is cancelled while waiting ends nothing: others may wait too.
        """
        task = self._known.get(key)
        if task is None:
            task = asyncio.create_task(compute())
            self._known.put(key, task)
            task.add_done_callback(partial(self._settle, key))
        return await asyncio.shield(task)

    def _settle(self, key: Hashable, task: asyncio.Task[T]) -> None:
        failed = task.cancelled() or task.exception() is not None
        if (failed or not self._lasts(task.result())) and self._known.get(key) is task:
            self._known.drop(key)
