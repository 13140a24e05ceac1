"""Two bots of one kind, on machines of their own, over PostgreSQL with a standby: whatever dies, everybody is told everything once."""

from __future__ import annotations

import random
import re
import shutil

import pytest

from benchmarks.many_bots import ROOM, Trial, tried
from tests.bot.many_bots import Team
from tests.bot.telegram_server import TelegramServer
from tests.bot.zalo_bot_server import TOKEN, ZaloBotServer
from tests.bot.zalo_process import ZaloProcess, bot_variables
from tests.servers.postgres import missing

DEADLINE = "bao giờ nộp báo cáo sơ kết học kì 1?"


@pytest.fixture
def team(directive_index, tmp_path):
    if reason := missing():
        pytest.skip(reason)
    telegram = TelegramServer()
    team = Team(telegram, directive_index, tmp_path, TRACUU_ENCODER="off", **ROOM)
    yield team
    team.close()
    telegram.close()


def test_kills_standstill_and_a_change_of_the_database_cost_no_message_and_double_none(team):
    trial = Trial(team, random.Random(1), people=25)

    tried(trial, [Trial.leader_dies, Trial.primary_dies, Trial.leader_stands_still])

    assert trial.told["said"] >= 225, trial.examples
    assert [trial.told[what] for what in ("lost", "doubled", "out of order", "others")] == [0] * 4, trial.examples
    assert not any("Traceback" in bot.log for bot in team.bots)
    assert all(bot.log.count("Không dùng được cơ sở dữ liệu") < 10 for bot in team.bots), "said when it begins, not for every message"


def test_two_bots_of_zalo_answer_each_once_when_one_of_them_dies(directive_index, tmp_path, postgres):
    zalo = ZaloBotServer()
    zalo.in_lists = True
    people = [f"k{number}" for number in range(30)]
    bots = []
    for name in ("one", "other"):
        shutil.copytree(directive_index, tmp_path / name)
        variables = bot_variables(zalo.url, TOKEN) | {"TRACUU_DATABASE": postgres, "TRACUU_ENCODER": "off"}
        bots.append(ZaloProcess("zalo", tmp_path / name, zalo.wait_for, **variables))
    for person in people:
        zalo.says(person, DEADLINE)
    zalo.wait_for(lambda: len(zalo.sent) > 3)

    bots[0].kill()

    zalo.wait_for(lambda: all(zalo.to(person) for person in people if person not in lost_on_the_way(bots[1], zalo, people)), 60)
    assert bots[1].stop() == 0
    zalo.close()
    assert max(len(zalo.to(person)) for person in people) == 1


def lost_on_the_way(bot, zalo, people):
    """Who is not answered, where these are no more than the letters that were marked as leaving when their bot was killed.

    The server has the mark a moment before the bytes are on their way; a kill in that moment loses the letter (``Mailbox``).
    """
    marked = re.search(r"(\d+) tin đang gửi dở", bot.log)
    waiting = [person for person in people if not zalo.to(person)]
    return waiting if marked and len(waiting) <= int(marked[1]) else []
