"""What a lone bot does where its mailbox or the program fails: nothing is said twice, and no chat stands still."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bot.messenger import delivery, handling
from bot.messenger.crew import Crew
from bot.messenger.delivery import Delivery
from bot.messenger.handling import Handling
from bot.messenger.http import MARK
from bot.messenger.mailbox import Mailbox, Update
from bot.messenger.posting import SAYS, Letter
from rag.errors import TracuuError
from rag.storage import State

CHAT = "5"


class Failing(Mailbox):
    """A mailbox whose methods fail as often as ``faults`` says."""

    def __init__(self, state: State) -> None:
        super().__init__(state, "telegram")
        self.faults: dict[str, int] = {}

    def _meets(self, method: str) -> None:
        if self.faults.get(method):
            self.faults[method] -= 1
            raise TracuuError("Đĩa đầy.")

    def arrived(self, letter: Letter, id: str) -> None:
        self._meets("arrived")
        super().arrived(letter, id)

    def next(self, chat: str) -> Letter | None:
        self._meets("next")
        return super().next(chat)

    def leaves(self, id: int, term: int) -> bool:
        self._meets("leaves")
        return super().leaves(id, term)

    def next_update(self, chat: str) -> Update | None:
        self._meets("next_update")
        return super().next_update(chat)

    def scrub(self) -> None:
        self._meets("scrub")
        super().scrub()


class Post:
    """Takes letters, as a wire does; what says ``hỏng`` is beyond the program, ``gửi rồi hỏng`` once it has left."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    async def send(self, letter: Letter) -> str:
        text = letter.payload["text"]
        if text == "hỏng":
            raise KeyError(text)
        mark = MARK.get()
        assert mark
        mark(True)
        self.sent.append(text)
        if text == "gửi rồi hỏng":
            raise KeyError(text)
        return ""


@pytest.fixture
def mailbox(tmp_path, monkeypatch):
    for module, name in ((delivery, "_PAUSE"), (delivery, "_FIRST_WAIT"), (handling, "_PAUSE")):
        monkeypatch.setattr(module, name, 0.001)
    mailbox = Failing(State(tmp_path))
    yield mailbox
    mailbox.close()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.001)


def delivered(mailbox: Failing, *texts: str, faults: dict[str, int] | None = None) -> list[str]:
    """What is sent of these letters, after one kick and as many tries as it takes."""
    post = Post()

    async def deliver() -> None:
        delivery = Delivery(post, mailbox, Crew(), 0, str, str)
        mailbox.commit([Letter(CHAT, SAYS, {"text": text}) for text in texts])
        delivery.kick(CHAT)
        delivery.scrub_after(CHAT)
        mailbox.faults = faults or {}
        await until(lambda: not delivery.chats)
        await delivery.close()

    asyncio.run(deliver())
    return post.sent


@pytest.mark.parametrize("method", ["arrived", "next", "leaves", "scrub"])
def test_each_letter_is_said_once_and_all_of_them_whatever_of_the_mailbox_fails(mailbox, method):
    assert delivered(mailbox, "một", "hai", faults={method: 3}) == ["một", "hai"]
    assert mailbox.faults == {method: 0}


def test_a_letter_beyond_the_program_is_given_up_and_the_rest_is_said(mailbox):
    assert delivered(mailbox, "hỏng", "hai") == ["hai"]
    assert mailbox.next(CHAT) is None


def test_what_has_left_is_not_said_again_when_the_program_fails_after_it(mailbox):
    assert delivered(mailbox, "gửi rồi hỏng", "hai") == ["gửi rồi hỏng", "hai"]


def test_what_waits_in_a_chat_is_handled_whatever_of_the_mailbox_fails(mailbox):
    handled: list[str] = []

    async def handle(update: Update) -> None:
        handled.append(update.id)
        mailbox.commit([], done=update.id)

    async def come() -> None:
        handling = Handling(mailbox, Crew(), handle, handle, str)
        mailbox.faults = {"next_update": 4}
        handling.take(Update("a", CHAT, "{}"))
        await until(lambda: not handling.chats)
        await handling.close()

    asyncio.run(come())

    assert handled == ["a"]
