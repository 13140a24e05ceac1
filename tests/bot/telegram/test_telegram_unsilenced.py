"""Nothing that Telegram brings, refuses or is asked for at once silences the bot; what ends it says so."""

from __future__ import annotations

import os
import time

import pytest

from bot.messenger import texts
from tests.bot.telegram_bot import BotProcess
from tests.bot.telegram_server import TOKEN, Fault

DEADLINE = "bao giờ nộp báo cáo sơ kết học kì 1?"
ADMIN = 9
WHEN = 1_767_400_000
CHAT = {"id": 41, "type": "private", "first_name": "Nguyễnkhôngai"}
SOMEBODY = {"id": 41, "is_bot": False, "first_name": "Nguyễnkhôngai"}
UNSEEN = {"message_id": 5, "date": 0, "chat": CHAT}
STRANGE = {
    "pinned": ("message", {"message_id": 6, "date": WHEN, "chat": CHAT, "from": SOMEBODY, "pinned_message": UNSEEN}),
    "replied": ("message", {"message_id": 7, "date": WHEN, "chat": CHAT, "from": SOMEBODY, "reply_to_message": UNSEEN}),
    "poll": (
        "message",
        {"message_id": 8, "date": WHEN, "chat": CHAT, "from": SOMEBODY, "poll": {"id": "1", "question": "bimatcuatoi"}},
    ),
    "member": ("my_chat_member", {"chat": CHAT, "from": SOMEBODY, "date": WHEN, "new_chat_member": {"status": "restricted"}}),
    "dates": ("message", {"message_id": 9, "date": 10**18, "chat": CHAT, "from": SOMEBODY, "text": "bimatcuatoi"}),
    "types": ("message", {"message_id": "x", "date": "y", "chat": [], "from": 7, "text": {"bimatcuatoi": 1}}),
    "unknown": ("something_new", {"anything": "bimatcuatoi"}),
    "nothing": ("message", None),
}


@pytest.fixture(scope="module")
def bot(telegram, data):
    process = BotProcess(telegram, data)
    yield process
    assert process.stop() == 0
    assert not any(word in process.log for word in (TOKEN, "bimatcuatoi", "Nguyễnkhôngai"))


@pytest.mark.parametrize("name", STRANGE)
def test_whoever_asks_after_a_strange_update_is_answered(telegram, bot, name):
    kind, content = STRANGE[name]
    telegram.chats.setdefault(41, "private")
    telegram.repeats(telegram.update(kind, content))

    assert "10/01/2026" in telegram.answer_to(200 + list(STRANGE).index(name), DEADLINE).text


def test_updates_without_a_number_are_no_reason_to_poll_in_a_hurry(telegram, bot):
    before = telegram._polls
    telegram.faults = [Fault("getUpdates", "nameless", times=3)]
    telegram.says(221, DEADLINE)  # ends the poll that is under way
    telegram.wait_for(lambda: telegram.faults[0].times == 0)

    assert "10/01/2026" in telegram.answer_to(220, DEADLINE).text
    assert telegram._polls - before < 10


def test_what_could_not_be_read_is_counted_for_the_admin(telegram, bot, tracuu):
    told = tracuu("stats", TRACUU_DATA=str(bot.data)).stdout.decode()

    assert "không đọc được" in told
    assert "bimatcuatoi" not in told


def test_a_page_of_a_proxy_is_no_block(telegram, bot):
    telegram.answer_to(230, "/nhac")
    telegram.faults = [Fault("sendMessage", "proxy", times=1, chat=230)]

    assert "10/01/2026" in telegram.answer_to(230, DEADLINE).text
    assert "không nhận tin nữa" not in bot.log


def test_a_group_that_has_to_wait_delays_nobody_else(telegram, bot):
    telegram.chats[-240] = "supergroup"
    telegram.faults = [Fault("sendMessage", "429", times=1, chat=-240, seconds=5)]
    telegram.says(240, f"/hoi {DEADLINE}", -240)
    telegram.wait_for(lambda: telegram.faults[0].times == 0)
    for person in range(241, 246):
        telegram.answer_to(person, DEADLINE)

    assert not telegram.to(-240)
    telegram.wait_for(lambda: len(telegram.to(-240)) == 1)


def test_a_burst_keeps_to_the_rate_in_every_second(own):
    server, data = own
    bot = BotProcess(server, data, TRACUU_TELEGRAM_PER_SECOND="10")
    people = range(300, 335)
    for person in people:
        server.says(person, DEADLINE)
    server.wait_for(lambda: all(server.to(person) for person in people), 60)
    bot.stop()

    sent = sorted(each.at for each in server.sent)
    assert max(sum(start <= at < start + 1 for at in sent) for start in sent) <= 11  # one may have been late on its way


def test_six_kills_while_many_wait_cost_nobody_an_answer(own):
    server, data = own
    bot = BotProcess(server, data)
    people = range(400, 500)
    for person in people:
        server.says(person, DEADLINE if person % 2 else "Liên hệ ai về thống kê giáo dục?")
    for _ in range(6):
        server.wait_for(lambda: bot.process.poll() is not None or len(server.delivered) >= len(people))
        bot.kill()
        bot.start()
        time.sleep(0.7)
    server.wait_for(lambda: all(server.to(person) for person in people), 60)
    bot.stop()

    assert [person for person in people if len(server.to(person)) != 1] == []
    assert not any(texts.TROUBLE in sent.text for sent in server.sent)


def test_a_token_that_is_no_longer_taken_ends_the_bot(own):
    server, data = own
    server.chats[ADMIN] = "private"
    bot = BotProcess(server, data, TRACUU_ADMIN_CHAT=str(ADMIN))
    server.faults = [Fault("getUpdates", "401", times=1000)]
    server.says(1, DEADLINE)

    assert bot.process.wait(40) == os.EX_TEMPFAIL
    assert "BotFather" in bot.log.splitlines()[-1]
    assert "Traceback" not in bot.log

    server.faults = []
    bot.start()
    server.wait_for(lambda: bool(server.to(ADMIN)) and bool(server.to(1)))
    assert "tự dừng" in server.to(ADMIN)[0].text
    bot.stop()


def test_a_bot_that_hears_nothing_for_too_long_ends(own):
    server, data = own
    bot = BotProcess(server, data, TRACUU_TELEGRAM_PATIENCE="2")
    server.faults = [Fault("getUpdates", "502", times=1000)]
    server.says(1, DEADLINE)

    assert bot.process.wait(40) == os.EX_TEMPFAIL
    assert "không nhận được tin" in bot.log.splitlines()[-1]
    assert len(bot.log) < 20_000
