"""A chat channel of ``tracuu`` as a process of its own, which can be killed and started again."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.bot.command import COMMAND

REPO = Path(__file__).resolve().parent.parent.parent


class ChatProcess:
    """The bot that a command runs; its log goes to the file of the name ``log_name`` under ``data``."""

    log_name: str

    def __init__(self, command: str, data: Path, **variables: str) -> None:
        self.data = data
        self._command = command
        self._environment = os.environ | {
            "PYTHONPATH": str(REPO),
            "TRACUU_DATA": str(data),
            "TRACUU_TODAY": "2026-01-03",
            "TRACUU_WORKERS": "1",
            **variables,
        }
        self.start()

    def _begins(self, start: Callable[[], None]) -> None:
        """Call ``start``, and wait until the bot is there or has ended."""
        raise NotImplementedError

    @property
    def log(self) -> str:
        return (self.data / self.log_name).read_text(encoding="utf-8")

    def start(self) -> None:
        """Start, and wait until it is there."""
        self._begins(self._open)
        assert self.process.poll() is None, self.log

    def _open(self) -> None:
        with (self.data / self.log_name).open("ab") as log:
            self.process = subprocess.Popen([*COMMAND, self._command], env=self._environment, stdout=log, stderr=log)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait(10)

    def stop(self) -> int:
        """End it as systemd does, and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)
