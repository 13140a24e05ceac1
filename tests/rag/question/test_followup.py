"""Turns of a conversation that lean on the ones before."""

import pytest

from rag.question.conversation import Conversation
from rag.question.followup import asks_for_person, is_marked
from tests.rag.conftest import cited


@pytest.fixture
def talk(directive):
    """Ask one turn after the other; return the answers."""

    def ask(*turns):
        conversation = Conversation()
        return [directive.ask(turn, conversation) for turn in turns]

    return ask


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("Hạn nộp báo cáo sơ kết của trường?", "thế còn cuối năm?"),
        ("han nop bao cao so ket cua truong", "the con cuoi nam?"),
        ("trường nộp báo cáo hk1 khi nào", "vậy tổng kết thì sao"),
    ],
)
def test_another_time_of_the_year(talk, first, then):
    before, after = talk(first, then)

    assert "10/01/2026" in before.text
    assert "10/06/2026" in after.text
    assert "10/01/2026" not in after.text
    assert cited(after) == ["IV.2-2"]


def test_where_to_send_it(talk):
    _, answer = talk("Hạn nộp báo cáo sơ kết của trường?", "gửi đi đâu?")

    assert answer.status == "answered"
    assert "phòng Giáo dục phổ thông" in answer.text


def test_the_other_level(talk):
    _, answer = talk("Hạn nộp báo cáo sơ kết của trường?", "cấp khác thì sao?")

    assert "30/01/2026" in answer.text
    assert "IV.1-1" in cited(answer)


def test_somebody_else(talk):
    _, answer = talk("Hạn nộp báo cáo sơ kết của trường?", "còn sở thì sao?")

    assert "30/01/2026" in answer.text
    assert "10/01/2026" not in answer.text


def test_a_thank_you_in_between_is_no_break(talk):
    first, thanks, second = talk("Hạn nộp báo cáo sơ kết của trường?", "cảm ơn bạn", "thế còn cuối năm?")

    assert (first.status, thanks.status, second.status) == ("answered", "chat", "answered")
    assert "10/06/2026" in second.text


@pytest.mark.parametrize("between", ["thời tiết hôm nay thế nào?", "Giá vé xe buýt bao nhiêu?"])
def test_behind_another_question_that_was_refused_what_went_before_is_only_offered(talk, between):
    *_, refused, answer = talk("Hạn nộp báo cáo sơ kết của trường?", between, "thế còn cuối năm?")

    assert (refused.status, answer.status) == ("not_found", "offered")
    assert "IV.2-2" in cited(answer)


def test_a_follow_up_that_was_refused_is_no_break(talk):
    *_, refused, answer = talk("Hạn nộp báo cáo sơ kết của trường?", "thế còn giá vé xe buýt?", "thế còn cuối năm?")

    assert refused.status != "answered"
    assert "10/06/2026" in answer.text


def test_what_is_answered_ends_the_break(talk):
    *_, answer = talk("thời tiết hôm nay thế nào?", "Hạn nộp báo cáo sơ kết của trường?", "thế còn cuối năm?")

    assert "10/06/2026" in answer.text


def test_the_document_just_named(talk):
    _, answer = talk("Nghị quyết 71-NQ/TW về việc gì?", "văn bản đó ban hành ngày nào?")

    assert "22/8/2025" in answer.text
    assert "01/4/2025" not in answer.text


def test_another_document_of_the_same_number(talk):
    _, answer = talk("Nghị quyết 71-NQ/TW về việc gì?", "thế còn 71/NQ-CP?")

    assert "01/4/2025" in answer.text
    assert "22/8/2025" not in answer.text


def test_another_school_level_of_the_same_rules(talk):
    first, second = talk("Đánh giá mức độ chuyển đổi số trường phổ thông theo quyết định nào?", "còn mầm non?")

    assert "4725/QĐ-BGDĐT" in first.text
    assert "3276/QĐ-BGDĐT" in second.text
    assert "4725/QĐ-BGDĐT" not in second.text


def test_the_person_just_named(talk):
    _, changed, number = talk("Liên hệ ai về thống kê giáo dục?", "thế còn chuyển đổi số?", "số của anh ấy?")

    assert "Cao Bá Duyệt" in changed.text
    assert "0972.523.518" in number.text
    assert "0983.691.800" not in number.text


def test_another_recipient_of_the_form(talk):
    school, commune = talk("link cập nhật cán bộ phụ trách của trường", "thế còn xã?")

    assert "6Gkb1iiZkSmh3auH6" in school.text
    assert "9nTH9YRfJ45Br1zZA" in commune.text
    assert "6Gkb1iiZkSmh3auH6" not in commune.text


def test_a_section_of_the_annex_just_shown(talk):
    _, answer = talk("đề cương báo cáo sơ kết gồm những mục nào?", "mục 4 ghi gì?")

    assert cited(answer) == ["PL1.4"]
    assert "Khó khăn, vướng mắc" in answer.text


@pytest.mark.parametrize(
    "text",
    [
        "Thi học sinh giỏi cấp tỉnh khi nào",
        "Con em học lớp 1 ở đâu",
        "Nêu các nhiệm vụ của chuyển đổi số",
        "Trường báo cáo tiến độ?",
        "đánh giá mức độ chuyển đổi số",
        "nợ học phí là gì",
        "hạn nộp báo cáo năm học này",
        "thi hoc sinh gioi cap tinh khi nao",
        "neu cac nhiem vu cua chuyen doi so",
        "truong bao cao tien do",
        "danh gia muc do chuyen doi so",
    ],
)
def test_words_that_look_like_a_follow_up_without_their_marks_are_none(read, text):
    assert not is_marked(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "Còn cuối năm?",
        "con cuoi nam?",
        "nó ban hành khi nào",
        "van ban do ban hanh ngay nao",
        "the con phong to chuc hanh chinh",
        "neu nop muon",
    ],
)
def test_what_shows_to_go_on(read, text):
    assert is_marked(read(text))


@pytest.mark.parametrize(
    ("text", "is_about_somebody"),
    [
        ("số điện thoại của họ?", True),
        ("goi ho o dau", True),
        ("hồ sơ của trường", False),
        ("ho so cua truong", False),
        ("họp ở đâu", False),
    ],
)
def test_somebody_named_before(read, text, is_about_somebody):
    assert asks_for_person(read(text)) is is_about_somebody


def test_what_only_sounds_like_a_follow_up_is_asked_alone(talk):
    _, answer = talk("Bao giờ nộp báo cáo sơ kết?", "Nêu các nhiệm vụ của chuyển đổi số")

    assert "10/01/2026" not in answer.text


def test_a_new_question_is_not_read_with_the_old_topic(talk):
    _, answer = talk("Hạn nộp báo cáo sơ kết của trường?", "Tối thiểu bao nhiêu phần trăm đơn vị được kiểm tra?")

    assert "30%" in answer.text
    assert cited(answer) == ["III.6"]


def test_without_a_question_before_there_is_nothing_to_go_on_with(directive):
    assert directive.ask("thế còn cuối năm?", Conversation()).status in ("offered", "not_found")


def test_two_conversations_know_nothing_of_each_other(directive):
    one, other = Conversation(), Conversation()
    directive.ask("Hạn nộp báo cáo sơ kết của trường?", one)
    directive.ask("Liên hệ ai về thống kê giáo dục?", other)

    deadline = directive.ask("thế còn cuối năm?", one)
    contact = directive.ask("thế còn chuyển đổi số?", other)

    assert "10/06/2026" in deadline.text
    assert "Cao Bá Duyệt" in contact.text


def test_a_conversation_goes_on_after_it_was_stored(directive):
    conversation = Conversation()
    directive.ask("Hạn nộp báo cáo sơ kết của trường?", conversation)

    restored = Conversation.from_json(conversation.to_json())

    assert restored == conversation
    assert "10/06/2026" in directive.ask("thế còn cuối năm?", restored).text


@pytest.mark.parametrize("then", ["Thứ ba tuần này có họp không?", "thứ hai nghỉ học không?"])
def test_a_day_of_the_week_is_no_item_of_the_list_just_shown(talk, then):
    _, answer = talk("03 nhóm dịch vụ công trực tuyến là gì?", then)

    assert answer.status != "answered"


@pytest.mark.parametrize("then", ["nhóm thứ hai là gì?", "còn thứ hai?", "thu 2 la gi", "cái thứ 2?"])
def test_an_item_of_the_list_just_shown(talk, then):
    _, answer = talk("03 nhóm dịch vụ công trực tuyến là gì?", then)

    assert cited(answer) == ["II.3-1(2)"]


@pytest.mark.parametrize(("then", "number"), [("còn 4725?", "4725"), ("the 206 thi sao", "206")])
def test_a_lone_number_after_a_document_is_another_one(talk, then, number):
    _, answer = talk("QĐ 131 về việc gì?", then)

    assert f"số {number}/QĐ" in answer.text


def test_a_lone_number_may_be_told_by_whose_it_is(talk):
    _, answer = talk("Nghị quyết 71-NQ/TW về việc gì?", "còn 71 của chính phủ")

    assert "71/NQ-CP" in answer.text


@pytest.mark.parametrize("then", ["lớp 9 thì sao?", "có 3 hạn nào?", "còn 5 nhóm là gì?"])
def test_a_number_of_something_is_no_document(talk, then):
    _, answer = talk("QĐ 131 về việc gì?", then)

    assert not answer.text.startswith(("Thông tư số", "Xin lỗi, trong kho văn bản không có văn bản số"))


def test_a_half_question_behind_one_that_was_not_answered_is_not_answered_alone(talk):
    before, after = talk("Sở tập huấn phần mềm kế toán ngày nào ở đâu để em đăng ký", "thế online hay trực tiếp?")

    assert before.status != "answered"
    assert after.status != "answered"
