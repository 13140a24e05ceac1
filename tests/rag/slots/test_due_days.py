"""Which day a record names: windows, hours, starts, and what comes again, day by day."""

from __future__ import annotations

from datetime import date

import pytest

from rag.documents import Deadline
from rag.slots.due import Due, due_of, occurrences

TODAY = date(2026, 11, 26)


def record(when: str, day: str = "", *, what: str = "báo cáo", quote: str = "", recurrence: str | None = None) -> Deadline:
    return Deadline(what, "", "", when, day, ("" if day else when) if recurrence is None else recurrence, 1, quote or when)


@pytest.mark.parametrize(
    ("when", "day", "due"),
    [
        ("trước ngày 10/01/2026", "2026-01-10", Due(date(2026, 1, 10), included=False)),
        ("đến hết ngày 10/01/2026", "2026-01-10", Due(date(2026, 1, 10), included=True)),
        ("ngày 10/01/2026", "2026-01-10", Due(date(2026, 1, 10), included=None)),
        ("trước 17h00 ngày 10/01/2026", "2026-01-10", Due(date(2026, 1, 10), included=False, clock=17 * 60)),
        ("trước 7h30 ngày 10/01/2026", "2026-01-10", Due(date(2026, 1, 10), included=False, clock=7 * 60 + 30)),
        ("chậm nhất 17 giờ ngày 10/01/2026", "2026-01-10", Due(date(2026, 1, 10), included=True, clock=17 * 60)),
        ("17h00 thứ Hai ngày 10/01/2026", "2026-01-10", Due(date(2026, 1, 10), included=None, clock=17 * 60)),
        ("trước 17 giờ chiều thứ Hai, ngày 10/01/2026", "2026-01-10", Due(date(2026, 1, 10), included=False, clock=17 * 60)),
        ("chậm nhất 16 giờ 30 chiều chủ nhật, ngày 10/01/2026", "2026-01-10", Due(date(2026, 1, 10), included=True, clock=16 * 60 + 30)),
        ("trước thứ Hai, ngày 10/01/2026", "2026-01-10", Due(date(2026, 1, 10), included=False)),
        ("trước hết, ngày 10/01/2026", "2026-01-10", Due(date(2026, 1, 10), included=None)),
        ("trong quý I/2026", "2026-03-31", Due(date(2026, 3, 31), included=None)),
        ("trang 15, ngày 10/01/2026", "2026-01-10", Due(date(2026, 1, 10), included=None)),  # no hour
        ("họp lúc 8 giờ, nộp trước ngày 10/01/2026", "2026-01-10", Due(date(2026, 1, 10), included=False)),
        ("8 giờ, chậm nhất 17 giờ ngày 10/01/2026", "2026-01-10", Due(date(2026, 1, 10), included=True, clock=17 * 60)),
        ("từ ngày 01/01/2026 đến ngày 10/01/2026", "2026-01-10", Due(date(2026, 1, 10), included=True, first=date(2026, 1, 1))),
        ("từ ngày 10/01/2026 đến ngày 10/01/2026", "2026-01-10", Due(date(2026, 1, 10), included=True)),
        ("từ ngày 01/01/2026 đến trước ngày 10/01/2026", "2026-01-10", Due(date(2026, 1, 10), included=False, first=date(2026, 1, 1))),
        ("từ ngày 01/12 đến ngày 10/12/2026", "2026-12-10", Due(date(2026, 12, 10), included=True, first=date(2026, 12, 1))),
        ("từ ngày 20/12 đến ngày 10/01/2026", "2026-01-10", Due(date(2026, 1, 10), included=True, first=date(2025, 12, 20))),
        ("05/01/2026 - 10/01/2026", "2026-01-10", Due(date(2026, 1, 10), included=True, first=date(2026, 1, 5))),
        (
            "từ 8h ngày 01/01/2026 đến 17h ngày 10/01/2026",
            "2026-01-10",
            Due(date(2026, 1, 10), included=True, first=date(2026, 1, 1), clock=17 * 60),
        ),
        ("trước 5h chiều ngày 10/01/2026", "2026-01-10", Due(date(2026, 1, 10), included=False, clock=17 * 60)),
        ("trước 12h đêm ngày 10/01/2026", "2026-01-10", Due(date(2026, 1, 10), included=None)),
        ("trước 0h00 ngày 10/01/2026", "2026-01-10", Due(date(2026, 1, 10), included=False)),
    ],
)
def test_a_record_names_a_day_and_whether_that_day_is_in_time(when, day, due):
    assert due_of(record(when, day)) == due


def test_the_last_day_is_the_day_before_only_where_the_day_itself_is_too_late():
    day = date(2026, 1, 10)

    assert Due(day, included=False).last == date(2026, 1, 9)
    assert Due(day, included=False, clock=17 * 60).last == day
    assert Due(day, included=True).last == day
    assert Due(day, included=None).last == day


@pytest.mark.parametrize(
    "quote",
    [
        "Các trường nộp bản sao giấy phép còn hiệu lực về Sở trước ngày 20/12/2026.",
        "Nộp chứng chỉ còn hiệu lực trước ngày 20/12/2026.",
        "Rà soát các văn bản hết hiệu lực, báo cáo trước ngày 20/12/2026.",
    ],
)
def test_a_duty_about_what_is_in_force_is_a_duty(quote):
    assert due_of(record("trước ngày 20/12/2026", "2026-12-20", quote=quote)) == Due(date(2026, 12, 20), included=False)


def test_a_record_whose_day_is_none_is_nothing_due():
    assert due_of(record("trước năm 0205", "205-01-01")) is None


@pytest.mark.parametrize(
    "deadline",
    [
        record("trước ngày 10/01/2026", "2026-01-10", what="Thông tư có hiệu lực"),
        record("từ ngày 10/01/2026", "2026-01-10", quote="Thông tư này có HIỆU LỰC từ ngày 10/01/2026"),
        record("kể từ ngày 10/01/2026", "2026-01-10"),
        record("sau 17h00 ngày 10/01/2026", "2026-01-10"),
        record("hằng tuần"),
    ],
)
def test_a_day_of_coming_into_force_a_start_and_no_day_are_nothing_due(deadline):
    assert due_of(deadline, TODAY) is None


def test_what_comes_again_is_due_the_next_time_even_where_it_speaks_of_force():
    yearly = record("Trước ngày 15 tháng 12 hằng năm", what="rà soát văn bản còn hiệu lực")

    assert due_of(yearly, TODAY) == Due(date(2026, 12, 15), included=False)
    assert due_of(yearly, date(2026, 12, 15)) == Due(date(2026, 12, 15), included=False)
    assert due_of(yearly, date(2026, 12, 16)) == Due(date(2027, 12, 15), included=False)
    assert due_of(yearly) is None  # without a day to count from


@pytest.mark.parametrize(
    ("when", "included"),
    [
        ("trước ngày 30 hằng tháng", False),
        ("trước ngày mùng 5 mỗi tháng", False),
        ("chậm nhất ngày mồng 5 hằng tháng", True),
        ("ngày 30 hằng tháng", None),
        ("hằng quý, trước ngày 25 của tháng cuối quý", False),
    ],
)
def test_whether_its_day_is_in_time_is_read_of_what_comes_again_too(when, included):
    assert due_of(record(when), TODAY).included is included


@pytest.mark.parametrize(
    ("when", "start", "end", "days"),
    [
        ("ngày 10 tháng 10 hằng năm", (2025, 1, 1), (2026, 12, 31), [(2025, 10, 10), (2026, 10, 10)]),
        ("trước 01/12 hàng năm", (2026, 12, 1), (2026, 12, 1), [(2026, 12, 1)]),
        ("trước 01/12 mỗi năm", (2026, 12, 2), (2027, 11, 30), []),
        ("ngày 29 tháng 2 hằng năm", (2027, 1, 1), (2028, 12, 31), [(2028, 2, 29)]),
        ("ngày 31 tháng 11 hằng năm", (2026, 1, 1), (2026, 12, 31), []),
        ("ngày 10 tháng 13 hằng năm", (2026, 1, 1), (2026, 12, 31), []),
        ("ngày 0 tháng 1 hằng năm", (2026, 1, 1), (2026, 12, 31), []),
        ("ngày 31 hằng tháng", (2026, 1, 1), (2026, 4, 30), [(2026, 1, 31), (2026, 3, 31)]),
        ("ngày mùng 5 mỗi tháng", (2026, 11, 6), (2027, 1, 5), [(2026, 12, 5), (2027, 1, 5)]),
        ("hằng quý, trước ngày 25 của tháng cuối quý", (2026, 1, 1), (2026, 12, 31), [(2026, m, 25) for m in (3, 6, 9, 12)]),
        ("mỗi quý vào ngày 5 tháng đầu của quý", (2026, 1, 1), (2026, 12, 31), [(2026, m, 5) for m in (1, 4, 7, 10)]),
        ("hằng quý, trước ngày 5 tháng đầu quý sau", (2026, 1, 1), (2026, 12, 31), []),
        ("hằng quý", (2026, 1, 1), (2026, 12, 31), []),
    ],
)
def test_a_recurrence_falls_on_every_real_day_of_a_stretch_its_ends_included(when, start, end, days):
    assert occurrences(when, date(*start), date(*end)) == [date(*day) for day in days]
