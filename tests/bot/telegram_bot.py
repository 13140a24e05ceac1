"""``tracuu telegram`` as a process that talks to the simulator."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

from tests.bot.command import COMMAND
from tests.bot.telegram_server import TOKEN, TelegramServer

REPO = Path(__file__).resolve().parent.parent.parent


class BotProcess:
    """The bot; its log goes to ``data/bot.log``."""

    def __init__(self, server: TelegramServer, data: Path, **variables: str) -> None:
        self.server = server
        self.data = data
        self._environment = os.environ | {
            "PYTHONPATH": str(REPO),
            "TRACUU_DATA": str(data),
            "TRACUU_TODAY": "2026-01-03",
            "TRACUU_TELEGRAM_TOKEN": TOKEN,
            "TRACUU_TELEGRAM_API": server.url,
            "TRACUU_TELEGRAM_PER_SECOND": "0",
            "TRACUU_WORKERS": "1",
            **variables,
        }
        self.start()

    @property
    def log(self) -> str:
        return (self.data / "bot.log").read_text(encoding="utf-8")

    def start(self) -> None:
        """Start, and wait until it is there."""
        polls = self.server._polls
        with (self.data / "bot.log").open("ab") as log:
            self.process = subprocess.Popen([*COMMAND, "telegram"], env=self._environment, stdout=log, stderr=log)
        self.server.bots.append(self.process)
        self.server.wait_for(lambda: self.server._polls > polls or bool(self.server.webhook) or self.process.poll() is not None, 60)
        assert self.process.poll() is None, self.log

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait(10)

    def stop(self) -> int:
        """End it as systemd does, and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)
