"""Calls of a language model, each booked in the ledger before it is made, and settled after it."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence

from rag.wording.ledger import Ledger
from rag.wording.model import TIME_IS_UP, Model, ModelFailed, Usage
from rag.wording.prompt import Message

_EXPECTED_TOKENS = 400
_CHARACTERS_A_TOKEN = 3


class LimitReached(ModelFailed):
    """The day's limits allow no further call."""


class Calls:
    """What asks one model within the limits of one ledger. Safe to use from several threads."""

    def __init__(self, model: Model, ledger: Ledger) -> None:
        self._model = model
        self._ledger = ledger

    def make(self, sent: Sequence[Message], until: float, expected: int = _EXPECTED_TOKENS) -> Generator[str, None, None]:
        """Yield the text of a reply as it comes, until ``until`` (``time.monotonic``); ``expected`` tokens are booked for it.

        Raises ``ModelFailed``, ``LimitReached`` or, of the ledger, ``TracuuError``. Whoever stops early closes this.
        """
        if time.monotonic() >= until:  # nobody waits for it any more
            raise ModelFailed(TIME_IS_UP)
        booked = Usage(sum(len(text) for _, text in sent) // _CHARACTERS_A_TOKEN, expected)
        if (day := self._ledger.take(booked)) is None:
            raise LimitReached("đã hết mức dùng trong ngày")
        used = Usage(booked.tokens_in)
        try:
            yield from self._model.stream(sent, until, used)
        except ModelFailed:
            self._ledger.count("failed")
            raise
        finally:
            self._ledger.settle(day, booked, used)
