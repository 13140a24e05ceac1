"""The web page and the API under load, and how heavy the page is: ``make bench-web``.

Starts ``tracuu serve`` on a copy of corpus/ in a temporary folder. A hundred clients take turns at the page and at
``POST /api/ask`` for a minute, with two reindexes that change a document in the middle; first as fast as they are
answered, then with a pause between two calls as people make it. Then a browser opens the page as a phone on a slow network.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from playwright.sync_api import sync_playwright

from rag.training.evaluation import load_cases

REPO = Path(__file__).resolve().parent.parent
TRACUU = [sys.executable, "-c", "from bot.cli import main; main()"]
CLIENTS = 100
P95_MS = 150.0
WEIGHT_KB = 45.0
USABLE_S = 1.0
CHROMIUM = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
"""A slow phone network as Lighthouse throttles it: 150 ms, 1.6 Mbit/s down, with a four times slower processor."""


@dataclass(slots=True)
class Load:
    """What the clients met: seconds of each call by path, answers that were no answer."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: {"/": [], "/api/ask": []})
    errors: Counter[str] = field(default_factory=Counter)


def main() -> None:
    """Measure and print everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="of each of the two loads")
    parser.add_argument("--questions", type=int, default=100, help="how many different ones are asked")
    given = parser.parse_args()
    seconds, questions = given.seconds, _questions(given.questions)
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        shutil.copytree(REPO / "corpus", corpus)
        environment = os.environ | {"TRACUU_DATA": f"{folder}/data", "TRACUU_CORPUS": str(corpus), "PYTHONPATH": str(REPO)}
        subprocess.run([*TRACUU, "ingest"], env=environment, check=True, capture_output=True)
        with subprocess.Popen(
            [*TRACUU, "serve", "--port", "0"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as server:
            assert server.stdout
            base = re.search(r"http://\S+", server.stdout.readline()).group()  # type: ignore[union-attr]
            try:
                print(f"{len(questions)} câu hỏi khác nhau")
                for pause, name in ((0.0, "không nghỉ"), (1.0, "nghỉ trung bình 1 giây")):
                    _report(asyncio.run(_hammer(base, questions, seconds, pause, corpus, environment)), name, seconds)
                _weigh(base)
            finally:
                server.terminate()


def _questions(count: int) -> list[str]:
    sets = sorted((REPO / "tests/evals").glob("directive_[ab].yaml"))
    found = dict.fromkeys(turn.question for path in sets for case in load_cases(path) for turn in case.turns)
    return random.Random(1).sample(sorted(found), min(count, len(found)))


async def _hammer(base: str, questions: list[str], seconds: float, pause: float, corpus: Path, environment: dict[str, str]) -> Load:
    load = Load()
    async with aiohttp.ClientSession(base, connector=aiohttp.TCPConnector(limit=CLIENTS)) as session:
        await _until_ready(session)
        end = time.perf_counter() + seconds
        clients = [_client(session, load, questions, end, pause, random.Random(number)) for number in range(CLIENTS)]
        await asyncio.gather(*clients, _reindex_twice(seconds, corpus, environment))
    return load


async def _until_ready(session: aiohttp.ClientSession) -> None:
    for _ in range(100):
        try:
            async with session.get("/readyz") as response:
                if response.status == 200:
                    return
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(0.2)
    raise SystemExit("tracuu serve không sẵn sàng")


async def _client(
    session: aiohttp.ClientSession, load: Load, questions: list[str], end: float, pause: float, chance: random.Random
) -> None:
    await asyncio.sleep(chance.random() * max(pause, 0.5))
    while time.perf_counter() < end:
        path = chance.choice(("/", "/api/ask"))
        started = time.perf_counter()
        try:
            call = session.get(path) if path == "/" else session.post(path, json={"question": chance.choice(questions)})
            async with call as response:
                await response.read()
                if response.status != 200:
                    load.errors[str(response.status)] += 1
        except aiohttp.ClientError as error:
            load.errors[type(error).__name__] += 1
        load.seconds[path].append(time.perf_counter() - started)
        if pause:
            await asyncio.sleep(chance.uniform(0.5, 1.5) * pause)


async def _reindex_twice(seconds: float, corpus: Path, environment: dict[str, str]) -> None:
    for number in (1, 2):
        await asyncio.sleep(seconds / 3)
        added = corpus / f"{time.time_ns()}.txt"
        added.write_text(f"Số: {number}{time.time_ns() % 1000}/KH-ABC\n\nI. Việc cần làm\n\n1. Dọn kho.\n", encoding="utf-8")
        process = await asyncio.create_subprocess_exec(
            *TRACUU, "ingest", env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        assert await process.wait() == 0


def _report(load: Load, name: str, seconds: float) -> None:
    calls = sum(map(len, load.seconds.values()))
    faults = dict(load.errors) or 0
    print(f"{CLIENTS} máy khách, {name}, {seconds:g} giây, 2 lần lập lại chỉ mục: {calls / seconds:.0f} lượt/giây, lỗi {faults}")
    for path, times in load.seconds.items():
        median, p95 = statistics.median(times) * 1000, statistics.quantiles(times, n=20)[-1] * 1000
        print(f"  {path:<10} trung vị {median:6.1f} ms  p95 {p95:6.1f} ms  giới hạn {P95_MS:g} ms  tỉ lệ {p95 / P95_MS:.2f}")


def _weigh(base: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(CHROMIUM))
        page = browser.new_page(viewport={"width": 390, "height": 844})
        client = page.context.new_cdp_session(page)
        client.send("Network.enable")
        client.send("Network.emulateNetworkConditions", SLOW)
        client.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        sent: list[float] = []
        client.on("Network.loadingFinished", lambda event: sent.append(event["encodedDataLength"]))
        page.goto(base, wait_until="load")
        usable = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd") / 1000
        browser.close()
    weight = sum(sent) / 1000
    print(f"Trang đầu: {weight:.1f} kB qua mạng, giới hạn {WEIGHT_KB:g} kB, tỉ lệ {weight / WEIGHT_KB:.2f}")
    print(f"Dùng được sau {usable:.2f} giây trên điện thoại mạng chậm, giới hạn {USABLE_S:g} giây, tỉ lệ {usable / USABLE_S:.2f}")


if __name__ == "__main__":
    main()
