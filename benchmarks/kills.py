"""The Telegram bot killed while many wait: ``make bench-kills``, or ``.venv/bin/python benchmarks/kills.py [messages] [kills]``.

Starts the real bot against the Bot API simulator of the tests, with the index of corpus/. Everybody asks one question of the
test sets; meanwhile the bot is killed (``kill -9``) and started again, without rest. An answer is right when it says what
``Assistant.ask`` says to the same question.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPO))

from bot.messenger.answers import shown  # noqa: E402
from bot.messenger.runs import words_in  # noqa: E402
from rag.assistant import Assistant  # noqa: E402
from rag.training.evaluation import load_cases  # noqa: E402
from tests.bot.telegram_bot import BotProcess  # noqa: E402
from tests.bot.telegram_server import TelegramServer  # noqa: E402

MESSAGES, KILLS = 600, 10
LIVES = 1.5  # seconds between a start and the next kill
TODAY = date(2026, 1, 3)
PATIENCE = 180.0


def main() -> None:
    """Measure and print everything."""
    messages, kills = (int(sys.argv[at]) if len(sys.argv) > at else given for at, given in ((1, MESSAGES), (2, KILLS)))
    questions = _questions()[:messages]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "-c", "from bot.cli import main; main()", "ingest"],
            env={"TRACUU_DATA": folder, "TRACUU_CORPUS": str(REPO / "corpus"), "PYTHONPATH": str(REPO)},
            check=True,
            capture_output=True,
        )
        wanted = _wanted(folder, questions)
        server = TelegramServer()
        bot = BotProcess(server, Path(folder), TRACUU_WORKERS="2")
        people = {1000 + at: question for at, question in enumerate(questions)}
        began = time.monotonic()
        for person, question in people.items():
            server.says(person, question)
        for _ in range(kills):
            time.sleep(LIVES)
            bot.kill()
            bot.start()
        end = time.monotonic() + PATIENCE
        while {sent.chat for sent in list(server.sent)} < set(people) and time.monotonic() < end:
            time.sleep(0.1)
        time.sleep(2)
        seconds = time.monotonic() - began
        bot.stop()
        server.close()
        said = {person: "".join(sent.text for sent in server.to(person)) for person in people}
    for person, question in people.items():
        if not _same(said[person], wanted[question]):
            print(f"  khác: {question!r}\n    nói {said[person][:300]!r}\n    chờ {wanted[question][:300]!r}")
    right = sum(_same(said[person], wanted[question]) for person, question in people.items())
    lost = sum(not text for text in said.values())
    print(f"{len(people)} tin, {kills} lần kill -9, {seconds:.0f} s: {right} câu trả lời đúng như Assistant.ask, mất {lost}")


def _questions() -> list[str]:
    sets = sorted((REPO / "tests/evals").glob("directive_*.yaml"))
    found = [case.turns[0].question for path in sets for case in load_cases(path)]
    return list(dict.fromkeys(question for question in found if any(map(str.isalnum, question)) and not question.startswith("/")))


def _wanted(folder: str, questions: list[str]) -> dict[str, str]:
    assistant = Assistant(Path(folder), today=TODAY)
    return {question: words_in(shown(assistant.ask(question), "1")[0]) for question in questions}


def _same(said: str, wanted: str) -> bool:
    """Say whether the whole was said, once; offers name a heading besides, which only the channel knows."""
    return "".join(said.split()) == "".join(wanted.split()) or (said[:60] == wanted[:60] and len(said) < 2 * len(wanted))


if __name__ == "__main__":
    main()
