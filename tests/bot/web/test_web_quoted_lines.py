"""Where a quote stands on a page, and what a text says of places in its own document."""

from __future__ import annotations

import pytest

from bot.web.places_named import PlacesNamed
from bot.web.quoted_lines import quoted_lines
from ingest.readers.page_words import Printed, printed_words
from rag.documents import Document, Provision

LINES = (
    "1. Nhà trường nộp báo cáo sơ kết học kì",
    "một trước ngày 10/01/2026 trên hệ thống.",
    "2. Phòng chuyên môn nộp báo cáo tổng kết.",
    "3. Nhà trường lưu hồ sơ tại đơn vị.",
    "4. Nhà trường lưu hồ sơ tại đơn vị.",
)
QUOTE = "Nhà trường nộp báo cáo sơ kết học kì một trước ngày 10/01/2026 trên hệ thống."


def page(lines=LINES):
    """A page on which the words of each line stand side by side, a line each twentieth of its height."""
    return [
        Printed(word, 0.1 + at / 20, number / 20, 0.14 + at / 20, number / 20 + 0.03)
        for number, line in enumerate(lines, 1)
        for at, word in enumerate(line.split())
    ]


def rows(boxes):
    return [round(box.y * 20) for box in boxes]


def test_a_quote_is_found_on_the_lines_where_it_stands():
    first, second = quoted_lines(QUOTE, "1.", "2. Phòng chuyên môn", page())
    assert (round(first.y * 20), round(second.y * 20)) == (1, 2)
    assert first.x == pytest.approx(0.15)  # behind the number of the clause
    assert second.x + second.width == pytest.approx(0.14 + 6 / 20)


def test_lost_marks_and_letters_misread_are_borne():
    spoilt = ("1. Nha truong n0p bao cao so kêt hoc ki", "môt truoc ngày 10/01/2026 trên he thông.", *LINES[2:])
    assert rows(quoted_lines(QUOTE, "", "", page(spoilt))) == [1, 2]


def test_what_stands_in_two_places_is_marked_only_where_its_neighbours_tell_which():
    quote = "Nhà trường lưu hồ sơ tại đơn vị."
    assert quoted_lines(quote, "", "", page()) == []
    assert rows(quoted_lines(quote, "2. Phòng chuyên môn nộp báo cáo tổng kết. 3.", "4. Nhà trường lưu", page())) == [4]


def test_what_is_not_there_is_not_marked():
    assert quoted_lines("Thời gian thi tốt nghiệp trung học phổ thông là tháng sáu.", "", "", page()) == []
    assert quoted_lines(QUOTE, "", "", []) == []


def test_the_words_of_a_scan_stand_where_they_are_printed(shared, tmp_path):
    """The pages of this scan are not quite level: they are straightened before they are read."""
    words = printed_words(shared / "pdf/scan/24-2023-ND-CP.pdf", 4, tmp_path)
    (line,) = quoted_lines("Trách nhiệm hướng dẫn và thi hành", "Điều 6.", "1. Bộ trưởng Bộ Nội vụ", words)
    assert 0.50 < line.y < 0.60
    assert 0.28 < line.x < 0.34


def provision(section):
    return Provision(1, "86/2021/NĐ-CP", section, "clause", "", "", "", 1)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("theo khoản 2 Điều 7 Nghị định này", ["#Điều 7.2"]),
        ("theo Điều 7, Điều 8 và Phụ lục II", ["#Điều 7", "#Điều 8", "#PL2"]),
        ("điểm a khoản 1 Điều này", ["#Điều 5.1.a"]),
        ("tại mục IV.2 nêu trên", ["#IV.2"]),
        ("theo khoản 2 Điều 7 Luật Giáo dục", []),
        ("Điều 7, Điều 8 của Nghị định số 24/2023/NĐ-CP", []),
        ("theo Điều 99", []),
        ("theo Điều 1", []),  # the decree's, or the annexed regulation's?
    ],
)
def test_places_named_in_a_text_are_links_where_it_is_sure_which(text, found):
    sections = ("Điều 1", "PL2.Điều 1", "Điều 5", "Điều 5.1.a", "Điều 7", "Điều 7.2", "Điều 8", "IV.2", "PL2")
    own = [provision(section) for section in sections]
    places = PlacesNamed(Document("86/2021/NĐ-CP"), own, lambda section: f"#{section}")
    of = provision("PL2.Điều 4" if text == "theo Điều 1" else "Điều 5.3")
    assert [link.address for link in places.links(text, of)] == found


def test_a_document_that_amends_another_one_mostly_means_that_ones_places():
    places = PlacesNamed(Document("1/2024/TT", title="Sửa đổi, bổ sung Thông tư 9"), [provision("Điều 2")], str)
    assert not [*places.links("Sửa đổi Điều 2 như sau:", provision("Điều 1"))]
    assert [link.address for link in places.links("theo Điều 2 Thông tư này", provision("Điều 1"))] == ["Điều 2"]
