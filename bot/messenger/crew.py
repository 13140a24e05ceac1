"""The processes that run one bot: who leads, and whose turn a chat is.

All of them take in what a service brings and answer it. One leads: it asks the service for messages, where those are asked for,
sends the letters, reminds and prunes. That only one sends keeps the rate a service allows, the order within a chat and the
pauses it asks for, without a word between the processes; a single one sends far more than any service takes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Set
from typing import Any, Protocol

Work = Callable[[], Coroutine[Any, Any, None]]


class Handles(Protocol):
    """Who handles updates when it is this process's turn (``bot.messenger.handling``)."""

    @property
    def chats(self) -> Set[str]:
        """The chats in which something is being handled."""

    def kick(self, chat: str) -> None:
        """Handle what is there for a chat."""

    def resume(self) -> None:
        """Go on with what came before the last stop."""


class Delivers(Protocol):
    """Who delivers letters when this process leads (``bot.messenger.delivery``)."""

    def check(self) -> None:
        """Raise ``DatabaseAway`` where the letters cannot be reached."""

    def look(self) -> None:
        """Deliver whatever is there."""

    def resume(self) -> None:
        """Go on with what was left before the last stop."""


class Crew:
    """This process alone: it leads, and every chat is its own."""

    is_shared = False
    """Whether there may be other processes."""
    term = 1
    """Grows with every leader: what one of them began, the next one recognises."""

    @property
    def is_leading(self) -> bool:
        """Whether this process is the one that leads."""
        return True

    @property
    def interruptions(self) -> int:
        """Return how often this process was cut off from what the others wrote."""
        return 0

    def begin(self, handling: Handles, delivery: Delivers) -> None:
        """Go on with what was left before the last stop."""
        delivery.resume()
        handling.resume()

    async def attend(self) -> None:
        """Stay in touch with the others until the task is cancelled. Raises ``Disconnected`` where that cannot be."""
        await asyncio.Event().wait()

    async def while_leading(self, work: Work) -> None:
        """Do ``work``, which has no end, whenever this process leads. Raises what it raises."""
        await work()

    def has(self, chat: str) -> bool:
        """Say whether the updates of a chat are this process's to handle."""
        return True

    def give_back(self, chat: str) -> None:
        """Leave a chat to whoever is free."""

    def tell(self) -> None:
        """Tell all processes that there is something to handle or to send."""
