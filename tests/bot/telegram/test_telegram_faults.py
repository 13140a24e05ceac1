"""Outages, limits, restarts, floods: no answer lost where it can be sent, none given twice, nothing told to the wrong people."""

from __future__ import annotations

import json
import socket
import sqlite3
import threading
import time
import urllib.error
import urllib.request
from datetime import timedelta

import pytest

from bot.messenger import texts
from bot.messenger.mailbox import Mailbox
from bot.messenger.webhook import derived
from rag.storage import State
from tests.bot.telegram_bot import BotProcess
from tests.bot.telegram_server import TOKEN, Fault

DEADLINE = "bao giờ nộp báo cáo sơ kết học kì 1?"
ADMIN = 9


@pytest.fixture(scope="module")
def bot(telegram, data):
    """A bot that tells an admin."""
    telegram.chats[ADMIN] = "private"
    process = BotProcess(telegram, data, TRACUU_ADMIN_CHAT=str(ADMIN))
    yield process
    assert process.stop() == 0
    assert TOKEN not in process.log


def lead(text: str) -> str:
    return text.partition("\n")[0]


# --- Telegram fails ---


def test_an_answer_comes_through_whatever_fails_first(telegram, bot):
    kinds = dict(enumerate(["429", "500", "502", "reset", "garbage"], 100))
    telegram.faults = [Fault("sendMessage", kind, times=2, chat=user) for user, kind in kinds.items()]

    for user in kinds:
        telegram.says(user, DEADLINE)
    telegram.wait_for(lambda: all(telegram.to(user) for user in kinds))
    time.sleep(1)

    assert [len(telegram.to(user)) for user in kinds] == [1] * len(kinds)
    assert all("10/01/2026" in telegram.to(user)[0].text for user in kinds)


def test_a_timeout_is_tried_again_while_the_others_are_answered(telegram, bot):
    telegram.faults = [Fault("sendMessage", "hang", chat=130, seconds=15)]
    telegram.says(130, DEADLINE)
    telegram.answer_to(131, DEADLINE)

    assert not telegram.to(130)
    telegram.wait_for(lambda: len(telegram.to(130)) == 1)


def test_an_outage_of_polling_is_waited_out(telegram, bot):
    telegram.faults = [Fault("getUpdates", "502", times=2), Fault("getUpdates", "reset", times=1)]

    assert telegram.answer_to(140, DEADLINE).text
    assert telegram.answer_to(140, "còn tổng kết?").text


def test_answers_within_a_chat_keep_their_order(telegram, bot):
    telegram.faults = [Fault("sendMessage", "500", times=1, chat=150)]
    for question in (DEADLINE, "còn tổng kết?", "giá vàng?"):
        telegram.says(150, question)
    telegram.wait_for(lambda: len(telegram.to(150)) == 3)

    first, second, third = telegram.to(150)
    assert "10/01/2026" in lead(first.text)
    assert "10/06/2026" in lead(second.text)
    assert third.text.startswith("Xin lỗi")


def test_whoever_blocked_the_bot_is_dropped_with_a_line_in_the_log(telegram, bot):
    telegram.answer_to(160, "/nhac bat")
    telegram.blocked.add(160)
    telegram.says(160, DEADLINE)
    telegram.answer_to(161, DEADLINE)
    telegram.wait_for(lambda: "không nhận tin nữa" in bot.log)
    telegram.blocked.discard(160)

    with sqlite3.connect(bot.data / "people.sqlite3") as people:
        assert people.execute("SELECT reminded_since FROM people WHERE id = 'telegram:160'").fetchall() == [("",)]


def test_a_message_that_was_deleted_meanwhile_is_said_anew(telegram, bot):
    listing = telegram.answer_to(170, "/vanban")
    before = len(telegram.to(170))
    telegram.presses(170, listing, "Sau ▶")
    del telegram._messages[170, listing.id]
    telegram.wait_for(lambda: len(telegram.to(170)) > before or listing.edits > 0)

    assert "(trang 2/" in telegram.to(170)[-1].text
    telegram.refused.clear()


def test_the_same_update_twice_is_answered_once(telegram, bot):
    message = telegram._message(180, 180) | {"text": DEADLINE}
    update = telegram.update("message", message)
    telegram.repeats(update)
    telegram.wait_for(lambda: len(telegram.to(180)) == 1)
    telegram.repeats(update | {"update_id": update["update_id"]})
    telegram.answer_to(181, DEADLINE)
    time.sleep(0.5)

    assert len(telegram.to(180)) == 1


# --- people are too fast ---


def test_a_flood_gets_one_polite_notice(telegram, bot):
    for number in range(30):
        telegram.says(190, f"giá vàng {number}?")
    telegram.says(191, DEADLINE)
    telegram.wait_for(lambda: len(telegram.to(190)) == 21 and len(telegram.to(191)) == 1)
    time.sleep(1)

    said = [sent.text for sent in telegram.to(190)]
    assert said.count(texts.TOO_FAST) == 1
    assert len(said) == 21


# --- something in the bot fails ---


def test_a_fault_is_told_to_the_admin_and_not_to_the_asker(telegram, bot):
    answer = telegram.answer_to(200, DEADLINE)
    store = next((bot.data / "snapshots").glob("*/store.sqlite"))
    aside = bot.data / "current.aside"
    (bot.data / "current").rename(aside)  # as when an admin deletes the data folder's index
    try:
        assert telegram.answer_to(200, "/han").text == texts.TROUBLE
        telegram.wait_for(lambda: bool(telegram.to(ADMIN)))
    finally:
        aside.rename(bot.data / "current")

    assert store.exists() and "10/01/2026" in answer.text
    assert "Chưa có chỉ mục" in telegram.to(ADMIN)[0].text
    assert TOKEN not in telegram.to(ADMIN)[0].text
    assert "10/01/2026" in telegram.answer_to(200, DEADLINE).text


# --- restarts ---


def test_nothing_is_lost_or_doubled_when_the_bot_is_killed_in_the_middle(own):
    server, data = own
    bot = BotProcess(server, data)
    people = range(1000, 1080)
    server.answer_to(999, DEADLINE)
    for wait in (0.1, 0.3):
        for person in people:
            server.says(person, DEADLINE)
        time.sleep(wait)
        bot.kill()
        bot.start()
        server.wait_for(lambda: all(server.to(person) for person in people), 60)
        time.sleep(1)
        assert [person for person in people if len(server.to(person)) != 1] == []
        server.sent.clear()
    assert bot.stop() == 0
    assert not server.refused


def test_what_came_while_it_was_off_is_answered_once(own):
    server, data = own
    bot = BotProcess(server, data)
    server.answer_to(1, DEADLINE)
    assert bot.stop() == 0
    server.says(1, "còn tổng kết?")
    bot.start()
    server.wait_for(lambda: len(server.to(1)) == 2)
    bot.stop()

    assert "10/06/2026" in lead(server.to(1)[-1].text)


def test_an_answer_that_could_not_be_sent_is_sent_after_the_restart(own):
    server, data = own
    server.faults = [Fault("sendMessage", "500", times=1000)]
    bot = BotProcess(server, data)
    server.says(1, DEADLINE)
    server.wait_for(lambda: server.faults[0].times < 1000)
    assert bot.stop() == 0
    server.faults = []
    bot.start()
    server.wait_for(lambda: len(server.to(1)) == 1)
    time.sleep(0.5)
    bot.stop()

    assert len(server.to(1)) == 1


def test_what_telegram_has_taken_is_not_sent_again_after_a_crash(own):
    server, data = own
    server.faults = [Fault("sendMessage", "lost", seconds=20)]
    bot = BotProcess(server, data)
    server.says(1, DEADLINE)
    server.wait_for(lambda: len(server.to(1)) == 1)
    bot.kill()
    bot.start()
    server.answer_to(2, DEADLINE)
    time.sleep(0.5)
    bot.stop()

    assert len(server.to(1)) == 1


def test_only_one_bot_runs_on_a_data_folder(own):
    server, data = own
    bot = BotProcess(server, data)
    second = BotProcess.__new__(BotProcess)
    second.__dict__.update(bot.__dict__)

    with pytest.raises(AssertionError, match="đang chạy"):
        second.start()
    bot.stop()


def test_no_message_text_is_kept_a_day_after_it_is_answered(own):
    server, data = own
    bot = BotProcess(server, data)
    server.answer_to(1, "hạn nộp báo cáo sơ kết của trường bimatcuatoi?")
    server.answer_to(1, DEADLINE)
    bot.stop()

    with sqlite3.connect(data / "telegram.sqlite3") as mailbox:
        assert mailbox.execute("SELECT count(*) FROM updates WHERE body IS NOT NULL").fetchone() == (0,)
        assert mailbox.execute("SELECT count(*) FROM letters").fetchone() == (0,)
        mailbox.execute("UPDATE answers SET made = made - 86401")
    Mailbox(State(data), "telegram").prune(timedelta(days=8), timedelta(days=180))
    assert b"bimatcuatoi" not in (data / "telegram.sqlite3").read_bytes()


# --- starting ---


def test_without_a_token_the_way_to_get_one_is_told(tracuu):
    result = tracuu("telegram", TRACUU_TELEGRAM_TOKEN="")

    assert result.returncode == 2
    assert "TRACUU_TELEGRAM_TOKEN" in result.stderr.decode()


def test_a_wrong_token_is_told_without_being_shown(own, tracuu):
    server, data = own
    wrong = "77:WRONG-token-that-nobody-gave-out"
    result = tracuu("telegram", TRACUU_TELEGRAM_TOKEN=wrong, TRACUU_TELEGRAM_API=server.url, TRACUU_DATA=str(data))

    assert result.returncode == 2
    assert "BotFather" in result.stderr.decode()
    assert "WRONG" not in result.stderr.decode()


def test_settings_do_not_show_the_token(tracuu):
    assert TOKEN not in tracuu("settings", TRACUU_TELEGRAM_TOKEN=TOKEN).stdout.decode()


# --- webhook ---


def listens(port: int) -> bool:
    """Whether something answers on a port; the library sets the webhook a moment before it listens."""
    time.sleep(0.1)
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_by_webhook_only_telegram_is_heard(own):
    server, data = own
    port = server.port + 1 if server.port < 65000 else server.port - 1
    bot = BotProcess(server, data, TRACUU_PUBLIC_URL="https://tracuu.example.org", TRACUU_WEBHOOK_PORT=str(port))
    server.wait_for(lambda: bool(server.webhook) and listens(port))
    path = f"telegram/{derived(TOKEN, 'path')}"
    message = server._message(1, 1) | {"text": DEADLINE}

    def post(path: str, secret: str, update: dict) -> int:
        headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": secret}
        request = urllib.request.Request(f"http://127.0.0.1:{port}/{path}", json.dumps(update).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                return response.status
        except urllib.error.HTTPError as error:
            return error.code

    secret = server.webhook["secret_token"]
    assert server.webhook["url"] == f"https://tracuu.example.org/{path}"
    assert TOKEN not in server.webhook["url"] and secret not in path
    assert post(path, "wrong", server.update("message", message)) == 403
    assert post("telegram", secret, server.update("message", message)) == 404
    update = server.update("message", message)
    assert [post(path, secret, update), post(path, secret, update)] == [200, 200]
    server.wait_for(lambda: len(server.to(1)) == 1)
    time.sleep(0.5)
    assert len(server.to(1)) == 1
    assert bot.stop() == 0


# --- many at once ---


def test_two_hundred_people_at_once_each_get_their_answer(own):
    server, data = own
    bot = BotProcess(server, data)
    questions = [DEADLINE, "QĐ 4725 về việc gì?", "giá vàng?", "Liên hệ ai về thống kê giáo dục?"]
    people = range(2000, 2200)
    threads = [
        threading.Thread(target=lambda part: [server.says(p, questions[p % 4]) for p in part], args=(people[n::4],)) for n in range(4)
    ]
    for thread in threads:
        thread.start()
    server.wait_for(lambda: all(server.to(person) for person in people), 120)
    time.sleep(1)
    bot.stop()

    assert [person for person in people if len(server.to(person)) != 1] == []
    assert len({server.to(person)[0].text for person in people}) == 4
    assert not server.refused
