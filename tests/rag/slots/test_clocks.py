"""Times of the day, however they are written; what does not tell which half of the day is unknown."""

from __future__ import annotations

import pytest

from rag.slots.clocks import clocks_in


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("17h", 17, 0),
        ("17h00", 17, 0),
        ("7h30", 7, 30),
        ("7g30", 7, 30),
        ("trước 8g ngày 10/01", 8, 0),
        ("17 giờ 30 phút", 17, 30),
        ("17 gio 30", 17, 30),
        ("16:45", 16, 45),
        ("24h00", 24, 0),
        ("lúc 17h 10/01/2026", 17, 0),
        ("17h 10 tháng 1", 17, 0),
        ("5h chiều", 17, 0),
        ("5h chieu", 17, 0),
        ("chiều 5h", 17, 0),
        ("tối lúc 8h", 20, 0),
        ("8h tối", 20, 0),
        ("8h sáng", 8, 0),
        ("1h trưa", 13, 0),
        ("11h trưa", 11, 0),
        ("12h chiều", 12, 0),
        ("11h đêm", 23, 0),
        ("20h toi", 20, 0),
    ],
)
def test_a_time_is_read_however_it_is_written(text, hour, minute):
    assert [clock.minute for clock in clocks_in(text)] == [hour * 60 + minute]


@pytest.mark.parametrize("text", ["12h đêm", "1h đêm", "1h dem", "12h sáng", "12h tối", "8h toi nop", "8h dem nop"])
def test_words_that_do_not_tell_which_half_of_the_day_give_no_minute(text):
    assert [clock.minute for clock in clocks_in(text)] == [None]


@pytest.mark.parametrize(
    "text", ["99h", "17h90", "25:00", "24h30", "nhóm 1: nộp", "mục 1: 30 điểm", "mạng 5G", "72 giờ", "60 km/h", "lớp 10/2"]
)
def test_what_is_no_hour_is_none(text):
    assert [clock.minute for clock in clocks_in(text) if clock.minute is not None] == []


def test_every_time_is_found_with_its_place():
    text = "từ 8h đến 17h00 ngày 10/01/2026"

    assert [text[clock.start : clock.end] for clock in clocks_in(text)] == ["8h", "17h00"]
