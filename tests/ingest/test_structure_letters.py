"""Letters without numbers, annexes that nothing announces, marks of all kinds: what offices write, as provisions."""

from __future__ import annotations

import pytest

from ingest.deadlines import find_deadlines
from ingest.show import lines_of
from ingest.structure import build_provisions
from rag.documents import Provision
from tests.ingest.texts import reading

HEAD = """UBND TỈNH MINH LĨNH
SỞ GIÁO DỤC VÀ ĐÀO TẠO
Số: 12/SGDĐT-VP
V/v báo cáo số liệu
Minh Lĩnh, ngày 12 tháng 9 năm 2025
Kính gửi:
- Các trường phổ thông;
- Các trung tâm.
"""
SIGNED = """
Nơi nhận:
- Như trên;
- Lưu: VT.
KT. GIÁM ĐỐC
PHÓ GIÁM ĐỐC
(đã ký)
Trần Văn Bình"""


def provisions_of(text: str) -> list[Provision]:
    return build_provisions("12/SGDĐT-VP", reading(text))


def outline(text: str) -> list[str]:
    return [provision.section for provision in provisions_of(text)]


def texts(text: str) -> dict[str, str]:
    return {provision.section: provision.text or provision.heading for provision in provisions_of(text)}


class TestBodiesWithoutNumbers:
    def test_what_a_short_letter_says_is_a_provision_with_its_deadline(self):
        found = provisions_of(
            f"{HEAD}Để chuẩn bị hội nghị, Sở GDĐT thông báo như dưới đây.\nCác trường gửi báo cáo về Sở trước ngày 25/9/2025.{SIGNED}"
        )
        assert [(p.section, p.kind) for p in found] == [("Mở đầu", "head"), ("Mở đầu", "paragraph"), ("Nơi nhận", "signature")]
        assert found[1].text.startswith("Để chuẩn bị hội nghị")
        assert [deadline.date for deadline in find_deadlines(found[1])] == ["2025-09-25"]

    def test_a_long_one_is_cut_at_its_paragraphs(self):
        long = "Các đơn vị bố trí nhân lực, cơ sở vật chất và kinh phí cho năm học mới theo phân công. " * 6
        assert outline(f"{HEAD}{long}\n{long}\n{long}{SIGNED}") == ["Mở đầu", "Mở đầu", "Mở đầu-2", "Mở đầu-3", "Nơi nhận"]

    def test_its_dashes_count_on_through_its_paragraphs(self):
        found = texts(
            f"{HEAD}Sở tổ chức hội nghị:\n- Thời gian: 8 giờ ngày 20/9/2025.\n- Địa điểm: Hội trường.\nĐề nghị gửi danh sách sớm.{SIGNED}"
        )
        assert list(found) == ["Mở đầu", "Mở đầu-1", "Mở đầu-2", "Mở đầu-3", "Nơi nhận"]
        assert found["Mở đầu-3"] == "Đề nghị gửi danh sách sớm."

    def test_a_table_stays_with_the_paragraph_that_announces_it(self):
        found = texts(f"{HEAD}Lịch kiểm tra:\n| Môn | Ngày |\n| Toán | 10/12/2025 |\nCác trường niêm yết lịch.{SIGNED}")
        assert "| Toán | 10/12/2025 |" in found["Mở đầu"]

    def test_what_only_announces_the_numbers_opens_the_letter(self):
        assert outline(f"{HEAD}Sở GDĐT hướng dẫn như sau:\n1. Một.\n2. Hai.{SIGNED}") == ["Mở đầu", "1", "2", "Nơi nhận"]

    def test_a_signature_without_recipients_is_no_body(self):
        found = texts("TRƯỜNG THPT PHÚ HÒA\nTHÔNG BÁO\nVề việc nghỉ học\nHọc sinh nghỉ ngày 20/11/2025.\nHIỆU TRƯỞNG\nNguyễn Thị Hoa")
        assert found["Mở đầu"] == "Học sinh nghỉ ngày 20/11/2025."
        assert found["Nơi nhận"] == "HIỆU TRƯỞNG\nNguyễn Thị Hoa"

    def test_a_heading_in_capitals_that_names_an_office_signs_nothing(self):
        found = texts(f"{HEAD}Sở thông báo lịch họp.\nLỊCH LÀM VIỆC CỦA HIỆU TRƯỞNG\nHọp ngày 20/9/2025.{SIGNED}")
        assert found["Mở đầu"].endswith("Họp ngày 20/9/2025.")

    def test_where_things_are_handed_in_is_no_list_of_recipients(self):
        found = texts(f"{HEAD}Hồ sơ gồm:\n1. Đơn.\nNơi nhận hồ sơ: Phòng Tổ chức.\n2. Danh sách.{SIGNED}")
        assert found["1"] == "Đơn.\nNơi nhận hồ sơ: Phòng Tổ chức."


def test_the_head_of_a_table_is_said_once_where_the_table_goes_over_the_page():
    pages = reading("1. Lịch\n| Môn | Ngày |\n| Toán | 10/12 |", "| Môn | Ngày |\n| Văn | 11/12 |")
    assert build_provisions("1/X", pages)[0].text == "| Môn | Ngày |\n| Toán | 10/12 |\n| Văn | 11/12 |"


class TestAnnexes:
    LETTER = f"{HEAD}Sở gửi kèm tài liệu để các trường thực hiện.{SIGNED}\n"

    @pytest.mark.parametrize("title", ["📎 PHỤ LỤC", "**PHỤ LỤC**", "PHỤ LỤC", "(Kèm theo Công văn số 12/SGDĐT-VP ngày 12/9/2025)"])
    def test_behind_the_recipients_in_every_dress(self, title):
        found = outline(
            f"{self.LETTER}{title}\n1. MA TRẬN ĐỀ\n| TT | Chủ đề | Số câu |\n| 1 | Hàm số | 12 câu |\nGhi chú\n(2) Gồm 4 ý nhỏ."
        )
        assert found == ["Mở đầu", "Mở đầu", "Nơi nhận", "PL1", "PL1.1", "PL1.1(2)"]

    def test_that_only_its_title_tells(self):
        found = texts(f"{self.LETTER}DANH SÁCH GIÁO VIÊN DỰ TẬP HUẤN\n| TT | Họ tên | Đơn vị |\n| 1 | Lê An | THPT Phú Hòa |")
        assert found["Nơi nhận"].endswith("Trần Văn Bình")
        assert found["PL1"].startswith("| TT | Họ tên | Đơn vị |")

    def test_a_table_behind_the_signatures(self):
        assert outline(f"{self.LETTER}| TT | Họ tên | Đơn vị |\n| 1 | Lê An | THPT Phú Hòa |")[-1] == "PL1"

    def test_a_plan_sent_with_a_letter(self):
        found = outline(
            f"{self.LETTER}KẾ HOẠCH\nTỔ CHỨC HỘI KHỎE\n(Kèm theo Công văn số 12/SGDĐT-VP)\nI. MỤC ĐÍCH\n1. Rèn luyện.\n"
            "PHỤ LỤC 1: MẪU\nTên trường."
        )
        assert found[3:] == ["Kế hoạch", "Kế hoạch.I", "Kế hoạch.I.1", "PL1"]

    def test_a_title_in_capitals_that_is_no_known_kind(self):
        found = outline(
            "Điều 1. Ban hành kèm theo Thông tư này Khung năng lực.\nĐiều 2. Hiệu lực thi hành\n1. Từ ngày ký.\n"
            "KHUNG NĂNG LỰC SỐ CHO NGƯỜI HỌC\n(Ban hành kèm theo Thông tư số 2/2025/TT-X)\nA. Cấu trúc\n1. Gồm 6 miền.\nB. Mô tả"
        )
        assert found == ["Điều 1", "Điều 2", "Điều 2.1", "PL1", "PL1.A", "PL1.A.1", "PL1.B"]


class TestMarks:
    TEXT = """A. ĐỐI VỚI TRƯỜNG
I- Chuyên môn
I.1. Dạy học
a) Dạy đủ môn.
-Dạy hai buổi
1.2 Kiểm tra
1.2.1. Thường xuyên.
II/ Tài chính
1) Thu đúng.
+ Chi đúng.
(1) Công khai.
B. QUY TRÌNH
Bước 1: Đăng ký.
Bước 2. Nộp hồ sơ."""

    def test_every_form_has_its_address(self):
        assert outline(self.TEXT) == [
            "A", "A.I", "A.I.1", "A.I.1.a", "A.I.1.a-1", "A.I.1.2", "A.I.1.2.1", "A.II", "A.II.1", "A.II.1-1", "A.II.1(1)",
            "B", "B.Bước 1", "B.Bước 2",
        ]  # fmt: skip

    def test_show_prints_them_as_they_stand(self):
        assert "\n".join(lines_of(provisions_of(self.TEXT))) == self.TEXT.replace("-Dạy", "- Dạy")

    def test_a_word_with_a_number_alone_is_no_step(self):
        assert outline("1. Thi\nĐợt 1: tháng 6.\n2. Chấm") == ["1", "2"]

    def test_a_short_line_with_nothing_below_it_is_what_is_said(self):
        found = provisions_of("1. Thời gian: ngày 22/9/2025\n2. Nộp danh sách trước ngày 18/9/2025\n3. Thành phần\na) Giáo viên")
        assert [(p.heading, bool(p.text)) for p in found] == [("", True), ("", True), ("Thành phần", False), ("", True)]

    def test_a_part_that_tells_a_value_has_it_in_its_text(self):
        assert provisions_of("I. Lịch\n1. Một.\nII. Liên hệ: Phòng Khảo thí, điện thoại: 0251.3868001.")[-1].text.startswith("Liên hệ:")


@pytest.mark.parametrize(
    "text",
    [
        "(1) " * 50_000,
        "| " * 50_000,
        "“" * 100_000,
        "1. Mở\n" + "một dòng\n" * 10_000,
        "Sửa đổi như sau: “1. a\n" * 5_000,
        "x[^1] " * 10_000,
    ],
    ids=["items", "strokes", "quotations", "lines", "amendments", "footnotes"],
)
def test_hostile_texts_are_read_without_end_but_with_one(text):
    assert len(build_provisions("1/X", reading(text))) < 10


class TestWhatStandsBehind:
    def test_what_follows_single_paragraphs_closes_the_letter(self):
        found = texts(f"{HEAD}1. Chỉ tiêu: 160.\n2. Hồ sơ: đơn.\n3. Lệ phí: không thu.\nHỏi thêm: cô Lan, 0200 100 200.{SIGNED}")
        assert found["3"] == "Lệ phí: không thu." and found["Kết"].startswith("Hỏi thêm")

    def test_a_second_paragraph_stays_where_others_have_one(self):
        found = texts(
            f"{HEAD}1. Chỉ tiêu: 160.\nTrong đó có 20 em học bán trú.\n2. Hồ sơ: đơn.\n3. Lệ phí: không thu.\nKể cả phí gửi xe.{SIGNED}"
        )
        assert found["3"].endswith("Kể cả phí gửi xe.") and "Kết" not in found

    @pytest.mark.parametrize("title", ["❖❖ PHỤ LỤC 1. MẪU DANH SÁCH ĐOÀN", "• PHỤ LỤC I ❧\nMẪU DANH SÁCH ĐOÀN", "✧ ✧ ✧\nBẢNG QUY ĐỔI ĐOÀN"])
    def test_an_annex_opens_behind_ornaments_and_above_its_table(self, title):
        found = provisions_of(f"{HEAD}1. Gửi danh sách.{SIGNED}\n{title}\n| TT | Họ tên |\n| 1 | Lê An |")
        assert (found[-1].section, found[-1].kind) == ("PL1", "annex") and found[-1].heading.endswith("ĐOÀN")
        assert "Lê An" in found[-1].text

    def test_who_signs_beside_the_day_is_a_signature(self):
        found = provisions_of(f"{HEAD}Nhà trường khám sức khỏe cho trẻ vào thứ Tư.\nNgày 29 tháng 9 năm 2025 HIỆU TRƯỞNG\nTạ Thị Bưởi")
        assert [provision.kind for provision in found] == ["head", "paragraph", "signature"]

    def test_articles_within_a_line_as_long_as_a_page_are_opened(self):
        page = " ".join(
            f"Điều {n}. Nội dung thứ {n} của quy chế 1. Việc thứ nhất được làm như sau. {'Lời văn dài của khoản. ' * 15}2. Việc thứ hai."
            for n in range(1, 4)
        )
        assert outline(f"QUY CHẾ\n{page}") == ["Mở đầu", *(f"Điều {n}{part}" for n in range(1, 4) for part in ("", ".1", ".2"))]
