"""Which documents a question means."""

import pytest

from rag.documents import Document
from rag.finding.documents_named import Names, resolve


@pytest.mark.parametrize("question", ["Luật Giáo dục số bao nhiêu?", "luat giao duc ban hanh khi nao", "43/2019/QH14 là luật gì?"])
def test_a_law_by_its_name_or_its_number(laws, question):
    answer = laws.ask(question)

    assert answer.status == "answered"
    assert {citation.document for citation in answer.citations} == {"43/2019/QH14"}


def test_the_longer_name_wins(laws):
    answer = laws.ask("Luật Bảo vệ dữ liệu cá nhân có hiệu lực từ ngày nào?")

    assert {citation.document for citation in answer.citations} == {"91/2025/QH15"}


@pytest.mark.parametrize("question", ["Công văn này ban hành ngày nào?", "văn bản này ban hành ngày nào", "2607 ban hành ngày nào"])
def test_this_document_is_the_directive(directive, question):
    assert "27 tháng 9 năm 2025" in directive.ask(question).text


def test_a_year_that_does_not_fit_is_another_document(directive):
    answer = directive.ask("Thông tư 42/2019 về việc gì?")

    assert answer.status in ("offered", "not_found")
    assert "42/2019" in answer.text
    assert "42/2021" not in answer.text


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("kế hoạch 34 của Ủy ban nhân dân tỉnh Nam Định", ["34/KH-UBND"]),
        ("kế hoạch 34 của UBND tỉnh Quảng Ninh", ["34/2025/KH-UBND"]),
        ("kế hoạch 34 của Ủy ban nhân dân", ["34/KH-UBND", "34/2025/KH-UBND"]),
    ],
)
def test_a_number_of_one_province_is_not_that_of_another(read, question, numbers):
    issuers = {"34/KH-UBND": "Ủy ban nhân dân tỉnh Nam Định", "34/2025/KH-UBND": "Ủy ban nhân dân tỉnh Quảng Ninh"}
    known = Names({number: Document(number, "Kế hoạch", issuer=issuer) for number, issuer in issuers.items()})

    assert [document.number for document in resolve(known, read(question))] == numbers
