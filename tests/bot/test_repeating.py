"""What is done again and again beside the answers."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from bot.repeating import again_and_again
from rag.errors import TracuuError


@pytest.mark.parametrize("error", [TracuuError("đầy đĩa"), OSError(28, "No space left"), OverflowError()])
def test_a_failure_is_logged_and_ends_no_loop(caplog, error):
    # given work that fails the first time
    times = []

    async def work() -> None:
        times.append(1)
        if len(times) == 1:
            raise error
        if len(times) == 3:
            raise asyncio.CancelledError

    # when it is done again and again
    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(again_and_again(work, 0.0, "Lỗi khi dọn"))

    # then it goes on, the failure is told, and to be cancelled is no failure
    assert len(times) == 3
    assert caplog.text.count("Lỗi khi dọn") == 1
