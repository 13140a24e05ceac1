"""Documents that a provision names: number, kind, issuer, date, title."""

from __future__ import annotations

import pytest

from ingest.references import find_references, issuer_of, kind_of
from rag.documents import Footnote, Provision, Reference


def references_in(text: str, *notes: str) -> list[Reference]:
    footnotes = tuple(Footnote(str(at), note, 1) for at, note in enumerate(notes, 1))
    return find_references(Provision(0, "1/X", "I.1", "clause", "mục I.1", "", text, 1, footnotes=footnotes))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "thực hiện Quyết định số 131/QĐ-TTg ngày 25/01/2022 của Thủ tướng Chính phủ phê duyệt Đề án “Tăng cường chuyển đổi số”;",
            ("131/QĐ-TTg", "Quyết định", "Thủ tướng Chính phủ", "2022-01-25", "phê duyệt Đề án “Tăng cường chuyển đổi số”"),
        ),
        (
            "theo Thông tư số 42/2021/TT-BGDĐT ngày 30 tháng 12 năm 2021 của Bộ GDĐT quy định về cơ sở dữ liệu, trong đó tập trung",
            ("42/2021/TT-BGDĐT", "Thông tư", "Bộ GDĐT", "2021-12-30", "quy định về cơ sở dữ liệu"),
        ),
        (
            "Công văn số 4410/BGDĐT-KHCNTT ngày 22/9/2025 của Bộ Giáo dục và Đào tạo (GDĐT) về việc chuẩn hóa dữ liệu, Sở đề nghị",
            ("4410/BGDĐT-KHCNTT", "Công văn", "Bộ Giáo dục và Đào tạo", "2025-09-22", "về việc chuẩn hóa dữ liệu"),
        ),
        (
            "Hướng dẫn liên ngành số 33/HDLN-CA-SGDĐT ngày 20/3/2025 của Công an tỉnh và Sở GDĐT về lắp đặt camera.",
            ("33/HDLN-CA-SGDĐT", "Hướng dẫn", "Công an tỉnh và Sở GDĐT", "2025-03-20", "về lắp đặt camera"),
        ),
        ("Nghị quyết số 57- NQ/TW của Bộ Chính trị", ("57-NQ/TW", "Nghị quyết", "Bộ Chính trị", "", "")),
        ("Luật số 91/2025/QH15 ngày 26/6/2025 về bảo vệ dữ liệu", ("91/2025/QH15", "Luật", "Quốc hội", "2025-06-26", "về bảo vệ dữ liệu")),
        ("ban hành kèm theo 728/QĐ-SGDĐT", ("728/QĐ-SGDĐT", "Quyết định", "Sở Giáo dục và Đào tạo", "", "")),
    ],
)
def test_what_is_told_of_a_document(text, expected):
    (found,) = references_in(text)
    assert (found.number, found.kind, found.issuer, found.issued, found.title) == expected


def test_the_quote_stands_verbatim_in_the_text():
    text = "Thực hiện Kế hoạch số 276/KH-UBND ngày 10/11/2023 về tăng cường ứng dụng; các đơn vị triển khai."
    (found,) = references_in(text)
    assert found.quote == "Kế hoạch số 276/KH-UBND ngày 10/11/2023 về tăng cường ứng dụng"
    assert found.quote in text


def test_the_word_for_what_it_is_in_the_text_wins_over_the_symbol():
    assert references_in("Kế hoạch số 2358/QĐ-BGDĐT ngày 20/8/2025")[0].kind == "Kế hoạch"


def test_each_document_once_with_the_fullest_title():
    found = references_in("Thông tư số 9/2021/TT-X và Thông tư số 9/2021/TT-X ngày 01/02/2021 của Bộ X quy định về dạy học.")
    assert [(reference.number, reference.title) for reference in found] == [("9/2021/TT-X", "quy định về dạy học")]


def test_a_footnote_names_documents_too():
    found = references_in("Nâng cao năng lực số.", "Thông tư số 02/2025/TT-BGDĐT ngày 24/01/2025 của Bộ GDĐT quy định Khung năng lực số.")
    assert [reference.number for reference in found] == ["02/2025/TT-BGDĐT"]


def test_dates_speeds_and_classes_are_no_documents():
    assert references_in("Trước ngày 10/01/2026, tốc độ 150 km/h, lớp 10/A2, tỷ lệ 3/4.") == []


def test_every_document_that_the_directive_lists_is_found(repo):
    from ingest.readers import read_file
    from ingest.structure import build_provisions

    provisions = build_provisions("2607", read_file(repo / "corpus/2607-SGDDT-GDPT.md"))
    listed = [find_references(p)[0] for p in provisions if p.section.startswith(("PL3.A.", "PL3.B."))]
    assert len(listed) == 17
    assert all(reference.issued and reference.title and reference.issuer for reference in listed)


@pytest.mark.parametrize(
    ("number", "kind", "issuer"),
    [
        ("71/NQ-CP", "Nghị quyết", "Chính phủ"),
        ("91/2025/QH15", "Luật", "Quốc hội"),
        ("966/SGDĐT-VP", "Công văn", "Sở Giáo dục và Đào tạo"),
        ("không phải số hiệu", "", ""),
    ],
)
def test_what_a_symbol_says(number, kind, issuer):
    assert (kind_of(number), issuer_of(number)) == (kind, issuer)
