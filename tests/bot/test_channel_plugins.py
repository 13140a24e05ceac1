"""Channels that other packages bring: the example, installed and used, and such as are broken."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess

import pytest
import typer

from bot import channels
from bot.commands.channels import BuiltIn
from bot.journal import Journal
from bot.settings_reading import ChannelSettings
from rag.storage import State
from tests.bot.command import COMMAND, DEADLINE, started
from tests.plugins.installing import install, run, write


@pytest.fixture(scope="module")
def line(tmp_path_factory):
    """Where the example is installed."""
    return install(tmp_path_factory.mktemp("channel"), "channel_line")


class Caller:
    """Somebody at the other end of the example's port."""

    def __init__(self, port: int) -> None:
        self._file = socket.create_connection(("127.0.0.1", port), timeout=60).makefile("rw", encoding="utf-8")

    def say(self, line: str) -> dict:
        self._file.write(f"{line}\n")
        self._file.flush()
        return json.loads(self._file.readline())


@pytest.fixture(scope="module")
def running(repo, example_index, line, tmp_path_factory):
    """The example, answering on a port, and its data folder; it is stopped by Ctrl-C in the end."""
    data = tmp_path_factory.mktemp("line")
    shutil.copytree(example_index, data, dirs_exist_ok=True)
    path = os.pathsep.join(map(str, (repo, line)))
    environment = os.environ | {"PYTHONPATH": path, "TRACUU_DATA": str(data), "TRACUU_TODAY": "2025-11-01", "TRACUU_LINE_PORT": "0"}
    process = started(environment, "line")
    said = process.stdout.readline().decode()
    yield int(said.split("cổng ")[1].split()[0]), data
    process.send_signal(signal.SIGINT)
    assert (process.wait(60), process.stderr.read()) == (0, b"")


# --- the example ---


def test_a_call_is_a_conversation_of_its_own(running):
    port, _ = running
    caller, other = Caller(port), Caller(port)

    first = caller.say("Hạn nhận sản phẩm cuộc thi Thầy cô sáng tạo số?")
    followed, alone = caller.say("nộp ở đâu"), other.say("nộp ở đâu")

    assert first["status"] == "answered"
    assert "https://sangtaoso.binhson.edu.vn" in followed["answer"]
    assert "https://sangtaoso.binhson.edu.vn" not in alone["answer"]


def test_what_is_asked_and_thought_of_it_is_in_the_journal(running):
    port, data = running
    caller = Caller(port)

    caller.say(DEADLINE)
    kept, nothing = caller.say("-"), Caller(port).say("+")

    journal = Journal(State(data))
    [entry] = [entry for entry in journal.entries() if entry.vote]
    journal.close()
    assert (entry.channel, entry.vote, kept["kept"], nothing["kept"]) == ("line", "down", True, False)


def test_its_verb_and_settings_are_as_ours(repo, line, tmp_path):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (repo, line))), "TRACUU_DATA": str(tmp_path)}

    plugins, settings, help, wrong, without = run(
        environment,
        ({}, ["plugins"]),
        ({}, ["settings"]),
        ({}, ["line", "--help"]),
        ({"TRACUU_LINE_PORT": "nhiều"}, ["line"]),
        ({"TRACUU_LINE_PORT": "0"}, ["line"]),  # no index there
    )

    assert "tracuu-channel-line" in plugins[1]
    assert "TRACUU_LINE_PORT" in settings[1]
    assert "Trả lời từng dòng gửi tới một cổng" in help[1]
    assert (wrong[0], "TRACUU_LINE_PORT đang là “nhiều”" in wrong[1]) == (2, True)
    assert (without[0], "tracuu ingest" in without[1], len(without[1].splitlines())) == (2, True, 1)


# --- broken channels ---


def test_a_broken_channel_is_left_out_with_one_line_and_the_rest_works(repo, tmp_path):
    write(tmp_path, "tracuu-abc", "tracuu.channels", {"abc": "channel"}, "import nothing_there\n")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (repo, tmp_path)))}

    told = subprocess.run([*COMMAND, "plugins"], env=environment, capture_output=True, encoding="utf-8", check=True)

    assert "Chưa cài phần mở rộng nào" in told.stdout
    [line] = told.stderr.splitlines()
    assert line.startswith("Bỏ qua phần mở rộng abc của gói tracuu-abc (tracuu.channels): ModuleNotFoundError")


def made(**given) -> object:
    """A channel of one verb."""
    verbs = typer.Typer()
    verbs.command(given.get("name", "abc"))(lambda: None)
    return BuiltIn(given.get("verbs", verbs), given.get("settings"))


@pytest.mark.parametrize(
    ("channel", "reason"),
    [
        (made(name="serve"), "lệnh serve đã có"),
        (made(name="ask"), "lệnh ask đã có"),
        (made(name="admin"), "lệnh admin đã có"),
        (made(verbs=typer.Typer()), "verbs không có lệnh nào"),
        (made(verbs=None), "thiếu verbs"),
        (made(settings=dict), "lớp con của ChannelSettings"),
        (object(), "thiếu verbs"),
    ],
)
def test_a_channel_that_cannot_be_used_says_why(channel, reason):
    from bot.cli import app

    with pytest.raises((TypeError, ValueError), match=reason):
        channels._usable(channels._names(app))(channel)


def test_a_channel_with_settings_of_its_own_can_be_used():
    assert channels._usable(set())(made(settings=ChannelSettings))
