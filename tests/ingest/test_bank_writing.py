"""A bank of questions written by a language model: a real server plays it, diligent or useless, and is stopped anywhere."""

from __future__ import annotations

import shutil
from datetime import date

import pytest

from ingest.bank_files import read_questions, write_questions
from ingest.bank_writing import Wanted, write_bank
from ingest.pipeline import ingest
from rag.assistant import Assistant
from rag.errors import ReadError, TracuuError
from rag.index.bank import BankEntry
from rag.storage import State
from rag.wording.ledger import Limits
from rag.wording.question_writer import QuestionWriter
from rag.wording.writer import WriterOptions
from tests.ingest.library_rules import LETTER, NUMBER, asked_for, everyday, line
from tests.rag.scripted_models import Fault, ScriptedModels

GOOD = "phụ huynh hỏi thư viện lúc nào vào được"
USELESS = {
    "empty": "",
    "prose": "Đây là ba câu hỏi:\n1. Thư viện mở cửa lúc nào?",
    "HTML": "<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>",
    "a JSON list": f"[{line(1, GOOD)}]",
    "JSON over several lines": '{\n"so": 1,\n"cau_hoi": "thư viện lúc nào vào được"\n}',
    "other keys": '{"number": 1, "question": "thư viện lúc nào vào được"}',
    "more keys": '{"so": 1, "cau_hoi": "thư viện lúc nào vào được", "tra_loi": "7h00"}',
    "another provision": line(9, GOOD),
    "a provision in words": line("1", GOOD),
    "a provision that is true": line(True, GOOD),
    "no text": line(1, 7),
    "blank": line(1, "  "),
    "deep": "[" * 5900,
    "long number": '{"so": ' + "9" * 5000 + ', "cau_hoi": "thư viện lúc nào vào được"}',
}
FAILURES = {
    "broken JSON": Fault("broken", text=line(1, GOOD)),
    "cut connection": Fault("cut", text=line(1, GOOD)),
    "endless": Fault("endless", text=line(1, GOOD) + "\n"),
    "wrong key": Fault(status=401),
    "out of quota": Fault(status=429),
    "server error": Fault(status=500),
}
UNFIT = {
    "a date": ("thư viện ngày 05/09/2026 lúc nào vào được", "facts"),
    "a number": ("phụ huynh được mượn 25 cuốn ở thư viện không", "facts"),
    "a number in words": ("đi thư viện quá hai mươi phút thì sao", "facts"),
    "a phone": ("thư viện gọi 0987 654 321 được không", "facts"),
    "a link": ("thư viện có mở ở https://sach.example.vn không", "facts"),
    "a mail": ("thư viện gửi vào sach@example.vn được không", "facts"),
    "a document": ("thư viện theo thông tư 99/2031/TT-BGDĐT thì sao", "facts"),
    "too short": ("giờ?", "shape"),
    "too long": ("thư viện lúc nào vào được " * 12, "shape"),
    "markup": ("<b>thư viện</b> lúc nào vào được", "shape"),
    "control characters": ("thư viện\u0007 lúc nào vào được", "shape"),
    "half a letter": ("thư viện lúc nào vào được \ud83d", "shape"),
    "turned around": ("thư viện lúc nào \u202evào được", "shape"),
    "no words": ("7 17 7 17 7 17 7 17 ?", "shape"),
}


@pytest.fixture(scope="module", autouse=True)
def langchain():
    """Loaded once, so that no test's time limit goes to it."""
    import langchain.chat_models
    import langchain_openai

    return langchain.chat_models, langchain_openai


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """A corpus with one letter, and its index."""
    folder = tmp_path_factory.mktemp("library")
    (folder / "corpus").mkdir()
    (folder / "corpus/77.md").write_text(LETTER, encoding="utf-8")
    ingest(folder / "corpus", folder / "data")
    return folder


@pytest.fixture
def folder(library, tmp_path):
    shutil.copytree(library, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture
def write(folder):
    """Have the given server write, one provision a call unless said otherwise."""
    searcher = Assistant(folder / "data", without=frozenset({"scripted"})).shelf()

    def run(models: ScriptedModels, count: int = 10, number: str = NUMBER, **options):
        writer = QuestionWriter(WriterOptions("openai:scripted", models.url, **({"seconds": 15.0} | options)), State(folder / "data"))
        wanted = Wanted(number, count, date(2026, 11, 26))
        return write_bank(folder / "corpus", folder / "data", searcher, writer, wanted, lambda line: None)

    return run


@pytest.fixture
def bank(folder):
    """What is in the file of the model's questions."""
    return lambda: read_questions(folder / "corpus/questions/model-77-SGDDT-VP.yaml")


def sections(entries) -> list[str]:
    return list(dict.fromkeys(section for entry in entries for section in entry.sections))


def test_each_provision_gets_its_questions(write, bank):
    with ScriptedModels.start(everyday) as models:
        result = write(models, count=3)

    assert len(models.requests) == 1  # neighbours go together
    assert (result.provisions, result.done, result.kept, result.dropped.total()) == (3, 3, 9, 0)
    assert result.whole
    entries = bank()
    assert entries[0] == BankEntry(
        "cho em hỏi lúc nào vào đọc được", NUMBER, ("Điều 1",), "model", "scripted", "2026-11-26"
    )  # fmt: skip
    assert sections(entries) == ["Điều 1", "Điều 2", "Điều 3"]
    assert "đúng 3 câu hỏi" in models.requests[0]["messages"][0]["content"]


def test_what_is_done_is_not_asked_for_again_until_more_is_wanted(write, bank):
    with ScriptedModels.start(everyday) as models:
        write(models, count=3)
        again = write(models, count=3)
        assert len(models.requests) == 1
        more = write(models, count=4)

    assert (again.before, again.done, again.whole) == (3, 0, True)
    assert (more.done, more.kept, more.dropped["repeated"]) == (3, 3, 9)
    assert len(bank()) == 12


def test_at_the_day_s_limit_it_stops_and_goes_on_from_there(write, bank):
    with ScriptedModels.start(everyday) as models:
        stopped = write(models, limits=Limits(calls=2))
        assert sections(bank()) == ["Điều 1", "Điều 2"]
        rest = write(models)

    assert (stopped.at_limit, stopped.stopped, stopped.whole, stopped.done) == (True, True, False, 2)
    assert (rest.before, rest.done, rest.whole) == (2, 1, True)
    assert [text[:20] for request in models.requests for _, text in asked_for(request["messages"])] == [
        "Thư viện của nhà trư", "Mỗi học sinh được mư", "Sân thể thao dành ch",
    ]  # fmt: skip
    assert len(bank()) == 30


@pytest.mark.parametrize("reply", USELESS.values(), ids=USELESS)
def test_a_reply_that_cannot_be_read_is_worth_nothing_and_the_model_is_given_up(write, folder, reply):
    with ScriptedModels.start(reply) as models:
        result = write(models)

    assert (result.done, result.kept, result.failed, result.stopped) == (0, 0, 3, True)
    assert "JSON" in result.reason
    assert len(models.requests) == 3
    assert not (folder / "corpus/questions").exists()


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_a_provision_at_which_the_model_fails_is_left_for_the_next_run(write, bank, failure):
    with ScriptedModels.start(everyday, failure, everyday) as models:
        first = write(models)
        assert sections(bank()) == ["Điều 1", "Điều 3"]
        second = write(models)

    assert (first.done, first.failed, first.stopped, first.whole) == (2, 1, False, False)
    assert first.reason
    assert (second.before, second.done, second.whole) == (2, 1, True)
    assert sections(bank()) == ["Điều 1", "Điều 3", "Điều 2"]


def test_a_slow_model_is_not_waited_for(write):
    with ScriptedModels.start(Fault("slow", text=line(1, GOOD))) as models:
        result = write(models, seconds=0.2)

    assert (result.failed, result.stopped) == (3, True)
    assert "thời gian" in result.reason


def test_no_model_there_is_no_error(write):
    with ScriptedModels.start("") as models:
        pass

    assert write(models).stopped


@pytest.mark.parametrize(("question", "fault"), UNFIT.values(), ids=UNFIT)
def test_a_question_that_is_not_fit_is_dropped(write, bank, question, fault):
    with ScriptedModels.start(lambda messages: "\n".join([line(1, question), line(1, f"{GOOD} {len(models.requests)}"[:-2])])) as models:
        result = write(models)

    assert result.dropped[fault] >= 3
    assert question not in [entry.question for entry in bank()]
    assert len(bank()) == 1  # the good one, once


def test_a_question_that_is_there_already_is_dropped(write, folder, bank):
    write_questions(folder / "corpus/questions/a.yaml", [BankEntry("Cho em hỏi: lúc nào vào ĐỌC được?", NUMBER, ("Điều 1",))])
    with ScriptedModels.start(everyday) as models:
        result = write(models, count=3)

    assert result.dropped == {"repeated": 1}
    assert len(bank()) == 8


def test_more_than_was_asked_for_is_not_taken(write, bank):
    with ScriptedModels.start(everyday) as models:
        write(models, count=1)

    assert len(bank()) == 3


def test_a_question_must_find_its_provision_back(write, bank, monkeypatch):
    from rag.finding.search import Searcher

    ranked = {"lúc nào vào đọc được": [0, 1], "lỡ làm rơi thì sao": [7, 8, 9, 1], "đá bóng phải báo ai": []}
    monkeypatch.setattr(
        Searcher, "ranked", lambda self, asked: [(id_, 1.0) for said, ids in ranked.items() if said in asked.text for id_ in ids]
    )
    with ScriptedModels.start(everyday) as models:
        result = write(models, count=2)

    assert result.dropped == {"lost": 4}
    assert result.whole  # the model did its part
    assert sections(bank()) == ["Điều 1"]


def test_a_damaged_list_of_what_is_done_costs_calls_and_nothing_else(write, folder, bank):
    with ScriptedModels.start(everyday) as models:
        write(models, count=3)
        (folder / "data/writing/77-SGDDT-VP.json").write_bytes(b"\xff[1, ")
        again = write(models, count=3)

    assert (again.done, again.kept) == (3, 0)
    assert len(bank()) == 9


def test_without_the_file_everything_is_written_anew(write, folder, bank):
    with ScriptedModels.start(everyday) as models:
        write(models, count=3)
        (folder / "corpus/questions/model-77-SGDDT-VP.yaml").unlink()
        again = write(models, count=3)

    assert (again.before, again.done, len(bank())) == (0, 3, 9)


def test_a_file_that_somebody_broke_is_not_written_over(write, folder):
    path = folder / "corpus/questions/model-77-SGDDT-VP.yaml"
    path.parent.mkdir()
    path.write_text("- {question: [", encoding="utf-8")
    with ScriptedModels.start(everyday) as models, pytest.raises(ReadError, match="model-77"):
        write(models)

    assert models.requests == []
    assert path.read_text(encoding="utf-8") == "- {question: ["


def test_two_runs_on_one_document_do_not_get_in_each_other_s_way(write):
    refused = []

    def meanwhile(messages):
        with pytest.raises(TracuuError, match="Một lệnh khác") as caught:
            write(models)
        refused.append(caught)
        return everyday(messages)

    with ScriptedModels.start(meanwhile) as models:
        assert write(models, count=3).whole

    assert refused


@pytest.mark.parametrize("number", ["1/SGDĐT", "không có"])
def test_a_document_that_is_not_there_is_named(write, number):
    with ScriptedModels.start(everyday) as models, pytest.raises(TracuuError, match=number):
        write(models, number=number)

    assert models.requests == []
