"""What a chat that is sent whole with every question costs."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from bot.service import Answered
from bot.web.openai import replaying
from bot.web.openai.replaying import Replaying
from rag.documents import Answer
from rag.errors import AnswerFailed
from rag.question.conversation import Conversation


class CountingService:
    """Notes what it is asked."""

    def __init__(self):
        self.asked, self.published = [], 0

    def version(self):
        return self.published

    def today(self):
        return date(2026, 1, 3)

    async def ask(self, question, before):
        self.asked.append(question)
        if question == "lỗi":
            raise AnswerFailed("lỗi")
        return Answered(Answer(question, "answered", "Được."), Conversation(topic=question, told=[*before.told, question]), "")


@pytest.fixture
def service():
    return CountingService()


@pytest.fixture
def after(service):
    """How a chat stands, as one service remembers it."""
    remembering = Replaying()

    def stands(*questions, caller="a", wanted=True):
        async def is_wanted():
            return wanted

        return asyncio.run(remembering.conversation(service, caller, questions, is_wanted))

    return stands


def test_each_question_of_a_growing_chat_is_asked_once_more_but_once(service, after):
    questions = [f"câu {at}" for at in range(40)]

    stood = [after(*questions[:length]) for length in range(len(questions) + 1)]

    assert service.asked == questions
    assert stood[-1].told == questions


def test_a_long_chat_that_nobody_remembers_costs_a_few_answers(service, after):
    questions = [f"câu {at}" for at in range(500)]

    assert after(*questions).topic == questions[-1]
    assert len(service.asked) < 20
    assert service.asked == questions[-len(service.asked) :]


def test_an_edited_question_another_caller_and_another_index_begin_anew(service, after):
    after("một", "hai")
    assert after("một", "ba").told == ["một", "ba"]
    after("một", "hai", caller="b")
    service.published += 1
    after("một", "hai")

    assert service.asked == ["một", "hai", "ba", "một", "hai", "một", "hai"]


def test_a_question_that_failed_is_passed_over(after):
    assert after("một", "lỗi", "hai").told == ["một", "hai"]


def test_who_went_away_is_not_worked_for(service, after):
    assert after("một", "hai", wanted=False) is None
    assert not service.asked


def test_of_many_chats_those_are_remembered_that_went_on_last(service, monkeypatch):
    monkeypatch.setattr(replaying, "_REMEMBERED", 2)
    remembering = Replaying()

    async def is_wanted():
        return True

    for caller in ("an", "bình", "an", "chi", "an", "bình"):
        asyncio.run(remembering.conversation(service, caller, [f"{caller} hỏi"], is_wanted))

    assert service.asked == ["an hỏi", "bình hỏi", "chi hỏi", "bình hỏi"]
