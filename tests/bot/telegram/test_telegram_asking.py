"""What people meet: the real bot process with the real index, against the Bot API simulator."""

from __future__ import annotations

import itertools
import os

import pytest

from bot.journal import Journal
from bot.messenger import texts
from bot.picks import Picks
from rag.index.published import pointer
from rag.storage import State

DEADLINE = "bao giờ nộp báo cáo sơ kết học kì 1?"
_people = itertools.count(100)


@pytest.fixture
def user():
    """Somebody who has never been here."""
    return next(_people)


@pytest.fixture
def talk(telegram, bot, user):
    """Write to the bot in private and get the last message of its reply."""
    return lambda text, **more: telegram.answer_to(user, text, **more)


@pytest.fixture
def group(telegram):
    number = -next(_people)
    telegram.chats[number] = "supergroup"
    return number


def press(telegram, sent, label, user=None):
    """Press a button and return what the bot says below."""
    before = len(telegram.to(sent.chat))
    telegram.presses(user or sent.chat, sent, label)
    telegram.wait_for(lambda: len(telegram.to(sent.chat)) > before)
    return telegram.to(sent.chat)[-1]


def press_in_place(telegram, sent, label):
    """Press a button and return the message as it is then."""
    edits = sent.edits
    telegram.presses(sent.chat, sent, label)
    telegram.wait_for(lambda: sent.edits > edits)
    return sent


def toast(telegram, sent, label, data=None):
    """Press a button and return the line on top of the screen."""
    before = len(telegram.toasts)
    telegram.presses(sent.chat, sent, label, data)
    telegram.wait_for(lambda: len(telegram.toasts) > before)
    return telegram.toasts[-1]


# --- first contact ---


def test_from_the_first_contact_to_an_answer_with_its_source(telegram, talk):
    welcome = talk("/start")
    example = welcome.buttons[0][0]
    answer = press(telegram, welcome, example)

    assert len(welcome.buttons) == 3
    assert "10/01/2026" in answer.text
    assert "Công văn 2607/SGDĐT-GDPT, mục IV.2" in answer.text
    assert "<blockquote expandable>" in answer.html
    assert "<b>trước ngày 10/01/2026</b>" in answer.html
    assert answer.text.endswith(f"Câu hỏi: {example}")  # nobody typed it, so it stands nowhere else


def test_another_index_is_opened_beside_what_people_write(talk, data):
    for text in (DEADLINE, "/han", "/vanban", "/start"):
        later = pointer(data).stat().st_mtime_ns + 1_000_000_000
        os.utime(pointer(data), ns=(later, later))

        assert texts.TROUBLE not in talk(text).text  # ``listening`` makes it a fault to open one on the event loop


def test_a_typing_sign_is_shown_while_working(telegram, talk, user):
    talk(DEADLINE)

    assert any(method == "sendChatAction" and int(given["chat_id"]) == user for method, given in telegram.calls)


def test_commands_stand_in_the_menu_in_vietnamese(telegram, bot):
    telegram.wait_for(lambda: any(method == "setMyCommands" for method, _ in telegram.calls))

    (given,) = [given for method, given in telegram.calls if method == "setMyCommands"][:1]
    assert {command["command"] for command in given["commands"]} >= {"han", "lienhe", "vanban", "quytrinh", "toi", "nhac", "xoa", "gopy"}


def test_a_refusal_says_so_and_leads_to_the_nearest_provisions(telegram, talk, question_with):
    refusal = talk(question_with("not_found"))
    near = press(telegram, refusal, "Xem mục 1")

    assert refusal.text.startswith("Xin lỗi")
    assert "2607/SGDĐT-GDPT" in near.text


def test_an_offer_says_that_it_is_not_sure_and_which_provision_was_meant_is_noted(telegram, talk, question_with, data):
    question = question_with("offered")
    offer = talk(question)
    read = press(telegram, offer, "Xem mục 1").text
    edits = offer.edits
    meant = press(telegram, offer, "Đúng: mục 1").text
    telegram.wait_for(lambda: offer.edits > edits)

    assert offer.text.startswith("Tôi chưa chắc")
    assert "\n1. Công văn 2607/SGDĐT-GDPT, " in offer.text and "<blockquote expandable>" in offer.html
    assert meant == read
    assert telegram.toasts[-1] == texts.MEANT
    (picked,) = Picks(State(data)).all(36_500)
    assert (picked.question, picked.document, picked.times) == (question, "2607/SGDĐT-GDPT", 1)
    assert [label for label, _ in offer.buttons if "Đúng" in label] == []  # nobody confirms twice


def test_a_pick_whose_question_is_forgotten_still_shows_the_text(telegram, talk, question_with, data):
    offer = talk(question_with("offered"))
    before = Picks(State(data)).all(36_500)
    (key,) = {button.split(":")[1] for label, button in offer.buttons if label == "Xem mục 1"}

    assert toast(telegram, offer, "Đúng: mục 1", f"p:ffffff:{key}") == texts.MEANT
    assert Picks(State(data)).all(36_500) == before


@pytest.mark.parametrize("words", ["/abc", "/help", "xin chào", "cảm ơn"])
def test_small_talk_and_unknown_commands_get_a_friendly_sentence(talk, words):
    assert talk(words).text


@pytest.mark.parametrize("words", ["😊", "???", "👍👍"])
def test_a_message_without_a_word_is_no_question(talk, words, data):
    before = len(Journal(State(data)).entries())

    assert talk(words).text == texts.MEDIA["sticker"]
    assert len(Journal(State(data)).entries()) == before


# --- going on ---


def test_a_follow_up_knows_what_was_asked(talk):
    talk(DEADLINE)

    assert "10/06/2026" in talk("còn tổng kết?").text


def test_moi_forgets_the_conversation(talk):
    talk(DEADLINE)
    followed = talk("còn tổng kết?").text
    talk("/moi")

    assert talk("còn tổng kết?").text != followed


def test_the_whole_provision_and_its_neighbours_can_be_read(telegram, talk):
    answer = talk(DEADLINE)
    page = press(telegram, answer, "Xem nguyên văn")
    first = page.text
    after = press_in_place(telegram, page, "Sau ▶").text
    back = press_in_place(telegram, page, "◀ Trước").text

    assert "Định kỳ tổ chức sơ kết, tổng kết và báo cáo Sở GDĐT" in first
    assert "Cao Bá Duyệt" in after
    assert back == first


def test_related_provisions_can_be_read_on(telegram, talk):
    answer = talk(DEADLINE)
    related = press(telegram, answer, "Câu liên quan")

    assert 1 <= len(related.buttons) <= 5
    assert "2607/SGDĐT-GDPT" in press(telegram, related, "1.").text


def test_buttons_that_nobody_knows_any_more_say_so(telegram, talk):
    answer = talk(DEADLINE)

    for data in ("t:never-heard-of:0", "g:x", "r:?", "v:none:0", "l:none:0", "u:0", "p:", "p:0:x", "zzz", "t::", "q:9"):
        assert toast(telegram, answer, "👍", data) in (texts.STALE, texts.GONE)


# --- who asks ---


def test_who_i_am_decides_whose_deadline_is_meant(telegram, talk):
    both = talk(DEADLINE).text
    telegram_role = talk("/toi")
    press_in_place(telegram, telegram_role, "Sở GDĐT")
    department = talk(DEADLINE).html.partition("<blockquote")[0]
    press_in_place(telegram, talk("/toi"), "Trường THPT")
    school = talk(DEADLINE).html.partition("<blockquote")[0]

    assert "10/01/2026" in both and "30/01/2026" in both
    assert "30/01/2026" in department and "10/01/2026" not in department
    assert "10/01/2026" in school and "30/01/2026" not in school


def test_what_the_question_says_comes_before_who_asks(telegram, talk):
    press_in_place(telegram, talk("/toi"), "Trường THPT")

    assert "30/01/2026" in talk("Sở báo cáo sơ kết lên Bộ khi nào?").text


def test_deadlines_are_listed_for_who_asks(telegram, talk):
    press_in_place(telegram, talk("/toi"), "Trường THPT")
    mine = talk("/han")
    shown = mine.text
    everything = press_in_place(telegram, mine, "Xem mọi thời hạn").text

    assert "10/01/2026 (còn 7 ngày)" in shown
    assert "30/01/2026" not in shown
    assert "30/01/2026" in everything


def test_a_role_that_no_deadline_names_is_told_so(telegram, talk):
    press_in_place(telegram, talk("/toi"), "Trường mầm non")

    assert "không ghi hạn nào riêng cho trường mầm non" in talk("/han").text


# --- lists ---


def test_contacts_and_procedures_name_their_source(talk):
    contacts, procedures = talk("/lienhe").text, talk("/quytrinh").text

    assert "0983.691.800" in contacts and "thống kê giáo dục" in contacts
    assert "https://qlth.quangninh.edu.vn" in procedures and "Phụ lục 4" in procedures


def test_documents_are_paged_and_say_what_is_there(telegram, talk):
    listing = talk("/vanban")
    first = listing.text
    second = press_in_place(telegram, listing, "Sau ▶").text
    named = press_in_place(telegram, press_in_place(telegram, listing, "◀ Trước"), "2")

    assert "Công văn 2607/SGDĐT-GDPT" in first and "✅ có toàn văn" in first and "(trang 1/" in first
    assert "(trang 2/" in second and "mới được nhắc tới" in second
    assert "Được nêu ở" in named.text


def test_a_document_that_is_there_can_be_read_from_its_beginning(telegram, talk):
    document = press_in_place(telegram, talk("/vanban"), "1")

    assert "SỞ GIÁO DỤC VÀ ĐÀO TẠO" in press(telegram, document, "Xem nguyên văn").text


# --- opinions and rights ---


def test_votes_and_reasons_are_kept(telegram, talk, data):
    answer = talk("QĐ 4725 về việc gì?")
    press_in_place(telegram, answer, "👎")
    press_in_place(telegram, answer, "Sai nội dung")

    (kept,) = [entry for entry in Journal(State(data)).entries() if entry.reason == "Sai nội dung"]
    assert (kept.vote, kept.status, kept.question) == ("down", "answered", "QĐ 4725 về việc gì?")
    assert "Xem nguyên văn" in [label for label, _ in answer.buttons]


def test_a_reason_in_words_is_kept(telegram, talk, user, data):
    answer = talk(DEADLINE)
    press_in_place(telegram, answer, "👎")
    prompt = press(telegram, answer, "Viết lý do")
    thanks = talk("thiếu hạn của mầm non", reply_to_message=message_of(telegram, prompt))

    assert prompt.markup["force_reply"] and DEADLINE in prompt.text and "mã" not in prompt.text
    assert thanks.text == texts.THANKS
    assert "thiếu hạn của mầm non" in [entry.reason for entry in Journal(State(data)).entries()]


def test_suggestions_are_kept(telegram, talk, data):
    prompt = talk("/gopy")
    talk("thêm văn bản của huyện", reply_to_message=message_of(telegram, prompt))
    talk("/gopy chữ to hơn")

    kept = [suggestion.words for suggestion in Journal(State(data)).suggestions()]
    assert {"thêm văn bản của huyện", "chữ to hơn"} <= set(kept)


def test_xoa_deletes_everything_about_the_person(telegram, talk, user, data):
    talk("câu hỏi riêng tư về giá vàng")
    press_in_place(telegram, talk("/toi"), "Trường THPT")
    talk("/gopy điều riêng tư")
    talk("/nhac bat")
    press_in_place(telegram, talk("/xoa"), "Xóa hết")

    stored = b"".join(file.read_bytes() for name in ("conversations", "journal", "people") for file in data.glob(f"{name}.sqlite3*"))
    assert not [entry for entry in Journal(State(data)).entries() if "riêng tư" in entry.question]
    assert not [suggestion for suggestion in Journal(State(data)).suggestions() if "riêng tư" in suggestion.words]
    assert f"telegram:{user}".encode() not in stored and "riêng tư".encode() not in stored
    assert "Đang chọn" not in talk("/toi").text


def test_journal_and_log_never_name_people(telegram, bot, talk, user, data):
    talk("giá đô la hôm nay")

    (entry,) = [entry for entry in Journal(State(data)).entries() if entry.question == "giá đô la hôm nay"]
    assert str(user) not in entry.who and len(entry.who) == 12
    assert f"telegram:{user}" not in bot.log


# --- what is no text ---


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"voice": {"file_id": "1", "file_unique_id": "1", "duration": 2}}, "tin thoại"),
        ({"photo": [{"file_id": "1", "file_unique_id": "1", "width": 9, "height": 9}]}, "hình"),
        (
            {
                "sticker": {
                    "file_id": "1",
                    "file_unique_id": "1",
                    "type": "regular",
                    "width": 9,
                    "height": 9,
                    "is_animated": False,
                    "is_video": False,
                }
            },
            "😊",
        ),
        ({"document": {"file_id": "1", "file_unique_id": "1", "file_name": "cv.pdf", "mime_type": "application/pdf"}}, "quản trị viên"),
        ({"location": {"latitude": 1.0, "longitude": 2.0}}, "chữ"),
    ],
)
def test_what_is_no_text_gets_a_friendly_sentence(telegram, bot, user, content, words):
    telegram.sends(user, **content)
    telegram.wait_for(lambda: len(telegram.to(user)) == 1)

    assert words in telegram.to(user)[0].text


def test_a_forwarded_file_says_whose_job_it_is(telegram, bot, user):
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "Sở"}
    file = {"file_id": "1", "file_unique_id": "1", "file_name": "cv.pdf", "mime_type": "application/pdf"}
    telegram.sends(user, document=file, forward_origin=origin, caption="hạn nộp báo cáo?")
    telegram.wait_for(lambda: len(telegram.to(user)) == 1)

    assert "quản trị viên" in telegram.to(user)[0].text


def test_the_caption_of_a_picture_is_a_question(telegram, bot, user):
    telegram.sends(user, photo=[{"file_id": "1", "file_unique_id": "1", "width": 9, "height": 9}], caption=DEADLINE)
    telegram.wait_for(lambda: len(telegram.to(user)) == 1)

    assert "10/01/2026" in telegram.to(user)[0].text


# --- groups ---


def test_a_group_is_answered_when_it_speaks_to_the_bot(telegram, bot, user, group):
    mentioned = telegram.answer_to(user, f"@tracuu_bot {DEADLINE}", group)
    question = telegram.last_message_of(user, group)
    asked = telegram.answer_to(user, f"/hoi@tracuu_bot {DEADLINE}", group)
    replied = telegram.answer_to(user, "còn tổng kết?", group, reply_to_message=message_of(telegram, asked))

    assert "10/01/2026" in mentioned.text and mentioned.reply_to == question
    assert "10/01/2026" in asked.text
    assert "10/06/2026" in replied.text


def test_a_group_is_left_alone_otherwise(telegram, bot, user, group):
    telegram.says(user, DEADLINE, group)
    telegram.says(user, f"@tracuu_botx {DEADLINE}", group)
    telegram.says(user, "/han@another_bot", group)
    telegram.says(user, "/abc", group)
    telegram.says(user, "https://example.org/@tracuu_bot", group, entities=[])
    telegram.answer_to(user, f"/hoi {DEADLINE}", group)

    assert len(telegram.to(group)) == 1


def test_naming_the_bot_under_a_question_answers_that_question(telegram, bot, user, group):
    telegram.says(user, DEADLINE, group)
    question = telegram._messages[group, telegram.last_message_of(user, group)]

    answer = telegram.answer_to(next(_people), "@tracuu_bot", group, reply_to_message=question)

    assert "10/01/2026" in answer.text


def test_personal_matters_are_not_settled_in_a_group(telegram, bot, user, group):
    for command in ("/toi", "/nhac", "/xoa"):
        assert "nhắn riêng" in telegram.answer_to(user, command, group).text


# --- inline ---


def test_inline_gives_cited_snippets(telegram, bot, user):
    id = telegram.looks_up(user, "hạn nộp báo cáo sơ kết")
    telegram.wait_for(lambda: id in telegram.results)

    results = telegram.results[id]
    assert "10/01/2026" in results[0]["input_message_content"]["message_text"]
    assert all("2607/SGDĐT-GDPT" in result["input_message_content"]["message_text"] for result in results)


def test_inline_without_words_offers_to_ask(telegram, bot, user):
    id = telegram.looks_up(user, "")
    telegram.wait_for(lambda: id in telegram.results)

    assert telegram.results[id] == []


def test_whoever_types_on_and_on_keeps_nobody_waiting(telegram, bot, user):
    ids = [telegram.looks_up(user, f"hạn nộp báo cáo sơ kết {number}") for number in range(30)]
    telegram.wait_for(lambda: ids[-1] in telegram.results)

    assert sum(bool(telegram.results.get(id)) for id in ids) <= 20
    assert "10/01/2026" in telegram.answer_to(user, "hạn nộp báo cáo sơ kết").text


def message_of(telegram, sent):
    return telegram._messages[sent.chat, sent.id]
