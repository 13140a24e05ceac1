"""What the tests of the Telegram bot share."""

from __future__ import annotations

import shutil

import pytest

from tests.bot.telegram_server import TelegramServer


@pytest.fixture
def own(directive_index, tmp_path, monkeypatch):
    """A server and a data folder for a bot that is to be stopped; without vectors it starts sooner."""
    monkeypatch.setenv("TRACUU_ENCODER", "off")
    shutil.copytree(directive_index, tmp_path, dirs_exist_ok=True)
    server = TelegramServer()
    yield server, tmp_path
    server.close()
