"""Asks Zalo again and again what came. What was handed over comes back at every poll, so whoever takes it knows it again."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from bot.messenger.posting import Later, NotDelivered
from bot.zalo.incoming import key
from bot.zalo.platform import Platform
from rag.errors import Disconnected, SettingError, TracuuError

_log = logging.getLogger(__name__)
_LONGEST_WAIT = 60.0
_PATIENCE = 300.0  # seconds without a poll that succeeds, after which a supervisor and its admins should know

Take = Callable[[str, dict[str, Any]], Awaitable[bool]]
"""Keeps an update under its key and says whether it is new; raises ``TracuuError`` where it cannot be kept."""


async def poll(platform: Platform, take: Take, pause: float, seconds: int, patience: float = _PATIENCE) -> None:
    """Hand over what comes, until the task is cancelled; each poll waits ``seconds`` for it, with a pause after each.

    Raises ``Disconnected`` for a token that Zalo no longer takes, and where nothing succeeded for as long as the ``patience``.
    """
    succeeded, failures = time.monotonic(), 0
    while True:
        wait = pause
        try:
            updates = await platform.updates(seconds)
        except SettingError:
            raise Disconnected("Zalo không nhận TRACUU_ZALO_TOKEN nữa. Nếu lần sau vẫn vậy, hãy chép lại mã từ Zalo Bot Creator.") from None
        except NotDelivered as error:
            if time.monotonic() - succeeded >= patience:
                raise Disconnected(f"Đã {patience / 60:.0f} phút không nhận được tin từ Zalo ({error}). Hãy xem lại mạng và bot.") from None
            asked = error.seconds if isinstance(error, Later) else 0.0
            wait = max(min(pause * 2.0 ** min(failures, 10), _LONGEST_WAIT), asked)
            failures += 1
            _log.warning("Chưa nhận được tin từ Zalo (%s): thử lại sau %.0f giây", error, wait)
        else:
            succeeded, failures = time.monotonic(), 0
            for update in updates:
                await _hand_over(update, take, pause)
        await asyncio.sleep(wait)


async def _hand_over(update: dict[str, Any], take: Take, pause: float) -> None:
    """Hand an update over until it is kept: nobody knows how long Zalo repeats it."""
    failures = 0
    while True:
        try:
            await take(key(update), update)
        except TracuuError as error:
            wait = min(pause * 2.0 ** min(failures, 10), _LONGEST_WAIT)
            failures += 1
            _log.error("Chưa giữ được tin từ Zalo (%s): thử lại sau %.0f giây", error, wait)
            await asyncio.sleep(wait)
        else:
            return
