"""What a clause demands, allows or tells, by phrases of closed classes."""

from __future__ import annotations

import pytest

from rag.slots.duties import Clause, duty_words


def said(text: str, *classes: str) -> list[str]:
    return [text[start:end] for start, end in Clause(text).spans(*classes)]


def test_every_class_has_phrases():
    assert {"hand", "demand", "free", "masked"} <= set(duty_words())
    assert [name for name, phrases in duty_words().items() if not all(phrases)] == []


@pytest.mark.parametrize(
    ("text", "classes", "found"),
    [
        ("Các trường phải nộp báo cáo.", ("hand",), ["nộp", "báo cáo"]),
        ("Các trường phải nộp báo cáo.", ("demand", "hand"), ["phải", "nộp", "báo cáo"]),
        ("Không phải nộp", ("demand",), ["phải"]),
        ("Không phải nộp", ("demand", "free"), ["Không phải"]),  # the longer phrase hides the shorter
        ("Đóng cửa, đóng tiền", ("hand",), ["đóng"]),  # what only looks so is masked
        ("Thời khoá biểu khoá dữ liệu", ("hand",), ["khoá dữ liệu"]),
        ("HOÀN THÀNH, hòan thành", ("finish",), ["HOÀN THÀNH", "hòan thành"]),
        ("Trường đẹp", ("hand", "demand"), []),
        ("", ("hand",), []),
    ],
)
def test_phrases_are_found_where_they_stand(text, classes, found):
    assert said(text, *classes) == found
    assert Clause(text).has(*classes) is bool(found)


def test_a_clause_opens_with_a_phrase_among_its_first_words():
    clause = Clause("Các trường nộp báo cáo")

    assert not clause.opens_with("hand")
    assert not clause.opens_with("hand", within=2)
    assert clause.opens_with("hand", within=3)
    assert clause.opens_with("hand", within=99)
    assert Clause("Nộp báo cáo").opens_with("hand")
    assert not Clause("").opens_with("hand")


def test_a_clause_ends_with_a_phrase_or_not():
    assert Clause("Các trường phải").ends_with("demand")
    assert Clause("Nhà trường có trách nhiệm").ends_with("demand")
    assert not Clause("Các trường phải nộp").ends_with("demand")
    assert not Clause("Các trường phải.").ends_with("demand")
    assert not Clause("").ends_with("demand")


def test_words_and_marks_count():
    assert Clause("Nộp, rồi gửi.").length == 5
