"""The Telegram bot with a language model set: the extract or refusal at once, what the model adds in messages below."""

from __future__ import annotations

import itertools

import pytest

from bot.journal import Journal
from bot.messenger import texts
from rag.storage import State
from tests.bot.telegram_bot import BotProcess
from tests.rag.scripted_models import UNCLEAR, UNCLEAR_WRITTEN_OUT, Fault, ScriptedModels, helpful, truthful

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
    process = BotProcess(telegram, data, TRACUU_LLM_REWRITES="1", **variables)
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


@pytest.fixture
def talk(telegram, models, user):
    """Write to the bot, after it has answered and worded a question, and get so many messages of its reply."""

    def say(text, replies=1):
        before = len(telegram.to(user))
        telegram.says(user, text)
        telegram.wait_for(lambda: len(telegram.to(user)) == before + replies)
        return telegram.to(user)[before:]

    models.script = [helpful]
    say(DEADLINE, replies=2)
    models.requests.clear()
    return say


def test_a_refused_follow_up_that_the_model_writes_out_is_answered_below(telegram, talk, models, data, bot, user):
    refusal, answer, wording = talk(UNCLEAR, replies=3)
    next_one = talk("thế là ngày nào", replies=2)[0]
    read = press(telegram, answer, "Xem nguyên văn")

    assert refusal.text.startswith("Xin lỗi")
    assert "10/06/2026" in answer.text
    assert f"Câu hỏi được hiểu là: “{UNCLEAR_WRITTEN_OUT}”" in answer.text
    assert wording.text.startswith(MARK)
    assert answer.reply_to == wording.reply_to > 0
    assert "2607/SGDĐT-GDPT" in read.text
    assert "Báo cáo tổng kết năm học 2025-2026: trước ngày 10/06/2026" in next_one.text
    assert "được viết lại thành" in bot.log  # what people ask stands in no log
    assert UNCLEAR_WRITTEN_OUT not in bot.log
    telegram.presses(user, answer, "👍")
    telegram.wait_for(lambda: texts.THANKS_UP in telegram.toasts)
    (entry,) = [entry for entry in Journal(State(data)).entries() if entry.vote]
    assert (entry.status, entry.question) == ("answered", "")


def test_a_conversation_that_went_on_meanwhile_is_left_as_it_is(telegram, talk, models, user):
    models.hold()
    models.script = [Fault("slow", text=UNCLEAR_WRITTEN_OUT), truthful]
    (refusal,) = talk(UNCLEAR)
    talk("/moi")
    models.release()
    telegram.wait_for(lambda: MARK in telegram.to(user)[-1].text)
    after = talk("thế là ngày nào")[0]

    assert refusal.text.startswith("Xin lỗi")
    assert "10/06/2026" in telegram.to(user)[-3].text
    assert "10/06/2026" not in after.text


@pytest.mark.parametrize("step", [Fault(status=500), Fault("cut", text="Báo cáo"), "Giá vàng hôm nay bao nhiêu?"])
def test_a_model_that_fails_leaves_the_refusal(telegram, talk, models, user, step):
    models.script = [step]
    talk(UNCLEAR)
    telegram.wait_for(lambda: len(models.requests) == 1)
    (greeting,) = talk("xin chào")

    assert telegram.to(user)[-1] is greeting


def test_a_refusal_without_a_topic_is_left_alone(telegram, models, user):
    models.requests.clear()
    telegram.answer_to(user, UNCLEAR)
    telegram.answer_to(user, "xin chào")

    assert models.requests == []
    assert len(telegram.to(user)) == 2


def test_a_button_takes_the_wording_away(telegram, talk, user):
    extract, wording = telegram.to(user)
    toasts = len(telegram.toasts)
    telegram.presses(user, wording, texts.HIDE)
    telegram.presses(user, wording, texts.HIDE)
    telegram.wait_for(lambda: telegram.toasts[toasts:] == [texts.HIDDEN] * 2 and wording not in telegram.to(user))
    talk("xin chào")

    assert telegram.to(user)[0] is extract
    assert wording not in telegram.to(user)
    assert telegram.refused.pop() == "deleteMessage: Bad Request: message to delete not found"  # of the second press


def test_a_wording_too_old_to_be_taken_away_says_so(telegram, talk, user):
    _, wording = telegram.to(user)
    telegram.ages(wording, hours=49)
    telegram.presses(user, wording, texts.HIDE)
    telegram.wait_for(lambda: texts.TOO_OLD_TO_HIDE in telegram.toasts)

    assert wording in telegram.to(user)


def press(telegram, sent, label):
    """Press a button and return what the bot says below."""
    before = len(telegram.to(sent.chat))
    telegram.presses(sent.chat, sent, label)
    telegram.wait_for(lambda: len(telegram.to(sent.chat)) > before)
    return telegram.to(sent.chat)[-1]
