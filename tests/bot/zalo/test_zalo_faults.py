"""Outages, repetitions, quotas, our own crashes: each question is answered once, and nothing goes out beyond what is paid for."""

from __future__ import annotations

import json
import shutil
import socket
import time
import urllib.error
import urllib.request

import pytest

from bot.messenger import texts as shared
from bot.messenger.webhook import derived
from bot.zalo.app import SECRET_HEADER
from tests.bot.zalo_bot_server import TOKEN, Fault, ZaloBotServer
from tests.bot.zalo_process import ZaloProcess, bot_variables

DEADLINE = "bao giờ nộp báo cáo sơ kết học kì 1?"


@pytest.fixture(scope="module")
def zalo():
    server = ZaloBotServer(quota=0xFFFF)
    yield server
    assert not server.refused, f"Zalo từ chối: {server.refused}"
    server.close()


@pytest.fixture(scope="module")
def bot(zalo, data):
    process = ZaloProcess("zalo", data, zalo.wait_for, TRACUU_ENCODER="off", **bot_variables(zalo.url, TOKEN))
    yield process
    assert process.stop() == 0
    assert TOKEN not in process.log
    assert "Traceback" not in process.log, process.log


@pytest.fixture
def own(directive_index, tmp_path):
    """A server and what starts a bot on a data folder of its own; without vectors it starts sooner."""
    shutil.copytree(directive_index, tmp_path, dirs_exist_ok=True)
    server = ZaloBotServer()

    def start(**variables: str) -> ZaloProcess:
        return ZaloProcess("zalo", tmp_path, server.wait_for, **{"TRACUU_ENCODER": "off", **bot_variables(server.url, TOKEN), **variables})

    yield server, start
    server.close()


def answers(server: ZaloBotServer, people: list[str]) -> list[int]:
    return [len(server.to(person)) for person in people]


# --- Zalo fails ---


def test_an_answer_comes_through_whatever_fails_first(zalo, bot):
    kinds = ["429", "500", "502", "reset", "garbage", "403 html"]
    people = [f"f{number}" for number in range(len(kinds))]
    zalo.faults = [Fault("sendMessage", kind, times=2, chat=user) for user, kind in zip(people, kinds, strict=True)]

    for user in people:
        zalo.says(user, DEADLINE)
    zalo.wait_for(lambda: all(zalo.to(user) for user in people))
    time.sleep(0.5)

    assert answers(zalo, people) == [1] * len(people)
    assert all("10/01/2026" in zalo.to(user)[0].text for user in people)


def test_an_outage_of_polling_is_waited_out(zalo, bot):
    zalo.faults = [Fault("getUpdates", "502"), Fault("getUpdates", "garbage"), Fault("getUpdates", "reset")]
    zalo.says("p1", DEADLINE)
    zalo.wait_for(lambda: bool(zalo.to("p1")))


def test_a_typing_sign_that_fails_costs_no_answer(zalo, bot):
    zalo.faults = [Fault("sendChatAction", "500", chat="t1")]
    zalo.says("t1", DEADLINE)
    zalo.wait_for(lambda: bool(zalo.to("t1")))


def test_what_is_brought_again_and_again_is_answered_once(zalo, bot):
    update = zalo.says("d1", DEADLINE)
    zalo.wait_for(lambda: bool(zalo.to("d1")))
    zalo.brings(update)
    polls = len(zalo.polls)
    zalo.wait_for(lambda: len(zalo.polls) > polls + 5)

    assert len(zalo.to("d1")) == 1


def test_a_message_older_than_a_week_is_left_alone(zalo, bot):
    update = zalo.says("o1", DEADLINE)
    zalo.wait_for(lambda: bool(zalo.to("o1")))
    old = update["message"] | {"message_id": "old", "date": int((time.time() - 8 * 86_400) * 1000)}
    zalo.brings(update | {"message": old})
    polls = len(zalo.polls)
    zalo.wait_for(lambda: len(zalo.polls) > polls + 5)

    assert len(zalo.to("o1")) == 1


def test_whoever_wants_nothing_more_is_dropped(zalo, bot):
    zalo.says("b1", "nhac")
    zalo.wait_for(lambda: bool(zalo.to("b1")))
    zalo.blocked.add("b1")
    zalo.says("b1", DEADLINE)
    zalo.wait_for(lambda: "không nhận tin nữa" in bot.log)


def test_a_flood_gets_one_notice_by_numbers_too(zalo, bot):
    for number in range(25):
        zalo.says("l1", f"giá vàng {number}?")
    zalo.wait_for(lambda: len(zalo.to("l1")) == 21)
    for _ in range(5):
        zalo.says("l1", "1")
    zalo.says("l2", DEADLINE)
    zalo.wait_for(lambda: bool(zalo.to("l2")))
    time.sleep(0.5)

    assert [sent.text for sent in zalo.to("l1")].count(shared.TOO_FAST) == 1
    assert len(zalo.to("l1")) == 21


# --- we fail ---


def test_nothing_is_lost_or_doubled_when_the_bot_is_killed_with_questions_waiting(own):
    server, start = own
    bot = start()
    people = [f"k{number}" for number in range(40)]
    server.in_lists = True
    server.faults = [Fault("sendMessage", "lost", chat="k0", seconds=20)]  # taken, but we never hear of it
    for _ in range(2):
        for person in people:
            server.says(person, DEADLINE)
        server.wait_for(lambda: len(server.sent) > 3 and bool(server.to("k0")))
        bot.kill()
        bot.start()
        server.wait_for(lambda: all(server.to(person) for person in people), 60)
        time.sleep(0.5)
        assert answers(server, people) == [1] * len(people)
        server.sent.clear()
    assert bot.stop() == 0


# --- the month's quota ---


def test_messages_become_fewer_at_80_percent_and_stop_at_the_end_and_the_admin_hears_of_both(own, tracuu):
    server, start = own
    server.chats.add("admin")
    bot = start(TRACUU_ZALO_MONTHLY="10", TRACUU_ZALO_ADMIN_CHAT="admin")
    for number in range(7):
        server.says(f"q{number}", DEADLINE)
    server.wait_for(lambda: len(server.sent) == 7)
    server.says("q7", DEADLINE)
    server.wait_for(lambda: len(server.to("admin")) == 1)  # of which the message counts too: nine are out
    signs = len(server.actions)
    server.says("q7", "👍")  # thanks are no longer said
    server.says("q8", DEADLINE)
    server.wait_for(lambda: len(server.to("admin")) == 2)
    server.says("q9", DEADLINE)
    server.wait_for(lambda: "của tháng: ngừng gửi" in bot.log)
    time.sleep(0.5)

    assert "8/10" in server.to("admin")[0].text and "Đã hết hạn mức" in server.to("admin")[1].text
    assert len(server.actions) == signs
    assert answers(server, ["q7", "q8", "q9"]) == [1, 1, 0]
    assert bot.log.count("của tháng: ngừng gửi") == 1
    assert bot.stop() == 0
    assert "Tin Zalo tháng này: 11 trên 10" in tracuu("stats", TRACUU_DATA=str(bot.data), TRACUU_ZALO_MONTHLY="10").stdout.decode()
    bot = start(TRACUU_ZALO_MONTHLY="100")  # a larger plan: what waited goes out
    server.wait_for(lambda: bool(server.to("q9")))
    bot.stop()


# --- reminders ---


def test_reminders_are_given_once(own):
    server, start = own
    bot = start()
    server.says("r1", "/nhac")
    server.wait_for(lambda: bool(server.to("r1")))
    bot.stop()
    for _ in range(2):
        bot = start(TRACUU_TODAY="2026-01-09", TRACUU_REMINDER_TIME="00:00")
        server.wait_for(lambda: len(server.to("r1")) >= 2)
        bot.stop()

    assert [shared.REMINDER in sent.text for sent in server.to("r1")] == [False, True]


# --- starting ---


def test_without_a_token_the_way_to_get_one_is_told(tracuu):
    result = tracuu("zalo", TRACUU_ZALO_TOKEN="")

    assert result.returncode == 2 and "TRACUU_ZALO_TOKEN" in result.stderr.decode()


def test_a_wrong_token_is_told_without_being_shown(own, tracuu, tmp_path):
    server, _ = own
    wrong = "77:WRONG-token-that-nobody-gave-out"
    result = tracuu("zalo", TRACUU_DATA=str(tmp_path), **bot_variables(server.url, wrong))

    assert result.returncode == 2
    assert "Zalo không nhận TRACUU_ZALO_TOKEN" in result.stderr.decode() and "WRONG" not in result.stderr.decode()


# --- webhook ---


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_by_webhook_only_zalo_is_heard(own):
    server, start = own
    port, path = free_port(), f"/zalo/{derived(TOKEN, 'path')}"
    bot = start(TRACUU_PUBLIC_URL="https://tracuu.example.org", TRACUU_ZALO_WEBHOOK_PORT=str(port))
    server.wait_for(lambda: bool(server.webhook))
    secret = server.webhook["secret_token"]
    address = f"http://127.0.0.1:{port}{path}"

    def post(secret: str, body: bytes) -> int:
        request = urllib.request.Request(address, body, {"Content-Type": "application/json", SECRET_HEADER: secret})
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                return int(response.status)
        except urllib.error.HTTPError as error:
            return error.code

    assert server.webhook["url"] == f"https://tracuu.example.org{path}"
    assert TOKEN not in server.webhook["url"] and secret not in path
    server.webhook["reached"] = address
    update = server.says("w1", DEADLINE)
    server.wait_for(lambda: bool(server.to("w1")))
    assert server.webhook_statuses == [200]
    assert post("forged-secret", json.dumps(update | {"message": update["message"] | {"message_id": "f"}}).encode()) == 403
    assert post(secret, json.dumps(update).encode()) == 200  # again
    assert post(secret, b"not JSON") == 200
    server.says("w2", DEADLINE)
    server.wait_for(lambda: bool(server.to("w2")))
    assert answers(server, ["w1", "w2"]) == [1, 1]
    assert "Để riêng một tin" in bot.log
    assert bot.stop() == 0
