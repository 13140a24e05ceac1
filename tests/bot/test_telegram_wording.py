"""The Telegram bot with a language model set: the extract at once, the model's verified wording in a message below."""

from __future__ import annotations

import itertools

import pytest

from tests.bot.telegram_bot import BotProcess
from tests.rag.scripted_models import Fault, ScriptedModels, truthful

DEADLINE = "bao giờ nộp báo cáo sơ kết học kì 1?"
TRUE = "Báo cáo sơ kết học kì 1 năm học 2025-2026 trước ngày 10/01/2026 [1]."
MARK = "Diễn đạt bởi mô hình ngôn ngữ scripted"
_people = itertools.count(500)


@pytest.fixture(scope="module")
def models():
    with ScriptedModels.start(truthful) as started:
        yield started


@pytest.fixture(scope="module", autouse=True)
def bot(telegram, data, models):
    variables = {"TRACUU_LLM": "openai:scripted", "TRACUU_LLM_URL": models.url, "TRACUU_LLM_SECONDS": "60", "TRACUU_LLM_CACHE_DAYS": "0"}
    process = BotProcess(telegram, data, **variables)
    yield process
    assert process.stop() == 0
    assert "Traceback" not in process.log, process.log


@pytest.fixture
def user():
    return next(_people)


def test_the_wording_comes_below_the_extract_and_says_what_it_belongs_to(telegram, models, user):
    models.script = [truthful]
    telegram.says(user, DEADLINE)
    telegram.wait_for(lambda: len(telegram.to(user)) == 2)

    extract, wording = telegram.to(user)
    assert "10/01/2026" in extract.text
    assert MARK not in extract.text
    assert wording.text.startswith(MARK)
    assert "[1] Công văn 2607/SGDĐT-GDPT" in wording.text
    assert wording.reply_to == telegram.last_message_of(user)


@pytest.mark.parametrize("step", [TRUE.replace("10/01", "11/01"), Fault(status=500), Fault("cut", text="Trước ngày")])
def test_a_model_that_lies_or_fails_adds_nothing(telegram, models, user, step):
    models.script, tries = [step], 2 if isinstance(step, str) else 1
    models.requests.clear()
    extract = telegram.answer_to(user, DEADLINE)
    telegram.wait_for(lambda: len(models.requests) == tries)
    telegram.answer_to(user, "xin chào")

    assert "10/01/2026" in extract.text
    assert not [sent for sent in telegram.to(user) if MARK in sent.text]


def test_a_slow_model_delays_nobodys_extract(telegram, models):
    models.hold()
    models.requests.clear()
    models.script = [Fault("slow", text=TRUE)]
    people = [next(_people) for _ in range(6)]
    extracts = [telegram.answer_to(user, DEADLINE) for user in people]
    assert len(models.requests) <= 4  # that many are asked for at once, and none by who answers
    models.release()
    telegram.wait_for(lambda: all(MARK in telegram.to(user)[-1].text for user in people))

    assert all("10/01/2026" in extract.text and MARK not in extract.text for extract in extracts)
