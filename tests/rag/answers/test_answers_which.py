"""Which document is about something."""

import pytest

from tests.rag.conftest import cited, misquotes


@pytest.mark.parametrize(
    ("question", "number", "section"),
    [
        ("Văn bản nào quy định khung năng lực số cho người học?", "02/2025/TT-BGDĐT", "PL3.A.4"),
        ("Dạy học trực tuyến theo thông tư nào?", "09/2021/TT-BGDĐT", "II.1-2"),
        ("danh gia muc do chuyen doi so truong mam non theo quyet dinh nao", "3276/QĐ-BGDĐT", "PL3.A.10"),
        ("Luật bảo vệ dữ liệu cá nhân số bao nhiêu?", "91/2025/QH15", "III.3"),
        ("kế hoạch nào về giáo dục kỹ năng công dân số cấp tiểu học", "2664/KH-SGDĐT", "II.1-8"),
        ("chế độ báo cáo thống kê ngành giáo dục theo thông tư nào", "25/2024/TT-BGDĐT", "PL3.A.7"),
        ("quyết định nào thành lập Ban Chỉ đạo chuyển đổi số ngành giáo dục", "561/QĐ-SGDĐT", "III.1-3"),
    ],
)
def test_the_document_is_found_by_what_it_is_about(directive, question, number, section):
    answer = directive.ask(question)

    assert answer.status == "answered"
    assert number in answer.text
    assert section in cited(answer)
    assert misquotes(directive, answer) == []


def test_all_that_fit_where_several_do(directive):
    answer = directive.ask("Những văn bản nào về bảo vệ dữ liệu cá nhân?")

    assert "91/2025/QH15" in answer.text
    assert "13/2023/NĐ-CP" in answer.text


def test_the_kind_that_is_asked_for(directive):
    answer = directive.ask("Nghị định nào về bảo vệ dữ liệu cá nhân?")

    assert "13/2023/NĐ-CP" in answer.text
    assert "91/2025/QH15" not in answer.text.split(";")[0]


@pytest.mark.parametrize("question", ["Thông tư nào về đồng phục học sinh?", "văn bản nào quy định nghỉ hè"])
def test_a_subject_that_no_document_has_is_refused(directive, question):
    assert directive.ask(question).status in ("offered", "not_found")
