"""The command with an index of the made-up directive."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from tests.bot.command import COMMAND
from tests.bot.offered import finder
from tests.bot.several import several
from tests.bot.telegram_bot import BotProcess
from tests.bot.telegram_server import TOKEN, TelegramServer


@pytest.fixture
def environment(repo, example_index):
    return os.environ | {"PYTHONPATH": f"{repo / 'tests/bot/sure'}:{repo}", "TRACUU_DATA": str(example_index), "TRACUU_TODAY": "2025-11-01"}


@pytest.fixture
def tracuu(environment, tmp_path):
    """Run ``tracuu`` in an empty folder; bytes in, bytes out."""

    def call(*arguments: str | bytes, stdin: bytes = b"", **variables: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [*COMMAND, *arguments],
            input=stdin,
            capture_output=True,
            env=environment | variables,
            cwd=tmp_path,
            timeout=120,
            check=False,
        )

    return call


@pytest.fixture(scope="session")
def question_with(directive_index):
    """A question that gets an answer of a certain status today."""
    find = finder(directive_index)

    def question(status: str) -> str:
        found = find(status)
        assert found, f"no question in tests/bot/offered.py is answered “{status}” any more: put one in that is"
        return found

    return question


@pytest.fixture(scope="module")
def telegram():
    """Telegram, as far as a bot sees it."""
    server = TelegramServer()
    yield server
    assert not server.refused, f"Telegram từ chối: {server.refused}"
    server.close()


@pytest.fixture(scope="module")
def data(directive_index, tmp_path_factory):
    """A data folder of one's own, with the directive."""
    folder = tmp_path_factory.mktemp("bot")
    shutil.copytree(directive_index, folder, dirs_exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def bot(repo, telegram, data):
    """The bot, running on 3 January 2026, a week before the first deadline."""
    process = BotProcess(telegram, data, PYTHONPATH=f"{repo / 'tests/bot/listening'}:{repo}")
    yield process
    assert process.stop() == 0
    assert TOKEN not in process.log
    assert "Traceback" not in process.log, process.log


@pytest.fixture(scope="session")
def offices_data(repo, directive_index, example_index, tmp_path_factory):
    """The data and the corpus of a service with two offices and a library; nobody changes them."""
    return several(tmp_path_factory.mktemp("offices"), repo, directive_index, example_index)
