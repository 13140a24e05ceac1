"""Processes of one bot over PostgreSQL: one leads, a chat is one's at a time, and what the dead had is free at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.messenger import claims
from bot.messenger.claims import Claims
from bot.messenger.delivery import Delivery
from bot.messenger.handling import Handling
from bot.messenger.mailbox import Mailbox, Update
from bot.messenger.posting import SAYS, Letter
from rag.errors import Disconnected
from rag.storage import State
from tests.servers.postgres import free_port


class Process:
    """What a bot process does with its mailbox, in the event loop of the test; ``may_answer`` lets it handle what it has claimed."""

    def __init__(self, state: State) -> None:
        self.mailbox = Mailbox(state, "telegram")
        self.crew = Claims(state.server, state.schema("telegram"), 1.0)
        self.may_answer = asyncio.Event()
        self.handled: list[str] = []
        self.sent: list[str] = []
        self.delivery = Delivery(self, self.mailbox, self.crew, 0, str, str)
        self.handling = Handling(self.mailbox, self.crew, self._handle, self._handle, str)
        self.crew.begin(self.handling, self.delivery)
        self.attending = asyncio.create_task(self.crew.attend())

    async def _handle(self, update: Update) -> None:
        await self.may_answer.wait()
        self.handled.append(update.id)
        if self.mailbox.commit([Letter(update.chat, SAYS, {"text": update.id})], done=update.id):
            self.delivery.kick(update.chat)

    async def send(self, letter: Letter) -> str:
        self.sent.append(letter.payload["text"])
        return ""

    async def dies(self) -> None:
        """End its session, and whatever it was doing."""
        self.attending.cancel()
        await asyncio.gather(self.attending, return_exceptions=True)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.01)


@pytest.fixture
def run(states_server, request):
    """Run a test with two processes of one bot."""
    state = State(request.getfixturevalue("tmp_path"), states_server, request.node.name[:40].lower().replace("[", "_"))

    def run(test: Callable[[Process, Process], Awaitable[None]]) -> None:
        async def both() -> None:
            one = Process(state)
            await until(lambda: one.crew.is_leading)
            other = Process(state)
            try:
                await test(one, other)
            finally:
                for process in (one, other):
                    process.may_answer.set()
                    await process.handling.close()
                    await process.delivery.close()
                    await process.dies()

        asyncio.run(both())

    return run


def test_another_leads_when_the_leader_is_gone_and_sends_what_is_left(run):
    async def test(one: Process, other: Process) -> None:
        assert one.crew.is_leading and not other.crew.is_leading
        await one.dies()
        other.mailbox.commit([Letter("5", SAYS, {"text": "một"})])
        other.delivery.kick("5")
        await until(lambda: other.sent == ["một"])
        assert not one.crew.is_leading and other.crew.term > one.crew.term

    run(test)


def test_what_one_says_the_leader_sends(run):
    async def test(one: Process, other: Process) -> None:
        other.mailbox.commit([Letter("5", SAYS, {"text": "một"})])
        other.delivery.kick("5")
        await until(lambda: one.sent == ["một"])
        assert other.sent == []

    run(test)


def test_updates_of_a_chat_are_handled_by_one_and_in_order_also_after_it_is_gone(run):
    async def test(one: Process, other: Process) -> None:
        for number in range(3):
            one.handling.take(Update(f"{number}", "5", "{}"))
        await until(lambda: bool(one.crew.has("5") or other.crew.has("5")))
        holder, free = (one, other) if one.crew.has("5") else (other, one)
        free.may_answer.set()
        await asyncio.sleep(1.5)  # longer than the others wait to look again
        assert free.handled == []
        await holder.dies()
        await until(lambda: free.handled == ["0", "1", "2"])
        holder.may_answer.set()  # it goes on with what is no longer its own
        await until(lambda: holder.handled == ["0"] and not holder.handling.chats)
        await until(lambda: one.sent + other.sent == ["0", "1", "2"])

    run(test)


def test_one_takes_no_more_than_it_can_handle_at_once(run, monkeypatch):
    monkeypatch.setattr(claims, "_AT_ONCE", 2)

    async def test(one: Process, other: Process) -> None:
        for number in range(4):
            one.handling.take(Update(f"{number}", f"{number}", "{}"))
        await until(lambda: len(one.handling.chats) + len(other.handling.chats) == 4)
        assert len(one.handling.chats) == len(other.handling.chats) == 2
        one.may_answer.set()
        other.may_answer.set()
        await until(lambda: sorted(one.handled + other.handled) == ["0", "1", "2", "3"])

    run(test)


def test_what_was_begun_before_the_process_was_cut_off_is_handled_again(run):
    async def test(one: Process, other: Process) -> None:
        await other.dies()
        one.handling.take(Update("1", "5", "{}"))
        await until(lambda: "5" in one.handling.chats)
        one.handling.confirm("1")
        one.crew._let_go()
        with pytest.raises(Exception, match="xử lý lại"):
            one.handling.confirm("1")

    run(test)


def test_without_a_server_for_too_long_a_process_ends_so_that_another_start_may_go_better(tmp_path):
    async def attend() -> None:
        crew = Claims(f"postgresql://tracuu@127.0.0.1:{free_port()}/x", "telegram", 0.1)
        await crew.attend()

    with pytest.raises(Disconnected, match="không dùng được cơ sở dữ liệu"):
        asyncio.run(attend())


def test_a_leader_that_says_nothing_more_is_led_from_its_place(run, monkeypatch):
    async def test(one: Process, other: Process) -> None:
        stuck = asyncio.Event()
        monkeypatch.setattr(one.crew, "_news", lambda session: stuck.wait())  # it stands still before its next sign of life
        await until(lambda: other.crew.is_leading)
        stuck.set()
        await until(lambda: not one.crew.is_leading)

    run(test)
