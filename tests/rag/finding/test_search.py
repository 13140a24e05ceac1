"""From a question to ranked provisions."""

import pytest

from rag.language.text import strip_marks

SECTIONS = {
    "hạn nộp báo cáo sơ kết học kì 1 của trường": "IV.2",
    "tối thiểu 30% số đơn vị được kiểm tra": "III.6",
    "nhận học sinh từ tỉnh khác trên phần mềm": "PL4.2",
    "thanh toán không dùng tiền mặt các khoản thu": "II.3",
    "bài giảng điện tử, học liệu số, ngân hàng câu hỏi": "II.1",
    "trang bị chữ ký số trong cơ sở giáo dục": "II.2",
    "khen thưởng tập thể, cá nhân có thành tích xuất sắc": "IV.1-4",
    "ba trụ cột chuyển đổi số": "I.3",
}


@pytest.mark.parametrize("spelling", ["typed", "stripped"])
@pytest.mark.parametrize("question", SECTIONS)
def test_the_provision_comes_first_with_and_without_marks(directive, question, spelling):
    hits = directive.search(question if spelling == "typed" else strip_marks(question), 3)

    assert any(hit.section.startswith(SECTIONS[question]) for hit in hits[:2]), [hit.section for hit in hits]


def test_hits_are_what_people_need(directive):
    first, *rest = directive.search("hạn nộp báo cáo sơ kết học kì 1", 5)

    assert len(rest) == 4
    assert first.document == "2607/SGDĐT-GDPT"
    assert first.page == 8
    assert first.label.startswith("Công văn 2607/SGDĐT-GDPT")
    assert "trang 8" in first.label
    assert "10/01/2026" in first.text or "30/01/2026" in first.text
    assert [hit.score for hit in (first, *rest)] == sorted((hit.score for hit in (first, *rest)), reverse=True)


def test_as_many_hits_as_asked_for_and_no_provision_twice(directive):
    hits = directive.search("chuyển đổi số trong giáo dục", 20)

    assert len(hits) == 20
    assert len({(hit.document, hit.section, hit.text) for hit in hits}) == 20


@pytest.mark.parametrize("question", ["", "???", "xyzq wkrt"])
def test_nothing_to_look_for_finds_nothing(directive, question):
    assert directive.search(question) == []


def test_the_document_that_is_asked_about_stands_out_among_several(laws):
    hits = laws.search("sử dụng thư điện tử của cơ sở giáo dục đại học", 3)

    assert {hit.document for hit in hits} == {"15/2018/TT-BGDĐT"}


def test_the_place_that_is_named_comes_first(laws):
    assert [(hit.document, hit.section) for hit in laws.search("Điều 15 Luật Giáo dục 2019", 1)] == [("43/2019/QH14", "Điều 15")]
    assert [(hit.document, hit.section) for hit in laws.search("dieu 9 thong tu 15/2018/tt-bgddt", 1)] == [("15/2018/TT-BGDĐT", "Điều 9")]


def test_a_document_that_is_named_comes_before_others(laws):
    for number in ("91/2025/QH15", "13/2023/NĐ-CP"):
        hits = laws.search(f"quyền của chủ thể dữ liệu theo {number}", 3)
        assert {hit.document for hit in hits} == {number}
