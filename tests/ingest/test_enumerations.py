"""Inline enumerations: ``(1) …; (2) …`` in a sentence become provisions of their own, that can be cited."""

from __future__ import annotations

from ingest.readers import Page, Reading
from ingest.structure import build_provisions
from rag.documents import Provision
from tests.ingest.texts import reading


def items_of(*pages: str) -> list[Provision]:
    return [provision for provision in build_provisions("1/X", reading(*pages)) if provision.inline]


def test_numbers_in_brackets_make_items_with_the_text_of_their_part():
    items = items_of("Điều 3. Nhiệm vụ\n2. Nhà trường thực hiện: (1) cập nhật hồ sơ; (2) khóa dữ liệu, đúng hạn; (3) báo cáo.")
    assert [(item.section, item.text) for item in items] == [
        ("Điều 3.2(1)", "(1) cập nhật hồ sơ"),
        ("Điều 3.2(2)", "(2) khóa dữ liệu, đúng hạn"),
        ("Điều 3.2(3)", "(3) báo cáo."),
    ]
    assert items[1].label == "khoản 2 Điều 3, ý (2)"
    assert items[1].headings == ("Nhiệm vụ",)


def test_letters_make_items_too():
    items = items_of("I. CHUNG\n1. Bố trí kênh thu gồm: a) bưu điện; b) tài khoản; c) tiền mặt.")
    assert [(item.section, item.label) for item in items][:2] == [("I.1.a", "mục I.1, điểm a"), ("I.1.b", "mục I.1, điểm b")]


def test_one_number_alone_or_out_of_order_is_no_enumeration():
    assert not items_of("Điều 1. A\nTheo mẫu (1) của Bộ.\nĐiều 2. B\nXem ghi chú (2), (4) ở trên.")


def test_an_item_knows_the_page_on_which_it_begins():
    page = "I. CHUNG\n1. Gồm: (1) việc thứ nhất;"
    read = Reading((Page(1, page), Page(2, "(2) việc thứ hai.", continues=True)))
    items = [p for p in build_provisions("1/X", read) if p.inline]
    assert [(item.section, item.page) for item in items] == [("I.1(1)", 1), ("I.1(2)", 2)]


def test_what_an_amending_document_quotes_is_not_enumerated():
    assert not items_of("Điều 1. Sửa đổi\n1. Sửa đổi khoản 2 như sau:\n“2. Gồm:\na) một;\nb) hai;\nc) ba.”")


def test_items_stand_behind_their_parent():
    provisions = build_provisions("1/X", reading("I. A\n1. Gồm: (1) một; (2) hai.\n2. Khác."))
    assert [p.section for p in provisions] == ["I", "I.1", "I.1(1)", "I.1(2)", "I.2"]
    assert [p.parent for p in provisions] == [None, 0, 1, 1, 0]


def test_what_is_enumerated_in_a_cell_stays_in_its_row():
    row = "| 1 | Đối tượng 07: a) người khuyết tật; b) giáo viên; c) thương binh | Giấy xác nhận; Bằng khen |"
    assert not items_of(f"I. Minh chứng\n| TT | Đối tượng | Minh chứng |\n{row}")
    items = items_of(f"1. Minh chứng gồm: a) giấy xác nhận; b) bằng khen.\n{row}")
    assert [item.text for item in items] == ["a) giấy xác nhận", "b) bằng khen."]


def test_signatures_are_not_enumerated():
    assert not items_of("1. Một.\nNơi nhận:\n(1) Như trên;\n(2) Lưu: VT.")
