"""A group with the bot in it: it answers who speaks to it, goes on with the answer that is replied to, and leaves all else alone."""

from __future__ import annotations

import itertools
import time

import pytest

from bot.journal import Journal
from bot.messenger import texts
from rag.storage import State
from tests.bot.telegram_server import BOT, NAME

DEADLINE = "bao giờ nộp báo cáo sơ kết học kì 1?"
PHOTO = [{"file_id": "1", "file_unique_id": "1", "width": 9, "height": 9}]
STICKER = {"file_id": "1", "file_unique_id": "1", "type": "regular", "width": 9, "height": 9, "is_animated": False, "is_video": False}
_numbers = itertools.count(500)


@pytest.fixture
def user():
    return next(_numbers)


@pytest.fixture
def group(telegram, bot):
    number = -next(_numbers)
    telegram.chats[number] = "supergroup"
    return number


def message_of(telegram, sent):
    return telegram._messages[sent.chat, sent.id]


def press(telegram, user, sent, label):
    before = len(telegram.to(sent.chat))
    telegram.presses(user, sent, label)
    telegram.wait_for(lambda: len(telegram.to(sent.chat)) > before)
    return telegram.to(sent.chat)[-1]


def choose_role(telegram, user, role):
    menu = telegram.answer_to(user, "/toi")
    telegram.presses(user, menu, role)
    telegram.wait_for(lambda: menu.edits > 0)


def only_answer(telegram, user, chat):
    """Ask something after all that was sent before, and return the answer, which has to be the only message."""
    answer = telegram.answer_to(user, f"/hoi {DEADLINE}", chat)
    assert [sent.text for sent in telegram.to(chat)] == [answer.text]
    return answer


# --- topics ---


def test_a_reply_goes_on_with_the_topic_of_that_answer_whoever_writes_it(telegram, user, group):
    deadline = telegram.answer_to(user, f"/hoi {DEADLINE}", group)
    other = telegram.answer_to(user, "/hoi QĐ 4725 về việc gì?", group)

    mine = telegram.answer_to(user, "còn tổng kết?", group, reply_to_message=message_of(telegram, deadline))
    theirs = telegram.answer_to(next(_numbers), "còn tổng kết?", group, reply_to_message=message_of(telegram, deadline))
    astray = telegram.answer_to(user, "còn tổng kết?", group, reply_to_message=message_of(telegram, other))

    assert "10/06/2026" in mine.text.partition("“")[0]
    assert mine.text == theirs.text != astray.text


def test_a_reply_in_private_goes_on_with_an_older_answer(telegram, bot, user):
    deadline = telegram.answer_to(user, DEADLINE)
    telegram.answer_to(user, "QĐ 4725 về việc gì?")

    assert "10/06/2026" in telegram.answer_to(user, "còn tổng kết?", reply_to_message=message_of(telegram, deadline)).text


# --- what is for nobody ---


def test_what_people_and_programs_do_in_a_group_is_left_alone(telegram, user, group):
    ours = {"message_id": 1, "date": 1, "from": BOT, "chat": {"id": group, "type": "supergroup"}, "text": "Chào"}
    robot = {"id": 88, "is_bot": True, "first_name": "Máy", "username": "may_bot"}
    channel = {"id": -88, "type": "channel", "title": "Kênh"}
    telegram.says(user, "👍", group, reply_to_message=ours)
    telegram.sends(user, group, sticker=STICKER, reply_to_message=ours)
    telegram.says(user, f"@{NAME} {DEADLINE}", group, **{"from": robot})
    telegram.says(user, f"@{NAME} {DEADLINE}", group, via_bot=BOT)
    telegram.says(user, f"/hoi {DEADLINE}", group, sender_chat=channel, is_automatic_forward=True)
    telegram.says(user, DEADLINE, group, edit=telegram.last_message_of(user, group))

    only_answer(telegram, user, group)


def test_edits_of_what_is_no_text_are_left_alone_in_private_too(telegram, bot, user):
    place = {"latitude": 21.0, "longitude": 105.8, "live_period": 900}
    message = telegram._message(user, user) | {"location": place, "edit_date": int(time.time())}
    telegram.push_together(*(telegram.update("edited_message", message) for _ in range(3)))

    only_answer(telegram, user, user)


def test_service_messages_in_private_get_no_reply(telegram, bot, user):
    secret = {"data": "a", "hash": "b", "secret": "c"}
    for content in ({"passport_data": {"data": [], "credentials": secret}}, {"boost_added": {"boost_count": 1}}, {"of_tomorrow": {}}):
        telegram.sends(user, **content)

    only_answer(telegram, user, user)


@pytest.mark.parametrize(("captions", "words"), [(("", "", ""), "hình"), (("", DEADLINE, ""), "10/01/2026")])
def test_an_album_gets_one_reply(telegram, bot, user, captions, words):
    pictures = [telegram._message(user, user) | {"photo": PHOTO, "media_group_id": f"{user}", "caption": caption} for caption in captions]
    telegram.push_together(*(telegram.update("message", {k: v for k, v in picture.items() if v != ""}) for picture in pictures))
    telegram.wait_for(lambda: bool(telegram.to(user)))
    telegram.answer_to(user, "/help")

    reply, _ = telegram.to(user)
    assert words in reply.text


# --- ways to ask ---


def test_hoi_is_heard_on_a_line_of_its_own_and_in_captions(telegram, user, group):
    below = telegram.answer_to(user, f"/hoi@{NAME}\n{DEADLINE}", group)
    before = len(telegram.to(group))
    command = [{"type": "bot_command", "offset": 0, "length": 4}]
    telegram.sends(user, group, photo=PHOTO, caption=f"/hoi {DEADLINE}", caption_entities=command)
    telegram.wait_for(lambda: len(telegram.to(group)) > before)

    assert "10/01/2026" in below.text and "10/01/2026" in telegram.to(group)[-1].text


def test_commands_are_listed_apart_for_groups(telegram, bot):
    telegram.wait_for(lambda: sum(method == "setMyCommands" for method, _ in telegram.calls) == 2)

    listed = {
        given["scope"]["type"]: {one["command"] for one in given["commands"]} for name, given in telegram.calls if name == "setMyCommands"
    }
    assert {"hoi", "han"} <= listed["all_group_chats"]
    assert {"toi", "nhac", "xoa"} <= listed["all_private_chats"] - listed["all_group_chats"]


# --- being there ---


@pytest.mark.parametrize("kind", ["group", "supergroup"])
@pytest.mark.parametrize("now", ["member", "administrator"])
def test_a_group_is_greeted_once(telegram, user, group, kind, now):
    telegram.chats[group] = kind
    telegram.moves_the_bot(user, group, "left", now)
    telegram.moves_the_bot(user, group, "member", "administrator")
    telegram.moves_the_bot(user, group, "administrator", "member")
    telegram.wait_for(lambda: bool(telegram.to(group)))
    telegram.answer_to(user, "/help", group)

    greeting, _ = telegram.to(group)
    assert greeting.text == texts.GROUP_WELCOME.format(name=NAME)


# --- what is one person's matter ---


def test_a_role_shows_to_nobody_else(telegram, user, group):
    choose_role(telegram, user, "Sở GDĐT")

    answer = telegram.answer_to(user, f"/hoi {DEADLINE}", group)
    listing = telegram.answer_to(user, "/han", group)

    assert "10/01/2026" in answer.html.partition("<blockquote")[0]  # the schools' too
    assert listing.text.startswith("Thời hạn") and "Sở GDĐT" not in listing.text.partition("\n")[0]


def test_a_prompt_is_for_who_asked_for_it(telegram, user, group, data):
    answer = telegram.answer_to(user, f"/hoi {DEADLINE}", group)
    critic = next(_numbers)
    edits = answer.edits
    telegram.presses(critic, answer, "👎")
    telegram.wait_for(lambda: answer.edits > edits)
    prompt = press(telegram, critic, answer, "Viết lý do")
    telegram.answer_to(critic, "thiếu hạn của nhóm", group, reply_to_message=message_of(telegram, prompt))
    suggesting = telegram.answer_to(user, "/gopy", group)

    assert prompt.markup["selective"] and f"tg://user?id={critic}" in prompt.html
    assert "thiếu hạn của nhóm" in [entry.reason for entry in Journal(State(data)).entries()]
    assert suggesting.markup["selective"] and suggesting.reply_to == telegram.last_message_of(user, group)
