"""Which row of a table is asked for."""

from __future__ import annotations

import pytest

from rag.choosing.table_rows import fits, row_worth, values_asked_for
from rag.language.diacritics import Diacritics
from rag.language.tables import Row, rows_of
from rag.question.understanding import Question, understand

EXAM = """| Môn thi | Khối | Giờ bắt đầu |
|---|---|---|
| Ngữ văn | 9 | 8 giờ 00 |
| Tiếng Anh | 8, 9 | 14 giờ 30 |
| Toán | 12a | 8 giờ 05 |
"""
ROOMS = """| Việc | Khối 10 | Khối 11 |
|---|---|---|
| Phòng học | nhà xanh | nhà trắng |
| Sân chơi | nhà trắng | nhà xanh |
"""


def asked(text: str) -> Question:
    return understand(text, Diacritics({}, {}))


def rows(table: str) -> list[Row]:
    return [row for row in rows_of(table) if row.cells]


@pytest.mark.parametrize(
    ("question", "fitting"),
    [
        ("Khối 9 thi lúc mấy giờ?", [True, True, False]),
        ("Khối 8 thi lúc mấy giờ?", [False, True, False]),
        ("khối 12a thi gì?", [False, False, True]),
        ("Môn Toán thi lúc mấy giờ?", [True, True, True]),
        ("Số 9 thi gì?", [True, True, True]),  # behind no title of a column
    ],
)
def test_a_row_of_another_class_is_not_the_one_asked_for(question, fitting):
    assert [fits(asked(question), row) for row in rows(EXAM)] == fitting


def test_the_values_behind_the_title_of_a_column_are_asked_for():
    assert values_asked_for(asked("khối 9 và khối 12a"), "Khối") == ["9", "12a"]
    assert values_asked_for(asked("khối chín"), "Khối") == []
    assert values_asked_for(asked("khối 9"), "") == []


@pytest.mark.parametrize(
    ("question", "table", "best"),
    [
        ("Tiếng Anh thi lúc mấy giờ?", EXAM, "Tiếng Anh"),
        ("Ngữ văn khối 9 thi lúc mấy giờ?", EXAM, "Ngữ văn"),
        ("Việc của khối 10 ở nhà xanh là gì?", ROOMS, "Phòng học"),
        ("Việc của khối 11 ở nhà xanh là gì?", ROOMS, "Sân chơi"),
    ],
)
def test_the_row_that_is_asked_for_is_worth_most(question, table, best):
    understood = asked(question)

    found = max(rows(table), key=lambda row: row_worth(understood, row))

    assert found.cells[0][1] == best


def test_a_word_counts_for_more_than_a_class_that_fits_and_the_column_asked_for_for_more_than_both():
    nothing, fitting, named = (row_worth(asked(text), rows(EXAM)[0]) for text in ("khối 8 nộp gì", "khối 9 nộp gì", "khối 8 ngữ nộp gì"))
    (one, _), question = rows(ROOMS), asked("khối 10 nhà xanh")

    assert nothing == 0
    assert nothing < fitting < named
    assert row_worth(question, one) > 0.3 > named
