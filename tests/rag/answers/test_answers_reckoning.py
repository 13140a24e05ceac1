"""How long it is until a deadline, and whether a day is in time."""

import pytest


@pytest.mark.parametrize(
    ("question", "lead"),
    [
        ("15/1 trường em nộp báo cáo sơ kết có kịp không?", "Không kịp: hạn là trước ngày 10/01/2026."),
        ("Ngày 10/01/2026 trường nộp báo cáo sơ kết có kịp không?", "Không kịp: hạn là trước ngày 10/01/2026."),
        ("9/1 trường em nộp báo cáo sơ kết có muộn không?", "Kịp: hạn là trước ngày 10/01/2026."),
        ("xã em chậm quá, 15/1/2026 mới nộp bc sơ kết hk1 thì có kịp ko", "Không kịp: hạn là trước ngày 10/01/2026."),
    ],
)
def test_a_day_is_in_time_or_not(directive, question, lead):
    assert directive.ask(question).text.splitlines()[0] == lead


@pytest.mark.parametrize(
    ("question", "day", "lead"),
    [
        ("Còn mấy ngày đến hạn nộp báo cáo sơ kết của trường?", (2025, 12, 1), "Còn 40 ngày là đến ngày 10/01/2026"),
        ("Còn mấy ngày đến hạn nộp báo cáo sơ kết của trường?", (2026, 1, 9), "Hôm nay là ngày cuối."),
        ("Còn mấy ngày đến hạn nộp báo cáo sơ kết của trường?", (2026, 1, 10), "Đã hết hạn: phải trước ngày 10/01/2026."),
        ("Còn mấy ngày đến hạn nộp báo cáo sơ kết của trường?", (2026, 11, 26), "Đã qua 320 ngày."),
        ("Báo cáo tổng kết của trường quá hạn chưa?", (2026, 11, 26), "Đã quá hạn: hạn là trước ngày 10/06/2026."),
        ("Báo cáo tổng kết của trường quá hạn chưa?", (2026, 5, 1), "Chưa quá hạn: hạn là trước ngày 10/06/2026."),
        ("Hôm nay trường nộp báo cáo sơ kết có muộn không?", (2026, 1, 12), "Không kịp: hạn là trước ngày 10/01/2026."),
    ],
)
def test_it_is_reckoned_from_today(on_day, question, day, lead):
    assert on_day(*day).ask(question).text.startswith(lead)


def test_of_several_deadlines_each_has_its_own(directive):
    schools, department = directive.ask("15/1/2026 nộp báo cáo sơ kết học kì 1 có kịp không?").text.splitlines()

    assert schools.endswith("Không kịp: hạn là trước ngày 10/01/2026.")
    assert department.endswith("Kịp: hạn là trước ngày 30/01/2026.")


@pytest.mark.parametrize(
    ("question", "lead"),
    [
        ("Kỳ giữa năm trường để tới 27/1/2026 mới khóa dữ liệu thì có kịp không?", "Không kịp: đợt này từ ngày 19/01/2026"),
        ("Kỳ giữa năm trường khóa dữ liệu ngày 26/1/2026 thì có kịp không?", "Kịp: đợt này từ ngày 19/01/2026"),
        ("15/1/2026 trường tiểu học em mới nộp báo cáo học kì một, có kịp ko?", "Không kịp: hạn là trước ngày 12/01/2026."),
    ],
)
def test_both_ends_of_a_window_are_in_time(example_assistant, question, lead):
    assert example_assistant.ask(question).text.startswith(lead)
