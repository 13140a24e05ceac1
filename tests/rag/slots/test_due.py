"""Until when a record says that something is due."""

from datetime import date

import pytest

from rag.documents import Deadline
from rag.slots.due import due_of, occurrences

TODAY = date(2026, 11, 26)


def record(when: str, day: str = "", quote: str = "") -> Deadline:
    return Deadline("báo cáo", "", "", when, day, "" if day else when, 1, quote or when)


@pytest.mark.parametrize(
    ("when", "day", "last"),
    [
        ("trước ngày 10/01/2026", "2026-01-10", (2026, 1, 9)),
        ("chậm nhất ngày 10/01/2026", "2026-01-10", (2026, 1, 10)),
        ("đến hết ngày 28 tháng 02 năm 2026", "2026-02-28", (2026, 2, 28)),
        ("hạn cuối là ngày 10/01/2026", "2026-01-10", (2026, 1, 10)),
        ("từ ngày 19/01/2026 đến ngày 26/01/2026", "2026-01-26", (2026, 1, 26)),
        ("Trước ngày 31 tháng 12 hằng năm", "", (2026, 12, 30)),
    ],
)
def test_the_last_day_follows_from_the_word_of_order(when, day, last):
    assert due_of(record(when, day), TODAY).last == date(*last)


@pytest.mark.parametrize(
    ("when", "day", "quote"),
    [
        ("từ ngày 01/9/2025", "2025-09-01", "Sử dụng từ ngày 01/9/2025"),
        ("từ ngày 01/01/2026", "2026-01-01", "Luật này có hiệu lực từ ngày 01/01/2026"),
        ("vào ngày 01/01/2026", "2026-01-01", "Luật này có hiệu lực thi hành vào ngày 01/01/2026"),
        ("đến hết ngày 31/12/2026", "2026-12-31", "Quyết định này có hiệu lực đến hết ngày 31/12/2026"),
        ("trước ngày 01/01/2026", "2026-01-01", "Hợp đồng đã có hiệu lực trước ngày 01/01/2026 tiếp tục được thực hiện"),
        ("hằng tuần", "", ""),
    ],
)
def test_a_start_and_a_day_of_coming_into_force_are_no_deadlines(when, day, quote):
    assert due_of(record(when, day, quote), TODAY) is None


def test_a_duty_that_comes_again_is_due_though_its_sentence_says_since_when_it_holds():
    yearly = record("trước ngày 31 tháng 12 hằng năm", quote="Từ ngày có hiệu lực, báo cáo trước ngày 31 tháng 12 hằng năm")

    assert due_of(yearly, TODAY).day == date(2026, 12, 31)


def test_what_comes_again_falls_on_days():
    quarterly = occurrences("hằng quý, trước ngày 25 của tháng cuối quý", date(2025, 10, 1), date(2026, 3, 31))

    assert quarterly == [date(2025, 12, 25), date(2026, 3, 25)]
    assert occurrences("vào ngày 20 hằng tháng", date(2026, 1, 1), date(2026, 1, 31)) == [date(2026, 1, 20)]
    assert occurrences("hằng năm", date(2026, 1, 1), date(2026, 12, 31)) == []
