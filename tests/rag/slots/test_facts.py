"""Facts in one form however they are written, and whether a source says one."""

from __future__ import annotations

import itertools

import pytest

from rag.slots.facts import Fact, facts_in, missing


def fact(text: str) -> Fact:
    (found,) = facts_in(text)
    return found


@pytest.mark.parametrize(
    ("text", "kind", "key"),
    [
        ("ngày 10 tháng 1 năm 2026", "date", ("2026", "1", "10")),
        ("10/01/2026", "date", ("2026", "1", "10")),
        ("ngày 10/01", "date", ("", "1", "10")),
        ("10 tháng 01 năm 2026", "date", ("2026", "1", "10")),
        ("10 tháng 01", "date", ("", "1", "10")),
        ("tháng 01/2026", "date", ("2026", "1", "")),
        ("tháng 1 năm 2026", "date", ("2026", "1", "")),
        ("tháng giêng", "date", ("", "1", "")),
        ("năm 2026", "date", ("2026", "", "")),
        ("ngày 05", "date", ("", "", "5")),
        ("2025-2026", "years", ("2025", "2026")),
        ("từ năm 2025 đến hết năm 2030", "years", ("2025", "2030")),
        ("0917.792.140", "phone", ("0917792140",)),
        ("Van@Binhson.edu.vn", "email", ("van@binhson.edu.vn",)),
        ("https://WWW.A.edu.vn/Bieu-Mau/", "link", ("a.edu.vn/Bieu-Mau",)),
        ("qlth.binhson.vn", "link", ("qlth.binhson.vn",)),
        ("2607/SGDĐT-GDPT", "document", ("2607", "", "sgddt/gdpt")),
        ("09/2021/TT-BGDĐT", "document", ("9", "2021", "tt/bgddt")),
        ("Thông tư số 09/2021", "document", ("9", "2021", "")),
        ("thông tư 0", "document", ("0", "", "")),
        ("Chủ nhật", "weekday", ("chu nhat",)),
        ("thứ Sáu", "weekday", ("sau",)),
        ("lớp 09", "label", ("lop", "9")),
        ("học kỳ II", "label", ("ki", "2")),
        ("kỳ 1", "label", ("ki", "1")),
        ("phụ lục IV", "label", ("phu luc", "4")),
        ("mục IX", "label", ("muc", "9")),
        ("mục II.1", "label", ("muc", "II.1")),
        ("mục 2.1", "label", ("muc", "2.1")),
        ("mục II(3)", "label", ("muc", "II(3)")),
        ("lớp 0", "label", ("lop", "0")),
        ("điểm đ", "label", ("diem", "đ")),
        ("KT-5", "code", ("KT-5",)),
        ("ông Cao Bá Duyệt", "person", ("cao", "ba\u0301", "duyêt\u0323")),
        ("17h", "number", ("17", "giờ")),
        ("7h30", "number", ("7:30", "giờ")),
        ("07:05", "number", ("7:05", "giờ")),
        ("17 giờ 30 phút", "number", ("17:30", "giờ")),
        ("17:00", "number", ("17", "giờ")),
        ("30%", "number", ("30", "%")),
        ("ba mươi phần trăm", "number", ("30", "%")),
        ("2,5%", "number", ("2,5", "%")),
        ("1.200 đồng", "number", ("1200", "đồng")),
        ("05 ngày làm việc", "number", ("5", "ngày làm việc")),
        ("8 Kí tự", "number", ("8", "ký tự")),
        ("36", "number", ("36", "")),
    ],
)
def test_a_fact_has_one_key_however_it_is_written(text, kind, key):
    found = fact(text)

    assert (found.kind, found.key) == (kind, key)


def test_a_list_of_labels_is_one_fact_each_where_it_stands():
    found = facts_in("lớp 1, 2 và III")

    assert [one.key for one in found] == [("lop", "1"), ("lop", "2"), ("lop", "3")][: len(found)]
    assert [one.text for one in found][:2] == ["lớp 1", "lớp 2"]
    assert (found[0].start, found[0].end) == (0, 5)


@pytest.mark.parametrize("text", ["(1) Việc", "1. Việc", "bước 2", "thứ 3 là việc", "báo cáo Sở"])
def test_the_numbering_of_a_list_says_nothing(text):
    assert [one for one in facts_in(text) if one.kind == "number"] == []


def test_facts_come_in_the_order_in_which_they_stand_and_do_not_overlap():
    found = facts_in("Gửi 02 bản trước 17h00 ngày 05/11/2025 tới van@a.edu.vn (0917.792.140)")

    assert [one.kind for one in found] == ["number", "number", "date", "email", "phone"]
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))


def test_a_name_ends_where_its_capitals_do():
    found = fact("liên hệ thầy Trần Văn Tráng phụ trách học bạ")

    assert (found.text, found.start) == ("Trần Văn Tráng", 8)
    assert facts_in("cô Mây phụ trách") == []


@pytest.mark.parametrize(
    ("text", "issued"),
    [
        ("Quyết định số 764/QĐ-BGDĐT ngày 08/3/2024", True),
        ("Kế hoạch 138/KH-UBND (09/6/2025)", True),
        ("764/QĐ-BGDĐT ban hành ngày 08/3/2024", True),
        ("764/QĐ-BGDĐT có hiệu lực từ ngày 08/3/2024", False),
        ("ngày 08/3/2024", False),
        ("lớp 9 ngày 08/3/2024", False),
    ],
)
def test_the_day_behind_a_document_is_when_it_was_issued(text, issued):
    day = facts_in(text)[-1]

    assert day.issued is issued
    assert day.series == ("issued" if issued else "date")


def test_what_competes_is_of_one_series():
    assert fact("30%").series == "number %"
    assert fact("3 lần").series == "number lần"
    assert fact("lớp 9").series == "label lop"
    assert fact("0917.792.140").series == "phone"


@pytest.mark.parametrize(
    ("said", "source", "is_in"),
    [
        ("10/01", "10/01/2026", True),
        ("10/01/2026", "10/01", False),
        ("10/01/2026", "11/01/2026", False),
        ("tháng 1/2026", "tháng 1/2026", True),
        ("năm 2026", "10/01/2026", True),
        ("tháng 1/2026", "10/01/2026", True),
        ("tháng 2/2026", "10/01/2026", False),
        ("tháng 1", "10/01/2026", False),
        ("ngày 10", "10/01/2026", True),
        ("10/01/2026", "năm 2026", False),
        ("Thông tư 09", "09/2021/TT-BGDĐT", True),
        ("Thông tư 09/2022", "09/2021/TT-BGDĐT", False),
        ("Thông tư 10", "09/2021/TT-BGDĐT", False),
        ("2607/SGDĐT-GDPT", "2607/SGDĐT-KHTC", False),
        ("30", "30 người", True),
        ("30", "30%", False),
        ("30", "30 ngày", False),
        ("30 người", "30", False),
        ("30%", "30%", True),
        ("30%", "35%", False),
        ("mục II", "mục II.1", True),
        ("phần II", "mục II.1", True),
        ("mục II.1", "mục II", False),
        ("mục 1", "mục 10", False),
        ("mục II", "mục III", False),
        ("mục 2", "lớp 2", False),
        ("lớp 2", "mục 2", False),
        ("lớp 9", "lớp 9", True),
        ("lớp 9", "lớp 8", False),
        ("30%", "năm 2030", False),
    ],
)
def test_a_source_says_what_leaves_out_no_more_than_a_year_or_a_symbol(said, source, is_in):
    assert fact(said).is_in(fact(source)) is is_in


def test_what_no_source_says_is_missing_and_names_are_for_others_to_look_up():
    said = facts_in("Ông Cao Bá Duyệt nộp 30% trước ngày 10/01")

    assert [one.text for one in missing(said, facts_in("nộp 20% trước ngày 10/01/2026"))] == ["30%"]
    assert [one.kind for one in missing(said, [])] == ["number", "date"]


@pytest.mark.parametrize("text", ["5" * 5000, f"lớp {'5' * 5000}", f"{'5' * 5000} triệu", f"00{'5' * 5000} ký tự"])
def test_figures_without_end_are_read_like_others(text):
    assert all(len(part) <= 5000 for found in facts_in(text) for part in found.key)
