"""Days as they are written: one reader of all their forms."""

from __future__ import annotations

import pytest

from rag.language.days import Day, days_in, read_day


@pytest.mark.parametrize(
    ("written", "day", "iso"),
    [
        ("ngày 10/01/2026", Day(10, 1, 2026), "2026-01-10"),
        ("5/1/27", Day(5, 1, 2027), "2027-01-05"),
        ("01/9/86", Day(1, 9, 1986), "1986-09-01"),
        ("24.10.2026", Day(24, 10, 2026), "2026-10-24"),
        ("10 tháng 01 năm 2026", Day(10, 1, 2026), "2026-01-10"),
        ("ngay 10 thang 1", Day(10, 1, 0), ""),
        ("30/02/2027", Day(30, 2, 2027), ""),
        ("29/02/2028", Day(29, 2, 2028), "2028-02-29"),
        ("31/12/9999", Day(31, 12, 9999), ""),
        ("01/01/0001", Day(1, 1, 1), ""),
    ],
)
def test_a_day_is_read_in_each_of_its_forms(written, day, iso):
    assert read_day(written) == day
    assert read_day(written).iso == iso


@pytest.mark.parametrize(
    ("day", "real"), [(Day(29, 2, 0), True), (Day(30, 2, 0), False), (Day(31, 4, 0), False), (Day(1, 13, 0), False), (Day(0, 1, 0), False)]
)
def test_a_day_without_a_year_is_real_where_some_year_has_it(day, real):
    assert day.is_real is real


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("04/08/2025-27/08/2025", [Day(4, 8, 2025), Day(27, 8, 2025)]),
        ("28/12-03/01", [Day(28, 12, 0), Day(3, 1, 0)]),
        ("10/01, 20/01 và 30/01/2027", [Day(10, 1, 0), Day(20, 1, 0), Day(30, 1, 2027)]),
        ("tháng 12/2026", []),
        (f"1 tháng 2{' ' * 100_000}", [Day(1, 2, 0)]),  # minutes, where each blank may belong to either half of the form
        ("trong 5/1/27", [Day(5, 1, 2027)]),
        ("trong 10/11/12", []),
        ("lớp 12/11/10", []),
        ("Khối: 9/11/12", []),
        ("tiết 1-5", []),
    ],
)
def test_all_days_of_a_text_of_times(text, days):
    assert [each.day for each in days_in(text)] == days
