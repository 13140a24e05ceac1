"""The days that deadlines name: several of them, with two figures for the year, in brackets, and those that no calendar has."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.deadlines import find_deadlines
from ingest.deadlines.clauses import pieces_of
from ingest.deadlines.doubtful import with_unreal_days
from ingest.deadlines.years import each_day
from ingest.parsing import parse_in_child
from rag.documents import Deadline, Document, Provision
from rag.index.store import Store

LETTER = Document("5/X", kind="Công văn", title="Về việc rà soát", issued="2026-12-01")


def deadlines_in(text: str) -> list[Deadline]:
    return find_deadlines(Provision(0, "5/X", "1", "item", "", "", text, 1))


def days_of(text: str) -> list[tuple[str, str]]:
    return [(each.when, each.date) for told in deadlines_in(text) for each in each_day(told, LETTER)]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        (
            "Các trường báo cáo Sở GDĐT vào các ngày 10/01, 20/01 và 30/01/2027.",
            [("vào ngày 10/01", "2027-01-10"), ("vào 20/01", "2027-01-20"), ("vào 30/01/2027", "2027-01-30")],
        ),
        (
            "Các trường gửi báo cáo về Sở trước các ngày 20/12 và 10/01.",
            [("trước ngày 20/12", "2026-12-20"), ("trước 10/01", "2027-01-10")],
        ),
        ("Các trường nộp báo cáo trong hai ngày 27 và 28/5/2027.", [("trong hai ngày 27 và 28/5/2027", "2027-05-28")]),
        (
            "Các trường gửi báo cáo về Sở GDĐT trước ngày 10, 20/12/2026 và 10/01/2027.",
            [("trước ngày 10", "2026-12-10"), ("trước ngày 20/12/2026", "2026-12-20"), ("trước ngày 10/01/2027", "2027-01-10")],
        ),
        (
            "Các trường gửi báo cáo về Sở GDĐT vào các ngày 25, 26/12 và 05/01/2027.",
            [("vào ngày 25", "2026-12-25"), ("vào ngày 26/12", "2026-12-26"), ("vào ngày 05/01/2027", "2027-01-05")],
        ),
    ],
)
def test_each_day_of_a_list_is_a_deadline_and_a_window_is_one(text, days):
    found = days_of(text)

    assert [day for _, day in found] == [day for _, day in days]


def test_a_year_of_two_figures():
    (found,) = deadlines_in("Các trường nộp hồ sơ về Sở GDĐT trước 5/1/27.")

    assert (found.when, found.date) == ("trước 5/1/27", "2027-01-05")


def test_a_last_day_in_a_sentence_of_its_own_is_of_what_stands_before_it():
    (found,) = deadlines_in("Bản in gửi về Sở GDĐT. Hạn chót: thứ Sáu, 11/9/2026.")

    assert (found.what, found.to, found.date) == ("Bản in gửi về Sở GDĐT", "Sở GDĐT", "2026-09-11")


def test_a_second_day_in_brackets_is_told_with_its_whole_clause():
    text = "Các trường gửi báo cáo về Sở GDĐT trước ngày 10/01/2027 (riêng mầm non: 15/01/2027)."

    found = deadlines_in(text)

    assert [(each.date, each.what, each.to) for each in found] == [
        ("2027-01-10", text, "Sở GDĐT"),
        ("2027-01-15", text, "Sở GDĐT"),
    ]


@pytest.mark.parametrize(
    ("days", "date"),
    [
        ("20/01 và 15/01/2027", "2027-01-15"),
        ("28, 5/01/2027", "2027-01-05"),
        ("15/6 và 15/12/2026", "2026-12-15"),
        ("15/6 và 15/12", ""),
        ("20/11 và 10/01", ""),
    ],
)
def test_a_list_whose_years_are_not_sure_stays_as_it_stands(days, date):
    found = days_of(f"Các trường gửi báo cáo về Sở GDĐT trước ngày {days}.")

    assert found == [(f"trước ngày {days}", date)]


@pytest.mark.parametrize(
    "cell",
    [
        "Khối 10-12: 15/12/2026",
        "Lớp 6-9: 15/12/2026",
        "Khối 10/12: 15/12/2026",
        "Tiết 1-5, 15/12/2026",
        "8.10 ngày 15/12/2026",
    ],
)
def test_what_is_counted_beside_the_day_of_a_cell_is_no_day(cell):
    found = days_of(f"| Việc | Thời hạn |\n|---|---|\n| Nộp báo cáo | {cell} |")

    assert found == [(cell, "2026-12-15")]


@pytest.mark.parametrize(("title", "cell"), [("Lớp", "10/11/12"), ("Khối", "12/11/10"), ("Lớp", "10/12"), ("Đối tượng", "lớp 9/11/12")])
def test_classes_in_a_column_are_no_day(title, cell):
    found = days_of(f"| Việc | {title} | Thời hạn |\n|---|---|---|\n| Nộp báo cáo | {cell} | 15/12/2026 |")

    assert [day for _, day in found] == ["2026-12-15"]


def test_a_stretch_that_goes_on_behind_the_last_year_has_no_day():
    assert [day for _, day in days_of("Các trường nộp báo cáo về Sở GDĐT từ 05/12/9999 đến 03/01.")] == [""]


def test_an_unclosed_bracket_holds_the_rest_of_its_clause():
    first, second = deadlines_in("Các trường gửi báo cáo: Sở GDĐT (trước ngày 10/01/2027: bản in; trước ngày 15/01/2027 (hồ sơ).")

    assert (first.date, second.date) == ("2027-01-10", "2027-01-15")


def test_each_of_many_times_in_unclosed_brackets_is_a_piece():
    assert len(list(pieces_of("x: (ngày 1/1/2026 " * 640, ""))) == 640  # minutes, where brackets are counted for each pair of times


@pytest.mark.parametrize("day", ["30/02/2027", "31/4", "31/11/2026"])
def test_a_day_that_no_calendar_has_is_kept_as_it_stands_and_doubted(day):
    provision = Provision(0, "5/X", "1", "item", "", "", f"Các trường nộp báo cáo về Sở GDĐT trước ngày {day}.", 1)

    found = [each for told in find_deadlines(provision) for each in each_day(told, LETTER)]
    (marked,) = with_unreal_days([provision], found)

    assert [(each.when, each.date, each.recurrence) for each in found] == [(f"trước ngày {day}", "", "")]
    assert [doubt.reading for doubt in marked.doubts] == [day]


def test_a_real_day_is_not_doubted():
    provision = Provision(0, "5/X", "1", "item", "", "", "Các trường nộp báo cáo trước ngày 29/02/2028, hằng tháng họp.", 1)

    assert with_unreal_days([provision], find_deadlines(provision)) == [provision]


def test_a_number_that_begins_like_the_day_is_not_doubted():
    told = Provision(0, "5/X", "1", "item", "", "", "Các trường nộp báo cáo về Sở GDĐT trước ngày 30/2.", 1)
    other = Provision(1, "5/X", "2", "item", "", "", "Thực hiện Quyết định số 30/2024/QĐ-UBND.", 1)

    marked = with_unreal_days([told, other], find_deadlines(told))

    assert [[doubt.reading for doubt in each.doubts] for each in marked] == [["30/2"], []]


def test_a_file_is_stored_with_its_doubtful_days(tmp_path: Path):
    file = tmp_path / "thu.md"
    file.write_text(
        "Số: 12/SGDĐT-VP\n\nHà Nội, ngày 01 tháng 12 năm 2026\n\nV/v rà soát\n\nKính gửi: Các trường.\n\n"
        "1. Các trường nộp báo cáo về Sở GDĐT trước ngày 31/4.\n\n2. Các trường nộp ảnh vào các ngày 10/01, 20/01/2027.\n",
        encoding="utf-8",
    )

    parse_in_child(file, {}, tmp_path, tmp_path / "new", lambda line: None)

    store = Store.open(tmp_path / "new")
    assert [(each.date, each.recurrence) for each in store.records(Deadline)] == [("", ""), ("2027-01-10", ""), ("2027-01-20", "")]
    assert [doubt.reading for each in store.of_document("12/SGDĐT-VP") for doubt in each.doubts] == ["31/4"]
