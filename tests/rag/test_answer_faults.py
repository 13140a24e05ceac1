"""Whatever an answer raises, one question fails, in a sentence, and is logged."""

import logging

import pytest

from rag.assistant import Assistant
from rag.errors import AnswerFailed, TracuuError


@pytest.fixture
def broken(example_index, today, monkeypatch) -> Assistant:
    """An assistant that meets a fault in one question."""
    from rag.answers import shelves_in_turn as module

    answer_turn = module.answer_turn

    def faulty(searcher, asked, *rest):
        if "phở" in asked.text:
            raise ValueError("'x' is not in list")
        return answer_turn(searcher, asked, *rest)

    monkeypatch.setattr(module, "answer_turn", faulty)
    return Assistant(example_index, today=today)


def test_a_fault_is_told_in_a_sentence_and_logged(broken, caplog):
    with caplog.at_level(logging.ERROR), pytest.raises(AnswerFailed) as raised:
        broken.ask("Mật khẩu nấu phở bò bao nhiêu ký tự?")

    assert isinstance(raised.value, TracuuError)
    assert "is not in list" not in str(raised.value)
    assert isinstance(raised.value.__cause__, ValueError)
    assert "is not in list" in caplog.text
    assert "phở" not in caplog.records[0].getMessage()


def test_the_next_question_is_answered(broken):
    with pytest.raises(AnswerFailed):
        broken.ask("phở bò?")

    assert "12 ký tự" in broken.ask("Mật khẩu tối thiểu bao nhiêu ký tự?").text


def test_a_search_that_meets_a_fault_says_so_in_a_sentence(example_index, monkeypatch):
    assistant = Assistant(example_index)
    monkeypatch.setattr(type(assistant.searcher()), "search", lambda *_: {}["x"])

    with pytest.raises(AnswerFailed):
        assistant.search("mật khẩu")


def test_a_question_that_fails_again_and_again_does_not_have_the_whole_index_read_each_time(broken, monkeypatch):
    read = []
    assert broken.snapshot  # opened, which has its files looked at too
    monkeypatch.setattr("rag.index.snapshot.problems", lambda info, **_: read.append(info.id) or [])

    for _ in range(3):
        with pytest.raises(AnswerFailed):
            broken.ask("phở bò?")

    assert len(read) == 1
