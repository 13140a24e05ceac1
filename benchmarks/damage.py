"""A store that bends: processes killed, files of the index damaged, hostile files read. Run ``make bench-damage``.

Counts lost answers (none, or a fault), wrong answers, tracebacks, and messages that do not name the file. Wanted: 0 of each.
``ONLY='--kills 20 --damages 0 --hostile 0'`` does a part; ``--seed`` goes on with other moments and places. The library
beside the shelf has ``--articles`` (24,000 make a file of over 64 MB).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from benchmarks.hostile_files import hostile_files
from rag.assistant import Assistant
from rag.errors import TracuuError
from rag.index.manifest import problems, read_manifest
from rag.index.published import list_snapshots
from rag.index.snapshot import SnapshotReader
from tests.ingest.office import PARKING, Office, article, circular

ON_THE_SHELF = "phí gửi xe đạp là bao nhiêu"
IN_THE_LIBRARY = "đá cầu ở sân vận động thì mượn cầu của ai"
FEES = ("2.000 đồng", "3.000 đồng")
_WORDS = 900  # of an article

Counts = Counter[str]


def main() -> None:
    """Do what is asked for and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--damages", type=int, default=100)
    parser.add_argument("--hostile", type=int, default=120)
    parser.add_argument("--articles", type=int, default=24_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    chance = random.Random(chosen.seed)
    with tempfile.TemporaryDirectory() as folder:
        for name, times, trial in (("kills", chosen.kills, kills), ("hostile", chosen.hostile, hostile)):
            if times:
                told(name, times, trial(office_in(Path(folder) / name), times, chance))
        if chosen.damages:
            told("damages", chosen.damages, damages(office_in(Path(folder) / "damages"), chosen.damages, chance, chosen.articles))


def told(name: str, times: int, counts: Counts) -> None:
    """Print one line of counts."""
    wanted = ("lost", "wrong", "tracebacks", "unnamed")
    others = {what: count for what, count in counts.items() if what not in wanted}
    print(f"{name:8} {times:4}  " + "  ".join(f"{what} {counts[what]}" for what in wanted) + f"   {others}", flush=True)


def office_in(folder: Path) -> Office:
    """An indexed office with a dozen documents."""
    office = Office(folder)
    office.write("11.txt", PARKING)
    for number in range(11):
        tasks = (f"Việc {n}: Việc thứ {n} của trường trong tháng {number + 1}." for n in range(8))
        office.write(f"v{number}.txt", circular(f"{number + 1}/2023/TT-BGDĐT", *tasks, title="quy định về trực nhật"))
    assert office.run("ingest").returncode == 0
    return office


def seen(counts: Counts, what: str, detail: str) -> None:
    """Count something that is not as it should be, and show it."""
    counts[what] += 1
    print(f"  {what}: {' '.join(detail.split())[:300]}", file=sys.stderr, flush=True)


# --- kills ---


def kills(office: Office, times: int, chance: random.Random) -> Counts:
    """Kill ingest, add and remove at moments spread over their work; then the old or the new answer stands, and all is whole."""
    counts: Counts = Counter()
    extra = office.corpus.parent / "99-2022.txt"
    extra.write_text(circular("99/2022/TT-BGDĐT", "Việc: Trực nhật buổi sáng."), encoding="utf-8")
    work: list[tuple[str, ...]] = [("ingest",), ("add", str(extra), "--yes"), ("remove", "99/2022/TT-BGDĐT")]
    started = time.monotonic()
    office.run("add", extra, "--yes")
    longest = (time.monotonic() - started) * 1.1
    for turn in range(times):
        office.write("11.txt", PARKING.replace("2.000", chance.choice(["2.000", "3.000"])).replace("một ngày", f"một ngày, lần {turn}"))
        killed = office.start(*work[turn % 3])
        time.sleep(chance.uniform(0, longest))
        if killed.poll() is None:
            os.killpg(killed.pid, signal.SIGKILL)
        counts["ended before"] += killed.returncode is not None
        if "Traceback" in killed.communicate()[1]:
            seen(counts, "tracebacks", str(killed.args))
        try:
            answer = Assistant(office.data).ask(ON_THE_SHELF)
            info = SnapshotReader(office.data).get().info
        except TracuuError as error:
            seen(counts, "lost", str(error))
            continue
        if not any(fee in answer.text for fee in FEES):
            seen(counts, "wrong", answer.text)
        for line in [*problems(info, checksums=True), *(path.name for path in office.corpus.iterdir() if not path.stat().st_size)]:
            seen(counts, "wrong", line)
    return counts


# --- damages ---


def flip(file: Path, chance: random.Random) -> None:
    """Turn over one bit."""
    with file.open("r+b") as opened:
        at = chance.randrange(max(file.stat().st_size, 1))
        opened.seek(at)
        byte = opened.read(1) or b"\0"
        opened.seek(at)
        opened.write(bytes([byte[0] ^ (1 << chance.randrange(8))]))


def overwrite(file: Path, chance: random.Random) -> None:
    """Put noise in the place of some kilobytes."""
    size = file.stat().st_size
    with file.open("r+b") as opened:
        opened.seek(chance.randrange(max(size, 1)))
        opened.write(chance.randbytes(max(1, min(8192, size - opened.tell()))))


def cut(file: Path, chance: random.Random) -> None:
    """Cut the end off."""
    os.truncate(file, chance.randrange(max(file.stat().st_size, 1)))


def delete(file: Path, _chance: random.Random) -> None:
    """Take the file away."""
    file.unlink()


def obstruct(file: Path, _chance: random.Random) -> None:
    """Put a folder in its place."""
    file.unlink()
    file.mkdir()


def damages(office: Office, times: int, chance: random.Random, articles: int) -> Counts:
    """Damage one file of the newest snapshot at a time; the one before answers the same, and the check names the file."""
    counts: Counts = Counter()
    library = office.corpus.parent / "thư viện.jsonl"
    library.write_text("".join(_articles(articles, chance)), encoding="utf-8")
    ingested = subprocess.run(
        [sys.executable, "-c", "from bot.cli import main; main()", "ingest", str(library)], env=office.environment, check=False
    )
    assert ingested.returncode == 0
    office.write("v0.txt", circular("1/2023/TT-BGDĐT", "Việc: Việc mới."))
    assert subprocess.run([*ingested.args[:4]], env=office.environment, check=False).returncode == 0
    newest = list_snapshots(office.data)[0]
    files = sorted(
        (path for path in newest.path.rglob("*") if path.is_file() and path.name != "checked.json"), key=lambda f: -f.stat().st_size
    )
    counts["largest file, MB"] = files[0].stat().st_size // 1_000_000
    counts["snapshot, MB"] = newest.size // 1_000_000
    wanted = _asked(office)
    assert all(answer["status"] == "answered" for answer in wanted[1]), wanted
    ways: list[Callable[[Path, random.Random], None]] = [flip, flip, overwrite, cut, delete, obstruct]
    for turn in range(times):
        file = files[0] if turn % 3 == 0 else chance.choice(files)
        whole = office.corpus.parent / "whole"
        shutil.copy2(file, whole)
        way = chance.choice(ways) if file.stat().st_size else delete
        way(file, chance)
        name = file.relative_to(newest.path).as_posix()
        code, answers, errors = _asked(office)
        what = f"{way.__name__} {name}: {errors or answers}"
        if code or len(answers) < len(wanted[1]):
            seen(counts, "lost", what)
        elif [_essence(answer) for answer in answers] != [_essence(answer) for answer in wanted[1]]:
            seen(counts, "wrong", what)
        if "Traceback" in errors:
            seen(counts, "tracebacks", what)
        if not any(name in " ".join(answer["notes"]) for answer in answers):
            counts["met only by verify"] += 1
        try:
            found = problems(read_manifest(newest.path), checksums=True)
        except TracuuError as error:
            found = [str(error)]
        if not any(file.name in line for line in found):
            seen(counts, "unnamed", f"{what}: {found}")
        if file.is_dir():
            file.rmdir()
        shutil.copy2(whole, file)
    return counts


def _asked(office: Office) -> tuple[int, list[dict[str, object]], str]:
    questions = f"{ON_THE_SHELF}\n{IN_THE_LIBRARY}\n"
    command = [sys.executable, "-c", "from bot.cli import main; main()", "ask", "--json"]
    done = subprocess.run(command, input=questions, env=office.environment, capture_output=True, encoding="utf-8", timeout=300, check=False)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def _essence(answer: dict[str, object]) -> object:
    return answer["status"], answer["answer"], answer["citations"]


def _articles(count: int, chance: random.Random) -> list[str]:
    syllables = [
        a + b for a in ("b", "ch", "d", "g", "kh", "l", "m", "ng", "ph", "qu", "tr", "v") for b in ("a", "iê", "o", "ư", "ân", "ơi")
    ]
    lines = [article("7/2019/QH14", 1, "Đá cầu", "Người đá cầu ở sân vận động mượn cầu của ông thủ kho sân vận động.")]
    for number in range(count):
        text = " ".join(chance.choice(syllables) + (str(chance.randrange(99_999)) if chance.random() < 0.2 else "") for _ in range(_WORDS))
        lines.append(article(f"{1 + number // 400}/2018/QH14", 1 + number % 400, chance.choice(syllables), text))
    return lines


# --- hostile files ---


def hostile(office: Office, times: int, chance: random.Random) -> Counts:
    """Put files that mean harm into the corpus; they are named with a reason or read, and the others still answer."""
    counts: Counts = Counter()
    made = {f"{number:03}-{name}": content for number, (name, content) in zip(range(times), hostile_files(chance), strict=False)}
    for name, content in made.items():
        (office.corpus / name).write_bytes(content)
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", "from bot.cli import main; main()", "ingest"],
        env=office.environment, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    counts["seconds"] = round(time.monotonic() - started)
    if "Traceback" in done.stderr:
        seen(counts, "tracebacks", done.stderr)
    if done.returncode not in (0, 1):
        seen(counts, "lost", done.stderr)
    told_of = dict(line.strip().removeprefix("- ").split(": ", 1) for line in done.stdout.splitlines() if line.strip().startswith("- "))
    read = {document.source for document in SnapshotReader(office.data).get().store.documents() if document.present}
    for name in made:
        if name not in told_of and name not in read:
            seen(counts, "unnamed", name)
        elif "lỗi trong chương trình" in told_of.get(name, ""):
            seen(counts, "tracebacks", f"{name}: {told_of[name]}")
        counts["refused"] += name in told_of
    answer = Assistant(office.data).ask(ON_THE_SHELF)
    if not any(fee in answer.text for fee in FEES):
        seen(counts, "wrong", answer.text)
    return counts


if __name__ == "__main__":
    main()
