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
import signal
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

from tests.servers.service import FEE, Node, Service

CLIENTS = 20
PATIENCE = 20.0  # seconds until a person goes away
PROXY_PATIENCE = 5.0  # seconds until a proxy turns to the next node
FRESH = 10.0  # seconds after which a new snapshot is served everywhere
PAUSE = 1.0  # seconds between two questions of a person, on average
RECOVERY = 90.0
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


@dataclass(slots=True)
class Trial:
    """A service, those who ask it, and when which fee was written and published."""

    service: Service
    chance: random.Random
    written: dict[int, float] = field(default_factory=dict)
    published: dict[int, float] = field(default_factory=dict)
    served_after: list[float] = field(default_factory=list)
    unhealed: Counter[str] = field(default_factory=Counter)

    def publish(self) -> bool:
        """Publish another fee; say whether it succeeded."""
        self.write()
        done = self.service.office.run("ingest")
        if done.returncode == 0:
            self.published[self.service.fee] = time.monotonic()
        elif "Traceback" in done.stderr:
            self.unhealed["traceback"] += 1
            print(done.stderr[-2000:], file=sys.stderr)
        return done.returncode == 0

    def write(self) -> None:
        """Write another fee into the corpus."""
        self.service.next_fee()
        self.written[self.service.fee] = time.monotonic()

    def follow(self) -> None:
        """Wait until all nodes say the newest fee, and note how long that took."""
        since = self.published[max(self.published)]
        end = time.monotonic() + RECOVERY
        behind = list(self.service.nodes)
        while behind and time.monotonic() < end:
            behind = [node for node in behind if f"{max(self.published)}.000 đồng" not in _said(node)]
            time.sleep(0.2)
        if behind:
            self.unhealed["node stayed behind"] += len(behind)
            print(behind[0].log[-2000:], file=sys.stderr)
        self.served_after.append(time.monotonic() - since)

    def publish_at_last(self, after: str) -> None:
        """Publish another fee; once more where that failed."""
        if not self.publish():
            time.sleep(2)
            if not self.publish():
                self.unhealed["could not publish after " + after] += 1

    # --- what goes wrong ---

    def nothing(self) -> None:
        """A fee is published, and nothing goes wrong."""

    def primary_dies(self) -> None:
        """The primary database is killed, its standby promoted."""
        self.service.fail_over()

    def database_stands_still(self) -> None:
        """The database says nothing for a while."""
        self.service.primary.pause(True)
        time.sleep(self.chance.uniform(1, 8))
        self.service.primary.pause(False)

    def bucket_goes_away(self) -> None:
        """The bucket refuses every connection."""
        self.service.wire.refusing = True
        time.sleep(60 if self.chance.random() < 0.1 else self.chance.uniform(2, 10))
        self.service.wire.heal()

    def bucket_says_nothing(self) -> None:
        """The bucket takes connections and does not answer."""
        self.service.wire.silent = True
        time.sleep(self.chance.uniform(2, 10))
        self.service.wire.heal()

    def bodies_are_cut(self) -> None:
        """What the bucket sends ends in the middle, while a new snapshot is fetched."""
        publishing = threading.Thread(target=self.publish)
        publishing.start()
        time.sleep(self.chance.uniform(0, 3))
        self.service.wire.cut_after = self.chance.randrange(100, 60_000)
        publishing.join()
        time.sleep(self.chance.uniform(1, 4))
        self.service.wire.heal()

    def node_dies(self) -> None:
        """A node is killed and comes back; sometimes on a new disk."""
        node = self.chance.choice(self.service.nodes)
        node.kill()
        if self.chance.random() < 0.3:
            for path in sorted(node.folder.rglob("*"), reverse=True):
                path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
        node.start()
        node.wait()

    def node_stands_still(self) -> None:
        """A node does nothing for a while."""
        node = self.chance.choice(self.service.nodes)
        node.send(signal.SIGSTOP)
        time.sleep(self.chance.uniform(1, 8))
        node.send(signal.SIGCONT)

    def publisher_dies(self) -> None:
        """A publisher is killed in the middle of its work."""
        self.write()
        killed = self.service.office.start("ingest")
        time.sleep(self.chance.uniform(0.3, 6))
        killed_at_work = killed.poll() is None
        if killed_at_work:
            killed.send_signal(signal.SIGKILL)
        killed.communicate()
        if not killed_at_work and killed.returncode == 0:
            self.published[self.service.fee] = time.monotonic()

    def publishers_meet(self) -> None:
        """Two machines publish at once: one is first, the other told, or after it."""
        other = self.service.second_office()
        self.write()
        (other.corpus / "11.txt").write_bytes((self.service.office.corpus / "11.txt").read_bytes())
        both = [office.start("ingest") for office in (self.service.office, other)]
        for one in both:
            said = one.communicate()[1]
            if "Traceback" in said:
                self.unhealed["traceback"] += 1
                print(said[-2000:], file=sys.stderr)
        if not any(one.returncode == 0 for one in both):
            self.unhealed["no publisher came through"] += 1
            return
        self.published[self.service.fee] = time.monotonic()


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


FAULTS: tuple[Callable[[Trial], None], ...] = (
    *(Trial.nothing, Trial.primary_dies, Trial.database_stands_still, Trial.bucket_goes_away, Trial.bucket_says_nothing),
    *(Trial.bodies_are_cut, Trial.node_dies, Trial.node_stands_still, Trial.publisher_dies, Trial.publishers_meet),
)


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


def _said(node: Node) -> str:
    try:
        return str(node.ask(FEE)["answer"])
    except Exception:  # whatever it is, it does not say the fee yet
        return ""


if __name__ == "__main__":
    main()
