"""The Telegram bot under load: ``make bench-telegram``, or ``.venv/bin/python benchmarks/telegram.py [messages]``.

Starts the real bot against the Bot API simulator of the tests, with the index of corpus/ and without the limiter's waits.
First 200 people ask at the same moment, several rounds: each something else, then 20 questions among them. Then people
ask one after the other (20,000 messages unless said otherwise), while the bot's memory is read.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPO))

from rag.training.evaluation import load_cases  # noqa: E402
from tests.bot.telegram_bot import BotProcess  # noqa: E402
from tests.bot.telegram_server import TelegramServer  # noqa: E402

PEOPLE = 200
COMMON = 20
ROUNDS = 5
MESSAGES = 20_000
AT_ONCE = 50
PARTS = 10
LIMIT = 1.0  # seconds


def main() -> None:
    """Measure and print everything."""
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES
    questions = _questions()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "-c", "from bot.cli import main; main()", "ingest"],
            env={"TRACUU_DATA": folder, "TRACUU_CORPUS": str(REPO / "corpus"), "PYTHONPATH": str(REPO)},
            check=True,
            capture_output=True,
        )
        server = TelegramServer()
        server.keep_calls = False
        bot = BotProcess(server, Path(folder), TRACUU_QUESTIONS_PER_MINUTE="1000000", TRACUU_WORKERS="2")
        try:
            _burst(server, questions[:PEOPLE])  # every part is loaded
            before = _cpu(bot)
            rounds = [_burst(server, questions[start : start + PEOPLE]) for start in range(PEOPLE, (ROUNDS + 1) * PEOPLE, PEOPLE)]
            _print_bursts("câu khác nhau", rounds)
            own, workers = [(now - then) / PEOPLE / ROUNDS * 1000 for then, now in zip(before, _cpu(bot), strict=True)]
            print(f"  bộ xử lý mỗi câu: {own:.1f} ms nghe và gửi, {workers:.1f} ms trả lời")
            again = [(questions[start : start + COMMON] * (PEOPLE // COMMON)) for start in range(1000, 1000 + ROUNDS * COMMON, COMMON)]
            _print_bursts(f"câu, trong đó {COMMON} câu khác nhau", [_burst(server, asked) for asked in again])
            _long_run(server, bot, questions, messages)
        finally:
            bot.stop()
            server.close()
        print(f"Lỗi trong log: {sum(' ERROR ' in line for line in bot.log.splitlines())}; Telegram từ chối: {len(server.refused)}")


def _questions() -> list[str]:
    sets = sorted((REPO / "tests/evals").glob("directive_*.yaml"))
    found = [turn.question for path in sets for case in load_cases(path) for turn in case.turns]
    return [question for question in found if question.strip() and not question.startswith("/")]


def _burst(server: TelegramServer, questions: list[str]) -> tuple[list[float], int, int]:
    """Everybody asks at once; return the seconds from each update to its answer, and how many were lost and doubled."""
    server.forget()
    first = 1000
    ids = {first + number: server.says(first + number, question) for number, question in enumerate(questions)}
    answered = _answered(server, len(questions))
    seconds = [answered[person] - server.delivered[id] for person, id in ids.items() if person in answered]
    return seconds, len(questions) - len(answered), _doubled(server)


def _answered(server: TelegramServer, count: int) -> dict[int, float]:
    """Wait for everybody's answer and a little longer; return when the first message of each came."""
    end = time.monotonic() + 60
    while len({sent.chat for sent in list(server.sent)}) < count and time.monotonic() < end:
        time.sleep(0.01)
    time.sleep(0.5)
    first: dict[int, float] = {}
    for sent in list(server.sent):
        first.setdefault(sent.chat, sent.at)
    return first


def _doubled(server: TelegramServer) -> int:
    said = [(sent.chat, sent.text) for sent in list(server.sent)]
    return len(said) - len(set(said))


def _print_bursts(what: str, rounds: list[tuple[list[float], int, int]]) -> None:
    p95 = [statistics.quantiles(seconds, n=20)[-1] for seconds, _, _ in rounds]
    medians = [statistics.median(seconds) for seconds, _, _ in rounds]
    print(f"{PEOPLE} người hỏi cùng lúc, {len(rounds)} lượt (mỗi lượt {PEOPLE} {what})")
    each = ", ".join(f"{x:.2f}" for x in p95)
    print(f"  trung vị {statistics.median(medians):.2f} s, p95 {statistics.median(p95):.2f} s (từng lượt {each})")
    print(f"  giới hạn p95 {LIMIT:g} s, tỉ lệ {statistics.median(p95) / LIMIT:.2f}")
    print(f"  mất {sum(lost for _, lost, _ in rounds)}, trùng {sum(doubled for _, _, doubled in rounds)}")


def _long_run(server: TelegramServer, bot: BotProcess, questions: list[str], messages: int) -> None:
    start, lost = time.monotonic(), 0
    memory = [_megabytes(bot)]
    for part in range(PARTS):
        for batch in range(messages // PARTS // AT_ONCE):
            server.forget()
            offset = (part * 7919 + batch) * AT_ONCE
            waiting = set()
            for person in range(AT_ONCE):
                server.says(number := 5000 + (offset + person) % 2000, questions[(offset + person) % len(questions)])
                waiting.add(number)
            end = time.monotonic() + 30
            while (missing := waiting - {sent.chat for sent in list(server.sent)}) and time.monotonic() < end:
                time.sleep(0.005)
            lost += len(missing)
        memory.append(_megabytes(bot))
        print(f"  {(part + 1) * messages // PARTS} tin: {memory[-1]:.0f} MB", flush=True)
    seconds = time.monotonic() - start
    print(f"{messages} tin nhắn trong {seconds:.0f} s ({messages / seconds:.0f} tin/s), mất {lost}")
    print(f"  bộ nhớ, MB, sau mỗi phần mười: {', '.join(f'{each:.0f}' for each in memory)}")


def _cpu(bot: BotProcess) -> tuple[float, float]:
    """Return the seconds of processor time that the bot's own process and its workers have had (Linux)."""
    workers = Path(f"/proc/{bot.process.pid}/task/{bot.process.pid}/children").read_text(encoding="utf-8").split()
    own, *others = [_seconds(id) for id in [str(bot.process.pid), *workers]]
    return own, sum(others)


def _seconds(process: str) -> float:
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _megabytes(bot: BotProcess) -> float:
    status = Path(f"/proc/{bot.process.pid}/status").read_text(encoding="utf-8")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1024


if __name__ == "__main__":
    main()
