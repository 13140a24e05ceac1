"""The files of the bank of questions: read, written, and made the bank in use."""

from __future__ import annotations

import shutil

import pytest

from ingest.bank_files import TAUGHT, question_files, read_questions, write_questions
from ingest.pipeline import ingest
from rag.errors import ReadError
from rag.index.bank import BankEntry
from rag.index.bank_publishing import BankReader

NUMBER = "1422/SGDĐT-CNTT"
ENTRIES = [
    BankEntry("wifi yếu: báo ai?", NUMBER, ("III",), "written", "an", "2026-11-26"),
    BankEntry("thế còn mạng dây?", NUMBER, (), "model", "máy", "2026-11-26", ("wifi yếu: báo ai?",)),
]


@pytest.fixture
def corpus(tmp_path, repo):
    folder = tmp_path / "corpus"
    folder.mkdir()
    shutil.copy(repo / "tests/data/1422-SGDDT-CNTT.md", folder)
    return folder


def test_what_is_written_is_read_again_one_entry_a_line(tmp_path):
    path = tmp_path / "questions/một.yaml"

    write_questions(path, ENTRIES)

    assert read_questions(path) == ENTRIES
    assert len(path.read_text(encoding="utf-8").splitlines()) == len(ENTRIES)


def test_what_was_taught_is_read_last(tmp_path):
    for name in (TAUGHT, "zzz.yaml", "a.yaml"):
        write_questions(tmp_path / "questions" / name, ENTRIES)

    assert [path.name for path in question_files(tmp_path)] == ["a.yaml", "zzz.yaml", TAUGHT]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("- question: a\n", "câu thứ 1: cần có question, document"),
        ("- {question: a, document: b, sections: IV}\n", "không đúng dạng"),
        ("- {question: a, document: b, by: thần}\n", "không đúng dạng"),
        ("question: a\n", "danh sách"),
        ("- [", "không đọc được"),
        ("- 3\n", "câu thứ 1"),
    ],
)
def test_a_wrong_file_is_one_line_that_says_where(tmp_path, content, said):
    path = tmp_path / "x.yaml"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(ReadError, match=said) as raised:
        read_questions(path)

    assert "\n" not in str(raised.value)
    assert "x.yaml" in str(raised.value)


def test_ingest_makes_the_questions_on_what_is_loaded_the_bank_in_use(corpus, tmp_path):
    write_questions(corpus / "questions/a.yaml", [*ENTRIES, BankEntry("luật nói gì?", "91/2025/QH15", ("Điều 1",))])

    ingest(corpus, tmp_path / "data")

    assert [entry.question for part in BankReader(tmp_path / "data").get() for entry in part.entries] == [e.question for e in ENTRIES]


def test_questions_alone_take_effect_without_a_new_snapshot(corpus, tmp_path):
    ingest(corpus, tmp_path / "data")
    before = (tmp_path / "data/current").read_text()
    write_questions(corpus / "questions/a.yaml", ENTRIES)

    report = ingest(corpus, tmp_path / "data")

    assert not report.published
    assert (tmp_path / "data/current").read_text() == before
    assert len(BankReader(tmp_path / "data").get()[0]) == len(ENTRIES)


def test_a_file_that_cannot_be_read_is_named_and_the_others_count(corpus, tmp_path):
    write_questions(corpus / "questions/a.yaml", ENTRIES)
    (corpus / "questions/hỏng.yaml").write_text("- [", encoding="utf-8")

    report = ingest(corpus, tmp_path / "data")

    assert [name for name, _ in report.skipped] == ["hỏng.yaml"]
    assert len(BankReader(tmp_path / "data").get()[0]) == len(ENTRIES)
