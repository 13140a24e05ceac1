"""The bot's half of an Official Account, beside the simulated Zalo."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.messenger.http import MARK, open_session
from bot.zalo.oauth import App
from bot.zalo.official import OfficialAccount
from bot.zalo.quota import Quota
from bot.zalo.tokens import Tokens
from bot.zalo.windows import Rules, Windows
from rag.storage import State
from tests.bot.zalo_oa_server import APP_ID, APP_SECRET, ZaloOaServer

RULES = Rules(timedelta(hours=48), timedelta(days=7), 8)


class Account:
    """An account that may send with a data folder; ``told`` is what its admin was told, ``marks`` how letters were marked."""

    def __init__(self, zalo: ZaloOaServer, data: Path, seed: str | None = None, *, monthly: int = 0, pays: bool = False) -> None:
        self.told: list[str] = []
        self.marks: list[bool] = []
        self.zalo = zalo
        app = App(APP_ID, APP_SECRET, zalo.url)
        self.tokens = Tokens(State(data), app, zalo.first_refresh() if seed is None else seed, self.told.append, zalo.now)
        self.windows = Windows(State(data), RULES)
        self.quota = Quota(State(data), "zalo-oa", monthly, ZoneInfo("Asia/Ho_Chi_Minh"))
        self._official = OfficialAccount(
            zalo.url, self.tokens, self.windows, self.quota, self.told.append, pays=pays, pause=30.0, clock=zalo.now
        )

    def hears(self, user: str, text: str = "hạn nộp?") -> None:
        """A person writes, and the bot notes it."""
        self.zalo.says(user, text)
        self.windows.acted(user, self.zalo.now())

    def send(self, *letters: Any) -> None:
        """Send letters, one after the other. Raises ``NotDelivered``."""

        async def run() -> None:
            MARK.set(self.marks.append)
            async with self._official:
                for letter in letters:
                    await self._official.send(letter)

        asyncio.run(run())

    def access(self, refused: str = "") -> str:
        """Return an access token."""
        return self.with_session(lambda session: self.tokens.access(session, refused))

    @staticmethod
    def with_session(act: Callable[[Any], Awaitable[Any]]) -> Any:
        """Do something with a session."""

        async def run() -> Any:
            async with open_session(4) as session:
                return await act(session)

        return asyncio.run(run())

    def close(self) -> None:
        """Give the files back."""
        self.tokens.close()
        self.windows.close()
        self.quota.close()
