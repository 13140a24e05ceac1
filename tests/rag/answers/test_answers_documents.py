"""Documents and what they do to one another."""

import pytest

from tests.rag.conftest import cited


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("Kế hoạch nào sửa đổi KH 34?", "157/KH-UBND"),
        ("Kế hoạch 34/KH-UBND bị sửa đổi bởi văn bản nào?", "157/KH-UBND"),
        ("ke hoach 56 bi sua doi boi van ban nao", "191/KH-UBND"),
        ("Kế hoạch 56/KH-UBND đã bị sửa đổi chưa?", "191/KH-UBND"),
        ("Văn bản nào thực hiện Kế hoạch 138/KH-UBND?", "1295/KH-SGDĐT"),
    ],
)
def test_what_amends_or_carries_out_a_document(directive, question, number):
    answer = directive.ask(question)

    assert answer.status == "answered"
    assert number in answer.text


def test_what_a_document_amends(directive):
    answer = directive.ask("Kế hoạch 157 sửa đổi kế hoạch nào?")

    assert "34/KH-UBND" in answer.text
    assert cited(answer)[0] in ("I.1(3)", "PL3.B.3")


def test_another_directive_works_the_same_way(example_assistant):
    answer = example_assistant.ask("Quyết định 1187 bị sửa đổi bởi văn bản nào?")

    assert "1653/QĐ-UBND" in answer.text
    assert "29/8/2025" in answer.text


def test_a_supposed_issuer_is_answered_with_the_real_one(directive):
    answer = directive.ask("Quyết định 131 do Bộ trưởng ký phải không?")

    assert "Thủ tướng Chính phủ" in answer.text
    assert not answer.text.startswith("Đúng")
