"""Whether a document holds, what it replaces and what replaces it."""

import pytest

from tests.rag.conftest import cited, misquotes


def test_what_is_not_yet_in_force_in_a_year_is_said_so(laws):
    answer = laws.ask("Luật 91/2025/QH15 có hiệu lực trong năm 2025 chưa?")

    assert answer.text.startswith("Chưa: ")
    assert "01 tháng 01 năm 2026" in answer.text
    assert misquotes(laws, answer) == []


def test_what_no_text_tells_is_not_claimed(laws):
    answer = laws.ask("Nghị định 13/2023/NĐ-CP còn hiệu lực không?")

    assert "không khẳng định được" in answer.text
    assert "01 tháng 7 năm 2023" in answer.text
    assert answer.citations


def test_what_replaces_which_is_told_in_the_words_of_the_text(laws):
    answer = laws.ask("Luật Giáo dục 43/2019/QH14 thay thế luật nào?")

    assert "38/2005/QH11" in answer.text
    assert cited(answer) == ["Điều 114.2"]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Công văn 2607 thay thế công văn nào?", "Công văn 2607/SGDĐT-GDPT không ghi thay thế hay bãi bỏ văn bản nào."),
        ("Công văn 2607 bị văn bản nào thay thế?", "không nói Công văn 2607/SGDĐT-GDPT bị văn bản nào thay thế."),
    ],
)
def test_what_is_not_written_is_said_not_to_be(directive, question, said):
    assert said in directive.ask(question).text


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Nghị định 13/2023 còn hiệu lực không?", "đã được thay thế bởi 356/2025/NĐ-CP (theo nguồn thứ cấp"),
        ("thong tu 42/2021 con hieu luc khong", "còn hiệu lực (theo nguồn thứ cấp"),
        ("QĐ 06/QĐ-TTg đã bị văn bản nào thay thế chưa?", "Văn bản tiếp nối: Quyết định 826/QĐ-TTg (theo nguồn thứ cấp)"),
    ],
)
def test_what_only_the_catalog_knows_is_told_with_its_source(on_day, question, said):
    assert said in on_day(2026, 11, 1).ask(question).text


def test_what_held_in_a_past_year_is_said_with_its_day_and_what_holds_today(on_day):
    text = on_day(2026, 11, 1).ask("Nghị định 13/2023 năm 2024 còn hiệu lực không?").text

    assert "còn hiệu lực vào ngày 31/12/2024" in text
    assert "Đến nay: Không còn hiệu lực: Nghị định 13/2023/NĐ-CP đã được thay thế bởi 356/2025/NĐ-CP" in text
