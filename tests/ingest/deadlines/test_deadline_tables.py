"""Deadlines in tables: which cell says what is due, which to whom, and which of two times is the last day."""

from __future__ import annotations

import pytest

from ingest.deadlines import find_deadlines
from rag.documents import Deadline, Provision


def table(*rows: str) -> list[Deadline]:
    head, *below = rows
    text = "\n".join([head, "|" + "---|" * (head.count("|") - 1), *below])
    return find_deadlines(Provision(0, "1/X", "II", "paragraph", "", "", text, 1))


@pytest.mark.parametrize(
    "rows",
    [
        (
            "| Hạn nộp | Kết quả | Liên hệ |",
            "| 12/01/2027 | Nộp phiếu khảo sát | Bà Mẫu, phòng Tổ chức cán bộ, di động 0900.000.111 |",
        ),
        ("| Người liên hệ | Việc | Hạn nộp |", "| Tổ công nghệ, máy lẻ 12, 0900.000.111 | Nộp phiếu khảo sát | 12/01/2027 |"),
        ("| Tên đầu mối | Sản phẩm | Hạn nộp |", "| Nguyễn Thị Mẫu và Trần Văn Mẫu, phòng Khảo thí | Nộp phiếu khảo sát | 12/01/2027 |"),
        ("| Sản phẩm | Hạn nộp | Cột khác |", "| Nộp phiếu khảo sát | 12/01/2027 | hop-thu-cua-phong@example.edu.vn, trực cả ngày |"),
        ("| Sản phẩm | Hạn nộp | Ghi chú |", "| Nộp phiếu khảo sát | 12/01/2027 | Làm theo mẫu số 02 kèm theo công văn này |"),
    ],
)
def test_what_is_due_is_neither_whom_to_call_nor_a_remark(rows):
    (found,) = table(*rows)

    assert (found.what, found.date) == ("Nộp phiếu khảo sát", "2027-01-12")


def test_a_column_without_a_telling_title_is_known_by_the_duties_that_it_holds():
    found = table(
        "| Khối | Cột một | Hạn nộp |",
        "| Toàn bộ các lớp khối mười của trường | Gửi danh sách | 12/01/2027 |",
        "| Toàn bộ các lớp khối mười một của trường | Nộp học bạ | 15/01/2027 |",
    )

    assert [each.what for each in found] == ["Gửi danh sách", "Nộp học bạ"]


def test_a_cell_without_words_of_its_own_leaves_it_to_the_others():
    (found,) = table("| Việc | Chi tiết | Hạn nộp |", "| | Nộp phiếu khảo sát | 12/01/2027 |")

    assert found.what == "Nộp phiếu khảo sát"


def test_the_duty_says_to_whom_where_no_column_does():
    (found,) = table("| Việc | Hạn nộp |", "| Gửi danh sách học sinh về Sở GDĐT | 12/01/2027 |")

    assert found.to == "Sở GDĐT"


def test_the_day_on_which_work_begins_is_no_last_day_beside_one():
    found = table(
        "| Thứ, ngày | Công việc | Phụ trách | Hạn hoàn thành |",
        "| Thứ Hai, 12/10 | Lập danh sách học sinh khuyết tật | Giáo viên chủ nhiệm | 16/10/2026 |",
        "| Thứ Ba, 13/10 | Gửi thông báo thu | Kế toán | 19/10/2026 |",
    )

    assert [each.when for each in found] == ["16/10/2026", "19/10/2026"]


def test_a_table_of_days_and_what_falls_on_them():
    found = table("| Ngày | Nội dung |", "| 10/01 | Hạn nộp hồ sơ |", "| 12/01 | Thi vòng trường |", "| 15/01 | Khai mạc hội khỏe |")

    assert [(each.when, each.what) for each in found] == [("10/01", "Hạn nộp hồ sơ")]


@pytest.mark.parametrize(
    ("title", "who", "to"),
    [
        ("Đơn vị gửi", "Trường THCS", ""),
        ("Cá nhân thực hiện", "Trường THCS", ""),
        ("Nhân viên phụ trách", "Trường THCS", ""),
        ("Đơn vị xác nhận", "Trường THCS", ""),
        ("Đơn vị nhận", "", "Trường THCS"),
        ("Gửi", "", "Trường THCS"),
        ("Gửi cho đơn vị", "", "Trường THCS"),
        ("Hình thức gửi", "", ""),
    ],
)
def test_a_title_says_who_hands_in_or_to_whom_by_whole_words(title, who, to):
    (found,) = table(f"| Việc | {title} | Hạn nộp |", "| Nộp phiếu khảo sát | Trường THCS | 12/01/2027 |")

    assert (found.who, found.to) == (who, to)
