"""The last day of a month, a quarter, a year that a text names, and what is no day."""

from __future__ import annotations

import pytest

from rag.slots.moments import moments_in


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Hoàn thành trong tháng 1/2026.", "2026-01-31"),
        ("Hoàn thành trong tháng 2/2028.", "2028-02-29"),
        ("Hoàn thành trong tháng 12 năm 2026.", "2026-12-31"),
        ("Hoàn thành trong tháng 13/2026.", ""),
        ("Hoàn thành trong tháng 0/2026.", ""),
        ("Báo cáo trước tháng 1/2026.", "2026-01-01"),
        ("Hoàn thành trong năm 2026.", "2026-12-31"),
        ("Hoàn thành trước năm 2026.", "2026-01-01"),
        ("Hoàn thành trong quý I/2026.", "2026-03-31"),
        ("Hoàn thành trong quý II năm 2026.", "2026-06-30"),
        ("Hoàn thành trong quý III/2026.", "2026-09-30"),
        ("Hoàn thành trong quý iv/2026.", "2026-12-31"),
        ("Hoàn thành trong quý IV - 2026.", "2026-12-31"),
        ("Hoàn thành trong quý II-2026.", "2026-06-30"),
        ("Hoàn thành trong quý 2/2026.", "2026-06-30"),
        ("Hoàn thành trong quý 2-2026.", "2026-06-30"),
        ("Hoàn thành trong quý 4 năm 2026.", "2026-12-31"),
        ("Báo cáo trước quý I/2026.", "2026-01-01"),
        ("Báo cáo trước quý III/2026.", "2026-07-01"),
        ("Báo cáo trước quý 4/2026.", "2026-10-01"),
    ],
)
def test_a_month_a_quarter_and_a_year_end_on_a_day_and_what_is_before_them_on_their_first(text, day):
    (found,) = moments_in(text)

    assert found.day == day


@pytest.mark.parametrize(
    ("text", "count"),
    [("đạt 7/10 điểm", 0), ("Ngày 7/10 nộp", 1), ("7/10/2026 nộp", 1), ("trước 7/10", 1), ("đạt 7/10 điểm, nộp 8/10/2026", 1)],
)
def test_a_score_is_told_from_a_day(text, count):
    assert len(moments_in(text)) == count


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("Từ nay đến ngày 10/01/2026", "by"),
        ("Nộp từ trước ngày 10/01/2026", "before"),
        ("tính từ ngày 10/01/2026", "from"),
        ("tính đến hết ngày 10/01/2026", "from"),
        ("tính đến trước ngày 10/01/2026", "from"),
        ("chậm nhất trước ngày 10/01/2026", "by"),
        ("sau ngày 10/01/2026", "after"),
        ("vào ngày 10/01/2026", "on"),
    ],
)
def test_the_first_cue_says_in_which_direction_but_for_from(text, direction):
    assert moments_in(text)[-1].direction == direction


def test_a_span_runs_to_the_comma_behind_that_from_which_it_runs():
    text = "Trả lời trong 5 ngày, kể từ ngày nhận đủ hồ sơ, cơ quan lập biên bản"

    (found,) = moments_in(text)

    assert text[found.start : found.end] == "trong 5 ngày, kể từ ngày nhận đủ hồ sơ"
    assert found.tailed


@pytest.mark.parametrize("text", ["Hoàn thành trước năm 0205.", "Báo cáo trước tháng 12/0000.", "Nộp trong quý IV/0000."])
def test_a_misread_year_names_no_day(text):
    assert [moment.day for moment in moments_in(text) if moment.day] == []


@pytest.mark.parametrize(
    ("text", "firm"),
    [
        ("chậm nhất ngày 10/01/2026", True),
        ("Hạn nộp: 10/01/2026", True),
        ("thời hạn đến hết ngày 10/01/2026", True),
        ("trước ngày 10/01/2026", False),
        ("gia hạn đến ngày 10/01/2026", False),
        ("chậm nhất 5 ngày sau khi nhận", True),
        ("trong 5 ngày sau khi nhận", False),
        ("sau khi chấm thi chậm nhất là 03 ngày", True),
        ("sau khi chấm thi không quá 03 ngày", False),
        ("ngày 25 hằng tháng", True),
        ("hằng tháng", False),
    ],
)
def test_some_say_of_themselves_that_they_are_the_last_day(text, firm):
    (found,) = moments_in(text)

    assert found.firm is firm


@pytest.mark.parametrize(
    "text",
    [
        "hằng năm trước ngày 15 tháng 12",
        "hằng năm, trước ngày 15 tháng 12",
        "ngày 10/01/2026 và hằng năm",
        "hằng năm rà soát trước ngày 15 tháng 12",
        "hằng năm, trước 10/01/2026",
    ],
)
def test_what_comes_again_and_its_day_are_one_time_where_nothing_else_is_between(text):
    found = [(text[moment.start : moment.end], moment.every) for moment in moments_in(text)]

    assert (
        found
        == {
            "hằng năm trước ngày 15 tháng 12": [("hằng năm trước ngày 15 tháng 12", True)],
            "hằng năm, trước ngày 15 tháng 12": [("hằng năm, trước ngày 15 tháng 12", True)],
            "ngày 10/01/2026 và hằng năm": [("ngày 10/01/2026", False), ("hằng năm", True)],
            "hằng năm rà soát trước ngày 15 tháng 12": [("hằng năm", True), ("trước ngày 15 tháng 12", False)],
            "hằng năm, trước 10/01/2026": [("hằng năm", True), ("trước 10/01/2026", False)],
        }[text]
    )
