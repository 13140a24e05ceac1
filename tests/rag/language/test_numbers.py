"""Document numbers, dates, phones and links, in every usual spelling."""

import pytest

from rag.language.numbers import (
    DATE,
    EMAIL,
    LINK,
    PERCENT,
    PHONE,
    clean_number,
    digits,
    find_numbers,
    iso_date,
    number_key,
    parse_number,
    same_number,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Công văn số 2607/SGDĐT-GDPT ngày 27/9/2025", "2607/SGDĐT-GDPT"),
        ("Nghị quyết số 57-NQ/TW ngày 22/12/2024", "57-NQ/TW"),
        ("theo Thông tư số 09/2021/TT-BGDĐT, các trường", "09/2021/TT-BGDĐT"),
        ("Luật số 91/2025/QH15 ngày 26/6/2025", "91/2025/QH15"),
        ("Quyết định 131/QĐ-TTg.", "131/QĐ-TTg"),
        ("Nghị quyết số 34/2021/NQ-HĐND, xã hội hóa", "34/2021/NQ-HĐND"),
    ],
)
def test_a_number_is_found_whole_in_running_text(text, number):
    assert [found.group() for found in find_numbers(text)] == [number]


@pytest.mark.parametrize("text", ["ngày 10/01/2026", "đạt 50 km/h", "giai đoạn 2022-2025", "tỉ lệ 3/4", "số 0972.523.518", "lớp 6A-B"])
def test_what_only_looks_like_a_number_is_none(text):
    assert find_numbers(text) == []


@pytest.mark.parametrize("other", ["09/2021/TT-BGDĐT", "9/2021/tt-bgddt", "09 / 2021 / TT - BGDĐT", "9/2021/TT/BGDDT"])
def test_spellings_of_one_number_are_the_same(other):
    assert same_number("09/2021/TT-BGDĐT", other)
    assert number_key(other) == "9/2021/tt/bgddt"


@pytest.mark.parametrize(
    ("one", "other"),
    [("71-NQ/TW", "71/NQ-CP"), ("09/2021/TT-BGDĐT", "09/2022/TT-BGDĐT"), ("131/QĐ-TTg", "1315/QĐ-TTg"), ("06/QĐ-TTg", "06/QĐ-UBND")],
)
def test_other_documents_are_never_the_same(one, other):
    assert not same_number(one, other)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("131/QĐ-TTg", "Quyết định"),
        ("09/2021/TT-BGDĐT", "Thông tư"),
        ("71-NQ/TW", "Nghị quyết"),
        ("91/2025/QH15", "Luật"),
        ("138/KH-UBND", "Kế hoạch"),
        ("2607/SGDĐT-GDPT", "Công văn"),
        ("13/2023/NĐ-CP", "Nghị định"),
    ],
)
def test_the_symbol_says_what_kind_of_document_it_is(number, kind):
    assert parse_number(number).kind == kind


def test_no_number_is_made_of_other_text():
    assert parse_number("báo cáo") is None
    assert parse_number("2607") is None
    assert clean_number("57- NQ /TW") == "57-NQ/TW"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("trước ngày 10/01/2026", "2026-01-10"),
        ("30/6/2026", "2026-06-30"),
        ("ngày 27 tháng 9 năm 2025", "2025-09-27"),
        ("10-1-2026", "2026-01-10"),
        ("ngày 10 tháng 10 hằng năm", ""),
        ("31/02/2026", ""),
    ],
)
def test_dates_are_read_as_iso(text, day):
    assert iso_date(DATE.search(text)) == day


@pytest.mark.parametrize("text", ["131/QĐ-TTg", "3/4", "1.10/01/2026/5"])
def test_no_date_is_seen_where_none_is(text):
    assert DATE.search(text) is None


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("điện thoại 0972.523.518 (Lĩnh vực", "0972523518"),
        ("gọi 0972 523 518", "0972523518"),
        ("gọi +84 972 523 518", "0972523518"),
        ("gọi (0203) 3825 516.", "02033825516"),
        ("tổng đài 1900 6644", "19006644"),
        ("số 0912345678?", "0912345678"),
    ],
)
def test_phones_are_found_in_every_grouping(text, phone):
    assert digits(PHONE.search(text).group()) == phone


@pytest.mark.parametrize("text", ["ngày 10/01/2026", "42/2021/TT-BGDĐT", "15.000.000 đồng", "30%"])
def test_dates_numbers_and_money_are_no_phones(text):
    assert PHONE.search(text) is None


def test_links_and_addresses_end_before_the_punctuation():
    assert LINK.search("tại https://forms.gle/9nTH9YRfJ45Br1zZA.").group() == "https://forms.gle/9nTH9YRfJ45Br1zZA"
    assert LINK.search("vào (https://csdl.moet.gov.vn) và").group() == "https://csdl.moet.gov.vn"
    assert LINK.search("vào csdl.moet.gov.vn, rồi").group() == "csdl.moet.gov.vn"
    assert LINK.search("gửi attt@binhson.edu.vn") is None
    assert EMAIL.search("hộp thư attt@binhson.edu.vn.").group() == "attt@binhson.edu.vn"
    assert [found.group() for found in PERCENT.finditer("tối thiểu 30%, 2,5 % và 100%")] == ["30%", "2,5 %", "100%"]


def test_what_is_no_number_is_its_own_key():
    assert number_key(" Báo Cáo ") == "bao cao"


def test_a_symbol_needs_a_part_in_capitals_its_figures_left_out():
    assert [found.group() for found in find_numbers("91/2025/QH15 và 5/A-b, 6/Km-h")] == ["91/2025/QH15"]


@pytest.mark.parametrize(("text", "phone"), [("84912345678", "0912345678"), ("8491234567", "091234567"), ("849123456", "849123456")])
def test_a_number_from_abroad_is_longer_than_one_that_begins_so(text, phone):
    assert digits(text) == phone
