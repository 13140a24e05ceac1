"""The address that services post to: only what is genuine is taken, and only what is kept is said to be."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest
from starlette.datastructures import Headers

from bot.messenger.webhook import Receiver, answer, has_secret, listen
from rag.errors import TracuuError

SECRET = "bí mật của bot"
HEADERS = {"X-Secret": SECRET.encode()}


def posted(kept: list[bytes], act: Callable[[httpx.AsyncClient], Awaitable[object]], take: Callable[[], None] = lambda: None) -> None:
    """Run a receiver that keeps what it takes, and a service that does ``act`` with it."""

    async def keep(body: bytes) -> None:
        take()
        kept.append(body)

    async def run() -> None:
        def is_genuine(headers, body):
            return headers.get("X-Secret", "").encode("latin-1") == SECRET.encode()

        listening = listen("127.0.0.1", 0, "TRACUU_WEBHOOK_PORT")
        app = Receiver("/zalo", is_genuine, keep)
        serving = asyncio.create_task(answer(app, listening))
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        async with httpx.AsyncClient(base_url=address, headers=HEADERS, trust_env=False) as service:
            await act(service)
        serving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await serving

    asyncio.run(run())


def test_what_is_genuine_is_kept_as_it_came():
    kept: list[bytes] = []

    async def act(service: httpx.AsyncClient) -> None:
        assert (await service.post("/zalo", content=b'{"a": 1}')).status_code == 200
        assert (await service.post("/zalo", content=b"\xff\x00")).status_code == 200

    posted(kept, act)

    assert kept == [b'{"a": 1}', b"\xff\x00"]


def test_what_is_not_is_refused():
    kept: list[bytes] = []

    async def act(service: httpx.AsyncClient) -> None:
        assert (await service.post("/zalo", content=b"{}", headers={"X-Secret": "khac"})).status_code == 403
        assert (await service.post("/zalo/", content=b"{}")).status_code == 404
        assert (await service.post("/", content=b"{}")).status_code == 404
        assert (await service.get("/zalo")).status_code == 405
        assert (await service.post("/zalo", content=b"x" * 1_000_001)).status_code == 413

    posted(kept, act)

    assert kept == []


@pytest.mark.parametrize("fault", [TracuuError("đĩa đầy"), OSError("đĩa đầy")])
def test_what_could_not_be_kept_is_sent_again(fault, caplog):
    kept: list[bytes] = []
    faults = [fault]

    def take() -> None:
        if faults:
            raise faults.pop()

    async def act(service: httpx.AsyncClient) -> None:
        assert (await service.post("/zalo", content=b"{}")).status_code == 503
        assert (await service.post("/zalo", content=b"{}")).status_code == 200

    posted(kept, act, take)

    assert kept == [b"{}"]
    assert "đĩa đầy" in caplog.text


def test_what_is_being_kept_is_kept_before_the_end():
    kept: list[bytes] = []

    async def run() -> None:
        begun, may_go_on = asyncio.Event(), asyncio.Event()

        async def keep(body: bytes) -> None:
            begun.set()
            await may_go_on.wait()
            kept.append(body)

        listening = listen("127.0.0.1", 0, "TRACUU_WEBHOOK_PORT")
        serving = asyncio.create_task(answer(Receiver("/zalo", lambda headers, body: True, keep), listening))
        async with httpx.AsyncClient(trust_env=False) as service:
            port = listening.getsockname()[1]
            request = asyncio.create_task(service.post(f"http://127.0.0.1:{port}/zalo", content=b"{}"))
            await begun.wait()
            serving.cancel()
            await asyncio.sleep(0)
            may_go_on.set()
            assert (await request).status_code == 200
        with pytest.raises(asyncio.CancelledError):
            await serving

    asyncio.run(run())

    assert kept == [b"{}"]


def test_a_port_that_is_taken_is_told():
    with listen("127.0.0.1", 0, "TRACUU_WEBHOOK_PORT") as taken, pytest.raises(TracuuError, match="TRACUU_WEBHOOK_PORT"):
        listen("127.0.0.1", taken.getsockname()[1], "TRACUU_WEBHOOK_PORT")


@pytest.mark.parametrize(("shown", "is_right"), [("a" * 64, True), ("a" * 63, False), ("", False), ("é", False), (None, False)])
def test_a_secret_is_compared_whole(shown, is_right):
    headers = Headers({} if shown is None else {"X-Bot-Api-Secret-Token": shown})

    assert has_secret("X-Bot-Api-Secret-Token", "a" * 64)(headers, b"") is is_right
