"""To whom a letter is addressed."""

import pytest

from tests.rag.conftest import cited, misquotes


@pytest.mark.parametrize("question", ["Công văn này gửi cho ai?", "Công văn 2607 kính gửi những đơn vị nào?", "cong van 2607 gui cho ai"])
def test_to_whom_it_is_addressed(directive, question):
    answer = directive.ask(question)

    assert "Các trường có cấp trung học phổ thông" in answer.text
    assert "Ủy ban nhân dân các xã, phường, đặc khu" in answer.text
    assert (cited(answer), answer.citations[0].page) == (["Mở đầu"], 1)
    assert misquotes(directive, answer) == []


def test_who_receives_a_copy(directive):
    answer = directive.ask("Nơi nhận của công văn 2607 gồm những ai?")

    assert "Cục CNTT, Bộ GDĐT (báo cáo)" in answer.text
    assert answer.citations[0].page == 8
