"""What an admin taught decides, whatever the chooser thinks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.assistant import Assistant
from rag.index.bank import BankEntry
from rag.index.bank_publishing import BankPart, build_bank, build_later_part, use_bank
from rag.language.diacritics import Diacritics
from rag.language.text import strip_marks
from rag.question.understanding import understand

NUMBER = "1422/SGDĐT-CNTT"
FAR = "Mua kẹo mút cho lớp tôi ở chỗ nào rẻ nhất?"
WRITTEN = [
    BankEntry("Học bạ số được ký số cho học sinh lớp mấy?", NUMBER, ("I.1",)),
    BankEntry("Tổ chức tập huấn cho ai?", NUMBER, ("II",)),
]


@pytest.fixture
def teach(example_index, tmp_path):
    """Publish taught entries beside the example's index and return the assistant that reads both."""
    data = tmp_path / "data"
    data.mkdir()
    for name in ("current", "snapshots"):
        (data / name).symlink_to(example_index / name)
    assistant = Assistant(data)
    diacritics = Diacritics.load(assistant.snapshot.model("diacritics"))

    def call(*entries: BankEntry, written=WRITTEN) -> Assistant:
        if written:
            use_bank(data, build_bank(data, [BankPart("written", lambda: written)], diacritics, None))
        use_bank(data, build_later_part(data, [replace(entry, by="taught", writer="admin") for entry in entries], diacritics, None))
        return assistant

    return call


def choice(assistant, question):
    searcher = assistant.shelf()
    return searcher.taught(understand(question, searcher.diacritics))


@pytest.mark.parametrize("question", [FAR, strip_marks(FAR), FAR.upper(), f"  {FAR.replace('?', ' ???')}"])
def test_a_taught_question_is_answered_from_its_provision(teach, question):
    answer = teach(BankEntry(FAR, NUMBER, ("I.1.a",))).ask(question)

    assert answer.status == "answered"
    assert {(made.document, made.section) for made in answer.citations} == {(NUMBER, "I.1.a")}


def test_a_whole_section_is_shown_with_what_stands_below_it(teach):
    answer = teach(BankEntry(FAR, NUMBER, ("I.1",))).ask(FAR)

    assert [made.section for made in answer.citations] == ["I.1", "I.1.a", "I.1.b", "I.1.c", "I.1.d"]


def test_a_question_with_another_word_is_not_the_taught_one(teach):
    """The words that differ stand in no other question, so that the index of the bank cannot tell them apart."""
    for other in ("Mua kẹo cao su cho lớp tôi ở chỗ nào rẻ nhất?", f"{FAR} zyx", FAR.replace("rẻ", "đắt")):
        assert choice(teach(BankEntry(FAR, NUMBER, ("I.1",))), other) is None, other


def test_taught_to_have_no_answer_it_has_none(teach):
    question = "100% học sinh lớp 1 đến lớp 11 có học bạ số không?"

    answer = teach(BankEntry(question, NUMBER)).ask(question)

    assert (answer.status, answer.citations) == ("not_found", ())


def test_it_works_in_a_bank_that_holds_nothing_else(teach):
    assert teach(BankEntry(FAR, NUMBER, ("I.1",)), written=()).ask(FAR).status == "answered"


def test_what_the_question_names_does_not_stand_in_its_way(teach):
    """A phone, an unknown number and a date are looked up before anything else."""
    for question in ("Gọi 0912345678 gặp ai?", "Văn bản 9999/XYZ-ABC nói gì về học bạ?", "Ngày 30/11/2025 là hạn gì?", "Xin chào"):
        answer = teach(BankEntry(question, NUMBER, ("I.1",))).ask(question)

        assert (answer.status, answer.citations[0].section.partition("(")[0]) == ("answered", "I.1"), question


def test_of_one_document_the_newest_counts_and_an_answer_before_none(teach):
    changed = teach(BankEntry(FAR, NUMBER, ("I.1",)), BankEntry(FAR, NUMBER))
    assert changed.ask(FAR).status == "not_found"

    back = teach(BankEntry(FAR, NUMBER), BankEntry(strip_marks(FAR), NUMBER, ("I.1",)))
    assert back.ask(FAR).status == "answered"


@pytest.mark.parametrize(
    "entry", [BankEntry(FAR, NUMBER, ("X.99",)), BankEntry(FAR, "1/2000/KHONG-CO", ("I.1",)), BankEntry(FAR, "1/2000/KHONG-CO")]
)
def test_what_no_longer_stands_decides_nothing(teach, entry):
    assert choice(teach(entry), FAR) is None
