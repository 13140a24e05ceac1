"""Whatever a model does wrong, its reader has the extract within the limit, and nothing goes on working for nobody."""

from __future__ import annotations

import threading
import time

import pytest

from rag.assistant import Assistant
from rag.choosing.chooser import Levels, shipped_chooser
from rag.slots.source import Source
from rag.storage import State
from rag.verification.checker import Checker
from rag.wording.writer import Writer, WriterOptions
from tests.rag.model_faults import FAULTS, TRUE
from tests.rag.scripted_models import ScriptedModels

QUESTION = "Dữ liệu giáo viên, nhân viên phải nhập xong trước mấy giờ ngày nào?"
LIMIT = 0.7
PATIENCE = 60.0  # of a test; much more than it takes


SLEEPS = {"drips headers"}
"""Faults that hold a thread which does nothing until the server has sent all that a head may have."""


@pytest.fixture(autouse=True)
def sure_enough(monkeypatch):
    """So that the model is asked for a wording, also where the chooser is not sure of this made-up directive."""
    monkeypatch.setattr(shipped_chooser(), "levels", Levels(answer=0.3, offer=0.1, answer_without_bank=0.3))


@pytest.fixture(scope="module")
def answers(example_index, tmp_path_factory):
    """What the reader of an assistant gets, whose model has loaded all that it needs."""
    with ScriptedModels.start(TRUE) as models:
        patient = Writer(WriterOptions("openai:scripted", models.url, seconds=PATIENCE), State(tmp_path_factory.mktemp("first")))
        Assistant(example_index, writer=patient).ask(QUESTION)
        hurried = Writer(WriterOptions("openai:scripted", models.url, seconds=LIMIT, cache_days=0), State(tmp_path_factory.mktemp("data")))

        def ask(step):
            models.release()
            models.hold()
            models.requests.clear()
            models.script = [step]
            return list(Assistant(example_index, writer=hurried).stream(QUESTION))

        yield ask


@pytest.fixture(autouse=True)
def nobody_reads_yet():
    """A thread that one fault left asleep is not taken for that of the next."""
    for thread in readers():
        thread.name = "asleep"


def readers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "llm"]


@pytest.mark.parametrize("fault", FAULTS)
def test_the_extract_stays_and_the_model_is_left_alone(answers, fault):
    extract, *states = answers(FAULTS[fault])

    assert extract.status == "answered"
    assert all((state.status, state.text) == (extract.status, extract.text) for state in states)
    assert not states or states[-1].wording is None or states[-1].wording.text == TRUE
    until = time.monotonic() + PATIENCE
    while fault not in SLEEPS and readers() and time.monotonic() < until:
        time.sleep(0.02)
    assert fault in SLEEPS or not readers()


def test_there_are_faults_enough():
    assert len(FAULTS) >= 40


def test_a_sentence_of_a_growing_reply_is_checked_once(monkeypatch):
    """A reply comes in many pieces: the check of each costs what is new in it."""
    given = [Source("\n".join(f"Trường số {number} báo cáo Sở trước ngày {number}/12/2025." for number in range(1, 21)), "")]
    looked_at: list[object] = []
    monkeypatch.setattr("rag.verification.checker.fault_of_negation", lambda row, _: looked_at.append(row) or "")
    checker = Checker(given)
    reply = ""

    for number in range(1, 21):
        reply += f"Trường số {number} báo cáo Sở trước ngày {number}/12/2025 [1]. "
        assert checker.verify(reply, whole=False).fault == ""

    assert len(looked_at) == 20


def test_a_check_ends_when_its_time_is_up():
    checker = Checker([Source("Trường báo cáo Sở trước ngày 10/01/2026.", "")], until=time.monotonic())

    with pytest.raises(TimeoutError):
        checker.verify("Trường báo cáo Sở trước ngày 10/01/2026 [1].")


@pytest.mark.parametrize("reply", [f"{TRUE} " * 2, TRUE.replace("[1]", str([*range(1, 20)])), "hồ sơ " * 200 + "[1]."])
def test_babble_is_refused_before_it_is_looked_at(reply):
    checked = Checker([Source(TRUE.removesuffix(" [1]."), "")]).verify(reply)

    assert "lặp lại" in checked.fault or "không dứt" in checked.fault
