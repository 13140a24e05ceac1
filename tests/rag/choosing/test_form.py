"""Whether a text has the form of what is asked for: a time, a number of just that, money, a name, a way to reach somebody."""

from __future__ import annotations

import pytest

from rag.choosing.form import counts_it, has_form
from rag.documents import Provision
from rag.language.diacritics import Diacritics
from rag.question.understanding import Question, understand


def asked(text: str) -> Question:
    return understand(text, Diacritics({}, {}))


def provision(text: str) -> Provision:
    return Provision(1, "1/CV", "I", "section", "", "", text, 1)


@pytest.mark.parametrize(
    ("question", "has", "lacks"),
    [
        ("Hạn nộp báo cáo là ngày nào?", ["Nộp trước 10/01/2026.", "Nộp hằng quý.", "Trong 5 (năm) ngày."], ["Nộp về Sở.", "Mục 5"]),
        ("Hạn nộp học phí học kỳ 2 là khi nào?", ["Học phí học kỳ 2 nộp trước ngày 5."], ["Nộp học phí học kỳ 2 về trường."]),
        ("Lớp học có bao nhiêu tiết?", ["Có 32 tiết.", "Có 32 (ba mươi hai) tiết.", "Có hai tiết."], ["Có 32 bàn.", "Có tiết học."]),
        (
            "Tuyển bao nhiêu chỗ?",
            ["Tuyển 345 chỗ.", "Tuyển 50% số hồ sơ."],
            ["Theo Thông tư 25/2024/TT-BGDĐT ngày 12/3/2024.", "Tuyển sinh lớp 6"],
        ),
        ("Học phí bao nhiêu tiền?", ["Thu 155.000 đồng.", "Học sinh được miễn."], ["Có 12 lớp.", "Thu theo quy định."]),
        ("Gọi số điện thoại nào khi vướng?", ["Gọi 0917792140.", "Gửi a@so.edu.vn"], ["Gọi văn phòng Sở."]),
        ("Địa chỉ website của Sở là gì?", ["Xem https://so.edu.vn"], ["Gửi a@so.edu.vn", "Số 5 đường Lê Lợi"]),
        ("Ai là đầu mối?", ["Bà Trần Thị Lan, số 0917792140."], ["Phòng Giáo dục phổ thông.", "Gọi 0917792140."]),
        ("Thế nào là học bạ số?", ["Câu nào cũng được."], []),
    ],
)
def test_only_what_has_the_form_that_is_asked_for_can_answer(question, has, lacks):
    understood = asked(question)

    assert [has_form(understood, provision(text)) for text in has] == [True] * len(has)
    assert [has_form(understood, provision(text)) for text in lacks] == [False] * len(lacks)


@pytest.mark.parametrize(
    ("text", "counts"),
    [("345 chỗ", True), ("1.345 (một nghìn) chỗ", True), ("345 học sinh", False), ("chỗ ngồi", False), ("345 chỗng", False)],
)
def test_a_number_of_just_what_is_counted(text, counts):
    assert counts_it(asked("Tuyển bao nhiêu chỗ?"), text) is counts
    assert not counts_it(asked("Ai tuyển sinh?"), text)
