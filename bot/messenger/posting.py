"""A letter, and what may come of an attempt to deliver it: each channel's post office speaks in these words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

SAYS = "sendMessage"
"""The method that puts new words into a chat; after a crash it is not done twice, as others are."""
UNSAYS = "deleteMessage"


@dataclass(frozen=True, slots=True)
class Letter:
    """Something to be said in a chat: a method of the channel with its parameters; ``id`` is 0 before it is in the outbox.

    Where it answers a message, it is the ``part`` with this number of the answer to that ``question`` (the message's id);
    ``instead`` is then the id of the message whose place it takes. ``leaving`` is the term of the leader (see ``Crew``) that was
    about to send it; 0 for what is still here.
    """

    chat: str
    method: str
    payload: dict[str, Any]
    id: int = 0
    made: float = 0.0
    question: str = ""
    part: int = 0
    instead: str = ""
    leaving: int = 0


class NotDelivered(Exception):
    """The letter has not arrived.

    Under it::

        NotDelivered
        ├── Unreachable   nobody knows whether it arrived, or it did not: it is tried again after growing pauses
        ├── Later         the service asks to wait, for this chat only
        ├── Unwanted      the service will never take this letter: it is dropped
        ├── Blocked       the chat wants nothing more: all its letters are dropped
        ├── Moved         the chat has another id now
        └── Otherwise     the service will not take it as it is: another letter goes in its place
    """


class Unreachable(NotDelivered):
    """The network or the service failed."""


class Later(NotDelivered):
    """The service asks to wait so many ``seconds`` with this chat."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"chờ {seconds:.0f} giây")
        self.seconds = seconds


class Unwanted(NotDelivered):
    """The service will never take this letter."""


class Blocked(NotDelivered):
    """The chat wants nothing more from us."""


class Moved(NotDelivered):
    """The chat is called ``chat`` now."""

    def __init__(self, chat: str) -> None:
        super().__init__(chat)
        self.chat = chat


class Otherwise(NotDelivered):
    """``letter`` goes in its place."""

    def __init__(self, letter: Letter, reason: str) -> None:
        super().__init__(reason)
        self.letter = letter


class Post(Protocol):
    """A channel's post office."""

    async def send(self, letter: Letter) -> str | None:
        """Deliver a letter and return the id of the message that it became, where the service tells one. Raises ``NotDelivered``."""
