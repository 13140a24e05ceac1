"""The terminal conversation, on a real terminal, and that it keeps what its welcome promises."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import signal
import subprocess
import time

import pytest

from bot.chat import WELCOME
from rag.assistant import Assistant
from tests.bot.command import COMMAND, DEADLINE

EXAMPLES = re.findall(r"^  - [^:]+:\s+(.+\?)$", WELCOME, re.MULTILINE)


@pytest.mark.parametrize("question", EXAMPLES)
def test_every_example_of_the_welcome_is_answered(directive_index, today, question):
    answer = Assistant(directive_index, today=today).ask(question)

    assert answer.status == "answered"
    assert answer.citations


def test_the_welcome_has_examples():
    assert len(EXAMPLES) == 6


class Terminal:
    """A program on a pseudo-terminal: what it shows, and keys typed into it."""

    def __init__(self, environment) -> None:
        master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [*COMMAND, "chat"],
            env=environment | {"TERM": "dumb"},
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)
        self._master = master
        self._bytes = b""

    @property
    def shown(self) -> str:
        return self._bytes.decode("utf-8", "replace")

    def wait_for(self, text: str, times: int = 1) -> None:
        limit = time.monotonic() + 60
        while self.shown.count(text) < times:
            assert time.monotonic() < limit, f"không thấy “{text}” trong: {self.shown}"
            if select.select([self._master], [], [], 1)[0]:
                self._read()

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def interrupt(self) -> None:
        """Press Ctrl-C, again where the first came between the prompt and the wait for a key."""
        while self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(5)

    def end(self) -> int:
        limit = time.monotonic() + 60
        while select.select([self._master], [], [], max(0, limit - time.monotonic()))[0] and self._read():
            pass
        os.close(self._master)
        return self.process.wait(5)

    def _read(self) -> bool:
        try:
            piece = os.read(self._master, 65536)
        except OSError:  # the program closed its side
            return False
        self._bytes += piece
        return bool(piece)


def test_a_conversation_in_a_terminal(environment):
    terminal = Terminal(environment)

    terminal.wait_for("Bạn hỏi: ")
    terminal.type(f"{DEADLINE}\n")
    terminal.wait_for("Bạn hỏi: ", times=2)
    terminal.type("/moi\n")
    terminal.wait_for("hội thoại mới.", times=1)
    terminal.wait_for("Bạn hỏi: ", times=3)
    terminal.type("\x04")

    assert terminal.end() == 0
    assert "Ví dụ" in terminal.shown
    assert "05/11/2025" in terminal.shown
    assert terminal.shown.rstrip().endswith("Tạm biệt!")


def test_thoat_leaves_the_conversation(environment):
    terminal = Terminal(environment)

    terminal.wait_for("Bạn hỏi: ")
    terminal.type("/thoat\n")

    assert terminal.end() == 0
    assert "Tạm biệt!" in terminal.shown


def test_ctrl_c_leaves_the_conversation(environment):
    terminal = Terminal(environment)

    terminal.wait_for("Bạn hỏi: ")
    terminal.interrupt()

    assert terminal.end() == 130
    assert "Traceback" not in terminal.shown


def test_without_a_terminal_there_are_only_answers(tracuu):
    text = tracuu("chat", stdin=f"{DEADLINE}\n/moi\n/sai\n".encode()).stdout.decode()

    assert "05/11/2025" in text
    assert "Bạn hỏi" not in text
    assert "Không có lệnh /sai" in text
