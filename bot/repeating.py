"""What is done again and again beside the answers, for as long as a program runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from rag.errors import TracuuError

_log = logging.getLogger("tracuu")


async def again_and_again(work: Callable[[], Awaitable[object]], pause: float, what: str) -> None:
    """Do ``work`` until the task is cancelled, ``pause`` seconds after each end; what goes wrong is logged as a fault in ``what``.

    One failure ends no loop: else whatever the loop looks after would be left alone until the next start, and nobody would know.
    """
    while True:
        try:
            await work()
        except TracuuError as error:
            _log.warning("%s: %s", what, error)
        except Exception:
            _log.exception(what)
        await asyncio.sleep(pause)
