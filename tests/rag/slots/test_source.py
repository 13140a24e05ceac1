"""A provision as the checks read it: its sentences, whom it speaks of first, its document's own number."""

from __future__ import annotations

from rag.slots.source import Source
from rag.slots.tokens import exact, tokens

SOURCE = Source(
    "Đối với Phòng Kế hoạch - Tài chính: nộp 02 bản trước ngày 10/01/2026. Gửi Sở.",
    "Công văn số 15/SGDĐT-GDPT của Sở GDĐT\n\nTheo Kế hoạch 138/KH-UBND",
)


def test_text_is_read_by_the_sentence_and_context_by_the_line():
    assert len(SOURCE.rows) == 2
    assert SOURCE.rows[1] == tokens("Gửi Sở.")
    assert [row[:2] for row in SOURCE.context_rows] == [exact("công văn"), exact("theo kế")]
    assert SOURCE.all_rows == [*SOURCE.rows, *SOURCE.context_rows]


def test_whom_the_text_speaks_of_first_stands_before_the_colon():
    assert SOURCE.lead == tokens("Phòng Kế hoạch - Tài chính")
    assert Source("Nộp trước ngày 10/01/2026.", "").lead == []
    assert Source("x " * 100 + ": nộp", "").lead == []  # too far from the opening


def test_the_number_of_the_document_itself_opens_the_context():
    assert [fact.key[0] for fact in SOURCE.own_number] == ["15"]
    assert Source("Theo 138/KH-UBND", "Công văn của Sở\nKế hoạch 138/KH-UBND").own_number == []
    assert Source("a", "").own_number == []


def test_facts_and_words_come_from_both():
    assert {fact.kind for fact in SOURCE.facts} == {"number", "date", "document"}
    assert set(exact("nộp gửi công theo")) <= SOURCE.words


def test_words_of_two_lines_are_not_neighbours():
    assert f" {' '.join(exact('gửi sở'))} | " in SOURCE.sequence
    assert SOURCE.sequence.startswith(" ")
    assert SOURCE.sequence.endswith(" ")
