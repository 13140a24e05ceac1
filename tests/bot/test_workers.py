from __future__ import annotations

import asyncio
import os
import signal

import pytest

from bot.workers import Workers
from rag.errors import IndexMissing
from rag.question.conversation import Conversation

DEADLINE = "bao giờ nộp báo cáo sơ kết học kì 1?"
NOBODY = frozenset()


@pytest.fixture
def data(monkeypatch, directive_index):
    monkeypatch.setenv("TRACUU_DATA", str(directive_index))
    monkeypatch.setenv("TRACUU_TODAY", "2026-01-03")
    return directive_index


def asked(*questions, between=lambda pool: None, told=lambda is_at_work: None):
    """Ask one after the other in one conversation and return what was computed."""

    async def run():
        pool = Workers(1)
        pool.start()
        conversation, found = Conversation(), []
        try:
            for question in questions:
                found.append(await pool.ask(question, conversation, NOBODY, told))
                conversation = Conversation.from_json(found[-1].after)
                between(pool)
        finally:
            pool.close()
        return found

    return asyncio.run(run())


def test_the_conversation_comes_back_from_the_worker_and_what_it_is_about(data):
    watched = []

    first, second = asked(DEADLINE, "còn tổng kết?", told=watched.append)

    assert "10/06/2026" in second.answer.text
    assert first.topic
    assert first.is_lasting
    assert watched == [True, False] * 2


def test_a_worker_that_dies_is_replaced(data):
    def kill(pool):
        for id in list(pool._pool._processes):
            os.kill(id, signal.SIGKILL)

    _, second = asked(DEADLINE, "QĐ 4725 về việc gì?", between=kill)

    assert second.answer.status == "answered"


def test_a_missing_index_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv("TRACUU_DATA", str(tmp_path))

    with pytest.raises(IndexMissing):
        asked(DEADLINE)
