"""Short forms that a document defines are read from it, in every way in which offices define them."""

import pytest

from rag.language.definitions import Definition, definitions_in, written_both_ways


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("dạng khuyết tật của học sinh khuyết tật (HSKT).", "HSKT", "học sinh khuyết tật"),
        ("Thẻ thư viện (sau đây viết tắt là TTV) được cấp", "TTV", "Thẻ thư viện"),
        ("Ban đại diện cha mẹ học sinh, sau đây viết tắt là BĐDCMHS, phối hợp", "BĐDCMHS", "Ban đại diện cha mẹ học sinh"),
        ("Phòng Giáo dục và Đào tạo (PGDĐT) chủ trì", "PGDĐT", "Phòng Giáo dục và Đào tạo"),
        ("Quỹ học bổng Ánh Sao (gọi tắt là Quỹ) hỗ trợ", "Quỹ", "Quỹ học bổng Ánh Sao"),
        ("Trường Đại học Minh Lĩnh (sau đây gọi là “Nhà trường”) thông báo", "Nhà trường", "Trường Đại học Minh Lĩnh"),
    ],
)
def test_a_definition_is_read_with_what_it_stands_for(text, short, long):
    assert definitions_in([text]) == [Definition(short, long)]


@pytest.mark.parametrize(
    "text",
    ["không quá 02 (hai) em", "bài thi (có thang điểm 10)", "(Kèm theo Công văn số 3)", "Hiệu trưởng (đã ký)", "hồ sơ của thí sinh (VT)"],
)
def test_other_brackets_define_nothing(text):
    assert definitions_in([text]) == []


def test_each_form_is_searched_with_the_other_one():
    defined = [Definition("HSKT", "học sinh khuyết tật")]

    assert written_both_ways("không quá 02 HSKT", defined) == "không quá 02 HSKT học sinh khuyết tật"
    assert written_both_ways("Học sinh khuyết tật học hòa nhập", defined) == "Học sinh khuyết tật HSKT học hòa nhập"
    assert written_both_ways("không có gì", []) == "không có gì"
