"""Numbers written in words, and the words that are none."""

from __future__ import annotations

import pytest

from rag.slots.numerals import spelled_out


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("ba mươi phần trăm", "30%"),
        ("ba mươi lăm phần trăm", "35%"),
        ("30 phần trăm", "30%"),
        ("mười lăm ngày", "15 ngày"),
        ("hai mươi mốt trường", "21 trường"),
        ("một trăm linh năm học sinh", "105 học sinh"),
        ("trăm hai mươi học sinh", "120 học sinh"),
        ("ba trăm lẻ bốn", "304"),
        ("hai nghìn không trăm hai mươi sáu", "2026"),
        ("năm hai nghìn không trăm hai mươi sáu", "năm 2026"),
        ("ba triệu hai trăm nghìn đồng", "3200000 đồng"),
        ("nghìn đồng", "nghìn đồng"),
        ("1,5 triệu đồng", "1500000 đồng"),
        ("200 nghìn", "200000"),
        ("2 tỷ", "2000000000"),
        ("tháng giêng, tháng Chạp", "tháng 1, tháng 12"),
        ("mười năm", "10 năm"),
        ("năm mươi ngày", "50 ngày"),
        ("mười", "10"),
        ("bốn", "4"),
        ("ngày hai", "ngày 2"),
        ("hai ngày", "2 ngày"),
        ("ba nhiệm vụ", "3 nhiệm vụ"),
        ("một tuần", "1 tuần"),
        ("năm lần", "5 lần"),
        ("một trăm", "100"),
        ("quý ba năm 2026", "quý 3 năm 2026"),
        ("học kì hai năm học 2025-2026", "học kì 2 năm học 2025-2026"),
        ("hai năm học liên tiếp", "2 năm học liên tiếp"),
    ],
)
def test_a_number_in_words_is_written_in_digits(text, digits):
    assert spelled_out(text) == digits


@pytest.mark.parametrize(
    "text",
    [
        "một trường",  # an article
        "Thông tư năm 2025",
        "các thông tư năm ngoái",
        "đầu tư năm học 2025-2026",
        "kinh phí của ba năm 2025",
        "một lần",
        "mỗi một tuần",
        "ba của em",  # a father
        "hai ba",  # two, or three
        "cả hai nhiệm vụ",
        "giải ba",
        "thứ tư",
        "thứ bảy",
        "đầu năm học",
        "hằng năm",
        "không báo cáo",
        "không lớp nào",
        "trăm",
        "năm học",
        "năm hai ba",
        "đánh giá mức lẻ",
    ],
)
def test_a_word_that_may_be_something_else_stays(text):
    assert spelled_out(text) == text


def test_what_stands_around_a_number_stays_as_it_is_written():
    assert spelled_out("Tối thiểu BA MƯƠI ngày, Sở") == "Tối thiểu 30 ngày, Sở"
    assert spelled_out("không quá sáu tháng") == "không quá 6 tháng"


def test_the_day_after_tomorrow_is_no_first():
    assert spelled_out("ngày mốt nộp") == "ngày mốt nộp"
    assert spelled_out("hai mươi mốt ngày") == "21 ngày"
