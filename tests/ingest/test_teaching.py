"""``tracuu teach``: what is kept, what takes effect, what is refused."""

from __future__ import annotations

import shutil
import time
from datetime import date
from uuid import uuid4

import pytest

from ingest.bank_files import read_questions
from ingest.lessons import Lessons
from ingest.teaching import Teacher
from rag.assistant import Assistant
from rag.errors import TracuuError
from rag.index.bank import BankEntry
from rag.index.lock import builder_lock
from rag.language.text import strip_marks
from rag.storage import State
from tests.ingest.office import PARKING

PARKED, FED = "11/2024/TT-BGDĐT", "12/2024/TT-BGDĐT"
ODD = "Mua kẹo mút ở chỗ nào rẻ nhất?"


@pytest.fixture
def indexed(office, tracuu):
    tracuu("ingest")
    return office


@pytest.fixture
def teacher(indexed):
    return Teacher(indexed.corpus, indexed.data, Assistant(indexed.data), date(2025, 11, 1))


@pytest.fixture
def machines(indexed, states_server, tmp_path):
    """Two machines that share a server of state, each with a corpus and an index of its own."""
    office = f"teaching_{uuid4().hex[:8]}"
    made = []
    for name in ("one", "other"):
        shutil.copytree(indexed.corpus, tmp_path / name / "corpus")
        shutil.copytree(indexed.data, tmp_path / name / "data")
        data = tmp_path / name / "data"
        lessons = Lessons(State(data, states_server, office))
        made.append(Teacher(tmp_path / name / "corpus", data, Assistant(data), date(2025, 11, 1), lessons=lessons))
    return made


@pytest.fixture
def file(indexed):
    return indexed.corpus / "questions" / "taught.yaml"


def asked(office, question):
    return Assistant(office.data).ask(question)


def test_what_is_taught_is_answered_at_once_with_and_without_marks(indexed, tracuu, file):
    running = Assistant(indexed.data)
    assert running.ask(ODD).status != "answered"

    started = time.process_time()  # a busy machine is not our doing
    result = tracuu("teach", ODD, "11/2024/tt-bgddt", "dieu 1")
    answers = [running.ask(question) for question in (ODD, strip_marks(ODD))]

    assert (result.code, result.err) == (0, "")
    assert time.process_time() - started < 2
    assert [(answer.status, answer.citations[0].section) for answer in answers] == [("answered", "Điều 1")] * 2
    assert read_questions(file) == [BankEntry(ODD, PARKED, ("Điều 1",), "taught", "admin", "2025-11-01")]


def test_a_question_that_a_document_does_not_answer_is_not_answered(indexed, tracuu):
    question = "phí gửi xe đạp là bao nhiêu?"
    assert asked(indexed, question).status != "not_found"

    tracuu("teach", question, PARKED, "--no-answer")

    assert asked(indexed, question).status == "not_found"


def test_a_question_taught_anew_takes_the_place_of_the_old_entry(tracuu, teacher, file):
    tracuu("teach", ODD, FED, "Điều 1")
    tracuu("teach", ODD, PARKED, "Điều 1")

    result = tracuu("teach", strip_marks(ODD).upper(), PARKED, "Điều 2")

    assert "Thay cho" in result.out
    assert [(entry.document, entry.sections) for entry in read_questions(file)] == [(FED, ("Điều 1",)), (PARKED, ("Điều 2",))]


def test_undo_takes_it_back(indexed, tracuu, file):
    before = asked(indexed, ODD)
    tracuu("teach", ODD, PARKED, "Điều 1")

    result = tracuu("teach", "--undo", strip_marks(ODD))

    assert (result.code, ODD in result.out) == (0, True)
    assert read_questions(file) == []
    assert asked(indexed, ODD).text == before.text
    assert "Chưa dạy" in tracuu("teach", "--undo", ODD).err


def test_the_next_ingest_keeps_what_was_taught(indexed, tracuu):
    tracuu("teach", ODD, PARKED, "Điều 1")
    indexed.write("11.txt", PARKING.replace("2.000", "2.500"))

    tracuu("ingest")

    assert "2.500" in asked(indexed, ODD).text


def test_what_is_taught_of_a_document_sleeps_without_it(indexed, tracuu, file):
    tracuu("teach", ODD, PARKED, "Điều 1")
    tracuu("remove", PARKED)
    assert asked(indexed, ODD).status != "answered"

    tracuu("teach", "Căng tin bán gì?", FED, "Điều 1")  # rewrites the file
    indexed.write("11.txt", PARKING)
    tracuu("ingest")

    assert len(read_questions(file)) == 2
    assert asked(indexed, ODD).citations[0].document == PARKED


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["", PARKED, "Điều 1"], "Cần câu hỏi"),
        (["   ", PARKED, "Điều 1"], "Câu hỏi trống"),
        (["?!", PARKED, "Điều 1"], "không có chữ nào"),
        (["a" * 1001, PARKED, "Điều 1"], "dài 1001 ký tự"),
        ([ODD, "99/2024/TT-BGDĐT", "Điều 1"], "Không có văn bản 99/2024/TT-BGDĐT"),
        ([ODD, PARKED, "Điều 11"], "Gần nhất: Điều 1"),
        ([ODD, PARKED], "--no-answer"),
        ([ODD, PARKED, "Điều 1", "--no-answer"], "--no-answer"),
        (["--undo", ODD, "--no-answer"], "--undo"),
    ],
)
def test_what_cannot_be_taught_is_said_in_one_line(indexed, tracuu, file, arguments, reason):
    result = tracuu("teach", *arguments)

    assert (result.code, len(result.err.splitlines())) == (2, 1)
    assert reason in result.err
    assert not file.exists()


def test_a_document_that_is_only_named_cannot_be_taught_of(indexed, tracuu):
    indexed.write("13.txt", PARKING.replace("11/2024", "13/2024").replace("miễn phí", "miễn phí theo Thông tư số 9/2019/TT-BGDĐT"))
    tracuu("ingest")

    assert "chỉ được nhắc tới" in tracuu("teach", ODD, "9/2019/TT-BGDĐT", "Điều 1").err


@pytest.mark.parametrize("content", ["- {question: [", "- 3", "a: b"])
def test_a_damaged_file_is_named_and_left_as_it_is(indexed, tracuu, file, content):
    tracuu("teach", ODD, PARKED, "Điều 1")
    file.write_text(content, encoding="utf-8")

    result = tracuu("teach", "câu khác", PARKED, "Điều 2")

    assert (result.code, len(result.err.splitlines())) == (2, 1)
    assert "taught.yaml" in result.err
    assert file.read_text(encoding="utf-8") == content
    assert asked(indexed, ODD).status == "answered"


@pytest.mark.parametrize("part", ["ingest.bank_files.sync", "rag.index.bank_publishing.BankIndex.build", "rag.disk.sync"])
def test_on_a_full_disk_nothing_is_lost(indexed, tracuu, file, monkeypatch, part):
    def full(*given: object, **named: object) -> None:
        raise OSError(28, "No space left on device")

    tracuu("teach", ODD, PARKED, "Điều 1")
    before = file.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(part, full)
        result = tracuu("teach", "câu khác", PARKED, "Điều 2")

    assert (result.code, len(result.err.splitlines())) == (2, 1)
    assert "dung lượng đĩa" in result.err
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == ["taught.yaml"]
    assert asked(indexed, ODD).status == "answered"
    assert tracuu("teach", "câu khác", PARKED, "Điều 2").code == 0


def test_before_anything_was_taught_a_full_disk_leaves_no_file(tracuu, teacher, file, monkeypatch):
    def full(*given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ingest.teaching.build_later_part", full)

    with pytest.raises(TracuuError, match="dung lượng đĩa"):
        teacher.teach(ODD, PARKED, "Điều 1")

    assert not file.exists()


def test_nothing_is_taught_while_another_builds(teacher, indexed, file):
    with builder_lock(indexed.data), pytest.raises(TracuuError, match="đang được lập"):
        teacher.teach(ODD, PARKED, "Điều 1")

    assert not file.exists()


def test_without_an_index_nothing_can_be_taught(office, tracuu):
    assert "tracuu ingest" in tracuu("teach", ODD, PARKED, "Điều 1").err


def test_bytes_that_are_no_text_are_left_out(teacher, file):
    teacher.teach("kẹo \udcff mút", PARKED, "Điều 1")

    assert read_questions(file)[0].question == "kẹo mút"


def test_a_place_beside_the_shelf_can_be_taught(indexed, tracuu, tmp_path):
    from tests.ingest.office import article

    law = tmp_path / "luật.jsonl"
    law.write_text(article("5/2020/QH14", 3, "Nghỉ hè", "Nghỉ từ ngày 01 tháng 6."), encoding="utf-8")
    tracuu("ingest", law)
    question = "phí gửi xe đạp là bao nhiêu?"  # which the shelf would answer

    tracuu("teach", question, "5/2020/QH14", "Điều 3")
    taught = asked(indexed, question)
    indexed.write("11.txt", PARKING.replace("2.000", "2.500"))
    tracuu("ingest")

    assert [answer.citations[0].document for answer in (taught, asked(indexed, question))] == ["5/2020/QH14"] * 2


# --- several machines ---


def test_what_one_machine_is_taught_all_answer(machines):
    one, other = machines
    one.teach(ODD, PARKED, "Điều 1")

    assert other.follow()
    answer = Assistant(other.data).ask(ODD)
    again = other.follow()
    other.undo(ODD)
    one.follow()

    assert (answer.status, answer.citations[0].section) == ("answered", "Điều 1")
    assert not again
    assert one.taught() == other.taught() == one.lessons.all() == []
    assert Assistant(one.data).ask(ODD).status != "answered"


def test_a_machine_that_joins_brings_what_it_was_taught_alone_and_loses_nothing(machines):
    one, other = machines
    Teacher(one.corpus, one.data, one.assistant, one.today).teach(ODD, PARKED, "Điều 1")
    Teacher(other.corpus, other.data, other.assistant, other.today).teach("ăn trưa mấy giờ?", FED, "Điều 1")

    for machine in (one, other, one):
        machine.follow()

    assert [entry.document for entry in one.taught()] == [entry.document for entry in other.taught()] == [PARKED, FED]
