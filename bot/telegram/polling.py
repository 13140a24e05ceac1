"""Long polling: what came is kept, then confirmed by asking for what follows; the answer is read by us, update by update."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from telegram import Bot
from telegram.error import InvalidToken, NetworkError, TelegramError

from bot.messenger import running
from bot.telegram.wire import Request
from rag.errors import Disconnected, SettingError, TracuuError

_log = logging.getLogger(__name__)
_HELD = 20  # seconds that Telegram holds a poll
_FIRST_WAIT = 1.0
_LONGEST_WAIT = 30.0
_REFUSED = (401, 404)
_CONFLICT, _TOO_MANY = 409, 429


class Polling:
    """Polls for ``bot`` and gives each update to ``take``, which raises ``TracuuError`` where it cannot be kept.

    ``patience``: after so many seconds without a poll that succeeds, the program ends, so that what supervises it starts it anew.
    """

    def __init__(self, bot: Bot, request: Request, kinds: list[str], take: Callable[[object], None], patience: float) -> None:
        self._address = f"{bot.base_url}/getUpdates"
        self._request = request
        self._kinds = kinds
        self._take = take
        self._patience = patience
        self._offset = 0

    async def run(self) -> None:
        """Poll for ever. Raises ``Disconnected`` where the token is no longer taken, or when patience ends."""
        succeeded, failures = time.monotonic(), 0
        while True:
            try:
                began = time.monotonic()
                is_further = self._keep(await self._poll())
            except (TelegramError, TracuuError) as error:
                if isinstance(error, Disconnected):
                    raise
                if time.monotonic() - succeeded > self._patience:
                    raise Disconnected(f"Đã {self._patience:.0f} giây không nhận được tin nào từ Telegram ({error}): bot dừng.") from None
                asked = error.wait if isinstance(error, TooMany) else _FIRST_WAIT * 2.0**failures
                wait = min(max(asked, _FIRST_WAIT), _LONGEST_WAIT)
                failures = min(failures + 1, 10)
                _log.warning("Chưa nhận được tin từ Telegram (%s): thử lại sau %.0f giây", error, wait)
                await asyncio.sleep(wait)
            else:
                succeeded, failures = time.monotonic(), 0
                if not is_further:  # nothing came, or nothing that can be confirmed, and perhaps at once
                    await asyncio.sleep(max(0.0, began + _FIRST_WAIT - time.monotonic()))

    def _keep(self, updates: list[Any]) -> bool:
        """Keep updates, and say whether asking for what follows confirms any of them.

        Numbers may begin anew, lower (core.telegram.org/bots/api#update): only those that came together are compared.
        """
        offset = 0
        for update in updates:
            self._take(update)
            if isinstance(update, dict) and isinstance(update.get("update_id"), int):
                offset = max(offset, update["update_id"] + 1)
        self._offset = offset
        return offset > 0

    async def _poll(self) -> list[Any]:
        given = {"timeout": str(_HELD), "allowed_updates": json.dumps(self._kinds)}
        if self._offset:
            given["offset"] = str(self._offset)
        status, body = await self._request.ask(self._address, given, _HELD + self._request.read_timeout)
        told = _object(body)
        if status in _REFUSED and told.get("ok") is False:
            raise Disconnected("Telegram không nhận TRACUU_TELEGRAM_TOKEN nữa. Nếu lần sau vẫn vậy, hãy chép lại mã từ @BotFather.")
        if status == _CONFLICT:
            raise NetworkError("một tiến trình khác đang dùng cùng TRACUU_TELEGRAM_TOKEN, hoặc webhook đang đặt: chỉ được chạy một")
        if status == _TOO_MANY:
            raise TooMany(told)
        if told.get("ok") is not True or not isinstance(told.get("result"), list):
            raise NetworkError(f"trả lời {status} không phải của Telegram")
        return list(told["result"])


class TooMany(NetworkError):
    """Telegram asks to poll again after ``wait`` seconds."""

    def __init__(self, told: dict[str, Any]) -> None:
        parameters = told.get("parameters")
        asked = parameters.get("retry_after") if isinstance(parameters, dict) else 0
        self.wait = float(asked) if isinstance(asked, int) else 0.0
        super().__init__(f"bảo chờ {self.wait:.0f} giây")


async def patiently(call: Callable[[], Awaitable[object]], patience: float) -> None:
    """Make a call of the Bot API, however long the network takes within the ``patience``. Raises ``SettingError`` or ``Disconnected``."""

    async def make() -> None:
        try:
            await call()
        except InvalidToken:
            raise SettingError("Telegram không nhận TRACUU_TELEGRAM_TOKEN. Hãy chép lại mã từ @BotFather.") from None

    await running.patiently(make, patience, "Telegram", TelegramError)


def _object(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
