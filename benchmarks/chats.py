"""The chat channels together: ``make bench-chats``, or ``.venv/bin/python -m benchmarks.chats [messages] [kills]``.

The real Telegram and Zalo bots run on one data folder, with the index of corpus/, against the simulators of the tests. People of
both ask in turn (20,000 messages unless said otherwise); both bots are killed now and then in the middle and started again. Printed
is how many questions were lost or answered twice, and the memory of each bot after each part.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

from rag.training.evaluation import load_cases
from tests.bot.telegram_bot import BotProcess
from tests.bot.telegram_server import TelegramServer
from tests.bot.zalo_bot_server import TOKEN, ZaloBotServer
from tests.bot.zalo_process import ZaloProcess, bot_variables

REPO = Path(__file__).resolve().parent.parent
MESSAGES, KILLS = 20_000, 6
AT_ONCE = 100
PARTS = 10
PATIENCE = 120.0  # seconds for a batch, a restart within it
ROOM = {"TRACUU_QUESTIONS_PER_MINUTE": "1000000", "TRACUU_ZALO_MONTHLY": "0"}


class Chats:
    """Both services and both bots."""

    def __init__(self, data: Path) -> None:
        self.telegram, self.zalo = TelegramServer(), ZaloBotServer(quota=10**9)
        self.telegram.keep_calls = False
        self.zalo.in_lists, self.zalo.retention, self.zalo.longest_poll = True, 30.0, 5.0
        self.bots = (
            BotProcess(self.telegram, data, **ROOM),
            ZaloProcess("zalo", data, self.zalo.wait_for, **bot_variables(self.zalo.url, TOKEN), **ROOM),
        )

    def ask(self, number: int, question: str) -> None:
        """Somebody new asks, on Telegram or Zalo in turn."""
        if number % 2:
            self.zalo.says(f"z{number}", question)
        else:
            self.telegram.says(number + 1000, question)

    def answers(self) -> set[int]:
        """Return who got an answer since the last ``forget``."""
        return {sent.chat - 1000 for sent in list(self.telegram.sent)} | {int(sent.chat[1:]) for sent in list(self.zalo.sent)}

    def doubled(self) -> int:
        """Return how many messages came twice since then; a long answer may be several."""
        said = [(sent.chat, sent.text) for server in (self.telegram, self.zalo) for sent in list(server.sent)]
        return len(said) - len(set(said))

    def forget(self) -> None:
        """Forget what was said, which nobody looks at any more."""
        self.telegram.forget()
        for kept in (self.zalo.sent, self.zalo.calls, self.zalo.actions, self.zalo.polls):
            kept.clear()
        self.zalo.chats.clear()

    def kill(self) -> None:
        """Cut the power of both bots, and start them again."""
        for bot in self.bots:
            bot.kill()
        for bot in self.bots:
            bot.start()

    def memory(self) -> list[float]:
        """Return the megabytes of each bot."""
        return [_megabytes(bot.process.pid) for bot in self.bots]

    def close(self) -> None:
        """End everything."""
        for bot in self.bots:
            bot.stop()
        self.telegram.close()
        self.zalo.close()


def main(messages: int, kills: int) -> None:
    """Measure and print everything."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {"TRACUU_DATA": folder, "TRACUU_CORPUS": str(REPO / "corpus"), "PYTHONPATH": str(REPO)}
        command = [sys.executable, "-c", "from bot.cli import main; main()", "ingest"]
        subprocess.run(command, env=environment, check=True, capture_output=True)
        chats = Chats(Path(folder))
        try:
            _run(chats, messages, kills)
        finally:
            chats.close()
        for bot in chats.bots:
            print(f"Lỗi trong log: {sum(' ERROR ' in line for line in bot.log.splitlines())}")
        print(f"Bị từ chối: Telegram {len(chats.telegram.refused)}, Zalo {len(chats.zalo.refused)}")


def _run(chats: Chats, messages: int, kills: int) -> None:
    batches = messages // AT_ONCE
    killed = {batches * (kill + 1) // (kills + 1) for kill in range(kills)}
    asked = cycle(_questions())
    lost = doubled = 0
    start = time.monotonic()
    print(f"  lúc đầu: {_told(chats)}", flush=True)
    for batch in range(batches):
        people = range(batch * AT_ONCE, (batch + 1) * AT_ONCE)
        for person, question in zip(people, islice(asked, AT_ONCE), strict=True):
            chats.ask(person, question)
        if batch in killed:
            time.sleep(0.3)  # some are answered, most wait
            chats.kill()
        missing, twice = _outcome(chats, people, was_killed=batch in killed)
        lost, doubled = lost + missing, doubled + twice
        chats.forget()
        if (batch + 1) % max(batches // PARTS, 1) == 0:
            print(f"  {(batch + 1) * AT_ONCE} tin: {_told(chats)}", flush=True)
    seconds = time.monotonic() - start
    print(f"{batches * AT_ONCE} tin trong {seconds:.0f} s, dừng đột ngột {len(killed)} lần: mất {lost}, trùng {doubled}")


def _outcome(chats: Chats, people: range, *, was_killed: bool) -> tuple[int, int]:
    """Wait until everybody is answered; return how many were not, and how many were more than once."""
    end = time.monotonic() + PATIENCE
    while len(chats.answers()) < len(people) and time.monotonic() < end:
        time.sleep(0.02)
    time.sleep(2.0 if was_killed else 0.1)  # what comes twice comes a little later
    return len(people) - len(chats.answers()), chats.doubled()


def _questions() -> list[str]:
    sets = sorted((REPO / "tests/evals").glob("directive_*.yaml"))
    found = [turn.question.strip() for path in sets for case in load_cases(path) for turn in case.turns]
    # What is a command or a choice in one of the channels is not one question with one answer.
    return [question for question in found if len(question) > 5 and not question.startswith("/")]


def _told(chats: Chats) -> str:
    telegram, zalo = chats.memory()
    return f"Telegram {telegram:.0f} MB, Zalo {zalo:.0f} MB"


def _megabytes(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1024


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    main(*(given + [MESSAGES, KILLS][len(given) :]))
