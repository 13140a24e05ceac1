"""Stretches of time in a question: months, quarters, weeks, from now on."""

from datetime import date

import pytest

from rag.question.mentions import find_mentions
from rag.question.periods import find_periods, span_of

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("tháng 12/2025 có hạn gì", (2025, 12, 1), (2025, 12, 31)),
        ("thang 12 2025 co han gi", (2025, 12, 1), (2025, 12, 31)),
        ("t12/2025 nộp gì", (2025, 12, 1), (2025, 12, 31)),
        ("quý 1/2026 có hạn gì", (2026, 1, 1), (2026, 3, 31)),
        ("quý IV năm 2025 nộp gì", (2025, 10, 1), (2025, 12, 31)),
        ("cuối tháng 1/2026 có hạn gì", (2026, 1, 21), (2026, 1, 31)),
        ("tuần này có gì phải nộp", (2026, 11, 23), (2026, 11, 29)),
        ("tháng này nộp gì", (2026, 11, 1), (2026, 11, 30)),
        ("tháng sau nộp gì", (2026, 12, 1), (2026, 12, 31)),
        ("từ nay đến cuối năm có hạn gì", (2026, 11, 26), (2026, 12, 31)),
        ("từ tháng 1 đến tháng 3/2026 có hạn gì", (2026, 1, 1), (2026, 3, 31)),
    ],
)
def test_a_stretch_of_time_has_a_first_and_a_last_day(text, start, end):
    (period,) = find_periods(text)

    assert span_of(period, TODAY) == (date(*start), date(*end))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("từ tháng 12 đến tháng 1/2026", (2025, 12, 1), (2026, 1, 31)),
        ("từ tháng 12/2025 đến tháng 1", (2025, 12, 1), (2026, 1, 31)),
        ("từ quý 4 đến quý 1/2026", (2025, 10, 1), (2026, 3, 31)),
        ("từ tháng này đến tháng 2", (2026, 11, 1), (2027, 2, 28)),
        ("từ tháng 5/2026 đến tháng 2/2026", (2026, 2, 1), (2026, 5, 31)),
        ("từ nay đến tháng 10/2026", (2026, 10, 1), (2026, 10, 31)),
    ],
)
def test_no_stretch_ends_before_it_begins(text, start, end):
    (period,) = find_periods(text)

    assert span_of(period, TODAY) == (date(*start), date(*end))


def test_a_stretch_over_new_year_begins_in_the_year_that_is_asked_for():
    (period,) = find_periods("từ tháng 10 đến tháng 3")

    assert span_of(period, TODAY, 2026) == (date(2026, 10, 1), date(2027, 3, 31))


@pytest.mark.parametrize(
    "text", ["ngày 10 tháng 1 năm 2026", "mỗi tháng 1 lần", "năm học 2025-2026", "báo cáo cuối năm", "thông tư 09/2021"]
)
def test_what_is_no_stretch_of_time(text):
    assert find_periods(text) == ()


@pytest.mark.parametrize("text", ["tháng 12/2025 có hạn gì", "quý 1/2026 nộp gì", "cuối tháng 1/2026 có gì"])
def test_a_month_is_no_document_number(text):
    assert find_mentions(text).numbers == ()


def test_a_number_stays_one_beside_a_month():
    mentions = find_mentions("tháng 12/2025 thông tư 42/2021 có hạn gì")

    assert [number.serial for number in mentions.numbers] == ["42"]


@pytest.mark.parametrize(("text", "shift"), [("hôm qua có hạn gì", -1), ("ngày mốt có hạn gì", 2), ("ngay kia", 2), ("hôm kia", -2)])
def test_a_day_is_counted_from_today(text, shift):
    (period,) = find_periods(text)

    assert (period.unit, period.shift) == ("day", shift)
