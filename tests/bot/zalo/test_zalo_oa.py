"""A Zalo Official Account: signed events kept first, tokens that work once, and only what its windows allow."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time

import httpx
import pytest

from bot.messenger import texts as shared
from bot.zalo import texts
from bot.zalo.events import SIGNATURE, signature
from bot.zalo.tokens import FILE
from tests.bot.simulated import Fault
from tests.bot.zalo.test_zalo_faults import free_port
from tests.bot.zalo_oa_server import APP_ID, APP_SECRET, HOUR, OA_KEY, ZaloOaServer
from tests.bot.zalo_process import ZaloProcess

DEADLINE = "bao giờ nộp báo cáo sơ kết học kì 1?"


def variables(server: ZaloOaServer) -> dict[str, str]:
    return {
        "TRACUU_ENCODER": "off",
        "TRACUU_ZALO_OA_APP_ID": APP_ID,
        "TRACUU_ZALO_OA_APP_SECRET": APP_SECRET,
        "TRACUU_ZALO_OA_SECRET_KEY": OA_KEY,
        "TRACUU_ZALO_OA_REFRESH_TOKEN": server.first_refresh(),
        "TRACUU_ZALO_OA_API": server.url,
        "TRACUU_ZALO_OA_OAUTH": server.url,
        "TRACUU_ZALO_OA_PER_SECOND": "0",
        "TRACUU_ZALO_OA_PAUSE": "0.1",
    }


def started(server: ZaloOaServer, data, **more: str) -> ZaloProcess:
    port = free_port()
    server.webhook = f"http://127.0.0.1:{port}/zalo-oa"
    return ZaloProcess("zalo-oa", data, server.wait_for, TRACUU_ZALO_OA_WEBHOOK_PORT=str(port), **(variables(server) | more))


def bring(server: ZaloOaServer, body: bytes, key: str = OA_KEY) -> int:
    """Bring a body once more, signed with a key; returns the status."""
    mac = signature(APP_ID, body, json.loads(body)["timestamp"], key)
    return httpx.post(server.webhook, content=body, headers={SIGNATURE: f"mac={mac}"}, trust_env=False).status_code


@pytest.fixture(scope="module")
def zalo():
    server = ZaloOaServer()
    yield server
    assert not server.refused, f"Zalo từ chối: {server.refused}"
    server.close()


@pytest.fixture(scope="module")
def bot(zalo, data):
    process = started(zalo, data)
    yield process
    assert process.stop() == 0
    for secret in (APP_SECRET, OA_KEY, *(asked["refresh_token"] for asked in zalo.asked), DEADLINE):
        assert secret not in process.log
    assert "Traceback" not in process.log, process.log


@pytest.fixture
def own(directive_index, tmp_path):
    shutil.copytree(directive_index, tmp_path, dirs_exist_ok=True)
    server = ZaloOaServer()
    yield server, tmp_path
    server.close()


@pytest.fixture
def talk(zalo, bot):
    """Write as somebody and get the one message that answers."""

    def say(user: str, text: str) -> str:
        before = len(zalo.to(user))
        zalo.says(user, text)
        zalo.wait_for(lambda: len(zalo.to(user)) > before)
        return zalo.to(user)[-1]

    return say


def test_a_question_is_answered_and_gone_on_from_by_number(zalo, talk):
    answer = talk("1001", DEADLINE)
    text = talk("1001", "1")

    assert "10/01/2026" in answer and "Trả lời 1: xem nguyên văn" in answer
    assert text.startswith("Công văn 2607/SGDĐT-GDPT, mục IV.2")
    assert set(zalo.brought) == {(0, 200)}


def test_what_is_forged_is_refused_and_what_is_repeated_is_answered_once(zalo, bot):
    body = zalo.says("1002", DEADLINE)
    zalo.wait_for(lambda: bool(zalo.to("1002")))
    forged = json.dumps(json.loads(body) | {"sender": {"id": "1003"}}).encode()

    assert bring(zalo, forged, "another key") == 403
    assert bring(zalo, body) == 200
    time.sleep(0.5)
    assert len(zalo.to("1002")) == 1 and not zalo.to("1003")


def test_what_cannot_be_read_is_counted(zalo, bot):
    assert bring(zalo, zalo.sign({"event_name": "user_send_text"})[0]) == 200
    zalo.wait_for(lambda: "Để riêng một tin của Zalo" in bot.log)


def test_an_answer_comes_through_whatever_fails_first(zalo, talk):
    zalo.faults = [Fault("message", kind, chat="1005") for kind in ("html", "-32")]

    assert "10/01/2026" in talk("1005", DEADLINE)
    assert len(zalo.to("1005")) == 1 and not any(fault.times for fault in zalo.faults)


def test_whoever_left_is_dropped(zalo, bot):
    zalo.blocked = {"1006"}
    zalo.says("1006", DEADLINE)
    zalo.wait_for(lambda: "không nhận tin nữa" in bot.log)


def test_reminders_say_what_zalo_allows_before_they_are_turned_on(talk):
    assert talk("1007", "nhac").startswith(texts.REMINDERS_OA)
    assert talk("1007", "/nhac bat").startswith("Nhắc hạn đang bật")
    assert talk("1007", "/nhac tat").startswith(shared.REMINDERS_ARE_OFF)


def test_a_file_gets_one_sentence_and_a_sticker_nothing(zalo, bot, talk):
    zalo.sends("1008", "user_send_sticker", attachments=[{"type": "sticker", "payload": {}}])
    zalo.sends("1008", "user_send_file", attachments=[{"type": "file", "payload": {}}])
    zalo.wait_for(lambda: bool(zalo.to("1008")))
    talk("1008", DEADLINE)
    zalo.wait_for(lambda: len(zalo.to("1008")) == 2)

    assert zalo.to("1008")[0] == shared.MEDIA["file"]


def test_reminders_are_given_within_the_window_only_and_made_up_for_later(own):
    server, data = own
    bot = started(server, data)
    for user in ("1", "2"):
        server.says(user, "/nhac bat")
        server.wait_for(lambda user=user: bool(server.to(user)))
    bot.stop()
    with sqlite3.connect(data / "zalo-oa-windows.sqlite3") as windows:
        windows.execute("UPDATE windows SET acted = acted - ? WHERE user = '2'", (49 * HOUR,))
    bot = started(server, data, TRACUU_TODAY="2026-01-09", TRACUU_REMINDER_TIME="00:00")
    server.wait_for(lambda: len(server.to("1")) == 2)
    time.sleep(0.5)

    assert shared.REMINDER in server.to("1")[1]
    assert len(server.to("2")) == 1
    assert bot.stop() == 0
    with sqlite3.connect(data / "zalo_oa.sqlite3") as mailbox:
        assert {person for (person,) in mailbox.execute("SELECT person FROM reminded")} == {"zalo_oa:1"}


def test_what_waited_when_the_bot_was_killed_is_answered_once_and_what_is_no_longer_free_is_not_sent(own):
    server, data = own
    bot = started(server, data)
    server.faults = [Fault("message", "html", times=1000, chat="99")]
    server.says("99", DEADLINE)
    for number in range(20):
        server.says(f"{number}", DEADLINE)
    server.wait_for(lambda: "thử lại sau" in bot.log and len(server.brought) == 21)  # not on its way any more
    bot.kill()
    with sqlite3.connect(data / "zalo-oa-windows.sqlite3") as windows:
        windows.execute("UPDATE windows SET acted = acted - ? WHERE user = '99'", (49 * HOUR,))
    server.faults.clear()
    bot.start()
    server.wait_for(lambda: all(server.to(f"{number}") for number in range(20)) and "Bỏ một tin" in bot.log)

    assert [len(server.to(f"{number}")) for number in range(20)] == [1] * 20
    assert not server.to("99")
    assert set(server.brought) == {(0, 200)}
    assert len(server.asked) == 1  # the tokens outlive the program
    assert bot.stop() == 0


def test_an_account_that_is_not_logged_in_is_told_in_one_line(own, tracuu):
    server, data = own
    given = variables(server) | {"TRACUU_DATA": str(data), "TRACUU_ZALO_OA_WEBHOOK_PORT": str(free_port())}

    for seed, why in (("", "chưa đăng nhập"), ("used-before", "14014")):
        result = tracuu("zalo-oa", **(given | {"TRACUU_ZALO_OA_REFRESH_TOKEN": seed}))
        error = result.stderr.decode()
        assert result.returncode == 2 and why in error and "tracuu zalo-oa-login" in error.splitlines()[-1]
        assert "used-before" not in error and "Traceback" not in error
    assert "TRACUU_ZALO_OA_APP_ID" in tracuu("zalo-oa").stderr.decode()


def test_a_login_that_ends_at_run_time_ends_the_bot_for_its_supervisor_and_the_next_start_says_what_to_do(own):
    server, data = own
    bot = started(server, data, TRACUU_ZALO_PATIENCE="1", TRACUU_ZALO_OA_ADMIN_CHAT="5")
    server.revoke()
    server.ends_logins()
    with sqlite3.connect(data / FILE) as login:  # the token is not a new one
        login.execute("UPDATE login SET made = made - ?", (HOUR,))
    server.says("1", DEADLINE)

    assert bot.process.wait(30) == 75
    assert "không còn đăng nhập" in bot.log.splitlines()[-1]
    with sqlite3.connect(data / "zalo_oa.sqlite3") as mailbox:
        assert {"1", "5"} == {chat for (chat,) in mailbox.execute("SELECT chat FROM letters")}
    with pytest.raises(AssertionError, match="zalo-oa-login"):
        bot.start()
    assert bot.process.returncode == 2


def test_a_zalo_that_takes_nothing_for_too_long_ends_the_bot_for_its_supervisor_and_the_answer_waits(own):
    server, data = own
    bot = started(server, data, TRACUU_ZALO_PATIENCE="1")
    server.faults = [Fault("message", "reset", times=1000)]
    server.says("1", DEADLINE)

    assert bot.process.wait(30) == 75
    server.faults.clear()
    bot.start()
    server.wait_for(lambda: bool(server.to("1")))
    assert bot.stop() == 0
