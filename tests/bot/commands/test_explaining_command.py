"""``tracuu ask --explain``: why an answer came about, beside it; without the flag nothing of it."""

from __future__ import annotations

import io
import json

import pytest

from bot import cli
from tests.bot.command import DEADLINE


@pytest.fixture
def said(example_index, monkeypatch, capsys):
    """Run the command in this process, on lines of input; return what it printed."""
    monkeypatch.setenv("TRACUU_DATA", str(example_index))
    monkeypatch.setenv("TRACUU_TODAY", "2025-11-01")

    def run(*arguments: str, lines: str = "") -> str:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(lines.encode())))
        assert cli.run(list(arguments)) == 0
        return capsys.readouterr().out

    return run


def test_people_read_the_answer_and_below_it_why(said):
    plain, explained = said("ask", DEADLINE), said("ask", "--explain", DEADLINE)

    assert explained.startswith(plain)
    why = explained.removeprefix(plain)
    assert "Vì sao có câu trả lời này" in why
    assert f"Câu hỏi cốt lõi: {DEADLINE}" in why
    assert "1422/SGDĐT-CNTT" in why
    assert "Độ chắc của bộ chọn: 0." in why
    assert "Trả lời bởi: " in why or "Không khẳng định vì: " in why


def test_each_question_of_a_message_is_explained_in_order(said):
    explained = said("ask", "--explain", "Mật khẩu tối thiểu bao nhiêu ký tự? Thông tư 9999/2031/TT-BGDĐT quy định gì?")

    first, second = explained.index("Câu hỏi 1\n"), explained.index("Câu hỏi 2\n")
    assert "Câu hỏi cốt lõi: Mật khẩu tối thiểu bao nhiêu ký tự?" in explained[first:second]
    assert "(unknown_number)" in explained[second:]


def test_a_refusal_says_its_reason(said):
    assert "Không khẳng định vì: kho không có văn bản số 9999/2031/TT-BGDĐT (unknown_number)" in said(
        "ask", "--explain", "Thông tư 9999/2031/TT-BGDĐT quy định gì?"
    )


def test_json_has_it_under_a_key_of_its_own_and_is_the_same_without(said):
    plain = json.loads(said("ask", "--json", DEADLINE))
    explained = json.loads(said("ask", "--json", "--explain", DEADLINE))

    (why,) = explained.pop("explain")
    assert why["question"]["core"] == DEADLINE
    assert why["candidates"]
    assert explained | {"seconds": 0} == plain | {"seconds": 0}


def test_lines_and_turns_are_explained_too(said):
    lines = f"{DEADLINE}\nthế còn học sinh?\n"

    answers = [json.loads(line) for line in said("ask", "--json", "--chat", "--explain", lines=lines).splitlines()]

    assert [[one["question"]["core"] for one in answer["explain"]] for answer in answers] == [[line] for line in lines.splitlines()]
    assert "explain" not in json.loads(said("ask", "--json", lines=lines).splitlines()[0])
