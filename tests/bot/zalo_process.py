"""``tracuu zalo`` and ``tracuu zalo-oa`` as processes that talk to the simulators."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.bot.command import COMMAND

REPO = Path(__file__).resolve().parent.parent.parent
READY = "đã sẵn sàng"


class ZaloProcess:
    """The bot; its log goes to ``data/zalo.log``. ``wait_for`` is the simulator's."""

    def __init__(self, command: str, data: Path, wait_for: Callable[..., None], **variables: str) -> None:
        self.data = data
        self._command = command
        self._wait_for = wait_for
        self._environment = os.environ | {
            "PYTHONPATH": str(REPO),
            "TRACUU_DATA": str(data),
            "TRACUU_TODAY": "2026-01-03",
            "TRACUU_WORKERS": "1",
            **variables,
        }
        self.start()

    @property
    def log(self) -> str:
        return (self.data / "zalo.log").read_text(encoding="utf-8")

    def start(self) -> None:
        """Start, and wait until it is there."""
        before = self.log.count(READY) if (self.data / "zalo.log").exists() else 0
        with (self.data / "zalo.log").open("ab") as log:
            self.process = subprocess.Popen([*COMMAND, self._command], env=self._environment, stdout=log, stderr=log)
        self._wait_for(lambda: self.log.count(READY) > before or self.process.poll() is not None, 60)
        assert self.process.poll() is None, self.log

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait(10)

    def stop(self) -> int:
        """End it as systemd does, and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


def bot_variables(url: str, token: str) -> dict[str, str]:
    """The settings of a bot of the Bot Platform for tests: quick, and without limits."""
    return {
        "TRACUU_ZALO_TOKEN": token,
        "TRACUU_ZALO_API": url,
        "TRACUU_ZALO_PER_SECOND": "0",
        "TRACUU_ZALO_POLL_PAUSE": "0.1",
    }
