"""The way out to Telegram: through a proxy where the machine has one, and with a mark at the moment a request leaves."""

from __future__ import annotations

import asyncio

import pytest
from telegram.error import NetworkError
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.messenger.http import MARK, proxy_for
from bot.telegram.wire import Request
from tests.bot.telegram_server import TOKEN, Fault


@pytest.mark.parametrize(
    ("address", "proxy"),
    [
        ("https://api.telegram.org", "http://proxy.example.org:3128"),
        ("https://bot.truong.edu.vn", None),
        ("http://127.0.0.1:8081", None),
    ],
)
def test_the_proxy_of_the_machine_is_used(monkeypatch, address, proxy):
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.org:3128")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example.org:3128")
    monkeypatch.setenv("NO_PROXY", "bot.truong.edu.vn")

    assert proxy_for(address) == proxy


def asked(url: str) -> list[bool]:
    """Make one request and return how it was marked."""
    marks: list[bool] = []

    async def run() -> None:
        MARK.set(marks.append)
        request = Request(1)
        await request.initialize()
        try:
            await request.do_request(url, "POST", RequestData([RequestParameter("chat_id", 1, None)]))
        finally:
            await request.shutdown()

    try:
        asyncio.run(run())
    except NetworkError:
        marks.append(False)
    return marks


def test_a_request_that_arrives_is_marked_once(telegram):
    assert asked(f"{telegram.url}/bot{TOKEN}/getMe") == [True]


@pytest.mark.parametrize("kind", ["500", "429", "reset"])
def test_a_request_that_fails_is_unmarked(telegram, kind):
    telegram.faults = [Fault("getMe", kind)]

    marks = asked(f"{telegram.url}/bot{TOKEN}/getMe")

    assert marks[:2] == [True, False]


def test_without_a_connection_nothing_leaves():
    assert True not in asked("http://127.0.0.1:9/")
