"""Whose a document is, and which documents are nearly alike."""

from __future__ import annotations

import json

import pytest

from ingest.document_office import with_office
from ingest.families import families_of
from rag.documents import Document, Provision


@pytest.mark.parametrize(
    ("issuer", "head", "office", "within"),
    [
        ("Sở Giáo dục và Đào tạo tỉnh Minh Lĩnh", "", "tỉnh Minh Lĩnh", ""),
        ("", "UBND TỈNH MINH LĨNH\nSỞ GIÁO DỤC VÀ ĐÀO TẠO\nSố: 1/SGDĐT", "tỉnh Minh Lĩnh", ""),
        ("Sở GD&ĐT", "SỞ GD&ĐT HÀ TÂN", "sở giáo dục và đào tạo Hà Tân", ""),
        ("Sở Giáo dục và Đào tạo", "SỞ GIÁO DỤC VÀ ĐÀO TẠO\nMinh Lĩnh, ngày 12 tháng 9 năm 2025", "Minh Lĩnh", ""),
        ("", "ỦY BAN NHÂN DÂN\nPHƯỜNG TÂN HÒA", "phường Tân Hòa", ""),
        ("Trường THCS Lê Lợi", "UBND PHƯỜNG TÂN HÒA\nTRƯỜNG THCS LÊ LỢI", "trường trung học cơ sở Lê Lợi", "Tân Hòa"),
        ("", "Trường Đại học An toàn Phú Hòa thông báo tuyển sinh năm 2025", "trường đại học An Toàn Phú Hòa", ""),
        ("Bộ Giáo dục và Đào tạo", "BỘ GIÁO DỤC VÀ ĐÀO TẠO\nHà Nội, ngày 20 tháng 8 năm 2025", "", ""),
    ],
)
def test_an_office_is_read_from_the_issuer_the_letterhead_or_the_place(issuer, head, office, within):
    told = with_office(Document("1/X", issuer=issuer), head)

    assert (told.office, told.within) == (office, within)


def families(*documents: tuple[str, str, str]) -> list[list[str]]:
    provisions = [Provision(at, number, "1", "section", "mục 1", "", text, 1) for at, (number, _, text) in enumerate(documents)]
    found = families_of([Document(number, title=title) for number, title, _ in documents], provisions)
    return [sorted(family) for family in json.loads(found)]


def test_titles_that_differ_in_figures_make_a_family():
    assert families(("1/TB", "Tuyển sinh cao đẳng đợt 1", "một"), ("2/TB", "Tuyển sinh cao đẳng đợt 2", "hai")) == [["1/TB", "2/TB"]]


def test_like_titles_over_other_matters_make_none():
    one = ("1/SGD", "Hướng dẫn nhiệm vụ giáo dục trung học năm học 2025-2026", "Dạy thêm trong nhà trường không quá hai tiết mỗi tuần.")
    other = ("2/BGD", "Hướng dẫn nhiệm vụ giáo dục phổ thông năm học 2025-2026", "Tổ chức dạy học hai buổi mỗi ngày ở tiểu học.")

    assert families(one, other) == []


def test_acts_whose_number_bears_the_year_are_told_apart_by_that():
    assert (
        families(("1/2020/TT-BGDĐT", "Quy định chuẩn nghề nghiệp", "một"), ("2/2024/TT-BGDĐT", "Quy định chuẩn nghề nghiệp", "hai")) == []
    )


def test_letters_of_a_few_words_are_alike_only_where_they_say_the_same():
    assert families(("1/A", "Mời họp tổng kết", "Mời họp."), ("2/A", "Báo cáo thống kê", "Gửi báo cáo.")) == []
