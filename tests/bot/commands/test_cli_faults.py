"""A batch of questions of which one meets a fault of the program."""

import io
import json
import sys

import pytest

from bot import cli
from bot.service import Found, Service
from rag.documents import Answer
from rag.errors import AnswerFailed


class OneFails:
    """Answers every question but one."""

    def make_ready(self):
        pass

    def stream(self, question, conversation=None, *, plain=False):
        if question == "hỏng":
            raise AnswerFailed("Chương trình gặp lỗi khi trả lời câu này.") from ValueError("x")
        yield Answer(question, "answered", "Được.")

    def search_here(self, question, k):
        list(self.stream(question))
        return Found(question, [], 0.0)


@pytest.fixture
def ask(monkeypatch, capsys):
    def asked(*arguments: str, stdin: str = "", verb: str = "ask"):
        monkeypatch.setattr(Service, "open", lambda chosen: OneFails())
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        code = cli.run([verb, *arguments])
        return code, *capsys.readouterr()

    return asked


@pytest.mark.parametrize("arguments", [["--chat", "một"], ["--chat", "--json", "một"], ["--chat"]])
def test_a_conversation_is_lines_of_the_input_or_it_is_refused(ask, arguments):
    code, _, errors = ask(*arguments)

    assert (code, errors.count("\n")) == (2, 1)
    assert "tracuu chat" in errors


def test_the_other_questions_of_a_batch_are_answered(ask):
    code, out, errors = ask("--json", stdin="một\nhỏng\nhai\n")

    answers = [json.loads(line) for line in out.splitlines()]
    assert [(answer["question"], answer["status"]) for answer in answers] == [
        ("một", "answered"),
        ("hỏng", "not_found"),
        ("hai", "answered"),
    ]
    assert answers[1]["answer"] == "Chương trình gặp lỗi khi trả lời câu này."
    assert code == 1
    assert len(errors.splitlines()) == 1


def test_a_lone_question_that_fails_is_one_line(ask):
    code, out, errors = ask("hỏng")

    assert (code, out) == (2, "")
    assert errors.startswith("Chương trình gặp lỗi khi trả lời câu này.")
    assert "Traceback" not in errors


def test_the_other_searches_of_a_batch_go_on(ask):
    code, out, errors = ask("--json", stdin="một\nhỏng\nhai\n", verb="search")

    found = [json.loads(line) for line in out.splitlines()]
    assert [one["question"] for one in found] == ["một", "hỏng", "hai"]
    assert found[1]["error"] == "Chương trình gặp lỗi khi trả lời câu này."
    assert (code, len(errors.splitlines())) == (1, 1)


def test_a_conversation_goes_on_after_a_question_that_fails(ask):
    code, out, _ = ask(stdin="hỏng\nmột\n", verb="chat")

    assert code == 0
    assert out.index("gặp lỗi") < out.index("Được.")
