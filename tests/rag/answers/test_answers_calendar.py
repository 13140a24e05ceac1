"""What falls due in a month, a quarter, from now on."""

import pytest

from tests.rag.conftest import cited, misquotes


@pytest.mark.parametrize(
    ("question", "dates", "others"),
    [
        ("Cuối tháng 1/2026 có hạn gì?", ["30/01/2026"], ["10/01/2026"]),
        ("thang 1 2026 co han gi", ["10/01/2026", "30/01/2026"], ["10/06/2026"]),
        ("Quý 2/2026 có gì phải nộp?", ["10/06/2026", "30/6/2026"], ["30/01/2026"]),
        ("Tháng 1/2026 trường phải nộp gì?", ["10/01/2026"], ["30/01/2026"]),
        ("Tháng 6/2026 sở phải nộp gì cho Bộ?", ["30/6/2026"], ["10/06/2026"]),
        ("Từ nay đến hết tháng 1 năm 2026 có hạn gì?", ["10/01/2026", "30/01/2026"], ["10/06/2026"]),
    ],
)
def test_what_falls_due_is_listed_with_its_source(directive, question, dates, others):
    answer = directive.ask(question)

    assert answer.status == "answered"
    assert [date for date in dates if date not in answer.text] == []
    assert [date for date in others if date in answer.text] == []
    assert misquotes(directive, answer) == []


@pytest.mark.parametrize(
    "question",
    [
        "Từ tháng 12 đến tháng 1/2026 có hạn gì?",
        "Từ tháng 11 đến tháng 3 có hạn gì?",
        "Từ 31/01/2026 đến 01/01/2026 có hạn gì?",
        "Từ ngày 1/1 đến 31/1/2026 có hạn gì?",
        "Từ 15/12/2025 đến 31/1 có hạn gì?",
    ],
)
def test_a_stretch_that_is_said_in_part_or_backwards_has_its_deadlines(directive, question):
    answer = directive.ask(question)

    assert "không ghi hạn nào" not in answer.text
    assert cited(answer) == ["IV.2-2", "IV.1-1"]


@pytest.mark.parametrize("question", ["Từ 5/12/9999 đến 3/1 có hạn gì?", "Ngày 31/12/9999 có hạn gì?", "Khối 10/11/12 có hạn gì?"])
def test_a_day_that_no_date_can_be_and_classes_have_no_deadline(directive, question):
    answer = directive.ask(question)

    assert not any("/9999" in text or "/2012" in text for text in (answer.text, *answer.notes))


def test_two_days_written_with_dashes_are_no_stretch(directive):
    answer = directive.ask("Ngày 10-01-2026 và 31-01-2026 có hạn gì?")

    assert cited(answer) == ["IV.2-2"]
    assert "Ngày 31/01/2026, các văn bản đang có không ghi hạn nào" in answer.text


def test_deadlines_come_in_the_order_of_their_days(directive):
    answer = directive.ask("Năm 2026 có những hạn nào?")

    days = ["10/01/2026", "30/01/2026", "10/06/2026", "30/6/2026"]
    assert sorted(days, key=answer.text.index) == days


def test_a_month_without_deadlines_is_said_to_have_none_and_what_comes_next(directive):
    answer = directive.ask("Tháng 12/2025 có hạn gì không?")

    assert answer.text.startswith("Trong tháng 12/2025, các văn bản đang có không ghi hạn nào.")
    assert "10/01/2026" in answer.text
    assert cited(answer) == ["IV.2-2"]


def test_where_nothing_comes_next_nothing_is_claimed(on_day):
    answer = on_day(2026, 11, 26).ask("Từ nay đến cuối năm có hạn gì?")

    assert answer.status == "not_found"
    assert "không ghi hạn nào" in answer.text
    assert answer.citations == ()


def test_what_comes_every_year_falls_in_its_month_and_has_not_passed(on_day):
    answer = on_day(2026, 11, 26).ask("Tháng 10/2026 có việc gì?")

    assert "10 tháng 10 hằng năm" in answer.text
    assert not [note for note in answer.notes if "đã qua" in note]


def test_a_quarterly_report_falls_in_each_quarter(example_assistant):
    answer = example_assistant.ask("Tháng 12/2025 có hạn gì?")

    assert "25/12/2025" in answer.text
    assert "15 tháng 12 năm 2025" in answer.text


def test_a_level_of_school_narrows(example_assistant):
    answer = example_assistant.ask("Tháng 3/2026 trường tiểu học có hạn gì?")

    assert "Diễn tập" not in answer.text
    assert "Diễn tập" in example_assistant.ask("Tháng 3/2026 trường THPT có hạn gì?").text


@pytest.mark.parametrize(
    ("question", "said"),
    [("Tháng 13/2025 có hạn gì?", "tháng 13/2025"), ("Hạn nộp báo cáo sơ kết là 31/02/2026 đúng không?", "ngày 31/02/2026")],
)
def test_a_day_that_is_none_is_said_to_be_none(directive, question, said):
    answer = directive.ask(question)

    assert answer.status == "not_found"
    assert f"lịch không có {said}" in answer.text


def test_a_year_of_two_figures_is_one(directive):
    short, whole = (directive.ask(f"Hạn nộp báo cáo sơ kết của trường là {day} đúng không?") for day in ("15/01/26", "15/01/2026"))

    assert short.text == whole.text
    assert "Không" in short.text
