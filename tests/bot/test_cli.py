"""The command as people and programs meet it: a process, its output, its errors, its exit code."""

from __future__ import annotations

import json
import re
import select
import signal
import subprocess
import sys

import pytest

from bot import cli
from bot.vietnamese import usage_error
from tests.bot.command import DEADLINE, UNKNOWN, objects, started, the_error

# --- ask ---


def test_people_get_the_answer_and_its_source(tracuu):
    result = tracuu("ask", DEADLINE)

    text = result.stdout.decode()
    assert result.returncode == 0
    assert "05/11/2025" in text
    assert "1422/SGDĐT-CNTT" in text
    assert "\x1b" not in text


def test_words_without_quotes_are_one_question(tracuu):
    assert tracuu("ask", *DEADLINE.split()).stdout == tracuu("ask", DEADLINE).stdout


def test_json_is_one_object_with_the_promised_fields(tracuu):
    (answer,) = objects(tracuu("ask", "--json", DEADLINE))

    assert answer["question"] == DEADLINE
    assert answer["status"] == "answered"
    citation = answer["citations"][0]
    assert set(citation) == {"document", "section", "page", "quote", "label", "validity", "doubtful"}
    assert (citation["document"], citation["section"]) == ("1422/SGDĐT-CNTT", "II.1-1(2)")
    assert answer["seconds"] > 0


def test_every_line_gets_its_answer_in_order_even_an_empty_one(tracuu):
    answers = objects(tracuu("ask", "--json", stdin=f"{DEADLINE}\n\n{UNKNOWN}".encode()))

    assert [answer["question"] for answer in answers] == [DEADLINE, "", UNKNOWN]
    assert [answer["status"] for answer in answers][::2] == ["answered", "not_found"]


def test_answers_are_flushed_one_by_one(environment):
    process = started(environment, "ask", "--json")
    assert process.stdin and process.stdout

    for question in (DEADLINE, UNKNOWN):
        process.stdin.write(f"{question}\n".encode())
        process.stdin.flush()
        assert select.select([process.stdout], [], [], 60)[0], "chưa có câu trả lời dù đã gửi câu hỏi"
        assert json.loads(process.stdout.readline())["question"] == question

    process.communicate()
    assert process.returncode == 0


def test_in_a_chat_the_lines_follow_up_and_an_empty_line_starts_anew(tracuu):
    lines = ["Hạn nhận sản phẩm cuộc thi Thầy cô sáng tạo số?", "nộp ở đâu", "", "nộp ở đâu"]

    followed, alone = objects(tracuu("ask", "--json", "--chat", stdin="\n".join(lines).encode()))[1:]

    assert "https://sangtaoso.binhson.edu.vn" in followed["answer"]
    assert "https://sangtaoso.binhson.edu.vn" not in alone["answer"]


def test_odd_bytes_and_control_characters_are_answered_like_any_question(tracuu):
    stdin = b"\xef\xbb\xbfh\xe1\xba\xa1n \xff\xfe\n\x00\x1b[31m\x07?\r\n" + b"a" * 100_000 + b"\n"

    answers = objects(tracuu("ask", "--json", stdin=stdin))

    assert len(answers) == 3
    assert answers[0]["question"].startswith("hạn")
    assert tracuu("ask", "--json", b"h\xe1\xba\xa1n \xff").returncode == 0


# --- search ---


def test_search_ranks_provisions(tracuu):
    (found,) = objects(tracuu("search", "--json", "hồ sơ học sinh", "-k", "3"))

    scores = [result["score"] for result in found["results"]]
    assert set(found) == {"question", "results", "seconds"}
    assert set(found["results"][0]) == {"document", "section", "page", "score", "text"}
    assert len(scores) == 3
    assert scores == sorted(scores, reverse=True)


def test_search_reads_lines_too(tracuu):
    found = objects(tracuu("search", "--json", stdin="học bạ số\nan toàn thông tin\n".encode()))

    assert [each["question"] for each in found] == ["học bạ số", "an toàn thông tin"]


def test_people_see_labels_and_texts(tracuu):
    text = tracuu("search", "hồ sơ học sinh").stdout.decode()

    assert re.search(r"^1\. .*1422/SGDĐT-CNTT", text, re.M)


# --- errors ---


def test_without_an_index_the_way_to_get_one_is_told(tracuu, tmp_path):
    for arguments in (["ask", "hạn?"], ["ask", "--json"], ["search", "hạn?"], ["chat"], ["show", "1/A"], ["status"]):
        result = tracuu(*arguments, TRACUU_DATA=str(tmp_path / "none"))
        assert the_error(result) == "Chưa có chỉ mục. Hãy chạy: tracuu ingest"
        assert not result.stdout


def test_a_wrong_setting_is_named(tracuu):
    assert "TRACUU_TODAY" in the_error(tracuu("ask", "hạn?", TRACUU_TODAY="mai"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ask"], "Thiếu câu hỏi"),
        (["search"], "Thiếu câu hỏi"),
        (["show"], "Thiếu tham số SỐ_HIỆU"),
        (["hoi"], "Không có lệnh “hoi”"),
        (["ask", "--tất-cả", "a"], "Không có tùy chọn “--tất-cả”"),
        (["search", "a", "-k"], "Tùy chọn -k cần một giá trị"),
        (["search", "a", "-k", "ba"], "Giá trị của -k không dùng được"),
        (["search", "a", "-k", "0"], "Giá trị của -k không dùng được"),
        (["ask", "--json=1", "a"], "Tùy chọn --json không nhận giá trị"),
        (["status", "thừa"], "Thừa tham số: thừa"),
        (["eval", "--split", "dev"], "Giá trị của --split không dùng được"),
        (["eval", "--file", "none.yaml"], "none.yaml"),
    ],
)
def test_wrong_usage_is_one_vietnamese_line(capsys, arguments, words):
    code = cli.run(arguments)

    error = capsys.readouterr().err
    assert code == 2
    assert words in error
    assert error.count("\n") == 1


def test_usage_that_nobody_foresaw_is_still_vietnamese():
    assert usage_error("Something odd.", "tracuu ask") == "Lệnh viết không đúng. Xem cách dùng: tracuu ask --help"


COMMANDS = (
    "ask",
    "search",
    "chat",
    "eval",
    "ingest",
    "add",
    "remove",
    "fetch",
    "show",
    "status",
    "diff",
    "verify",
    "rollback",
    "telegram",
    "stats",
)


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)])
def test_help_is_vietnamese(capsys, command):
    code = cli.run([*command, "--help"])

    text = capsys.readouterr().out
    assert code == 0
    assert "Cách dùng: tracuu" in text
    assert "Xem hướng dẫn này." in text
    for english in ("Usage", "Options", "Arguments", "Commands", "Show this", "default", "required", "<str>", "<bool>"):
        assert english not in text


def test_without_a_command_the_help_is_shown(capsys):
    assert cli.run([]) == 0
    assert "Cách dùng: tracuu" in capsys.readouterr().out


def test_a_reader_that_goes_away_is_no_error(environment):
    process = started(environment, "ask", "--json")
    assert process.stdin and process.stdout and process.stderr
    process.stdout.close()
    process.stdin.write(f"{DEADLINE}\n".encode() * 5)
    process.stdin.close()

    assert process.stderr.read() == b""
    assert process.wait(60) == 141


def test_ctrl_c_leaves_at_once_without_a_traceback(environment):
    process = started(environment, "ask", "--json")
    assert process.stdin and process.stdout and process.stderr
    process.stdin.write(f"{DEADLINE}\n".encode())
    process.stdin.flush()
    process.stdout.readline()

    process.send_signal(signal.SIGINT)

    assert process.wait(60) == 130
    assert b"Traceback" not in process.stderr.read()


# --- what a cold answer loads ---


def test_a_cold_answer_loads_no_heavy_library(environment):
    script = f"""
import sys
from bot import cli
assert cli.run(["ask", {DEADLINE!r}]) == 0
print(sorted({{"torch", "sentence_transformers", "transformers", "langchain_core"}} & set(sys.modules)))
"""
    result = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)

    assert result.stdout.splitlines()[-1] == "[]"
