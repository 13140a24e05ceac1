"""What a chat that is sent whole with every question costs."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from bot.web.openai.replaying import Replaying
from rag.errors import AnswerFailed
from rag.question.conversation import Conversation


class CountingDesk:
    """Notes what it is asked."""

    def __init__(self):
        self.asked, self.published = [], 0

    def version(self):
        return self.published

    def today(self):
        return date(2026, 1, 3)

    async def follow(self, question, before):
        self.asked.append(question)
        if question == "lỗi":
            raise AnswerFailed("lỗi")
        return None, Conversation(topic=question, told=[*before.told, question])


@pytest.fixture
def desk():
    return CountingDesk()


@pytest.fixture
def after(desk):
    """How a chat stands, as one service remembers it."""
    replaying = Replaying()

    def stands(*questions, caller="a", wanted=True):
        async def is_wanted():
            return wanted

        return asyncio.run(replaying.conversation(desk, caller, questions, is_wanted))

    return stands


def test_each_question_of_a_growing_chat_is_asked_once_more_but_once(desk, after):
    questions = [f"câu {at}" for at in range(40)]

    stood = [after(*questions[:length]) for length in range(len(questions) + 1)]

    assert desk.asked == questions
    assert stood[-1].told == questions


def test_a_long_chat_that_nobody_remembers_costs_a_few_answers(desk, after):
    questions = [f"câu {at}" for at in range(500)]

    assert after(*questions).topic == questions[-1]
    assert len(desk.asked) < 20
    assert desk.asked == questions[-len(desk.asked) :]


def test_an_edited_question_another_caller_and_another_index_begin_anew(desk, after):
    after("một", "hai")
    assert after("một", "ba").told == ["một", "ba"]
    after("một", "hai", caller="b")
    desk.published += 1
    after("một", "hai")

    assert desk.asked == ["một", "hai", "ba", "một", "hai", "một", "hai"]


def test_a_question_that_failed_is_passed_over(after):
    assert after("một", "lỗi", "hai").told == ["một", "hai"]


def test_who_went_away_is_not_worked_for(desk, after):
    assert after("một", "hai", wanted=False) is None
    assert not desk.asked
