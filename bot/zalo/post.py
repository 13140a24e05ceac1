"""Zalo's post office: each message counted against the month's quota, and none sent beyond it."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable

from bot.messenger.posting import SAYS, Later, Letter
from bot.zalo.quota import Quota
from rag.errors import TracuuError

_log = logging.getLogger(__name__)
_LOOK_AGAIN = 3600.0  # seconds until a letter that waits for the next month, or a larger quota, is tried again

Send = Callable[[Letter], Awaitable[None]]


class CountedPost:
    """Sends with ``send``; ``tell`` tells the admin of the quota.

    Letters to the ``admin_chat`` go out beyond the quota too: one of them says that it is spent.
    """

    def __init__(self, send: Send, quota: Quota, admin_chat: str, tell: Callable[[str], None]) -> None:
        self._send = send
        self._quota = quota
        self._admin_chat = admin_chat
        self._is_stopped = False
        self._tell = tell

    async def send(self, letter: Letter) -> None:
        """Deliver a letter. Raises ``NotDelivered``: beyond the quota it waits, for a day at most, as every letter does."""
        if letter.chat != self._admin_chat and self._quota.is_spent(time.time()):
            if not self._is_stopped:
                self._is_stopped = True
                _log.error("Hết hạn mức tin Zalo của tháng: ngừng gửi; tin chờ tới khi nâng hạn mức hoặc sang tháng, nhiều nhất một ngày")
            raise Later(_LOOK_AGAIN)
        self._is_stopped = False
        await self._send(letter)
        if letter.method == SAYS:
            self._count()

    def _count(self) -> None:
        """Count a message; that it could not be counted must not make it be sent again."""
        try:
            news = self._quota.count(time.time())
        except TracuuError as error:
            _log.error("Chưa đếm được một tin Zalo: %s", error)
            return
        if news:
            self._tell(news)
