"""``tracuu zalo`` and ``tracuu zalo-oa`` as processes that talk to the simulators."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.bot.chat_process import ChatProcess

READY = "đã sẵn sàng"


class ZaloProcess(ChatProcess):
    """The bot, which is there when its log says so. ``wait_for`` is the simulator's."""

    log_name = "zalo.log"

    def __init__(self, command: str, data: Path, wait_for: Callable[..., None], **variables: str) -> None:
        self._wait_for = wait_for
        super().__init__(command, data, **variables)

    def _begins(self, start: Callable[[], None]) -> None:
        before = self.log.count(READY) if (self.data / self.log_name).exists() else 0
        start()
        self._wait_for(lambda: self.log.count(READY) > before or self.process.poll() is not None, 60)


def bot_variables(url: str, token: str) -> dict[str, str]:
    """The settings of a bot of the Bot Platform for tests: quick, and without limits."""
    return {
        "TRACUU_ZALO_TOKEN": token,
        "TRACUU_ZALO_API": url,
        "TRACUU_ZALO_PER_SECOND": "0",
        "TRACUU_ZALO_POLL_PAUSE": "0.1",
    }
