"""Deadlines: who owes what to whom by when, once or again and again."""

from __future__ import annotations

import pytest

from ingest.deadlines import find_deadlines
from rag.documents import Deadline, Provision, ProvisionKind


def deadlines_in(text: str, *headings: str, kind: ProvisionKind = "bullet") -> list[Deadline]:
    return find_deadlines(Provision(0, "1/X", "IV.2-2", kind, "", "", text, 1, headings=headings))


def test_two_reports_in_one_sentence():
    found = deadlines_in(
        "Phòng Giáo dục phổ thông: Báo cáo Bộ GDĐT về việc triển khai: Báo cáo sơ kết học kì 1 trước ngày 30/01/2026, "
        "Báo cáo tổng kết năm học trước ngày 30/6/2026."
    )
    assert [(d.what, d.who, d.to, d.date) for d in found] == [
        ("Báo cáo sơ kết học kì 1", "Phòng Giáo dục phổ thông", "Bộ GDĐT", "2026-01-30"),
        ("Báo cáo tổng kết năm học", "Phòng Giáo dục phổ thông", "Bộ GDĐT", "2026-06-30"),
    ]


def test_the_heading_says_who_where_the_sentence_does_not():
    found = deadlines_in("Định kỳ báo cáo Sở GDĐT kết quả trước ngày 10/01/2026.", "TỔ CHỨC THỰC HIỆN", "UBND cấp xã, trường có cấp THPT")
    dated = next(d for d in found if d.date)
    assert (dated.who, dated.to, dated.date) == ("UBND cấp xã, trường có cấp THPT", "Sở GDĐT", "2026-01-10")


@pytest.mark.parametrize(
    ("text", "when", "date"),
    [
        ("Hoàn thành chậm nhất ngày 25 tháng 10 năm 2025.", "chậm nhất ngày 25 tháng 10 năm 2025", "2025-10-25"),
        ("Hoàn thành trước 17h00 ngày 05/11/2025.", "trước 17h00 ngày 05/11/2025", "2025-11-05"),
        ("Khóa dữ liệu từ ngày 21/11/2025 đến ngày 28/11/2025.", "từ ngày 21/11/2025 đến ngày 28/11/2025", "2025-11-28"),
        ("Nhận sản phẩm đến hết ngày 28 tháng 02 năm 2026.", "đến hết ngày 28 tháng 02 năm 2026", "2026-02-28"),
    ],
)
def test_dates_with_a_cue(text, when, date):
    (found,) = deadlines_in(text)
    assert (found.when, found.date, found.recurrence) == (when, date, "")


@pytest.mark.parametrize(
    ("text", "recurrence"),
    [
        ("Báo cáo Sở định kỳ hằng quý.", "định kỳ hằng quý"),
        ("Công bố tỷ lệ vào ngày 20 hằng tháng.", "vào ngày 20 hằng tháng"),
        (
            "Trả lời trong thời hạn 02 ngày làm việc kể từ khi nhận được đề nghị.",
            "trong thời hạn 02 ngày làm việc kể từ khi nhận được đề nghị",
        ),
        ("Báo cáo trong vòng 02 giờ.", "trong vòng 02 giờ"),
    ],
)
def test_terms_and_recurrences_have_no_date(text, recurrence):
    (found,) = deadlines_in(text)
    assert (found.recurrence, found.date) == (recurrence, "")


@pytest.mark.parametrize(
    "text",
    [
        "Thực hiện Quyết định số 131/QĐ-TTg ngày 25/01/2022 của Thủ tướng Chính phủ.",
        "Tổ chức Ngày hội vào buổi sáng.",
        "Cập nhật dữ liệu đầy đủ, kịp thời.",
    ],
)
def test_the_date_of_a_document_is_no_deadline(text):
    assert deadlines_in(text) == []


def test_a_lone_verb_takes_the_clause_before_it_along():
    (found,) = deadlines_in("Thứ tự: (3) cơ sở vật chất, thiết bị dạy học: hoàn thành chậm nhất ngày 20/11/2025.")
    assert (found.what, found.who) == ("cơ sở vật chất, thiết bị dạy học: hoàn thành", "")


def test_lines_of_a_sublist():
    found = deadlines_in(
        "Khóa ba kỳ:\n+ Kỳ đầu năm: từ ngày 21/11/2025 đến ngày 28/11/2025;\n+ Kỳ cuối năm: từ ngày 01/6/2026 đến ngày 08/6/2026;"
    )
    assert [(d.what, d.date) for d in found] == [("Kỳ đầu năm", "2025-11-28"), ("Kỳ cuối năm", "2026-06-08")]


def test_rows_of_a_table():
    found = deadlines_in(
        "| TT | Việc | Đơn vị thực hiện | Thời hạn |\n|---|---|---|---|\n| 1 | Đăng ký chứng thư số | Nhà trường | 07/11/2025 |\n"
        "| 2 | Báo cáo an toàn thông tin | Trung tâm | Hằng quý |\n| 3 | Khác | Sở | Chưa định |"
    )
    assert [(d.what, d.who, d.date, d.recurrence) for d in found] == [
        ("Đăng ký chứng thư số", "Nhà trường", "2025-11-07", ""),
        ("Báo cáo an toàn thông tin", "Trung tâm", "", "Hằng quý"),
    ]
    assert found[0].quote == "| 1 | Đăng ký chứng thư số | Nhà trường | 07/11/2025 |"


@pytest.mark.parametrize("kind", ["head", "signature"])
def test_heads_and_signatures_hold_none(kind):
    assert deadlines_in("Hoàn thành trước ngày 10/01/2026.", kind=kind) == []


def test_quotes_stand_verbatim_in_the_text():
    text = "Một. Hoàn thành trước ngày 10/01/2026; gửi Sở chậm nhất ngày 15/01/2026."
    assert all(found.quote in text for found in deadlines_in(text))
