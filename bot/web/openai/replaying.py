"""The conversation behind the messages of a chat: its questions asked once more, each of them once as long as that is remembered.

The client holds the chat and sends all of it each time; nothing of it is written down here. What its answers said does not
count: whoever sends them could have written anything.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Awaitable, Callable, Sequence

from bot.recent import Recent
from bot.service import Service
from rag.errors import AnswerFailed
from rag.question.conversation import Conversation

_log = logging.getLogger("tracuu.web")
_REMEMBERED = 2000  # chats
_MOST = 12  # questions asked once more: a conversation goes on with the last few


class Replaying:
    """Remembers how chats stood, by caller and by all that was asked before."""

    def __init__(self) -> None:
        self._known: Recent[str, str] = Recent(_REMEMBERED)

    async def conversation(
        self, service: Service, caller: str, questions: Sequence[str], is_wanted: Callable[[], Awaitable[bool]]
    ) -> Conversation | None:
        """Return how a chat stands after ``questions``; ``None`` once nobody wants to know. Raises what ``Service.ask`` raises."""
        keys = _keys(repr((caller, service.version(), service.today())), questions)
        after = Conversation()
        first = max(0, len(questions) - _MOST)
        for at in range(len(questions) - 1, first - 1, -1):
            if known := self._known.get(keys[at]):
                after, first = Conversation.from_json(known), at + 1
                break
        for at in range(first, len(questions)):
            if not await is_wanted():
                return None
            try:
                after = (await service.ask(questions[at], after)).after
            except AnswerFailed as error:  # was not answered the first time either
                _log.warning("%s", error)
            self._known.put(keys[at], after.to_json())
        return after

    def remember(self, service: Service, caller: str, questions: Sequence[str], after: Conversation) -> None:
        """Keep how a chat stands after ``questions``, which were just asked."""
        self._known.put(_keys(repr((caller, service.version(), service.today())), questions)[-1], after.to_json())


def _keys(start: str, questions: Sequence[str]) -> list[str]:
    """Return the digest of each beginning of a chat."""
    digest, keys = start, []
    for question in questions:
        digest = hashlib.sha256(f"{digest}\n{question}".encode()).hexdigest()
        keys.append(digest)
    return keys
