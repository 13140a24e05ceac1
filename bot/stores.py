"""Every store that goes where ``TRACUU_DATABASE`` says, by its name: opening one makes its tables, of the newest version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from bot.audit import Audit
from bot.conversations import Conversations
from bot.journal import Journal
from bot.messenger.mailbox import Mailbox
from bot.offices.registry import Registry
from bot.people import People
from bot.picks import Picks
from bot.web.admin import tables
from bot.web.turns import Turns
from bot.zalo import quota, tokens, windows
from rag.storage import State
from rag.wording import ledger


class Store(Protocol):
    """What was opened."""

    def close(self) -> None:
        """Give it back."""


STORES: dict[str, Callable[[State], Store]] = {
    "offices": Registry,
    "admin": tables.opened,
    "audit": Audit,
    "people": People,
    "conversations": Conversations,
    "journal": Journal,
    "picks": Picks,
    "turns": Turns,
    "telegram": lambda state: Mailbox(state, "telegram"),
    "zalo": lambda state: Mailbox(state, "zalo"),
    "zalo_oa": lambda state: Mailbox(state, "zalo_oa"),
    windows.NAME: windows.opened,
    quota.NAME: quota.opened,
    tokens.NAME: tokens.opened,
    "llm": ledger.opened,
}
