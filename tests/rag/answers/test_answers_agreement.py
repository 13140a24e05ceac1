"""A yes or no is said only where the question's slots agree with the provision's; what it does not name is said."""

from __future__ import annotations

import pytest

UNNAMED = "Văn bản không nêu riêng"


@pytest.mark.parametrize(
    "question",
    [
        "báo cáo tổng kết nộp Sở trước 10/6/2026 đúng không?",
        "Hạn nộp báo cáo sơ kết của trường là trước 10/01/2026 phải không?",
    ],
)
def test_a_day_in_its_order_is_confirmed(directive, question):
    assert directive.ask(question).text.startswith("Đúng. ")


@pytest.mark.parametrize(
    "question",
    [
        "Trường có được báo cáo sơ kết học kì 1 sau ngày 10/01 không?",
        "Trường không cần báo cáo sơ kết trước 10/01 đúng không?",
        "UBND cấp xã báo cáo Bộ trước ngày 10/01 phải không?",
        "Báo cáo tổng kết nộp Sở trước 30/6 đúng không?",
        "Trường THCS nộp báo cáo sơ kết trước 10/1 đúng không?",
        "Trường mầm non nộp sơ kết cho Sở trước 10/1 đúng không",
        "Trường đại học nộp báo cáo sơ kết trước 10/1 đúng không?",
        "báo cáo sơ kết học kì 2 nộp trước 10/1 đúng không?",
        "được gia hạn quá 10/1 đúng không",
        "Hạn nộp báo cáo sơ kết của trường là 10/01/2026 phải không?",
    ],
)
def test_what_disagrees_in_any_slot_is_never_confirmed(directive, question):
    assert not directive.ask(question).text.startswith("Đúng")


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Trường đại học nộp báo cáo sơ kết trước 10/1 đúng không?", "trường đại học"),
        ("báo cáo sơ kết học kì 2 nộp trước 10/1 đúng không?", "học kì 2"),
        ("báo cáo sơ kết gửi qua phòng giáo dục trung học đúng không", "phòng giáo dục trung học"),
    ],
)
def test_what_the_text_does_not_name_is_said_with_the_nearest(directive, question, name):
    answer = directive.ask(question)

    assert answer.text.startswith(f"{UNNAMED} {name}")
    assert answer.citations


def test_whose_rules_an_office_s_rooms_are_asked_for_does_not_make_the_asker_the_department(directive):
    answer = directive.ask("trường nộp báo cáo sơ kết học kì 1 cho phòng nào của sở, trước ngày nào?")

    assert "10/01/2026" in answer.text
    assert "30/01/2026" not in answer.text


def test_both_levels_of_a_comparison_are_told(example_assistant):
    answer = example_assistant.ask("hạn báo cáo học kì 1 của trường THCS với THPT khác gì nhau?")

    assert "12/01/2026" in answer.text
    assert "19/01/2026" in answer.text


def test_a_number_of_another_field_is_shown_with_the_right_one(example_assistant):
    answer = example_assistant.ask("Vướng học bạ số thì em gọi thầy Tráng 0203 3825 516 đúng không ạ")

    assert not answer.text.startswith("Đúng")
    assert "Lò Thị Mây" in answer.text
