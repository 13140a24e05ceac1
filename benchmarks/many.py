"""A service of many machines while its parts die: ``make bench-many``, or ``python -m benchmarks.many --faults 100``.

Twenty people ask three serving nodes, as behind a proxy that turns to the next node; meanwhile the primary database is killed and its
standby promoted, the bucket goes away, bodies are cut, nodes are killed or stand still, publishers are killed or meet. An
answer is wrong when it is none that any published snapshot gives, or an older one than was published ``FRESH`` seconds before.
Counts wrong, old and failed answers. Wanted: none.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import aiohttp

from benchmarks.many_faults import FAULTS, Trial
from tests.servers.service import FEE, Node, Service

CLIENTS = 20
PATIENCE = 20.0  # seconds until a person goes away
PROXY_PATIENCE = 5.0  # seconds until a proxy turns to the next node
FRESH = 10.0  # seconds after which a new snapshot is served everywhere
PAUSE = 1.0  # seconds between two questions of a person, on average
_FEE = re.compile(r"(\d+)\.000 đồng")
QUESTIONS = (FEE, FEE, FEE, "ai được miễn phí gửi xe", "việc thứ 3 của trường trong tháng 5 là gì", "hạn nộp hồ sơ xin visa là khi nào")


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, with the moments between which it was asked and given; without ``text`` there was none."""

    question: str
    text: str
    asked: float
    given: float


@dataclass(slots=True)
class Crowd:
    """Twenty people who ask all the time, and what they were told."""

    nodes: list[Node]
    told: list[Answered] = field(default_factory=list)
    turned: Counter[str] = field(default_factory=Counter)
    is_over: bool = False

    def run(self) -> None:
        """Ask until it is over."""
        asyncio.run(self._all())

    async def _all(self) -> None:
        limit = aiohttp.ClientTimeout(total=PROXY_PATIENCE)
        async with aiohttp.ClientSession(timeout=limit, connector=aiohttp.TCPConnector(limit=0)) as session:
            await asyncio.gather(*(self._person(session, random.Random(number)) for number in range(CLIENTS)))

    async def _person(self, session: aiohttp.ClientSession, chance: random.Random) -> None:
        while not self.is_over:
            await asyncio.sleep(chance.uniform(0, 2 * PAUSE))
            question, asked = chance.choice(QUESTIONS), time.monotonic()
            text = await self._asked(session, question, asked + PATIENCE, chance)
            self.told.append(Answered(question, text, asked, time.monotonic()))

    async def _asked(self, session: aiohttp.ClientSession, question: str, until: float, chance: random.Random) -> str:
        while time.monotonic() < until:
            for node in chance.sample(self.nodes, len(self.nodes)):
                try:
                    async with session.post(f"{node.url}/api/ask", json={"question": question}) as response:
                        if response.status == 200:
                            return str((await response.json())["answer"])
                        self.turned[str(response.status)] += 1
                except (aiohttp.ClientError, TimeoutError) as error:
                    self.turned[type(error).__name__] += 1
            await asyncio.sleep(0.2)
        return ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the faults; ``times`` are the seconds of each kind, until all was well again."""

    trial: Trial
    crowd: Crowd
    wanted: dict[str, str]
    times: dict[str, list[float]]
    seconds: float

    @property
    def counts(self) -> Counter[str]:
        """How many answers were right, wrong, old, failed."""
        return Counter(wrong(told, self.wanted, self.trial) or "right" for told in self.crowd.told)

    def __str__(self) -> str:
        slow = sorted(told.given - told.asked for told in self.crowd.told)
        served = sorted(self.trial.served_after)
        lines = [
            f"{sum(map(len, self.times.values()))} lần hỏng trong {self.seconds:.0f} s; {len(self.crowd.told)} câu hỏi: "
            + ", ".join(f"{what} {self.counts[what]}" for what in ("right", "wrong", "old", "failed")),
            f"trả lời: giữa {median(slow) * 1000:.0f} ms, p99 {slow[int(len(slow) * 0.99)] * 1000:.0f} ms, lâu nhất {slow[-1]:.1f} s; "
            f"hỏi sang máy khác: {dict(self.crowd.turned)}",
            f"bản mới được mọi máy dùng sau: giữa {median(served):.1f} s, lâu nhất {served[-1]:.1f} s",
            *(f"  {name}: {len(taken)} lần, giữa {median(taken):.1f} s" for name, taken in self.times.items()),
            f"không lành: {dict(self.trial.unhealed) or 'không'}",
        ]
        for told in self.crowd.told:
            if (what := wrong(told, self.wanted, self.trial)) in ("wrong", "old"):
                lines.append(f"  {what}: {told.question!r} {' '.join(told.text.split())[:200]!r}")
        return "\n".join(lines)


def main() -> None:
    """Do what is asked for and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faults", type=int, default=100)
    parser.add_argument("--only", default="", help="one kind of fault, by its name")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    kinds = [fault for fault in FAULTS if chosen.only in ("", fault.__name__)]
    with tempfile.TemporaryDirectory() as folder:
        service = Service(Path(folder))
        try:
            print(tried(service, [kinds[at % len(kinds)] for at in range(chosen.faults)], chosen.seed))
        finally:
            service.close()


def tried(service: Service, faults: list[Callable[[Trial], None]], seed: int) -> Outcome:
    """Let the faults happen one after another while people ask, a fee published after each, and return what came of it."""
    trial, crowd, began = Trial(service, random.Random(seed)), Crowd(service.nodes), time.monotonic()
    trial.written[service.fee] = trial.published[service.fee] = began - FRESH
    wanted = {question: service.nodes[0].ask(question)["answer"] for question in QUESTIONS}
    asking = threading.Thread(target=crowd.run)
    asking.start()
    times: dict[str, list[float]] = {}
    for fault in faults:
        started = time.monotonic()
        fault(trial)
        trial.publish_at_last(fault.__name__)
        trial.follow()
        times.setdefault(fault.__name__, []).append(time.monotonic() - started)
        print(f"  {fault.__name__}: {time.monotonic() - started:.1f} s", file=sys.stderr, flush=True)
    crowd.is_over = True
    asking.join()
    return Outcome(trial, crowd, wanted, times, time.monotonic() - began)


def wrong(told: Answered, wanted: dict[str, str], trial: Trial) -> str:
    """Say what is wrong with an answer: ``failed``, ``wrong``, ``old``; empty where nothing is."""
    if not told.text:
        return "failed"
    if told.question != FEE:
        return "" if told.text == wanted[told.question] else "wrong"
    found = _FEE.search(told.text)
    fee = int(found[1]) if found else 0
    if fee not in trial.written or trial.written[fee] > told.given:
        return "wrong"
    old = any(newer > fee and at + FRESH < told.asked for newer, at in trial.published.items())
    return "old" if old else ""


if __name__ == "__main__":
    main()
