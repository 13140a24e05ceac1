"""``tracuu telegram`` as a process that talks to the simulator."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.bot.chat_process import ChatProcess
from tests.bot.telegram_server import TOKEN, TelegramServer


class BotProcess(ChatProcess):
    """The bot, which is there when it polls or has set its webhook."""

    log_name = "bot.log"

    def __init__(self, server: TelegramServer, data: Path, **variables: str) -> None:
        self.server = server
        own = {"TRACUU_TELEGRAM_TOKEN": TOKEN, "TRACUU_TELEGRAM_API": server.url, "TRACUU_TELEGRAM_PER_SECOND": "0"}
        super().__init__("telegram", data, **own | variables)

    def _begins(self, start: Callable[[], None]) -> None:
        polls = self.server._polls
        start()
        self.server.bots.append(self.process)
        self.server.wait_for(lambda: self.server._polls > polls or bool(self.server.webhook) or self.process.poll() is not None, 60)
