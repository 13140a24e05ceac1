"""Provisions asked for by their place, and outlines of reports."""

import pytest

from tests.rag.conftest import cited, misquotes

OUTLINE = [
    "Công tác lãnh đạo, triển khai",
    "Kết quả thực hiện các nhiệm vụ, giải pháp",
    "Công tác báo cáo định kỳ",
    "Khó khăn, vướng mắc khi thực hiện triển khai nhiệm vụ ứng dụng CNTT, CĐS, thống kê giáo dục",
    "Phương hướng nhiệm vụ trọng tâm trong học kỳ/năm học tiếp theo",
    "Đề xuất, kiến nghị",
]


@pytest.mark.parametrize(
    "question", ["Phụ lục 1 gồm những gì?", "đề cương báo cáo sơ kết gồm những mục nào", "bc tong ket viet theo de cuong nao", "phu luc I"]
)
def test_an_outline_is_complete_and_in_order(directive, question):
    answer = directive.ask(question)

    at = [answer.text.find(heading) for heading in OUTLINE]
    assert -1 not in at
    assert at == sorted(at)
    assert set(cited(answer)) >= {f"PL1.{number}" for number in range(1, 7)}
    assert {citation.page for citation in answer.citations} == {9}


def test_the_other_outline(directive):
    answer = directive.ask("Đề cương báo cáo kết quả đánh giá mức độ chuyển đổi số gồm những phần nào?")

    assert "Kết quả mức độ chuyển đổi số của đơn vị" in answer.text
    assert "PL2.II.2" in cited(answer)


@pytest.mark.parametrize(
    ("question", "section", "fact"),
    [
        ("Mục IV.2 nói gì?", "IV.2", "10/01/2026"),
        ("muc iii.6", "III.6", "30%"),
        ("phụ lục 4 mục 2", "PL4.2", "học sinh từ tỉnh khác"),
        ("mục 3 phụ lục 4 quy định gì", "PL4.3", "kỹ thuật Viettel"),
        ("mục I.3", "I.3", "trụ cột"),
    ],
)
def test_a_section_by_its_path(directive, question, section, fact):
    answer = directive.ask(question)

    assert section in cited(answer)
    assert fact in answer.text
    assert misquotes(directive, answer) == []


def test_a_part_of_an_annex_by_what_it_is_about(directive):
    answer = directive.ask("Các văn bản của UBND tỉnh trong phụ lục 3?")

    assert all(number in answer.text for number in ("276/KH-UBND", "138/KH-UBND", "157/KH-UBND", "191/KH-UBND", "153/KH-UBND"))
    assert "4725/QĐ-BGDĐT" not in answer.text


@pytest.mark.parametrize("question", ["Mục XII.9 nói gì?", "phụ lục 9 gồm những gì", "Điều 5 nói gì?"])
def test_a_place_that_is_not_there_is_not_made_up(directive, question):
    assert directive.ask(question).status in ("offered", "not_found")


@pytest.mark.parametrize(
    ("question", "section", "fact"),
    [
        ("Điều 5 Luật 91/2025/QH15 quy định gì?", "Điều 5", "Áp dụng pháp luật về bảo vệ dữ liệu cá nhân"),
        ("khoản 2 điều 5 nghị định 13/2023", "Điều 5.2", "chiến lược, chính sách"),
        ("dieu 5 khoan 2 nghi dinh 13/2023/nd-cp", "Điều 5.2", "chiến lược, chính sách"),
        ("43/2019/QH14 điều 28 khoản 1 điểm b", "Điều 28.1.b", "11 tuổi"),
        ("điểm đ khoản 4 Điều 2 Nghị định 13/2023/NĐ-CP", "Điều 2.4.đ", "thuộc tính vật lý"),
        ("điểm d khoản 4 Điều 2 Nghị định 13/2023/NĐ-CP", "Điều 2.4.d", "đặc điểm di truyền"),
    ],
)
def test_articles_clauses_and_points_of_laws(laws, question, section, fact):
    answer = laws.ask(question)

    assert cited(answer)[0] == section
    assert fact in answer.text
    assert misquotes(laws, answer) == []


def test_an_article_that_the_law_does_not_have(laws):
    assert laws.ask("Điều 500 Luật Giáo dục quy định gì?").status in ("offered", "not_found")
