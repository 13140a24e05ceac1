from __future__ import annotations

import asyncio

import pytest

from bot.memo import Memo


class Counting:
    """Computes the length of a word in its own time, and notes each word; a word with ``!`` fails."""

    def __init__(self, most=10, lasts=lambda found: True):
        self.memo, self.computed = Memo(most, lasts), []

    async def length(self, word):
        async def compute():
            self.computed.append(word)
            await asyncio.sleep(0)
            if "!" in word:
                raise ValueError(word)
            return len(word)

        return await self.memo.get(word, compute)

    def lengths(self, *words):
        async def one_after_the_other():
            return [await self.length(word) for word in words]

        return asyncio.run(one_after_the_other())


def test_what_many_ask_at_once_is_computed_once():
    counting = Counting()

    async def at_once():
        return await asyncio.gather(*(counting.length("hạn") for _ in range(20)))

    assert asyncio.run(at_once()) == [3] * 20
    assert counting.computed == ["hạn"]


def test_with_too_much_that_goes_which_was_asked_longest_ago():
    counting = Counting(most=2)

    assert counting.lengths("một", "hai", "một", "bốn", "một", "hai") == [3] * 6

    assert counting.computed == ["một", "hai", "bốn", "hai"]


def test_what_does_not_last_is_computed_anew():
    counting = Counting(lasts=lambda found: found > 2)

    counting.lengths("ba", "ba", "bốn", "bốn")

    assert counting.computed == ["ba", "ba", "bốn"]


def test_a_fault_is_told_to_all_who_wait_and_not_remembered():
    counting = Counting()

    async def asked():
        first = await asyncio.gather(*(counting.length("!") for _ in range(3)), return_exceptions=True)
        with pytest.raises(ValueError, match="!"):
            await counting.length("!")
        return first

    assert [str(error) for error in asyncio.run(asked())] == ["!"] * 3
    assert counting.computed == ["!", "!"]


def test_who_no_longer_waits_ends_nothing_for_the_others():
    counting = Counting()

    async def asked():
        gone, waiting = asyncio.create_task(counting.length("hạn")), asyncio.create_task(counting.length("hạn"))
        await asyncio.sleep(0)
        gone.cancel()
        return await waiting

    assert asyncio.run(asked()) == 3
    assert counting.computed == ["hạn"]


def test_a_fault_that_nobody_waits_for_any_more_is_not_remembered_either():
    counting = Counting()

    async def asked():
        gone = asyncio.create_task(counting.length("!"))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
        for _ in range(3):  # until it has failed
            await asyncio.sleep(0)
        with pytest.raises(ValueError, match="!"):
            await counting.length("!")

    asyncio.run(asked())
    assert counting.computed == ["!", "!"]
