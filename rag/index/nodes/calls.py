"""Asking search nodes over HTTP: one replica of each shard, all shards at once, and another replica where one is slow or fails."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import lru_cache
from hashlib import sha256
from threading import Lock
from urllib.parse import urlsplit

import urllib3

from rag.errors import LibraryUnavailable, SettingError
from rag.index.nodes.wire import Garbled, Message, packed, unpacked

_LOG = logging.getLogger(__name__)
KEY = "X-Tracuu-Node-Key"
SNAPSHOT = "X-Tracuu-Snapshot"
_CONNECTED, _ANSWERED = 1.0, 5.0  # seconds at most
_SLOW_AT_FIRST, _QUICKEST, _SLOWEST = 0.15, 0.05, 1.0  # seconds until another replica is asked too
_REMEMBERED = 100  # answers of a replica, by whose times slow is told
_SLOW = 2  # times as long as nineteen of twenty answers take
_REST = 5.0  # seconds for which a replica that failed is asked last
_CALLS = 128  # at once
_MISSING = "Thư viện tạm thời không tra cứu được vì phần {shard} không có máy nào trả lời. Hãy thử lại sau ít phút."


def shown(key: str) -> str:
    """Return what is sent for a key, which may have any letters."""
    return sha256(key.encode()).hexdigest()


class Failed(Exception):
    """A replica did not answer, or not what was asked."""


class Replica:
    """One search node, as it has answered so far; safe for several threads."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.trouble = ""
        self._rests_until = 0.0
        self._times: deque[float] = deque(maxlen=_REMEMBERED)

    @property
    def rests(self) -> bool:
        """Whether it failed or was slow just now."""
        return time.monotonic() < self._rests_until

    def answered(self, seconds: float) -> None:
        """Remember an answer."""
        self.trouble = ""
        self._times.append(seconds)

    def failed(self, trouble: str) -> None:
        """Let it rest."""
        if not self.rests:
            _LOG.warning("search node %s: %s", self.address, trouble)
        self.trouble, self._rests_until = trouble, time.monotonic() + _REST

    @property
    def patience(self) -> float:
        """The seconds after which it is slow."""
        times = sorted(self._times.copy())
        usual = times[int(0.95 * (len(times) - 1))] if times else _SLOW_AT_FIRST / _SLOW
        return min(max(_SLOW * usual, _QUICKEST), _SLOWEST)


class Nodes:
    """The search nodes of a library: the replicas of each shard."""

    def __init__(self, replicas: Sequence[Sequence[str]], key: str) -> None:
        """``replicas`` are addresses (``http://10.0.0.7:9001``), ``key`` is the secret that all nodes share."""
        self.shards = [[Replica(address) for address in addresses] for addresses in replicas]
        self._headers = {KEY: shown(key)}
        self._turn = 0
        self._lock = Lock()
        timeout = urllib3.Timeout(connect=_CONNECTED, read=_ANSWERED)
        self._pool = urllib3.PoolManager(num_pools=_CALLS, maxsize=_CALLS, retries=False, timeout=timeout)
        self._threads = ThreadPoolExecutor(_CALLS, thread_name_prefix="search-node")

    def ask(self, snapshot: str, path: str, messages: Mapping[int, Message]) -> dict[int, Message]:
        """Send each shard its message, and return what one of its replicas answers. Raises ``LibraryUnavailable``."""
        return _Round(self._start, self._in_turn, snapshot, path, messages).answers()

    def missing(self, snapshot: str) -> list[str]:
        """Return a line for each shard that no replica serves of a snapshot."""
        found = []
        for shard in range(len(self.shards)):
            try:
                self.ask(snapshot, "/about", {shard: {}})
            except LibraryUnavailable as error:
                found.append(str(error))
        return found

    def _in_turn(self, shard: int) -> list[Replica]:
        """The replicas of a shard in the order in which they are asked."""
        with self._lock:
            self._turn += 1
        own = self.shards[shard]
        first = self._turn % len(own)
        return sorted(own[first:] + own[:first], key=lambda replica: replica.rests)

    def _start(self, replica: Replica, snapshot: str, path: str, content: bytes) -> Future[Message]:
        return self._threads.submit(self._answer, replica, snapshot, path, content)

    def _answer(self, replica: Replica, snapshot: str, path: str, content: bytes) -> Message:
        started = time.monotonic()
        try:
            response = self._pool.request(
                "POST", f"{replica.address}{path}", body=content, headers={**self._headers, SNAPSHOT: snapshot}, redirect=False
            )
            if response.status != 200:
                raise Failed(f"{response.status} {response.data[:200].decode(errors='replace')}")
            answer = unpacked(response.data)
        except (urllib3.exceptions.HTTPError, Garbled, Failed) as error:
            replica.failed(str(error))
            raise Failed(str(error)) from error
        replica.answered(time.monotonic() - started)
        return answer


@lru_cache(maxsize=8)
def nodes_of(text: str, key: str) -> Nodes:
    """Read a setting: ``,`` parts shards, ``|`` the replicas of one; who reads the same twice shares them. Raises ``SettingError``."""
    replicas = [[address.strip().rstrip("/") for address in shard.split("|")] for shard in text.split(",")]
    wrong = [address for shard in replicas for address in shard if urlsplit(address).scheme not in ("http", "https")]
    if wrong:
        raise SettingError(f"TRACUU_SEARCH_NODES: “{wrong[0]}” không phải địa chỉ; hãy viết http://máy:cổng, dấu phẩy giữa các phần.")
    if not key:
        raise SettingError("Có TRACUU_SEARCH_NODES thì phải đặt TRACUU_NODE_KEY, giống nhau trên mọi máy.")
    return Nodes(replicas, key)


class _Round:
    """One message to each of some shards, until all have answered."""

    def __init__(
        self,
        start: Callable[[Replica, str, str, bytes], Future[Message]],
        in_turn: Callable[[int], list[Replica]],
        snapshot: str,
        path: str,
        messages: Mapping[int, Message],
    ) -> None:
        self._contents = {shard: packed(message) for shard, message in messages.items()}
        self._start, self._snapshot, self._path = start, snapshot, path
        self._left: dict[int, Iterator[Replica]] = {shard: iter(in_turn(shard)) for shard in messages}
        self._running: dict[Future[Message], tuple[int, Replica]] = {}
        self._slow_at: dict[int, float] = {}
        self._answers: dict[int, Message] = {}

    def answers(self) -> dict[int, Message]:
        """Return the answer of each shard. Raises ``LibraryUnavailable`` where all replicas of one fail."""
        for shard in self._contents:
            self._next(shard)
        while len(self._answers) < len(self._contents):
            waiting = [self._slow_at[shard] for shard in self._contents if shard not in self._answers]
            done, _ = wait(self._running, timeout=max(min(waiting) - time.monotonic(), 0.0), return_when=FIRST_COMPLETED)
            for future in done:
                self._take(future)
            for shard in self._contents:
                if shard not in self._answers and time.monotonic() >= self._slow_at[shard]:
                    self._ask_another(shard)
        return self._answers

    def _take(self, future: Future[Message]) -> None:
        shard, _ = self._running.pop(future)
        try:
            answer = future.result()
        except Failed:
            if shard not in self._answers:
                self._next(shard)
            return
        if shard not in self._answers:
            self._answers[shard] = answer
            for slow in [other for of, other in self._running.values() if of == shard]:
                slow.failed("slower than another replica")

    def _ask_another(self, shard: int) -> None:
        if not self._next(shard, must=False):
            self._slow_at[shard] = time.monotonic() + _ANSWERED  # nobody is left who could be quicker

    def _next(self, shard: int, *, must: bool = True) -> bool:
        """Ask the next replica, if there is one. Raises ``LibraryUnavailable`` where none is left, and none is being asked."""
        replica = next(self._left[shard], None)
        if replica is None:
            if must and not any(of == shard for of, _ in self._running.values()):
                raise LibraryUnavailable(_MISSING.format(shard=shard + 1))
            return False
        self._running[self._start(replica, f"{self._snapshot}/{shard}", self._path, self._contents[shard])] = (shard, replica)
        self._slow_at[shard] = time.monotonic() + replica.patience
        return True
