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
        ("Hoàn thành trong quý 2/2026.", "2026-06-30"),
        ("Hoàn thành trong quý 4 năm 2026.", "2026-12-31"),
        ("Báo cáo trước quý I/2026.", "2026-01-01"),
        ("Báo cáo trước quý III/2026.", "2026-07-01"),
        ("Báo cáo trước quý 4/2026.", "2026-10-01"),
    ],
)
def test_a_month_a_quarter_and_a_year_end_on_a_day_and_what_is_before_them_on_their_first(text, day):
    (found,) = moments_in(text)

    assert found.day == day


@pytest.mark.parametrize(("text", "count"), [("đạt 7/10 điểm", 0), ("Ngày 7/10 nộp", 1), ("7/10/2026 nộp", 1), ("trước 7/10", 1)])
def test_a_score_is_told_from_a_day(text, count):
    assert len(moments_in(text)) == count


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("Từ nay đến ngày 10/01/2026", "by"),
        ("Nộp từ trước ngày 10/01/2026", "before"),
        ("tính từ ngày 10/01/2026", "from"),
        ("tính đến hết ngày 10/01/2026", "from"),
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
