"""The command as people and programs meet it: a process, its output, its errors, its exit code."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time

import pytest

from bot import cli
from bot.vietnamese import usage_error

COMMAND = [sys.executable, "-c", "from bot.cli import main; main()"]
DEADLINE = "Dữ liệu giáo viên, nhân viên phải nhập xong trước mấy giờ ngày nào?"
UNKNOWN = "giá vàng hôm nay bao nhiêu"


@pytest.fixture
def environment(repo, example_index):
    return os.environ | {"PYTHONPATH": str(repo), "TRACUU_DATA": str(example_index), "TRACUU_TODAY": "2025-11-01"}


@pytest.fixture
def tracuu(environment, tmp_path):
    """Run ``tracuu`` in an empty folder; bytes in, bytes out."""

    def call(*arguments: str | bytes, stdin: bytes = b"", **variables: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [*COMMAND, *arguments],
            input=stdin,
            capture_output=True,
            env=environment | variables,
            cwd=tmp_path,
            timeout=120,
            check=False,
        )

    return call


def the_error(result) -> str:
    """The one line on standard error of a run that failed."""
    lines = result.stderr.decode().splitlines()
    assert result.returncode == 2
    assert len(lines) == 1
    assert "Traceback" not in lines[0]
    return lines[0]


def objects(result) -> list[dict]:
    return [json.loads(line) for line in result.stdout.decode().splitlines()]


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
    process = subprocess.Popen([*COMMAND, "ask", "--json"], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
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


# --- the admins' verbs ---


def test_ingest_counts_what_was_read_and_names_what_was_skipped(tracuu, repo, tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "1422.md").write_bytes((repo / "tests/data/1422-SGDDT-CNTT.md").read_bytes())
    (corpus / "hỏng.pdf").write_bytes(b"%PDF-1.4 nothing more")

    result = tracuu("ingest", TRACUU_DATA=str(tmp_path / "data"))

    summary = result.stdout.decode()
    assert result.returncode == 1
    assert re.search(r"văn bản\s*│\s*1\b", summary)
    for counted in ("điều khoản", "thời hạn", "đầu mối liên hệ", "hệ thống", "viện dẫn"):
        assert re.search(rf"{counted}\s*│\s*[1-9]", summary)
    assert re.search(r"- hỏng\.pdf: \S+", summary)
    assert "1422.md" in result.stderr.decode()


def test_ingest_of_good_documents_exits_0_and_can_be_asked(tracuu, repo, tmp_path):
    data = str(tmp_path / "data")

    assert tracuu("ingest", TRACUU_DATA=data, TRACUU_CORPUS=str(repo / "tests/data")).returncode == 0
    assert objects(tracuu("ask", "--json", DEADLINE, TRACUU_DATA=data))[0]["status"] == "answered"


def test_a_collection_is_ingested_by_articles(tracuu, repo, tmp_path):
    data = str(tmp_path / "data")
    article = {
        "id": "1",
        "document": "12/2024/TT-ABC",
        "article": "7",
        "title": "Phí gửi xe",
        "text": "Phí gửi xe đạp là 2.000 đồng một ngày.",
    }
    (tmp_path / "more.jsonl").write_text(json.dumps(article, ensure_ascii=False) + "\n", encoding="utf-8")

    ingested = tracuu("ingest", "more.jsonl", TRACUU_DATA=data, TRACUU_CORPUS=str(repo / "tests/data"))

    (found,) = objects(tracuu("search", "--json", "phí gửi xe đạp", TRACUU_DATA=data))
    assert ingested.returncode == 0
    assert (found["results"][0]["document"], found["results"][0]["section"]) == ("12/2024/TT-ABC", "Điều 7")


def test_a_collection_that_is_not_there_changes_nothing(tracuu):
    assert "none.jsonl" in the_error(tracuu("ingest", "none.jsonl"))


def test_an_empty_corpus_is_an_error(tracuu, tmp_path):
    (tmp_path / "empty").mkdir()

    assert "empty" in the_error(tracuu("ingest", TRACUU_DATA=str(tmp_path / "data"), TRACUU_CORPUS="empty"))


@pytest.mark.parametrize("number", ["1422/SGDĐT-CNTT", "1422/sgddt-cntt"])
def test_show_prints_a_section_as_read(tracuu, number):
    text = tracuu("show", number, "I.1").stdout.decode()

    assert "100% học sinh lớp 1 đến lớp 11 có học bạ số được ký số" in text
    assert "II. " not in text


def test_show_prints_every_word_of_a_document(tracuu, repo):
    source = (repo / "tests/data/1422-SGDDT-CNTT.md").read_text(encoding="utf-8")
    source = re.sub(r"<!--.*?-->|\[\^\w+\]:?|\*\*|^#+ ", "", source, flags=re.M)

    shown = tracuu("show", "1422/SGDĐT-CNTT").stdout.decode()

    missing = set(re.findall(r"\w{2,}", source)) - set(re.findall(r"\w+", shown))
    assert not missing


@pytest.mark.parametrize(("arguments", "reason"), [(["9/NONE"], "9/NONE"), (["1422/SGDĐT-CNTT", "X.99"], "X.99")])
def test_show_says_what_there_is_not(tracuu, arguments, reason):
    assert reason in the_error(tracuu("show", *arguments))


def test_status_tells_loaded_documents_from_named_ones(tracuu):
    lines = tracuu("status").stdout.decode().splitlines()

    assert any("1422/SGDĐT-CNTT" in line and "14/10/2025" in line and "chỉ được nhắc" not in line for line in lines)
    assert any("417/KH-UBND" in line and "chỉ được nhắc tới" in line for line in lines)
    assert any("lập lúc" in line for line in lines)


def test_a_damaged_index_is_found_and_named(tracuu, repo, tmp_path):
    data = tmp_path / "data"
    tracuu("ingest", TRACUU_DATA=str(data), TRACUU_CORPUS=str(repo / "tests/data"))
    assert tracuu("verify", TRACUU_DATA=str(data)).returncode == 0

    store = next(data.glob("snapshots/*/store.sqlite"))
    store.write_bytes(b"\0" * store.stat().st_size)

    result = tracuu("verify", TRACUU_DATA=str(data))
    assert result.returncode == 2
    assert "store.sqlite" in result.stderr.decode()
    assert "tracuu ingest" in the_error(tracuu("ask", "hạn?", TRACUU_DATA=str(data)))


def test_rollback_goes_to_the_snapshot_before(tracuu, repo, tmp_path):
    corpus = shutil.copytree(repo / "tests/data", tmp_path / "corpus")
    data = {"TRACUU_DATA": str(tmp_path / "data"), "TRACUU_CORPUS": str(corpus)}
    tracuu("ingest", **data)
    first = (tmp_path / "data/current").read_text().split()[0]
    (corpus / "2.txt").write_text("Số: 2/KH-ABC\n\nI. Việc cần làm\n\n1. Dọn kho.\n", encoding="utf-8")
    tracuu("ingest", **data)

    assert first in tracuu("rollback", **data).stdout.decode()
    assert (tmp_path / "data/current").read_text().split() == [first]
    assert "trước" in the_error(tracuu("rollback", **data))


def test_settings_lists_every_variable(tracuu):
    text = tracuu("settings").stdout.decode()

    assert all(name in text for name in ("TRACUU_DATA", "TRACUU_CORPUS", "TRACUU_ENCODER", "TRACUU_TODAY"))
    assert "2025-11-01" in text


def test_eval_prints_and_writes_figures(tracuu, repo, tmp_path):
    questions = str(repo / "tests/evals/other_directive.yaml")

    result = tracuu("eval", "--file", questions, "--split", "tune", "--stripped", "--failures", "--report", "report.json")

    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert result.returncode == 0
    assert "Hỏi không dấu" in result.stdout.decode()
    assert "typed" not in report
    assert report["stripped"]["cases"] > 10
    assert report["stripped"]["right"] > 0.5


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


COMMANDS = ("ask", "search", "chat", "eval", "ingest", "add", "remove", "fetch", "show", "status", "diff", "verify", "rollback")


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
    process = subprocess.Popen(
        [*COMMAND, "ask", "--json"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin and process.stdout and process.stderr
    process.stdout.close()
    process.stdin.write(f"{DEADLINE}\n".encode() * 5)
    process.stdin.close()

    assert process.stderr.read() == b""
    assert process.wait(60) == 141


def test_ctrl_c_leaves_at_once_without_a_traceback(environment):
    process = subprocess.Popen(
        [*COMMAND, "ask", "--json"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
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
print(sorted({{"chromadb", "torch", "sentence_transformers", "transformers", "langchain_core"}} & set(sys.modules)))
"""
    result = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)

    assert result.stdout.splitlines()[-1] == "[]"


# --- chat ---


class Terminal:
    """A program on a pseudo-terminal: what it shows, and keys typed into it."""

    def __init__(self, environment) -> None:
        master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [*COMMAND, "chat"],
            env=environment | {"TERM": "dumb"},
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)
        self._master = master
        self._bytes = b""

    @property
    def shown(self) -> str:
        return self._bytes.decode("utf-8", "replace")

    def wait_for(self, text: str, times: int = 1) -> None:
        limit = time.monotonic() + 60
        while self.shown.count(text) < times:
            assert time.monotonic() < limit, f"không thấy “{text}” trong: {self.shown}"
            if select.select([self._master], [], [], 1)[0]:
                self._read()

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def interrupt(self) -> None:
        """Press Ctrl-C, again where the first came between the prompt and the wait for a key."""
        while self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(5)

    def end(self) -> int:
        limit = time.monotonic() + 60
        while select.select([self._master], [], [], max(0, limit - time.monotonic()))[0] and self._read():
            pass
        os.close(self._master)
        return self.process.wait(5)

    def _read(self) -> bool:
        try:
            piece = os.read(self._master, 65536)
        except OSError:  # the program closed its side
            return False
        self._bytes += piece
        return bool(piece)


def test_a_conversation_in_a_terminal(environment):
    terminal = Terminal(environment)

    terminal.wait_for("Bạn hỏi: ")
    terminal.type(f"{DEADLINE}\n")
    terminal.wait_for("Bạn hỏi: ", times=2)
    terminal.type("/moi\n")
    terminal.wait_for("hội thoại mới.", times=1)
    terminal.wait_for("Bạn hỏi: ", times=3)
    terminal.type("\x04")

    assert terminal.end() == 0
    assert "Ví dụ" in terminal.shown
    assert "05/11/2025" in terminal.shown
    assert terminal.shown.rstrip().endswith("Tạm biệt!")


def test_thoat_leaves_the_conversation(environment):
    terminal = Terminal(environment)

    terminal.wait_for("Bạn hỏi: ")
    terminal.type("/thoat\n")

    assert terminal.end() == 0
    assert "Tạm biệt!" in terminal.shown


def test_ctrl_c_leaves_the_conversation(environment):
    terminal = Terminal(environment)

    terminal.wait_for("Bạn hỏi: ")
    terminal.interrupt()

    assert terminal.end() == 130
    assert "Traceback" not in terminal.shown


def test_without_a_terminal_there_are_only_answers(tracuu):
    text = tracuu("chat", stdin=f"{DEADLINE}\n/moi\n/sai\n".encode()).stdout.decode()

    assert "05/11/2025" in text
    assert "Bạn hỏi" not in text
    assert "Không có lệnh /sai" in text
