"""What people meet in Zalo: the real bot process with the real index, against the simulator of the Bot Platform."""

from __future__ import annotations

import itertools

import pytest

from bot.journal import Journal
from bot.messenger import texts as shared
from bot.picks import Picks
from bot.zalo import texts
from rag.storage import State
from tests.bot.zalo_bot_server import TOKEN, ZaloBotServer
from tests.bot.zalo_process import ZaloProcess, bot_variables

DEADLINE = "bao giờ nộp báo cáo sơ kết học kì 1?"
_people = (f"a{number:06x}" for number in itertools.count(100))


@pytest.fixture(scope="module")
def zalo():
    server = ZaloBotServer(quota=0xFFFF)
    yield server
    assert not server.refused, f"Zalo từ chối: {server.refused}"
    server.close()


@pytest.fixture(scope="module")
def bot(zalo, data):
    process = ZaloProcess("zalo", data, zalo.wait_for, **bot_variables(zalo.url, TOKEN))
    yield process
    assert process.stop() == 0
    assert TOKEN not in process.log and "Cô a0" not in process.log
    assert "Traceback" not in process.log, process.log


@pytest.fixture
def user():
    """Somebody who has never been here."""
    return next(_people)


@pytest.fixture
def talk(zalo, bot, user):
    """Write to the bot and get its one message."""

    def say(text: str, group: str = "", messages: int = 1) -> str:
        chat = group or user
        before = len(zalo.to(chat))
        zalo.says(user, text, group)
        zalo.wait_for(lambda: len(zalo.to(chat)) >= before + messages)
        assert len(zalo.to(chat)) == before + messages
        return zalo.to(chat)[-1].text

    return say


# --- asking ---


def test_an_answer_is_one_short_message_with_its_source_and_what_may_be_written_next(talk):
    answer = talk(DEADLINE)

    assert "10/01/2026" in answer
    assert "Công văn 2607/SGDĐT-GDPT, mục IV.2" in answer
    assert "\n\nTrả lời 1: xem nguyên văn, 2: câu liên quan, " in answer and answer.endswith("👍 hoặc 👎")
    assert len(answer) <= 900


def test_a_question_goes_on_from_the_one_before(talk):
    talk(DEADLINE)

    assert "10/06/2026" in talk("còn tổng kết?").partition("\n")[0]


def test_a_typing_sign_is_shown_while_working(zalo, talk, user):
    talk(DEADLINE)

    assert (user, "typing") in zalo.actions


def test_the_first_contact_offers_questions_by_number(talk):
    welcome = talk("/start")
    answer = talk("1")

    assert "Trả lời bằng số:\n1. " in welcome
    assert answer.partition("Câu hỏi: ")[2].partition("\n")[0] == welcome.partition("\n1. ")[2].partition("\n")[0]


@pytest.mark.parametrize("written", ["1", "1.", "01)", " 1 "])
def test_a_number_shows_the_text_and_the_other_numbers_stay(talk, written):
    talk(DEADLINE)
    text = talk(written)
    related = talk("2")

    assert text.startswith("Công văn 2607/SGDĐT-GDPT, mục IV.2")
    assert "Trả lời" in text and "“sau”" in text
    assert related.startswith("Nội dung liên quan\n\n1. ")


def test_pages_are_turned_by_words(talk):
    talk(DEADLINE)
    first = talk("1")
    second = talk("Sau")

    assert second != first and second.startswith("Công văn 2607/SGDĐT-GDPT")
    assert talk("trước") == first


def test_a_list_is_paged_and_read_by_the_numbers_of_its_items(talk):
    first = talk("vanban")
    second = talk("sau")

    assert "(trang 1/" in first and "số của mục để xem" in first
    assert "\n\n6. " in second
    assert talk("6") != talk("trước")


def test_a_number_that_nothing_was_offered_for_is_said_to_be_none(talk):
    assert talk("3") == texts.NO_CHOICE.format(key="3")
    assert talk("sau") == texts.NO_CHOICE.format(key="sau")


def test_a_number_within_a_question_is_a_question(talk):
    talk(DEADLINE)

    assert "Nguyên văn" not in talk("2607")
    assert "10/01/2026" in talk("học kì 1 nộp báo cáo sơ kết khi nào")


def test_an_offer_is_settled_by_a_number_and_noted(talk, question_with, data):
    question = question_with("offered")
    offer = talk(question)
    read = talk("1")
    meant = talk("4")

    assert offer.startswith("Tôi chưa chắc") and "1–3: xem mục 1–3, 4–6: đúng mục 1–3" in offer
    assert meant == read
    (picked,) = Picks(State(data)).all(36_500)
    assert (picked.question, picked.times) == (question, 1)
    assert talk("4") == texts.NO_CHOICE.format(key="4")  # nobody confirms twice


def test_a_refusal_leads_to_the_nearest_provisions(talk, question_with):
    assert talk(question_with("not_found")).startswith("Xin lỗi")
    assert "2607/SGDĐT-GDPT" in talk("1")


# --- what people think of it ---


def number_of(label: str, text: str) -> str:
    """What is to be written for something."""
    return text.partition(f": {label}")[0].rsplit(maxsplit=1)[-1]


def test_votes_and_reasons_are_kept(talk, user, data):
    talk(DEADLINE)
    assert talk("👍🏽") == shared.THANKS_UP
    why = talk("👎")
    assert why.startswith(shared.THANKS_DOWN) and "xem nguyên văn" not in why
    assert talk(number_of("thiếu", why)) == shared.THANKS_UP

    assert [(entry.vote, entry.reason) for entry in Journal(State(data)).entries(0) if entry.vote == "down"] == [("down", "Thiếu")]


def test_a_reason_is_asked_for_in_writing_and_can_be_taken_back(talk, data):
    talk(DEADLINE)
    number = number_of("viết lý do…", talk("👎"))
    assert texts.NEXT.strip() in talk(number)
    assert talk("0") == texts.CANCELLED
    assert "10/01/2026" in talk(DEADLINE)  # no longer taken for a reason
    talk("👎")
    talk(number)
    assert talk("ngày này đã được lùi rồi") == shared.THANKS

    assert "ngày này đã được lùi rồi" in [entry.reason for entry in Journal(State(data)).entries(0)]
    assert "10/01/2026" in talk(DEADLINE)


def test_a_suggestion_is_kept(talk, data):
    assert talk("/gopy thêm văn bản của huyện") == shared.THANKS
    talk("gopy")
    assert talk("chữ to hơn") == shared.THANKS

    assert [each.words for each in Journal(State(data)).suggestions(0)] == ["thêm văn bản của huyện", "chữ to hơn"]


# --- commands and other messages ---


@pytest.mark.parametrize("written", ["/toi", "toi", "TOI"])
def test_commands_work_with_and_without_slash(talk, written):
    assert "1. Trường THPT" in talk(written)
    assert talk("1").startswith("Đã ghi nhận: Trường THPT.")
    assert talk("1") == texts.NO_CHOICE.format(key="1")  # what was chosen is settled


def test_a_name_of_a_command_within_words_is_a_question(talk):
    assert not talk("han nop bao cao so ket hoc ki 1").startswith("Thời hạn")
    assert talk("/batcu") == shared.UNKNOWN_COMMAND


def test_help_speaks_of_numbers_and_not_of_buttons(talk):
    help = talk("help")

    assert "đúng số ấy" in help and "nút" not in help


def test_everything_about_a_person_is_deleted_on_their_word(talk, user, data):
    talk("toi")
    talk("1")
    assert "1: xóa hết, 2: thôi" in talk("xoa")
    assert talk("1") == shared.DELETED
    assert "Đang chọn" not in talk("toi")


def test_pictures_get_one_sentence_and_stickers_nothing(zalo, talk, user):
    zalo.sends(user, "message.sticker.received", sticker="1", url="https://example.org/s.png")
    zalo.sends(user, "message.image.received", photo="https://example.org/p.jpg")
    zalo.wait_for(lambda: len(zalo.to(user)) == 1)
    talk(DEADLINE)

    assert zalo.to(user)[0].text == shared.MEDIA["picture"]
    assert len(zalo.to(user)) == 2


def test_in_a_group_it_answers_who_mentions_it_but_keeps_private_things_private(talk):
    assert "10/01/2026" in talk(DEADLINE, group="g1")
    assert talk("1", group="g1").startswith("Công văn 2607/SGDĐT-GDPT")
    assert talk("/xoa", group="g1") == texts.PRIVATE_ONLY


def test_an_answer_in_an_envelope_counts_too(zalo, talk):
    zalo.wrapped = True
    try:
        assert "10/01/2026" in talk(DEADLINE)
    finally:
        zalo.wrapped = False


def test_what_cannot_be_read_is_counted_and_the_next_is_answered(zalo, talk, bot, data):
    zalo.brings({"event_name": "message.text.received", "message": "?"})
    talk(DEADLINE)
    zalo.wait_for(lambda: "Để riêng một tin của Zalo" in bot.log)

    assert bot.log.count("Để riêng một tin của Zalo") == 1  # though it comes with every poll
