"""How many documents are named, how many parts there are, which is the newest."""

import pytest

from tests.rag.conftest import misquotes


@pytest.mark.parametrize(
    ("question", "lead"),
    [
        ("Phụ lục 3 của công văn 2607 liệt kê mấy thông tư?", "Phụ lục 3 của Công văn 2607/SGDĐT-GDPT nêu 5 thông tư:"),
        ("phu luc 3 cua 2607 co bao nhieu thong tu", "Phụ lục 3 của Công văn 2607/SGDĐT-GDPT nêu 5 thông tư:"),
        ("Công văn 2607 có mấy phụ lục?", "Công văn 2607/SGDĐT-GDPT có 4 phụ lục:"),
        ("Phần II có mấy nhiệm vụ?", "Phần II của Công văn 2607/SGDĐT-GDPT có 4 mục:"),
        ("Phần giải pháp cơ bản có mấy mục, 4 đúng không?", "Không phải 4. Phần III của Công văn 2607/SGDĐT-GDPT có 6 mục:"),
    ],
)
def test_what_is_counted_is_said_and_listed(directive, question, lead):
    answer = directive.ask(question)

    first, *listed = answer.text.splitlines()
    assert first == lead
    assert f" {len(listed)} " in first
    assert answer.citations
    assert misquotes(directive, answer) == []


def test_the_newest_is_the_last_by_day_of_issue(directive):
    answer = directive.ask("Trong phần A phụ lục 3 văn bản nào mới nhất?")

    assert "953/KH-BGDĐT" in answer.text
    assert [citation.section for citation in answer.citations] == ["PL3.A.12"]


def test_of_one_office_there_may_be_none(example_assistant):
    answer = example_assistant.ask("Trong công văn này nhắc tới bao nhiêu thông tư của Bộ GDĐT?")

    assert "không nêu thông tư nào của Bộ" in answer.text
    assert "47/2024/TT-BTC" in answer.text


def test_many_parts_are_told_by_the_first_and_the_last(laws):
    answer = laws.ask("Luật Giáo dục 43/2019 có bao nhiêu điều?")

    assert "115 điều: từ Điều 1 đến Điều 115." in answer.text
