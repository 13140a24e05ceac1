"""Documents of two provinces: the one that is named answers, or the asker's own; never another's in silence."""

from __future__ import annotations

import pytest

from ingest.pipeline import ingest
from rag.assistant import Assistant
from rag.question.conversation import Conversation

LETTER = """UBND TỈNH {capitals}
SỞ GIÁO DỤC VÀ ĐÀO TẠO
Số: {number}/SGDĐT-VP
V/v hướng dẫn nhiệm vụ chuyển đổi số năm học 2025-2026
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
{place}, ngày 12 tháng 9 năm 2025

Kính gửi: Các trường phổ thông trực thuộc Sở.

I. BÁO CÁO
1. Các trường gửi báo cáo sơ kết học kì 1 về chuyển đổi số cho Sở GDĐT trước ngày {day}.
II. TỔ CHỨC THỰC HIỆN
Trong quá trình thực hiện, có khó khăn, vướng mắc đề nghị liên hệ: đ/c {name} (lĩnh vực chuyển đổi số, điện thoại: {phone}).

Nơi nhận:
- Như trên;
- Lưu: VT.
"""
QUESTION = "hạn gửi báo cáo sơ kết học kì 1 về chuyển đổi số là ngày nào?"


@pytest.fixture(scope="module")
def provinces(tmp_path_factory):
    return of_two(tmp_path_factory, "Đông Hà Sơn", "Tây Vân")


@pytest.fixture(scope="module")
def real_provinces(tmp_path_factory):
    return of_two(tmp_path_factory, "Quảng Ninh", "Nghệ An")


def of_two(tmp_path_factory, first, second):
    corpus, data = tmp_path_factory.mktemp("corpus"), tmp_path_factory.mktemp("data")
    for place, number, day, name, phone in (
        (first, "700", "11/01/2026", "Nguyễn Văn An", "0912.000.111"),
        (second, "810", "18/01/2026", "Lê Thị Bình", "0912.000.222"),
    ):
        text = LETTER.format(capitals=place.upper(), number=number, place=place, day=day, name=name, phone=phone)
        (corpus / f"{number}.txt").write_text(text, encoding="utf-8")
    ingest(corpus, data)
    return data


@pytest.mark.parametrize(("place", "day", "other"), [("Đông Hà Sơn", "11/01/2026", "18/01/2026"), ("Tây Vân", "18/01/2026", "11/01/2026")])
def test_the_province_that_is_named_answers(provinces, today, place, day, other):
    answer = Assistant(provinces, today=today).ask(f"Sở {place}: {QUESTION}")

    assert day in answer.text
    assert other not in answer.text


def test_the_asker_s_own_province_answers_where_none_is_named(provinces, today):
    answer = Assistant(provinces, today=today, office="tỉnh Tây Vân").ask(QUESTION)

    assert "18/01/2026" in answer.text
    assert "11/01/2026" not in answer.text


def test_it_is_said_whose_the_answer_is_where_no_province_is_known(provinces, today):
    answer = Assistant(provinces, today=today).ask(QUESTION)

    assert "Sở Giáo dục và Đào tạo tỉnh" in answer.text


def test_nobody_of_another_province_is_named_as_the_one_to_call(provinces, today):
    answer = Assistant(provinces, today=today).ask("Đầu mối chuyển đổi số của Sở Tây Vân là ai?")

    assert "Lê Thị Bình" in answer.text
    assert "Nguyễn Văn An" not in " ".join([answer.text, *answer.notes])


@pytest.mark.parametrize(
    ("message", "day", "other"),
    [
        (f"Em dạy ở Cẩm Phả, {QUESTION}", "11/01/2026", "18/01/2026"),
        (f"Em dạy ở thành phố Vinh, {QUESTION}", "18/01/2026", "11/01/2026"),
    ],
)
def test_a_town_says_which_province_answers(real_provinces, today, message, day, other):
    answer = Assistant(real_provinces, today=today).ask(message)

    assert day in answer.text
    assert other not in answer.text


def test_the_town_of_an_earlier_message_still_says_it_before_the_asker_s_own(real_provinces, today):
    assistant, conversation = Assistant(real_provinces, today=today, office="tỉnh Quảng Ninh"), Conversation()

    assistant.ask("Em chào thầy cô, em dạy ở thành phố Vinh ạ", conversation)
    there = assistant.ask(QUESTION, conversation)
    named = assistant.ask(f"Sở Quảng Ninh: {QUESTION}", conversation)

    assert ("18/01/2026" in there.text, "11/01/2026" in there.text) == (True, False)
    assert ("18/01/2026" in named.text, "11/01/2026" in named.text) == (False, True)
