"""What goes wrong in a service of many machines, for ``benchmarks.many``."""

from __future__ import annotations

import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.servers.service import FEE, Node, Service

RECOVERY = 90.0  # seconds at most until all is well again


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


FAULTS: tuple[Callable[[Trial], None], ...] = (
    *(Trial.nothing, Trial.primary_dies, Trial.database_stands_still, Trial.bucket_goes_away, Trial.bucket_says_nothing),
    *(Trial.bodies_are_cut, Trial.node_dies, Trial.node_stands_still, Trial.publisher_dies, Trial.publishers_meet),
)


def _said(node: Node) -> str:
    try:
        return str(node.ask(FEE)["answer"])
    except Exception:  # whatever it is, it does not say the fee yet
        return ""
