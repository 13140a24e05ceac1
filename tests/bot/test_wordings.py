"""Wordings beside everything else: what is given up, or late, goes on costing nobody anything."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from bot.wordings import Wordings
from rag.assistant import Assistant
from rag.choosing.chooser import Levels, shipped_chooser
from rag.question.conversation import Conversation
from rag.storage import State
from rag.wording.writer import Writer, WriterOptions
from tests.rag.model_faults import FAULTS, TRUE
from tests.rag.scripted_models import ScriptedModels

QUESTION = "Dữ liệu giáo viên, nhân viên phải nhập xong trước mấy giờ ngày nào?"
PATIENCE = 60.0


@pytest.fixture(autouse=True)
def sure_enough(monkeypatch):
    """So that the model is asked for a wording of this made-up directive, which has no bank."""
    monkeypatch.setattr(shipped_chooser(), "levels", Levels(answer=0.3, offer=0.1, answer_without_bank=0.3))


def assistant_with(models, data, folder, seconds) -> Assistant:
    return Assistant(data, writer=Writer(WriterOptions("openai:scripted", models.url, seconds=seconds, cache_days=0), State(folder)))


def at_work() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name in ("llm", "wording")]


def wait_until_nobody_works() -> None:
    until = time.monotonic() + PATIENCE
    while at_work() and time.monotonic() < until:
        time.sleep(0.02)


@pytest.mark.parametrize("fault", ["drips letters", "floods with comments", "endless", "hangs after a true sentence"])
def test_a_reader_whose_time_is_up_has_the_extract_and_nobody_works_on(example_index, tmp_path, fault):
    with ScriptedModels.start(FAULTS[fault]) as models:
        assistant = assistant_with(models, example_index, tmp_path, 0.5)
        given = assistant.ask(QUESTION, plain=True)

        async def read():
            wordings = Wordings(assistant, 0.5)
            return await wordings.begin(QUESTION, Conversation(), frozenset(), given).last()

        last = asyncio.run(read())
        wait_until_nobody_works()

    assert (last.text, last.wording) == (given.text, None)
    assert not at_work()


def test_what_is_given_up_stops_at_the_next_piece(example_index, tmp_path):
    with ScriptedModels.start(f"{TRUE} " + "Hồ sơ giáo viên, nhân viên hoàn thành " * 50, FAULTS["drips letters"]) as models:
        assistant = assistant_with(models, example_index, tmp_path, PATIENCE)
        given = assistant.ask(QUESTION, plain=True)

        async def give_up():
            wordings = Wordings(assistant, PATIENCE)
            growing = wordings.begin(QUESTION, Conversation(), frozenset(), given)
            async for grown in growing.read():
                assert grown.answer.wording.text == TRUE
                break
            wordings.close()

        asyncio.run(give_up())
        models.release()
        wait_until_nobody_works()

    assert not at_work()
