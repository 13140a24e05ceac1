from __future__ import annotations

import asyncio
import os
import signal

import pytest

from bot import workers
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


def asked(*questions, version=lambda: "1", between=lambda pool: None):
    """Ask one after the other in one conversation and return the answers."""

    async def run():
        pool = Workers(version, 1)
        conversation, answers = Conversation(), []
        try:
            for question in questions:
                answer, conversation = await pool.ask(question, conversation, NOBODY)
                answers.append(answer)
                between(pool)
        finally:
            pool.close()
        return answers

    return asyncio.run(run())


def test_the_conversation_comes_back_from_the_worker(data):
    _, second = asked(DEADLINE, "còn tổng kết?")

    assert "10/06/2026" in second.text


def test_a_worker_that_dies_is_replaced(data):
    def kill(pool):
        for id in list(pool._pool._processes):
            os.kill(id, signal.SIGKILL)

    _, second = asked(DEADLINE, "QĐ 4725 về việc gì?", between=kill)

    assert second.status == "answered"


def test_what_many_ask_at_once_is_answered_once(data, monkeypatch):
    calls = []

    async def run():
        pool = Workers(lambda: "1", 1)
        real = pool._run

        async def counted(work, *given):
            calls.append(given)
            return await real(work, *given)

        monkeypatch.setattr(pool, "_run", counted)
        try:
            return await asyncio.gather(*(pool.ask(DEADLINE, Conversation(), NOBODY) for _ in range(20)))
        finally:
            pool.close()

    answers = asyncio.run(run())
    assert len(calls) == 1
    assert len({answer.text for answer, _ in answers}) == 1
    assert len({id(conversation) for _, conversation in answers}) == 20  # each has a memory of their own


def test_another_index_is_asked_anew(data):
    versions = iter("12")

    first, second = asked(DEADLINE, DEADLINE, version=lambda: next(versions))

    assert first.text == second.text


def test_a_missing_index_is_told_and_not_remembered(monkeypatch, tmp_path, directive_index):
    monkeypatch.setenv("TRACUU_DATA", str(tmp_path))

    with pytest.raises(IndexMissing):
        asked(DEADLINE)


def test_a_known_answer_is_not_kept_for_ever(data, monkeypatch):
    monkeypatch.setattr(workers, "_KNOWN", 1)

    assert [answer.status for answer in asked("giá vàng?", "giá đô?", "giá vàng?")] == ["not_found"] * 3
