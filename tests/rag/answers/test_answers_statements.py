"""What is known of a document: its number, date, issuer and subject."""

import pytest

from tests.rag.conftest import cited, misquotes, unsourced

NAMED_ONLY = "chưa có toàn văn"


@pytest.mark.parametrize(
    "question",
    [
        "Thông tư 42/2021/TT-BGDĐT về việc gì?",
        "42/2021/TT-BGDĐT về việc gì?",
        "thong tu so 42/2021/tt-bgddt ve viec gi",
        "thông tư 42/2021 về việc gì?",
        "thông tư số 42 năm 2021 về việc gì?",
        "TT 42 về việc gì?",
        "TT42 ve viec gi",
        "TT 42/2021/TT-BGDDT quy định gì",
    ],
)
def test_one_document_in_every_usual_spelling_of_its_number(directive, question):
    answer = directive.ask(question)

    assert "42/2021/TT-BGDĐT" in answer.text
    assert "30/12/2021" in answer.text
    assert "cơ sở dữ liệu giáo dục và đào tạo" in answer.text
    assert cited(answer) == ["II.2-4"]
    assert unsourced(directive, answer) == []


@pytest.mark.parametrize(
    ("question", "date", "issuer", "other"),
    [
        ("71-NQ/TW về việc gì?", "22/8/2025", "Bộ Chính trị", "71/NQ-CP"),
        ("71-nq/tw ban hanh ngay nao", "22/8/2025", "Bộ Chính trị", "71/NQ-CP"),
        ("71/NQ-CP của ai?", "01/4/2025", "Chính phủ", "71-NQ/TW"),
        ("nghị quyết 71 của Chính phủ", "01/4/2025", "Chính phủ", "71-NQ/TW"),
        ("nghị quyết 71 của Bộ Chính trị ban hành ngày nào", "22/8/2025", "Bộ Chính trị", "71/NQ-CP"),
    ],
)
def test_two_documents_of_one_serial_number_are_not_mixed_up(directive, question, date, issuer, other):
    answer = directive.ask(question)

    assert date in answer.text
    assert issuer in answer.text
    assert other not in answer.text


def test_an_ambiguous_number_gets_both(directive):
    answer = directive.ask("Nghị quyết 71 là gì?")

    assert "71-NQ/TW" in answer.text
    assert "71/NQ-CP" in answer.text


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("QĐ 4725 về việc gì?", "4725/QĐ-BGDĐT"),
        ("Luật 91 về gì?", "91/2025/QH15"),
        ("nghị định 13 ban hành ngày nào?", "13/2023/NĐ-CP"),
        ("kế hoạch 810 về việc gì?", "810/KH-SGDĐT"),
    ],
)
def test_a_document_that_is_only_named_is_answered_from_where_it_is_named(directive, question, number):
    answer = directive.ask(question)

    assert answer.status == "answered"
    assert number in answer.text
    assert {citation.document for citation in answer.citations} == {"2607/SGDĐT-GDPT"}
    assert any(NAMED_ONLY in note and number in note for note in answer.notes)
    assert misquotes(directive, answer) == []


def test_a_loaded_document_is_answered_from_its_own_head(directive):
    answer = directive.ask("Công văn 2607 ban hành ngày nào, về việc gì?")

    assert "27 tháng 9 năm 2025" in answer.text
    assert "Hướng dẫn thực hiện nhiệm vụ ứng dụng công nghệ thông tin" in answer.text
    assert cited(answer) == ["Mở đầu"]
    assert answer.citations[0].page == 1
    assert not any(NAMED_ONLY in note for note in answer.notes)


def test_who_signed(directive):
    answer = directive.ask("Ai ký công văn 2607?")

    assert "Trương Thị Thúy Vân" in answer.text
    assert answer.citations[0].page == 8


def test_when_a_law_takes_effect(laws):
    answer = laws.ask("Luật Bảo vệ dữ liệu cá nhân có hiệu lực từ ngày nào?")

    assert "01 tháng 01 năm 2026" in answer.text
    assert "Điều 38.1" in cited(answer)


@pytest.mark.parametrize("question", ["QĐ 4725 có bao nhiêu tiêu chí?", "Thông tư 42 có mấy chương?", "QĐ 9999 về việc gì?"])
def test_what_is_not_known_of_a_document_is_refused(directive, question):
    answer = directive.ask(question)

    assert answer.status in ("offered", "not_found")
    assert answer.citations == ()


def test_who_asks_when_is_not_told_what_about(directive):
    answer = directive.ask("Công văn 2607 ban hành ngày nào?")

    assert "ngày 27 tháng 9 năm 2025" in answer.text
    assert len(answer.text) < 120
