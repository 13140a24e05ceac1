"""The conversation behind the messages of a chat: its questions asked once more, each of them once as long as that is remembered.

The client holds the chat and sends all of it each time; nothing of it is written down here. What its answers said does not
count: whoever sends them could have written anything.
"""

from __future__ import annotations

import hashlib
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence

from bot.web.desk import Desk
from rag.errors import AnswerFailed
from rag.question.conversation import Conversation

_log = logging.getLogger("tracuu.web")
_REMEMBERED = 2000  # chats
_MOST = 12  # questions asked once more: a conversation goes on with the last few


class Replaying:
    """Remembers how chats stood, by caller and by all that was asked before."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, str] = OrderedDict()

    async def conversation(
        self, desk: Desk, caller: str, questions: Sequence[str], is_wanted: Callable[[], Awaitable[bool]]
    ) -> Conversation | None:
        """Return how a chat stands after ``questions``; ``None`` once nobody wants to know. Raises what ``Desk.follow`` raises."""
        keys = _keys(repr((caller, desk.version(), desk.today())), questions)
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
                _, after = await desk.follow(questions[at], after)
            except AnswerFailed as error:  # was not answered the first time either
                _log.warning("%s", error)
            self._remember(keys[at], after)
        return after

    def remember(self, desk: Desk, caller: str, questions: Sequence[str], after: Conversation) -> None:
        """Keep how a chat stands after ``questions``, which were just asked."""
        self._remember(_keys(repr((caller, desk.version(), desk.today())), questions)[-1], after)

    def _remember(self, key: str, after: Conversation) -> None:
        self._known[key] = after.to_json()
        self._known.move_to_end(key)
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)


def _keys(start: str, questions: Sequence[str]) -> list[str]:
    """Return the digest of each beginning of a chat."""
    digest, keys = start, []
    for question in questions:
        digest = hashlib.sha256(f"{digest}\n{question}".encode()).hexdigest()
        keys.append(digest)
    return keys
