"""Reminders on a set clock: one bot a day, as if the days went by."""

from __future__ import annotations

import shutil
import time

import pytest

from tests.bot.telegram_bot import BotProcess
from tests.bot.telegram_server import TelegramServer


@pytest.fixture
def days(directive_index, tmp_path):
    """Run the bot on a day: ``days("2026-01-03", act)``; ``act`` writes to it, then it is given time to remind."""
    shutil.copytree(directive_index, tmp_path, dirs_exist_ok=True)
    server = TelegramServer()

    def live(day: str, act=lambda server: None, **variables: str) -> list[str]:
        before = len(server.sent)
        bot = BotProcess(server, tmp_path, TRACUU_TODAY=day, **variables)
        server.answer_to(99, "/help")  # it is there
        act(server)
        time.sleep(0.5)
        assert bot.stop() == 0
        assert "Traceback" not in bot.log
        return [sent.text for sent in server.sent[before:] if sent.chat == 1 and "Nhắc hạn" in sent.text]

    yield live
    assert not server.refused
    server.close()


def subscribe(server: TelegramServer) -> None:
    menu = server.answer_to(1, "/toi")
    server.presses(1, menu, "Trường THPT")
    server.wait_for(lambda: menu.edits > 0)
    server.answer_to(1, "/nhac")


def test_a_deadline_is_reminded_of_seven_three_and_one_day_before_once_each(days):
    assert days("2026-01-01", subscribe) == []
    (week,) = days("2026-01-03")
    assert days("2026-01-03") == []  # restarted on the same day
    (three,) = days("2026-01-07")
    (last,) = days("2026-01-09")

    assert "10/01/2026 (còn 7 ngày)" in week and "còn 3 ngày" in three and "còn 1 ngày" in last
    assert "30/01/2026" not in week + three + last  # the department's, not a school's


def test_a_reminder_missed_while_the_bot_was_off_is_made_up_for(days):
    days("2026-01-01", subscribe)
    (late,) = days("2026-01-04")

    assert "còn 6 ngày" in late


def test_who_turned_them_off_gets_none(days):
    days("2026-01-01", subscribe)
    days("2026-01-02", lambda server: server.answer_to(1, "/nhac tat"))

    assert days("2026-01-03") == []
