"""Whoever asks for another province is not told this one's rules; a place beside the point changes nothing."""

from __future__ import annotations

import pytest

from rag.answers import whose
from rag.assistant import Assistant
from rag.question.conversation import Conversation
from rag.question.whereabouts import HALF, SURE, Whereabout, whereabouts

DEADLINE = "báo cáo sơ kết học kì 1 về chuyển đổi số nộp trước ngày nào?"
DAY = "10/01/2026"


@pytest.mark.parametrize(
    ("message", "there"),
    [
        (f"Em dạy ở thành phố Vinh, {DEADLINE}", "Vinh (Nghệ An)"),
        ("truong em o sa pa, bao cao so ket hk1 ve chuyen doi so nop truoc ngay nao", "Sa Pa (Lào Cai)"),
        (f"Em ở Hải Dương, {DEADLINE}", "Hải Dương"),
        (f"Tôi công tác tại quận 7, {DEADLINE}", "quận 7 (Hồ Chí Minh)"),
    ],
)
def test_who_is_of_another_province_is_told_to_ask_there(directive, message, there):
    answer = directive.ask(message)

    assert answer.status == "not_found"
    assert there in answer.text
    assert "Quảng Ninh" in answer.text
    assert not answer.citations
    assert answer.why.startswith("kho không có văn bản của")
    assert DAY not in f"{answer.text} {answer.notes}"


def test_the_office_to_ask_is_that_of_the_province_of_today(directive):
    answer = directive.ask(f"Em ở Kinh Môn, Hải Dương cũ, {DEADLINE}")

    assert any("Sở Giáo dục và Đào tạo Hải Phòng" in note for note in answer.notes)


def test_another_country_has_no_such_office(directive):
    answer = directive.ask(f"Trường em ở Viêng Chăn bên Lào, {DEADLINE}")

    assert answer.status == "not_found"
    assert not any("Sở Giáo dục và Đào tạo Lào" in note for note in answer.notes)


@pytest.mark.parametrize(
    "message",
    [
        f"Thầy Thái Nguyên nhờ em hỏi: {DEADLINE}",
        f"Em vừa chuyển từ Hà Nội về THPT Bãi Cháy, {DEADLINE}",
        f"Trường em mới nhận một cháu từ Hải Dương chuyển về, {DEADLINE}",
        DEADLINE,
    ],
)
def test_a_place_beside_the_point_changes_nothing(directive, message):
    answer = directive.ask(message)

    assert answer.status == "answered"
    assert DAY in answer.text
    assert not any("Câu hỏi nêu" in note for note in answer.notes)


@pytest.mark.parametrize(
    "message",
    [
        "mầm non ở Vân Đồn tự chấm mức độ chuyển đổi số theo quyết định nào của Bộ",
        "Trường THPT Nguyễn Huệ tự đánh giá mức độ chuyển đổi số thì dùng bộ chỉ số theo quyết định nào?",
        "soạn ngân hàng câu hỏi trực tuyến ở THPT Cửa Ông thì bám theo quyết định nào về cấu trúc đề thi tốt nghiệp",
    ],
)
def test_a_place_of_one_s_own_province_and_a_school_s_name_need_not_stand_in_the_text(directive, message):
    assert directive.ask(message).status == "answered"


@pytest.mark.parametrize(
    "message",
    ["Ai làm đầu mối CNTT ở Phòng Văn hóa - Xã hội phường Hồng Gai?", "Cho em xin số điện thoại của chị Thanh Sơn ở phòng GDPT"],
)
def test_whoever_is_asked_for_by_place_or_name_must_stand_there(directive, message):
    assert directive.ask(message).status == "not_found"


def test_who_names_the_document_by_its_number_means_it(directive):
    answer = directive.ask("Em dạy ở Nghệ An ạ. Công văn 2607 yêu cầu nộp báo cáo sơ kết khi nào?")

    assert answer.status == "answered"
    assert answer.notes[0].startswith("Đây là văn bản của Sở Giáo dục và Đào tạo tỉnh Quảng Ninh. Câu hỏi nêu Nghệ An")


def test_where_it_is_half_sure_the_answer_says_whose_it_is(directive, monkeypatch):
    message = f"Hôm nọ ghé Đà Lạt thấy vui; {DEADLINE}"

    def half_sure(text, own):
        return [Whereabout(one.place, (HALF + SURE) / 2) for one in whereabouts(text, own)]

    monkeypatch.setattr(whose, "whereabouts", half_sure)
    answer = directive.ask(message)

    assert DAY in answer.text
    assert answer.notes[0].endswith("Câu hỏi nêu Đà Lạt (Lâm Đồng): nếu hỏi cho nơi ấy thì quy định có thể khác.")


def test_what_was_refused_is_not_gone_on_with(directive):
    conversation = Conversation()

    directive.ask(f"Em dạy ở thành phố Vinh, {DEADLINE}", conversation)

    assert conversation == Conversation(left=True, places=["Vinh"])


def test_a_conversation_stays_of_the_place_that_was_named_until_another_is(directive):
    conversation = Conversation()

    directive.ask("Em chào thầy cô, em dạy ở Cần Đước, Long An ạ", conversation)
    asked = directive.ask(DEADLINE, conversation)
    follow_up = directive.ask("thế còn cuối năm?", Conversation.from_json(conversation.to_json()))
    of_here = directive.ask(f"Trường THPT ở Hạ Long, {DEADLINE}", conversation)
    after = directive.ask("thế còn cuối năm?", conversation)

    assert DAY in asked.text
    for answer in (asked, follow_up):
        assert answer.notes[0].startswith("Đây là văn bản của Sở Giáo dục và Đào tạo tỉnh Quảng Ninh. Ở câu trước, thầy cô nêu Cần Đước")
    for answer in (of_here, after):
        assert answer.status == "answered"
        assert not any("thầy cô nêu" in note for note in answer.notes)


def test_a_place_in_a_greeting_is_remembered_though_it_is_half_sure(directive):
    conversation = Conversation()

    directive.ask("Em dạy ở Vinh ạ", conversation)
    asked = directive.ask(DEADLINE, conversation)

    assert "Ở câu trước, thầy cô nêu Vinh (Nghệ An)" in asked.notes[0]


def test_a_name_typed_without_marks_may_be_a_place_at_home(directive):
    conversation = Conversation()

    asked = [directive.ask(question, conversation) for question in (f"truong em o yen thanh, {DEADLINE}", "thế còn cuối năm?")]

    assert not any("thầy cô nêu" in note for answer in asked for note in answer.notes)


def test_a_place_beside_the_point_is_not_remembered(directive):
    conversation = Conversation()

    directive.ask(f"Thầy Thái Nguyên nhờ em hỏi: {DEADLINE}", conversation)

    assert not conversation.places


def test_the_law_of_the_land_is_told_everywhere(laws):
    question = "dữ liệu cá nhân nhạy cảm là gì?"

    assert laws.ask(f"Em dạy ở thành phố Vinh, {question}").status == laws.ask(question).status == "answered"


def test_an_asker_elsewhere_has_that_place_for_its_own(directive_index, today):
    answer = Assistant(directive_index, today=today, office="tỉnh Nghệ An").ask(f"Em dạy ở Vinh, {DEADLINE}")

    assert not answer.text.startswith("Xin lỗi, kho chưa có văn bản của")
