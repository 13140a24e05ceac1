"""Several ``tracuu telegram`` of one bot, as on machines of their own, over a PostgreSQL that waits for its standby."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.bot.telegram_bot import BotProcess
from tests.bot.telegram_server import TelegramServer
from tests.servers.postgres import Postgres, either, failed_over
from tests.servers.wire import Wire

READY, LEADS, FOLLOWS = "đã sẵn sàng", "dẫn từ bây giờ", "thôi dẫn"


class OneOfSeveral(BotProcess):
    """A bot beside others, which is there when its log says so: only one of them polls."""

    def _begins(self, start: Callable[[], None]) -> None:
        before = self._count(READY)
        start()
        self.server.bots.append(self.process)
        self.server.wait_for(lambda: self._count(READY) > before or self.process.poll() is not None, 120)

    @property
    def leads(self) -> bool:
        """Whether it says that it leads."""
        log = self.log
        return log.rfind(LEADS) > max(log.rfind(FOLLOWS), log.rfind(READY))

    def _count(self, words: str) -> int:
        return self.log.count(words) if (self.data / self.log_name).exists() else 0


class Team:
    """The bots, each with a data folder like ``index`` and wires of its own to the two database servers."""

    def __init__(self, telegram: TelegramServer, index: Path, folder: Path, count: int = 2, **variables: str) -> None:
        self.telegram = telegram
        self.primary = Postgres.begin()
        self.primary.create("tracuu")
        self.standby = self.primary.standby()
        self.primary.waits_for_standby()
        self.wires = [[Wire(server.port) for server in (self.primary, self.standby)] for _ in range(count)]
        self.bots = []
        for number, wires in enumerate(self.wires):
            data = folder / f"machine-{number}"
            shutil.copytree(index, data)
            self.bots.append(OneOfSeveral(telegram, data, TRACUU_DATABASE=either(*(wire.port for wire in wires)), **variables))

    @property
    def leader(self) -> OneOfSeveral:
        """The bot that leads, or some bot where none does at the moment."""
        return next((bot for bot in self.bots if bot.leads), self.bots[0])

    def fail_over(self) -> None:
        """Kill the primary, make the standby one, and let a new standby follow it where the primary was."""
        self.primary, self.standby = failed_over(self.primary, self.standby)
        self.primary.waits_for_standby()

    def close(self) -> list[int]:
        """End everything, and return the exit codes of the bots."""
        codes = [bot.stop() for bot in self.bots]
        for wires in self.wires:
            for wire in wires:
                wire.close()
        self.standby.remove()
        self.primary.remove()
        return codes
