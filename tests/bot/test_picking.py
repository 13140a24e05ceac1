"""Every channel where a language model picks from what is offered: the offer at once, the extract of what was picked in its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bot.chat_process import REPO
from tests.bot.telegram_bot import BotProcess
from tests.bot.web.asking import events, streaming
from tests.bot.web.site import Site
from tests.rag.scripted_models import Fault, ScriptedModels

QUESTION = "báo cáo sơ kết gửi đi lúc nào nhỉ"
NOTE = "Mô hình ngôn ngữ đã chọn mục này trong các mục gần nhất"
UNSURE = {"PYTHONPATH": f"{Path(__file__).parent / 'unsure'}:{REPO}"}


@pytest.fixture(scope="module")
def models():
    with ScriptedModels.start("2") as started:
        yield started


@pytest.fixture(scope="module")
def variables(models):
    """The settings of a process that is unsure of everything, with that model."""
    return {
        **UNSURE,
        "TRACUU_LLM": "openai:scripted",
        "TRACUU_LLM_URL": models.url,
        "TRACUU_LLM_SECONDS": "60",
        "TRACUU_LLM_CACHE_DAYS": "0",
    }


@pytest.fixture(scope="module")
def service(repo, data, variables):
    started = Site(repo, data, repo / "corpus", **variables)
    yield started
    assert started.stop() == 0
    assert not [line for line in started.lines() if line["level"] == "ERROR"]


@pytest.fixture(scope="module")
def bot(telegram, data, variables):
    process = BotProcess(telegram, data, **variables)
    yield process
    assert process.stop() == 0
    assert "Traceback" not in process.log, process.log


@pytest.fixture(autouse=True)
def helpful(models):
    models.script = ["2"]
    models.requests.clear()


def test_the_command_shows_the_offer_then_what_was_picked(tracuu, data, variables):
    shown = tracuu("ask", QUESTION, **variables, TRACUU_DATA=str(data)).stdout.decode()
    picked = json.loads(tracuu("ask", "--json", QUESTION, **variables, TRACUU_DATA=str(data)).stdout)

    offer, _, answer = shown.partition("Lưu ý: " + NOTE)
    assert "Tôi chưa chắc" in offer
    assert answer
    assert picked["status"] == "answered"
    assert picked["notes"][0].startswith(NOTE)


def test_a_stream_tells_a_second_answer_of_the_same_id(service):
    with streaming(service, QUESTION, "chon") as response:
        offer, answer = (content for name, content in events(response) if name == "answer")

    assert (offer["status"], answer["status"]) == ("offered", "answered")
    assert offer["id"] == answer["id"]
    assert answer["notes"][0].startswith(NOTE)
    assert answer["citations"][0]["section"].startswith(offer["citations"][1]["section"])
    (turn,) = service.http.get("/api/conversations/chon").json()["turns"]
    assert turn["answer"]["answer"] == answer["answer"]


def test_json_waits_for_the_pick(service, models):
    assert service.ask(QUESTION)["status"] == "answered"
    assert service.ask(QUESTION, plain=True)["status"] == "offered"
    assert len(models.requests) == 1


@pytest.mark.parametrize("step", ["0", "Báo cáo nộp ngày 31/12/2099.", Fault(status=500), Fault("cut", text="1")])
def test_no_pick_leaves_the_offer(service, models, step):
    models.script = [step]
    with streaming(service, QUESTION) as response:
        told = [content["status"] for name, content in events(response) if name == "answer"]

    assert told == ["offered"]
    assert len(models.requests) == 1


@pytest.mark.usefixtures("bot")
def test_telegram_says_what_was_picked_below_the_offer(telegram, models):
    telegram.says(901, QUESTION)
    telegram.wait_for(lambda: len(telegram.to(901)) == 2)
    offer, answer = telegram.to(901)
    models.script = ["0"]
    telegram.says(902, QUESTION)
    telegram.wait_for(lambda: len(models.requests) == 2)
    telegram.answer_to(902, "xin chào")

    assert offer.text.startswith("Tôi chưa chắc")
    assert NOTE in answer.text
    assert answer.reply_to == telegram.last_message_of(901)
    assert len(telegram.to(902)) == 2
