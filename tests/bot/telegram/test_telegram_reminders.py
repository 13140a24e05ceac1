"""Reminders on a set clock: one bot a day, as if the days went by, and what each person got on each of them."""

from __future__ import annotations

import shutil
import time

import pytest

from bot.messenger import texts
from tests.bot.telegram_bot import BotProcess
from tests.bot.telegram_server import TelegramServer

SCHOOL, LEFT, DEPARTMENT = 1, 2, 3
RESTARTED = "2026-01-03 lần hai"


def subscribe(server: TelegramServer, person: int, role: str) -> None:
    menu = server.answer_to(person, "/toi")
    server.presses(person, menu, role)
    server.wait_for(lambda: menu.edits > 0)
    server.answer_to(person, "/nhac bat")


@pytest.fixture(scope="module")
def reminded(directive_index, tmp_path_factory):
    """The reminders by day and person; the bot is off on all other days."""
    data = tmp_path_factory.mktemp("days")
    shutil.copytree(directive_index, data, dirs_exist_ok=True)
    server = TelegramServer()
    given: dict[str, dict[int, list[str]]] = {}

    def live(day: str, act=lambda: None, name: str = "") -> None:
        before = len(server.sent)
        bot = BotProcess(server, data, TRACUU_TODAY=day, TRACUU_ENCODER="off")  # without vectors it starts sooner
        act()
        server.answer_to(99, "/help")  # it is there
        time.sleep(0.5)
        assert bot.stop() == 0
        assert "Traceback" not in bot.log
        new = [sent for sent in server.sent[before:] if texts.REMINDER in sent.text]
        given[name or day] = {person: [sent.text for sent in new if sent.chat == person] for person in (SCHOOL, LEFT, DEPARTMENT)}

    def everybody_subscribes() -> None:
        subscribe(server, SCHOOL, "Trường THPT")
        subscribe(server, LEFT, "Trường THPT")
        subscribe(server, DEPARTMENT, "Sở GDĐT")

    live("2026-01-02", everybody_subscribes)
    live("2026-01-03", lambda: server.answer_to(LEFT, "/nhac tat"))
    live("2026-01-03", name=RESTARTED)
    live("2026-01-07")
    live("2026-01-09")
    live("2026-01-10")
    live("2026-01-24")
    assert not server.refused
    server.close()
    return given


def test_a_deadline_is_reminded_of_seven_three_and_one_day_before(reminded):
    (week,), (three,), (last,) = (reminded[day][SCHOOL] for day in ("2026-01-03", "2026-01-07", "2026-01-09"))

    assert "10/01/2026 (còn 7 ngày)" in week and "còn 3 ngày" in three and "còn 1 ngày" in last
    assert reminded["2026-01-02"][SCHOOL] == []


def test_on_the_day_itself_too(reminded):
    (today,) = reminded["2026-01-10"][SCHOOL]

    assert "trước ngày 10/01/2026 (hôm nay)" in today


def test_a_restart_reminds_of_nothing_again(reminded):
    assert not any(reminded[RESTARTED].values())


def test_everybody_is_reminded_of_their_own_deadlines(reminded):
    (departments,) = reminded["2026-01-24"][DEPARTMENT]

    assert "30/01/2026" in departments and "10/01/2026" not in departments
    assert not any("30/01/2026" in text for day in reminded.values() for text in day[SCHOOL])


def test_a_reminder_missed_while_the_bot_was_off_is_made_up_for(reminded):
    assert "còn 6 ngày" in reminded["2026-01-24"][DEPARTMENT][0]


def test_who_turned_them_off_gets_none(reminded):
    assert reminded["2026-01-07"][LEFT] == reminded["2026-01-09"][LEFT] == []
