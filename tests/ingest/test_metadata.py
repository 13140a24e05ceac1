"""What a document says of itself, on invented heads in the shapes that offices use and on real files."""

from __future__ import annotations

import pytest

from ingest.metadata import editorial_note, read_metadata
from ingest.readers import Page, Reading, read_file
from rag.documents import Document
from tests.ingest.texts import reading

MINISTRY = "Bộ Giáo dục và Đào tạo"
VJU = "Trường Đại học Việt Nhật"
REAL = {  # file: number, kind, issuer, issued, effective, title; each checked by eye against the file
    "texts/13-2023-ND-CP.txt": ("13/2023/NĐ-CP", "Nghị định", "Chính phủ", "2023-04-17", "2023-07-01", "Bảo vệ dữ liệu cá nhân"),
    "texts/15-2018-TT-BGDDT.txt": (
        "15/2018/TT-BGDĐT", "Thông tư", MINISTRY, "2018-07-27", "2018-09-11",
        "Quy định tổ chức hoạt động, sử dụng thư điện tử và trang thông tin điện tử của các cơ sở giáo dục đại học, "
        "các trường cao đẳng sư phạm",
    ),
    "texts/19-2023-TT-BGDDT.txt": (
        "19/2023/TT-BGDĐT", "Thông tư", MINISTRY, "2023-10-30", "2023-12-16",
        "Hướng dẫn về vị trí việc làm, cơ cấu viên chức theo chức danh nghề nghiệp và định mức số lượng người làm việc trong các cơ sở "
        "giáo dục mầm non công lập",
    ),
    "texts/43-2019-QH14.txt": ("43/2019/QH14", "Luật", "Quốc hội", "2019-06-14", "2020-07-01", "Luật Giáo dục"),
    "texts/91-2025-QH15.md": ("91/2025/QH15", "Luật", "Quốc hội", "2025-06-26", "2026-01-01", "Luật Bảo vệ dữ liệu cá nhân"),
    "pdf/text/39-2020-TT-BGDDT.pdf": (
        "39/2020/TT-BGDĐT", "Thông tư", MINISTRY, "2020-10-09", "2020-11-25",
        "Quy định về tiêu chuẩn đánh giá chất lượng chương trình đào tạo từ xa trình độ đại học",
    ),
    "pdf/text/483-HD-DHVN.pdf": (
        "483/HD-ĐHVN", "Hướng dẫn", VJU, "2025-05-20", "2025-05-20",
        f"Công tác thực tập thực tế và chuyên đề thực tập đối với sinh viên đại học chính quy tại {VJU}",
    ),
    "pdf/text/49-2012-TT-BGDDT.pdf": (
        "49/2012/TT-BGDĐT", "Thông tư", MINISTRY, "2012-12-12", "2013-02-01",
        "Ban hành Quy định về tiêu chuẩn đánh giá chất lượng chương trình đào tạo giáo viên trung học phổ thông trình độ đại học",
    ),
    "pdf/text/628-QD-DHQGHN.pdf": (
        "628/QĐ-ĐHQGHN", "Quyết định", "Đại học Quốc gia Hà Nội", "2015-02-10", "2015-02-10",
        "Quy định về Đảm bảo chất lượng giáo dục trong Đại học Quốc gia Hà Nội",
    ),
    "pdf/text/840-DT-calendar-tables.pdf": ("840/ĐHVN-ĐT", "Công văn", "", "", "", "Lịch trình đào tạo dành cho sinh viên Khóa VJU2025"),
    "pdf/text/86-2021-ND-CP.pdf": (
        "86/2021/NĐ-CP", "Nghị định", "Chính phủ", "2021-09-25", "2021-12-01",
        "Quy định việc công dân Việt Nam ra nước ngoài học tập, giảng dạy, nghiên cứu khoa học và trao đổi học thuật",
    ),
    "pdf/truth/1132-QD-DHVN.md": (
        "1132/QĐ-ĐHVN", "Quyết định", VJU, "2025-10-01", "2025-10-01", f"Ban hành Quy định về công tác khảo thí của {VJU}",
    ),
    "pdf/truth/17-2021-TT-BGDDT.md": (
        "17/2021/TT-BGDĐT", "Thông tư", MINISTRY, "2021-06-22", "2021-08-07",
        "Quy định về chuẩn chương trình đào tạo; xây dựng, thẩm định và ban hành chương trình đào tạo các trình độ của giáo dục đại học",
    ),
    "pdf/truth/24-2023-ND-CP.md": (
        "24/2023/NĐ-CP", "Nghị định", "Chính phủ", "2023-05-14", "2023-07-01",
        "Quy định mức lương cơ sở đối với cán bộ, công chức, viên chức và lực lượng vũ trang",
    ),
    "pdf/truth/4998-QD-BGDDT.docx": (  # a draft: "Quyết định số    /QĐ-BGDĐT ngày   tháng   năm 2021"; the file has the number
        "4998/QĐ-BGDĐT", "Quyết định", MINISTRY, "", "", "Quy định kỹ thuật về dữ liệu của cơ sở dữ liệu giáo dục và đào tạo",
    ),
    "pdf/truth/911-TB-DHVN.md": (
        "911/TB-DHVN", "Thông báo", VJU, "2024-09-06", "",
        "Nộp chứng nhận/chứng chỉ ngoại ngữ tiếng Anh xét miễn học, chuyển đổi điểm học phần và công nhận chuẩn đầu ra cho sinh viên khóa "
        f"VJU2024 tại {VJU}, Đại học Quốc gia Hà Nội",
    ),
}  # fmt: skip


def metadata_of(text: str, **given: str) -> Document:
    return read_metadata(reading(text), "x.pdf", "", given)


@pytest.mark.parametrize(("name", "expected"), REAL.items())
def test_of_real_files(shared, tmp_path, name, expected):
    found = read_metadata(read_file(shared / name, cache=tmp_path), name, "", {})
    assert (found.number, found.kind, found.issuer, found.issued, found.effective, found.title) == expected


def test_of_the_directives(repo):
    root = read_metadata(read_file(repo / "corpus/2607-SGDDT-GDPT.md"), "", "", {})
    other = read_metadata(read_file(repo / "tests/data/1422-SGDDT-CNTT.md"), "", "", {})
    assert (root.number, root.kind, root.issuer, root.issued, root.effective, root.pages) == (
        "2607/SGDĐT-GDPT", "Công văn", "Sở Giáo dục và Đào tạo tỉnh Quảng Ninh", "2025-09-27", "", 13,
    )  # fmt: skip
    assert root.title.startswith("Hướng dẫn thực hiện nhiệm vụ ứng dụng công nghệ thông tin")
    # a footnote says from when another document is in force: that is not this one's day
    assert (other.number, other.issuer, other.issued, other.effective) == (
        "1422/SGDĐT-CNTT", "Sở Giáo dục và Đào tạo tỉnh Bình Sơn", "2025-10-14", "",
    )  # fmt: skip
    assert other.title.startswith("Quản lý dữ liệu ngành")


class TestHeads:
    def test_of_a_letter_in_two_columns_run_together(self):
        found = metadata_of(
            "UBND TỈNH QUẢNG NINH CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSỞ GIÁO DỤC VÀ ĐÀO TẠO Độc lập - Tự do - Hạnh phúc\n"
            "Số: 12/SGDĐT-VP Quảng Ninh, ngày 5 tháng 1 năm 2026\nV/v tổ chức hội thi\nKính gửi: Các trường"
        )
        assert (found.number, found.issued, found.title) == ("12/SGDĐT-VP", "2026-01-05", "Tổ chức hội thi")

    def test_an_issuer_over_two_lines(self):
        found = metadata_of("ỦY BAN NHÂN DÂN\nTỈNH BÌNH SƠN\nSố: 9/KH-UBND\nKẾ HOẠCH\nChuyển đổi số năm 2026\nCăn cứ Luật A")
        assert (found.issuer, found.kind, found.title) == ("Ủy ban nhân dân tỉnh Bình Sơn", "Kế hoạch", "Chuyển đổi số năm 2026")

    @pytest.mark.parametrize(
        ("head", "issuer"),
        [
            ("SỞ KHOA HỌC VÀ CÔNG NGHỆ", "Sở Khoa học và Công nghệ"),
            ("UBND HUYỆN TIÊN YÊN\nPHÒNG NỘI VỤ", "Phòng Nội vụ huyện Tiên Yên"),
            ("THỦ TƯỚNG CHÍNH PHỦ", "Thủ tướng Chính phủ"),
            ("UBND THÀNH PHỐ HẢI PHÒNG", "UBND thành phố Hải Phòng"),
            ("BỘ GIÁO DỤC VÀ ĐÀO TẠO\nTRƯỜNG ĐẠI HỌC VINH", "Trường Đại học Vinh"),
        ],
    )
    def test_issuers_are_written_in_normal_case(self, head, issuer):
        body = "Trường Đại học Vinh thực hiện." if "VINH" in head else "Thực hiện."
        assert metadata_of(f"{head}\nSố: 1/QĐ-X\nQUYẾT ĐỊNH\nVề việc A\nĐiều 1. {body}").issuer == issuer

    def test_a_title_in_capitals_takes_its_case_from_the_text(self):
        found = metadata_of(
            "BỘ TÀI CHÍNH\nSố: 1/2025/TT-BTC\nTHÔNG TƯ\nHƯỚNG DẪN MUA SẮM CỦA BỘ QUỐC PHÒNG\nCăn cứ Luật A;\n"
            "Bộ trưởng ban hành Thông tư hướng dẫn mua sắm của Bộ Quốc phòng."
        )
        assert found.title == "Hướng dẫn mua sắm của Bộ Quốc phòng"

    def test_a_title_in_capitals_that_stands_nowhere_else_is_in_sentence_case(self):
        assert metadata_of("Số: 1/TB-X\nTHÔNG BÁO\nLỊCH NGHỈ HÈ\nKính gửi: A").title == "Lịch nghỉ hè"

    def test_a_law_has_its_name_from_the_kinds_own_line(self):
        found = metadata_of("QUỐC HỘI\nLuật số: 9/2030/QH16\nLUẬT NHÀ GIÁO\nCăn cứ Hiến pháp\nĐiều 1. Phạm vi")
        assert (found.kind, found.number, found.title, found.issuer) == ("Luật", "9/2030/QH16", "Luật Nhà giáo", "Quốc hội")

    def test_a_sentence_that_names_another_document_is_no_title(self):
        found = metadata_of(
            "Số: 2/2024/TT-X\nTHÔNG TƯ\nquy định về thư viện\nĐiều 1. Hiệu lực\nThông tư này thay thế Thông tư số 9/2019/TT-X"
        )
        assert (found.number, found.title) == ("2/2024/TT-X", "Quy định về thư viện")
        assert metadata_of("Điều 1. A\nThông tư này thay thế Thông tư số 9/2019/TT-X").number == ""

    def test_a_draft_without_number_does_not_take_that_of_its_legal_basis(self):
        found = metadata_of(
            "UBND TỈNH X\nSố:      /QĐ-UBND\nQUYẾT ĐỊNH\nVề việc A\nCăn cứ Nghị định số 5/2020/NĐ-CP ngày 01/02/2020;\nĐiều 1. B"
        )
        assert (found.number, found.issued, found.title) == ("", "", "A")

    def test_a_legal_sites_note_tells_everything(self):
        note = "(Điều 1 Thông tư số 5/2020/TT-BGDĐT quy định chế độ báo cáo ngày 03/04/2020 của Bộ Giáo dục và Đào tạo, có hiệu lực thi hành kể từ ngày 18/05/2020)"  # noqa: E501
        found = metadata_of(f"Điều 1. A\n{note}\nMột.")
        assert (found.number, found.kind, found.title) == ("5/2020/TT-BGDĐT", "Thông tư", "Quy định chế độ báo cáo")
        assert (found.issuer, found.issued, found.effective) == (MINISTRY, "2020-04-03", "2020-05-18")
        assert editorial_note(note)
        assert not editorial_note("(Kèm theo Thông tư số 5/2020/TT-BGDĐT)")


class TestEffective:
    HEAD = "Số: 1/QĐ-X\nHà Nội, ngày 01 tháng 3 năm 2025\nQUYẾT ĐỊNH\nVề việc A\n"

    @pytest.mark.parametrize(
        ("sentence", "day"),
        [
            ("Quyết định này có hiệu lực kể từ ngày ký.", "2025-03-01"),
            ("Quyết định này có hiệu lực\nthi hành từ ngày 15 tháng 4 năm 2025.", "2025-04-15"),
            ("Quyết định này có hiệu lực sau 10 ngày kể từ ngày ký.", "2025-03-11"),
            ("Nghị định số 5/2025/NĐ-CP có hiệu lực từ ngày 01/7/2025.", ""),
        ],
    )
    def test_day(self, sentence, day):
        assert metadata_of(f"{self.HEAD}Điều 1. {sentence}").effective == day


class TestWhoWins:
    def test_the_catalog_over_front_matter_over_the_text(self):
        page = Page(1, "Số: 1/QĐ-A\nQUYẾT ĐỊNH\nTên trong văn bản\nĐiều 1. A")
        front = {"number": "2/QĐ-B", "title": "Tên khai trong tệp", "issued": "2025-01-02"}
        found = read_metadata(Reading((page,), front), "x.md", "", {"title": "Tên trong danh mục"})
        assert (found.number, found.title, found.issued) == ("2/QĐ-B", "Tên trong danh mục", "2025-01-02")

    def test_the_text_over_a_files_properties(self):
        page = Page(1, "Số: 1/QĐ-A\nQUYẾT ĐỊNH\nVề việc khen thưởng\nĐiều 1. A")
        assert read_metadata(Reading((page,), {"title": "Microsoft Word - 1"}), "x.docx", "", {}).title == "Khen thưởng"
        assert read_metadata(Reading((Page(1, "Nội dung."),), {"title": "Sổ tay"}), "x.docx", "", {}).title == "Sổ tay"


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("17-2021-TT-BGDDT.pdf", "17/2021/TT-BGDĐT"),
        ("2607-SGDDT-GDPT.pdf", "2607/SGDĐT-GDPT"),
        ("13-2023-nd-cp.pdf", "13/2023/NĐ-CP"),
        ("quet-1.pdf", ""),
    ],
)
def test_a_number_written_by_hand_on_a_scan_is_taken_from_the_files_name_or_asked_for(name, number):
    scan = Reading((Page(1, "BỘ GIÁO DỤC VÀ ĐÀO TẠO\n\nSố: 4F /2021/TT-BGDĐT\n\nTHÔNG TƯ\n\nVề trường học", read_as="ocr"),))

    assert read_metadata(scan, name, "", {}).number == number
