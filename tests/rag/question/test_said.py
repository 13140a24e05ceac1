"""What of a question tells documents apart: rounds, years."""

import pytest

from rag.question.said import Said


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("tuyển sinh đợt hai", ["2"]),
        ("tuyển sinh đợt sáu", ["6"]),
        ("tuyển sinh đợt năm", ["5"]),
        ("tuyển sinh đợt mười", ["10"]),
        ("tuyển sinh đợt II", ["2"]),
        ("tuyen sinh dot 2", ["2"]),
        ("tuyen sinh dot hai", ["2"]),
        ("tuyển sinh đợt sau", []),
        ("tuyển sinh đợt năm 2025", []),
        ("tuyển sinh đợt năm nay", []),
        ("tuyển sinh đợt năm học trước", []),
        ("tuyen sinh dot sau", []),
        ("tuyen sinh dot nam 2025", []),
    ],
)
def test_a_round_is_what_stands_there_as_a_number(text, numbers):
    said = Said.of(text.lower(), text)

    assert [number for _, number in said.numbers_after("dot")] == numbers
