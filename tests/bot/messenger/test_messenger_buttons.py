"""What stands beside the answers, pressed in the simulator: reading and back, the calendar, reminders, a question for the admin."""

from __future__ import annotations

import itertools

import pytest
from icalendar import Calendar

from bot.journal import Journal
from bot.messenger import texts
from rag.storage import State

DEADLINE = "bao giờ nộp báo cáo sơ kết học kì 1?"
NOBODY_KNOWS = "giá vàng hôm nay bao nhiêu?"
_people = itertools.count(9000)


@pytest.fixture
def user():
    return next(_people)


@pytest.fixture
def talk(telegram, bot, user):
    return lambda text, **more: telegram.answer_to(user, text, **more)


def below(telegram, sent, label):
    before = len(telegram.to(sent.chat))
    telegram.presses(sent.chat, sent, label)
    telegram.wait_for(lambda: len(telegram.to(sent.chat)) > before)
    return telegram.to(sent.chat)[-1]


def in_place(telegram, sent, label):
    edits = sent.edits
    telegram.presses(sent.chat, sent, label)
    telegram.wait_for(lambda: sent.edits > edits)
    return sent


def labels(sent):
    return [label for label, _ in sent.buttons]


def test_a_text_leads_to_its_contents_and_back_to_the_answer(telegram, talk):
    answer = talk(DEADLINE)
    said, buttons = answer.text, labels(answer)
    page = below(telegram, answer, "Xem nguyên văn")

    contents = in_place(telegram, page, "Mục lục").text
    in_place(telegram, page, "2")
    read = page.text
    in_place(telegram, page, "Về câu trả lời")

    assert "NHIỆM VỤ CHUNG" in contents and "(trang 1/" in contents
    assert "NHIỆM VỤ" in read or "Chuyển đổi số" in read
    assert (page.text, labels(page)) == (said, buttons)


def test_deadlines_come_as_a_calendar(telegram, talk, user):
    in_place(telegram, talk("/toi"), "Trường THPT")
    sent = below(telegram, talk("/han"), texts.TO_CALENDAR)

    name, content = sent.file
    events = Calendar.from_ical(content).walk("VEVENT")
    assert name == "thoi-han-thpt.ics"
    assert [f"{event['DTSTART'].dt:%d/%m/%Y}" for event in events] == ["10/01/2026", "10/06/2026"]
    assert all("URL" not in event for event in events)


def test_nhac_turns_reminders_on_and_shows_how_it_is(telegram, talk):
    on = talk("/nhac")
    state = on.text
    off = in_place(telegram, on, texts.TURN_OFF)

    assert state.startswith("Nhắc hạn đang bật, từ ngày 03/01/2026") and "Lần nhắc tới: ngày" in state
    assert off.text.startswith(texts.REMINDERS_ARE_OFF)
    assert in_place(telegram, off, texts.TURN_ON).text == state


def test_who_blocked_the_bot_is_told_that_reminders_are_off(telegram, talk, user, bot):
    talk("/nhac bat")
    telegram.blocked.add(user)
    telegram.says(user, "/help")
    telegram.wait_for(lambda: "không nhận tin nữa" in bot.log)
    telegram.blocked.discard(user)

    back = talk("/start")
    assert "Nhắc hạn của thầy cô đã tắt" in back.text
    assert in_place(telegram, back, texts.TURN_ON_AGAIN).text.startswith("Nhắc hạn đang bật")
    assert "đã tắt" not in talk("/start").text


def test_a_refused_question_is_sent_to_the_admin_once(telegram, talk, data):
    refusal = talk(NOBODY_KNOWS)
    in_place(telegram, refusal, texts.SEND_TO_ADMIN)

    (entry,) = [entry for entry in Journal(State(data)).troubled() if entry.sent]
    assert entry.question == NOBODY_KNOWS
    assert texts.SENT_TO_ADMIN in telegram.toasts
    assert texts.SEND_TO_ADMIN not in labels(refusal) and "👍" in labels(refusal)


def test_contacts_can_be_tapped_and_copied(talk):
    contacts = talk("/lienhe")

    assert "(gọi: +84" in contacts.text
    assert "<code>" in contacts.html or "Email" not in contacts.text


def test_what_is_done_in_private_is_named(telegram, talk, user):
    group = -next(_people)
    telegram.chats[group] = "supergroup"

    assert telegram.answer_to(user, "/nhac", group).text.startswith("Đặt nhắc hạn chỉ làm được khi nhắn riêng")


def test_nothing_is_said_in_another_voice():
    said = " ".join(str(value) for name, value in vars(texts).items() if name.isupper())

    assert " bạn" not in said.lower().replace("văn bạn", "")
    assert "tracuu " not in said and "(mã" not in said
