"""Letterheads in the shapes in which offices write them and files hold them; facts above a text; numbers of files and scans."""

from __future__ import annotations

import pytest
import yaml

from ingest.metadata import read_metadata
from ingest.number_in_name import number_in_name
from ingest.readers import Page, Reading, read_file
from rag.documents import Document

FACTS = ("number", "kind", "issuer", "issued", "title")
LIBRARY = ("48/2026/TT-BGDĐT", "Thông tư", "Bộ Giáo dục và Đào tạo", "2026-02-01", "Quy định về thư viện trường học")
SCAN = (
    "UBND TỈNH MINH LĨNH\nSỚ GIÁO DỤC VÀ ĐÀO TAO\n{number}\nV/v tổ chức hội thi\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
    "Độc lập - Tự do - Hạnh phúc\nMinh Lĩnh, ngày 5 tháng 9 năm 2025\nKính gửi: Các trường"
)


def facts(document: Document) -> tuple[str, ...]:
    return tuple(getattr(document, fact) for fact in FACTS)


def of_text(text: str, name: str = "x.txt") -> Document:
    return read_metadata(Reading((Page(1, text),)), name, "", {})


def of_scan(number: str, name: str, *later: str) -> Document:
    pages = [SCAN.format(number=number), *later]
    return read_metadata(Reading(tuple(Page(at, text, "ocr", 0.93) for at, text in enumerate(pages, 1))), name, "", {})


def test_letterheads(repo):
    heads = yaml.safe_load((repo / "tests/data/letterheads.yaml").read_text(encoding="utf-8"))

    wrong = [
        (entry["head"], entry["says"], said) for entry in heads if (said := facts(of_text(entry["head"]))) != tuple(entry["says"].values())
    ]

    assert wrong == []
    assert len(heads) > 40


FACT_LISTS = {
    "list.txt": """Số hiệu: 48/2026/TT-BGDĐT
Loại văn bản: Thông tư
Cơ quan ban hành: Bộ Giáo dục và Đào tạo
Ngày ban hành: 01/02/2026
Trích yếu: V/v quy định về thư viện trường học
Người ký: Nguyễn Văn A

Điều 1. Phạm vi""",
    "tabs.txt": """Số hiệu\t48/2026/TT-BGDĐT\tLoại văn bản\tThông tư
Nơi ban hành\tBộ Giáo dục và Đào tạo\tNgười ký\tNguyễn Văn A
Ngày ban hành\t01/02/2026\tNgày hiệu lực\tĐã biết

THÔNG TƯ
QUY ĐỊNH VỀ THƯ VIỆN TRƯỜNG HỌC
Căn cứ Luật""",
    "table.md": """| Thông tin | Chi tiết |
|---|---|
| Số ký hiệu | 48/2026/TT-BGDĐT |
| Ngày ban hành | 01/02/2026 |
| Loại văn bản | Thông tư |
| Cơ quan ban hành | Bộ Giáo dục và Đào tạo |
| Trích yếu | Thông tư 48/2026/TT-BGDĐT quy định về thư viện trường học |

Điều 1. A""",
    "matter.md": """---
so_hieu: 48/2026/TT-BGDĐT
ngay_ban_hanh: 01/02/2026
loai_van_ban: thông tư
co_quan_ban_hanh: Bộ Giáo dục và Đào tạo
title: Thông tư 48/2026/TT-BGDĐT - Thư viện
trich_yeu: Quy định về thư viện trường học
date: 2026-03-01
---
Điều 1. A""",
    "page.html": """<title>Trang chủ</title><table>
<tr><td>Số hiệu:<td>48/2026/TT-BGDĐT<td>Loại văn bản:<td>Thông tư</tr>
<tr><td>Nơi ban hành:<td>Bộ Giáo dục và Đào tạo<td>Ngày ban hành:<td>01/02/2026</tr></table>
<h1>Thông tư 48/2026/TT-BGDĐT quy định về thư viện trường học</h1><p>Điều 1. Phạm vi""",
}


@pytest.mark.parametrize("name", FACT_LISTS)
def test_facts_above_a_text_are_used(tmp_path, name):
    (tmp_path / name).write_text(FACT_LISTS[name], encoding="utf-8")

    assert facts(read_metadata(read_file(tmp_path / name), name, "", {})) == LIBRARY


def test_a_table_of_several_documents_says_nothing_of_this_one():
    found = of_text("| Số hiệu | Ngày ban hành | Trích yếu |\n| 1/QĐ-A | 01/02/2026 | Về A |\n| 2/QĐ-A | 02/02/2026 | Về B |\n1. Nội dung")
    assert facts(found) == ("", "", "", "", "")


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("1239-BGDDT-QLCL.pdf", "1239/BGDĐT-QLCL"),
        ("Công văn 1239-BGDĐT-QLCL về thi.pdf", "1239/BGDĐT-QLCL"),
        ("QD_06_QD_TTg.pdf", "06/QĐ-TTg"),
        ("3456_BGDDT_GDPT_signed.pdf", "3456/BGDĐT-GDPT"),
        ("5208-BGDDT-GDPT-2026.txt", "5208/BGDĐT-GDPT"),
        ("57-NQ-TW.md", "57-NQ/TW"),
        ("43-2019-QH14.txt", "43/2019/QH14"),
        ("15-KH-THPTPH.docx", "15/KH-THPTPH"),
        *(
            (name, "")
            for name in ("08-quy-che.md", "08-QUY-CHE-DAO-TAO.docx", "2025-tuyen-sinh.docx", "2025-TB-DHPH.docx", "01-DS-HS.docx")
        ),
        *((name, "") for name in ("03-ngay-de-trong.txt", "10-LICH-THI.pdf", "12-HK1-2025.pdf", "bai 3.docx", "1-2-3.pdf")),
    ],
)
def test_numbers_of_files(name, number):
    assert number_in_name(name) == number


def test_a_number_left_blank_stays_blank_but_for_the_files_name():
    blank = "BỘ GIÁO DỤC VÀ ĐÀO TẠO\nSố:      /BGDĐT-QLCL\nHà Nội, ngày      tháng     năm 2025\nV/v thi\nKính gửi: A\n1. Hạn 03/9/2025."

    assert facts(of_text(blank))[:4] == ("", "Công văn", "Bộ Giáo dục và Đào tạo", "")
    assert of_text(blank, "1239-BGDDT-QLCL.pdf").number == "1239/BGDĐT-QLCL"
    assert of_text(blank, "12-QD-UBND.pdf").number == ""  # another office's


@pytest.mark.parametrize(
    ("read", "name", "later", "number", "doubted"),
    [
        ("Số: 94/SGDĐT-GDPT", "quét.pdf", "", "94/SGDĐT-GDPT", "không có gì xác nhận"),
        ("Số: 94/SGDĐT-GDPT", "51-SGDDT-GDPT.pdf", "", "51/SGDĐT-GDPT", "đầu trang đọc ra 94/SGDĐT-GDPT"),
        ("Số: 94/SGDĐT-GDPT", "quét.pdf", "(Kèm theo Công văn số 51/SGDĐT-GDPT)", "51/SGDĐT-GDPT", "phụ lục kèm theo"),
        ("Số: 51/SGDĐT-GDPT", "quét.pdf", "(Kèm theo Công văn số 51/SGDĐT-GDPT)", "51/SGDĐT-GDPT", ""),
        ("Số: 51/SGDĐT-GDPT", "51-SGDDT-GDPT.pdf", "", "51/SGDĐT-GDPT", ""),
        ("Số: 51/SGDĐT-GDPT", "quét.pdf", "(Kèm theo Quyết định số 9/QĐ-BGDĐT)", "51/SGDĐT-GDPT", "không có gì xác nhận"),
        ("Só4?/SGDĐT-GDPT", "quét.pdf", "", "", ""),
    ],
)
def test_a_number_on_a_scan_is_doubtful_until_something_else_says_it(read, name, later, number, doubted):
    found = of_scan(read, name, later)

    assert (found.number, found.issuer) == (number, "Sở Giáo dục và Đào tạo tỉnh Minh Lĩnh")
    reasons = [doubt.why for doubt in found.doubts if doubt.reading == number]
    assert [doubted in why for why in reasons] == ([True] if doubted else [])


def test_the_day_of_a_scan_is_sure_where_the_annex_repeats_it():
    assert "2025-09-05" in [doubt.reading for doubt in of_scan("Số: 1/TB-A", "x.pdf").doubts]
    assert "2025-09-05" not in [doubt.reading for doubt in of_scan("Số: 1/TB-A", "x.pdf", "(Kèm theo Công văn ngày 05/9/2025)").doubts]


def test_what_the_catalog_says_is_not_doubted():
    scan = Reading((Page(1, SCAN.format(number="Số: 94/SGDĐT-GDPT"), "ocr"),))
    found = read_metadata(scan, "x.pdf", "", {"number": "51/SGDĐT-GDPT", "issued": "2025-09-05"})
    assert (found.number, found.doubts) == ("51/SGDĐT-GDPT", ())


def test_a_document_without_number_is_called_by_its_title():
    rules = Document("08-quy-che", "Quy chế", title="Đào tạo trình độ đại học")
    assert (rules.numbered, rules.name) == (False, "Quy chế đào tạo trình độ đại học (08-quy-che)")
    assert Document("1/QĐ-A", "Quyết định", title="Về A").name == "Quyết định 1/QĐ-A"
    assert Document("số-tay").name == "số-tay"
