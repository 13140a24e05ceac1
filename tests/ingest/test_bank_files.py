"""The files of the bank of questions: read, written, and made the bank in use."""

from __future__ import annotations

import shutil

import pytest

from ingest import bank_files
from ingest.bank_files import KEPT, TAUGHT, question_files, read_all, read_questions, write_questions
from ingest.pipeline import ingest
from rag.errors import ReadError
from rag.index.bank import BankEntry
from rag.index.bank_publishing import BANK, BankReader, bank_in_use
from rag.question import understanding

NUMBER = "1422/SGDĐT-CNTT"
ENTRIES = [
    BankEntry("wifi yếu: báo ai?", NUMBER, ("III",), "written", "an", "2026-11-26"),
    BankEntry("thế còn mạng dây?", NUMBER, (), "model", "máy", "2026-11-26", ("wifi yếu: báo ai?",)),
]
CONTENTS = [f"{name}.npy" for name in ("starts", "rows", "weights", "rarity", "learnt", "vectors")] + ["entries.json"]
NOTICE = """TRƯỜNG THCS LÊ LỢI
Số: 7/TB-THCS

Quảng Ninh, ngày 3 tháng 11 năm 2025

THÔNG BÁO
Về việc xin nghỉ phép

1. Giáo viên xin nghỉ phép gửi đơn trước một ngày; đơn xin phép gửi về văn phòng.
"""


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


def test_after_an_added_document_the_bank_is_what_it_would_be_if_made_from_nothing(corpus, tmp_path, monkeypatch):
    unknown = BankEntry("nghi pep gui ai", NUMBER, ("III",))  # mended by a document that knows "nghỉ phép"
    asleep = BankEntry("nghỉ phép gửi ai?", "7/TB-THCS", ("1",))
    write_questions(corpus / "questions/a.yaml", [*ENTRIES, unknown, asleep])
    write_questions(corpus / "questions" / TAUGHT, [BankEntry("xin nghỉ gửi ai?", "7/TB-THCS", ("1",), "taught")])
    ingest(corpus, tmp_path / "data")
    before = made(tmp_path / "data")
    read = []
    for module, name in ((bank_files, "read_yaml"), (understanding, "find_mentions")):
        told = getattr(module, name)
        monkeypatch.setattr(module, name, lambda text, told=told: (read.append(text), told(text))[1])

    (corpus / "7-TB-THCS.txt").write_text(NOTICE, encoding="utf-8")
    ingest(corpus, tmp_path / "data")

    again, read[:] = list(read), []
    assert not [text for text in again if unknown.question in text]  # neither the file nor the question
    assert any(asleep.question in text for text in again)  # asked of nobody before
    ingest(corpus, tmp_path / "anew")
    assert made(tmp_path / "data") == made(tmp_path / "anew") != before
    assert words_of(unknown, tmp_path / "data") == ["nghi", "phep", "gui", "ai"]

    (corpus / "7-TB-THCS.txt").write_text(NOTICE.replace("phép", "dạy"), encoding="utf-8")  # no other document, but other words
    ingest(corpus, tmp_path / "data")
    ingest(corpus, tmp_path / "anew again")
    assert made(tmp_path / "data") == made(tmp_path / "anew again")


def made(data):
    """What the bank in use consists of; the files beside that say when it was made and looked at."""
    return [[(path / name).read_bytes() for name in CONTENTS if (path / name).exists()] for path in parts_of(data)]


def parts_of(data):
    return [data / BANK / name for name in bank_in_use(data)]


def words_of(entry, data):
    """What the bank in use has of a question."""
    return next(words for part in BankReader(data).get() for one, words in zip(part.entries, part.tokens, strict=True) if one == entry)


@pytest.mark.parametrize("damage", [lambda content: content[:-2], lambda content: content.replace("wifi", "wiki"), lambda content: ""])
def test_what_was_kept_of_the_files_counts_only_where_it_is_whole(tmp_path, damage):
    kept, path = tmp_path / KEPT, tmp_path / "a.yaml"
    write_questions(path, ENTRIES)
    assert read_all([path], kept, keep=True) == read_all([path], kept) == (ENTRIES, [])

    kept.write_text(damage(kept.read_text(encoding="utf-8")), encoding="utf-8")

    assert read_all([path], kept) == (ENTRIES, [])


def test_a_file_that_was_changed_is_read_anew(tmp_path):
    kept, path = tmp_path / KEPT, tmp_path / "a.yaml"
    write_questions(path, ENTRIES)
    read_all([path], kept, keep=True)

    write_questions(path, ENTRIES[:1])

    assert read_all([path], kept) == (ENTRIES[:1], [])
