"""Times and memory against their limits: ``make bench``.

Ingests corpus/ into a temporary folder and asks every question of tests/evals/directive_*.yaml, as typed and without
diacritics. Prints one line a measure: what was measured, the limit, and the ratio of the two.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rag.assistant import Assistant
from rag.documents import Provision
from rag.language.text import strip_marks
from rag.training.evaluation import ExpectedTurn, load_cases

REPO = Path(__file__).resolve().parent.parent
TRACUU = [sys.executable, "-c", "from bot.cli import main; main()"]
LIMITS = {
    "Trả lời, trung vị": (10.0, "ms"),
    "Trả lời, p95": (30.0, "ms"),
    "Chạy nguội `tracuu ask`": (3.0, "s"),
    "Nạp corpus/": (10.0, "s"),
    "Bộ nhớ của tiến trình phục vụ": (300.0, "MB"),
    "Mở bộ mã hóa trong tiến trình mới": (0.3, "s"),
    "Mã hóa 1.000 đoạn, một nhân": (1 / 3, "s"),
}
COLD_RUNS = 5
_ENCODER = """
import sys, time
start = time.perf_counter()
from rag.finding.encoder import open_encoder
encoder = open_encoder(None)
opened = time.perf_counter() - start
passages = sys.stdin.read().split("\\0")
start = time.perf_counter()
encoder.encode_passages(passages)
print(opened, (time.perf_counter() - start) / len(passages) * 1000)
"""


def main() -> None:
    """Measure and print everything."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        environment = os.environ | {"TRACUU_DATA": folder, "TRACUU_CORPUS": str(REPO / "corpus")}
        ingesting = _seconds_of([*TRACUU, "ingest"], environment)
        questions = _questions()
        answering = _answer_times(data, questions)
        measured = [
            statistics.median(answering) * 1000,
            statistics.quantiles(answering, n=20)[-1] * 1000,
            statistics.median(_seconds_of([*TRACUU, "ask", questions[0]], environment) for _ in range(COLD_RUNS)),
            ingesting,
            _serving_memory(environment, questions),
            *_encoder_times(data),
        ]
    print(f"{len(questions)} câu hỏi, có dấu và không dấu")
    for (name, (limit, unit)), value in zip(LIMITS.items(), measured, strict=True):
        print(f"{name:<32}{value:8.2f} {unit:<3} giới hạn {limit:g} {unit:<3} tỉ lệ {value / limit:.2f}")


def _questions() -> list[str]:
    sets = sorted((REPO / "tests/evals").glob("directive_*.yaml"))
    turns: list[ExpectedTurn] = [turn for path in sets for case in load_cases(path) for turn in case.turns]
    return [question for turn in turns for question in (turn.question, strip_marks(turn.question))]


def _seconds_of(command: list[str], environment: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return time.perf_counter() - start


def _answer_times(data: Path, questions: list[str]) -> list[float]:
    """Return the seconds of each answer, once every part is loaded."""
    assistant = Assistant(data)
    assistant.ask(questions[0])
    times = []
    for question in questions:
        start = time.perf_counter()
        assistant.ask(question)
        times.append(time.perf_counter() - start)
    return times


def _encoder_times(data: Path) -> tuple[float, float]:
    """Return the seconds to open the encoder that ships, and to encode a thousand passages of the corpus (medians)."""
    store = Assistant(data).snapshot.store
    texts = [provision.whole_text for provision in store.provisions(range(store.count(Provision))).values() if provision.text]
    given = "\0".join(texts * 20)
    environment = os.environ | dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    runs = [
        subprocess.run([sys.executable, "-c", _ENCODER], input=given, env=environment, check=True, capture_output=True, text=True).stdout
        for _ in range(COLD_RUNS)
    ]
    opened, encoded = zip(*(map(float, run.split()) for run in runs), strict=True)
    return statistics.median(opened), statistics.median(encoded)


def _serving_memory(environment: dict[str, str], questions: list[str]) -> float:
    """Return the megabytes that a process holds after answering every question (Linux)."""
    process = subprocess.Popen([*TRACUU, "ask", "--json"], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin and process.stdout
    for question in questions:
        print(question, file=process.stdin, flush=True)
        json.loads(process.stdout.readline())
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    process.communicate()
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    return int(kilobytes) / 1024


if __name__ == "__main__":
    main()
