"""Several bots of one kind while their parts die: ``make bench-many-bots``, or ``python -m benchmarks.many_bots --faults 100``.

``tracuu telegram`` runs as on machines of their own, over a PostgreSQL with a standby, against the Bot API simulator of the tests.
Round after round, people ask three questions each, and in the middle of it something goes wrong: a bot is killed, stands still or
is cut off from the database, the primary is killed and its standby promoted, the database stands still, Telegram fails. Everybody
has to be told what is told in calm, once and in order. Counts what was lost, doubled, out of order, or another answer.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.bot.many_bots import Team
from tests.bot.telegram_server import Fault, TelegramServer

REPO = Path(__file__).resolve().parent.parent
PEOPLE = 30
PATIENCE = 120.0  # seconds until what was not said counts as lost
CALM = 1.5  # seconds in which what is said twice would come
ROOM = {"TRACUU_QUESTIONS_PER_MINUTE": "1000000", "TRACUU_TELEGRAM_PER_SECOND": "30"}
QUESTIONS = (
    "bao giờ nộp báo cáo sơ kết học kì 1?",
    "liên hệ ai về thống kê giáo dục?",
    "/han",
    "giá vàng hôm nay bao nhiêu một lượng?",
    "/vanban",
    "/trogiup",
)


@dataclass(slots=True)
class Trial:
    """The bots, those who ask them, and what they were told."""

    team: Team
    chance: random.Random
    people: int = PEOPLE
    told: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    wanted: dict[tuple[str, ...], list[str]] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)
    _next: int = 1000

    def learn(self) -> None:
        """Ask in calm, each in turn of the orders in which they will be asked."""
        for _ in range(6):
            asked = tuple(self.chance.sample(QUESTIONS, 3))
            person = self._newcomer()
            for question in asked:
                self.team.telegram.answer_to(person, question)
            time.sleep(0.2)
            self.wanted[asked] = self._said(person)

    def round(self, fault: Callable[[Trial], None]) -> None:
        """Let everybody ask, let something go wrong in the middle, and judge what they were told."""
        telegram, began = self.team.telegram, time.monotonic()
        asked = {self._newcomer(): self.chance.choice(list(self.wanted)) for _ in range(self.people)}
        for turn in range(3):
            for person, questions in asked.items():
                telegram.says(person, questions[turn])
        time.sleep(self.chance.uniform(0, 1.5))
        fault(self)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and any(len(self._said(person)) < len(self.wanted[what]) for person, what in asked.items()):
            time.sleep(0.05)
        self.seconds.setdefault(fault.__name__, []).append(time.monotonic() - began)
        time.sleep(CALM)
        for person, what in asked.items():
            self._judge(self._said(person), self.wanted[what], fault.__name__)
        telegram.faults.clear()
        telegram.forget()

    def _judge(self, said: list[str], wanted: list[str], fault: str) -> None:
        lost, more = Counter(wanted) - Counter(said), Counter(said) - Counter(wanted)
        doubled = Counter({text: count for text, count in more.items() if text in wanted})
        self.told["said"] += len(said)
        self.told["lost"] += lost.total()
        self.told["doubled"] += doubled.total()
        self.told["others"] += (more - doubled).total()
        self.told["out of order"] += said != wanted and not lost and not more
        if said != wanted:
            self.examples.append(f"  {fault}: {[text[:50] for text in said]} thay vì {[text[:50] for text in wanted]}")

    def _newcomer(self) -> int:
        self._next += 1
        return self._next

    def _said(self, person: int) -> list[str]:
        return [sent.text for sent in self.team.telegram.to(person)]

    # --- what goes wrong ---

    def nothing(self) -> None:
        """Nothing."""

    def leader_dies(self) -> None:
        """The bot that polls and sends is killed, and started again a little later."""
        bot = self.team.leader
        bot.kill()
        time.sleep(self.chance.uniform(0, 3))
        bot.start()

    def bot_dies(self) -> None:
        """Some bot is killed and started again at once."""
        bot = self.chance.choice(self.team.bots)
        bot.kill()
        bot.start()

    def leader_stands_still(self) -> None:
        """The bot that leads does nothing for a while, and then goes on where it was."""
        bot = self.team.leader
        bot.process.send_signal(signal.SIGSTOP)
        time.sleep(self.chance.uniform(2, 15))
        bot.process.send_signal(signal.SIGCONT)

    def leader_is_cut_off(self) -> None:
        """The bot that leads hears nothing of the database, or is refused, for a while."""
        wires = self.team.wires[self.team.bots.index(self.team.leader)]
        kind = self.chance.choice(["silent", "refusing"])
        for wire in wires:
            setattr(wire, kind, True)
        time.sleep(self.chance.uniform(2, 15))
        for wire in wires:
            wire.heal()

    def primary_dies(self) -> None:
        """The primary database is killed, its standby promoted."""
        self.team.fail_over()

    def database_stands_still(self) -> None:
        """The database says nothing for a while."""
        self.team.primary.pause(True)
        time.sleep(self.chance.uniform(1, 8))
        self.team.primary.pause(False)

    def telegram_fails(self) -> None:
        """Telegram refuses, asks to wait and cuts connections."""
        kinds = self.chance.choices(["500", "429", "reset", "502"], k=12)
        self.team.telegram.faults += [Fault("sendMessage", kind, skip=self.chance.randrange(20)) for kind in kinds]
        self.team.telegram.faults += [Fault("getUpdates", "502")]


FAULTS: tuple[Callable[[Trial], None], ...] = (
    *(Trial.leader_dies, Trial.primary_dies, Trial.bot_dies, Trial.leader_stands_still),
    *(Trial.leader_is_cut_off, Trial.database_stands_still, Trial.telegram_fails),
)


def tried(trial: Trial, faults: list[Callable[[Trial], None]]) -> None:
    """Let the faults happen one after another."""
    trial.learn()
    for number, fault in enumerate(faults, 1):
        trial.round(fault)
        print(f"  {number} {fault.__name__}: {trial.seconds[fault.__name__][-1]:.1f} s, {dict(trial.told)}", file=sys.stderr, flush=True)


def main() -> None:
    """Do what is asked for and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faults", type=int, default=100)
    parser.add_argument("--bots", type=int, default=2)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--only", default="", help="one kind of fault, by its name")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    kinds = [fault for fault in FAULTS if chosen.only in ("", fault.__name__)]
    with tempfile.TemporaryDirectory() as folder:
        index, telegram = Path(folder) / "index", TelegramServer()
        telegram.keep_calls = False
        environment = {"TRACUU_DATA": str(index), "TRACUU_CORPUS": str(REPO / "corpus"), "PYTHONPATH": str(REPO)}
        command = [sys.executable, "-c", "from bot.cli import main; main()", "ingest"]
        subprocess.run(command, env=environment, check=True, capture_output=True)
        team = Team(telegram, index, Path(folder), chosen.bots, TRACUU_ENCODER="off", **ROOM)
        trial, began = Trial(team, random.Random(chosen.seed), chosen.people), time.monotonic()
        try:
            tried(trial, [kinds[at % len(kinds)] for at in range(chosen.faults)])
        finally:
            codes = team.close()
            telegram.close()
        print(told(trial, chosen.faults, time.monotonic() - began))
        print(f"bot dừng với mã {codes}; dòng lỗi trong log: {[bot.log.count(' ERROR ') for bot in team.bots]}")


def told(trial: Trial, faults: int, seconds: float) -> str:
    """Return what came of it."""
    lines = [
        f"{faults} lần hỏng trong {seconds:.0f} s, {trial.told['said']} tin trả lời: "
        + ", ".join(f"{what} {trial.told[what]}" for what in ("lost", "doubled", "out of order", "others")),
        *(f"  {name}: {len(taken)} lần, giữa {median(taken):.1f} s, lâu nhất {max(taken):.1f} s" for name, taken in trial.seconds.items()),
        *trial.examples[:10],
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
