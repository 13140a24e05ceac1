"""A machine keeps up with the store that machines share: one process of it looks every two seconds, in the background.

``data/store/state.json`` says how that goes, to every process of the machine. Questions are answered from the data folder
all the while, and cost nothing more.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rag.disk import beside
from rag.errors import IndexDamaged, IndexMissing, StoreUnavailable, TracuuError
from rag.index.cut import is_cut_of
from rag.index.fetching import catch_up, damage_here, is_in_use, is_pointed_to
from rag.index.manifest import HEAD
from rag.index.published import newest
from rag.index.published_editions import STORE, Edition, load_kept
from rag.index.publishing import published_or_none
from rag.storage import open_blobs
from rag.storage.blobs import Blobs, Pointer

if TYPE_CHECKING:
    from filelock import FileLock

_LOG = logging.getLogger(__name__)
_EVERY = 2.0  # seconds between two looks
_STATE = "state.json"


@dataclass(frozen=True, slots=True)
class FollowerState:
    """What was last seen of the store: since when there is ``trouble``, if any, and the edition that is in use there."""

    address: str = ""
    trouble: str = ""
    since: str = ""
    snapshot: str = ""
    published: str = ""
    publisher: str = ""


def state_of(data: Path) -> FollowerState:
    """Return how keeping up goes; empty where nothing is known."""
    try:
        return FollowerState(**json.loads((data / STORE / _STATE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return FollowerState()


def look_at(address: str, data: Path) -> tuple[str, bool]:
    """Say what the store has as against a data folder, in Vietnamese, and whether that is as it should be."""
    try:
        blobs = open_blobs(address)
        kept = load_kept(blobs, blobs.pointer(), data)
    except TracuuError as error:
        return str(error), False
    if not kept:
        return f"Kho {address} chưa có bản nào. Hãy chạy: tracuu ingest", False
    there = next(iter(kept.values()))
    told = f"Kho {address}: bản {there.snapshot}, công bố lúc {there.published} từ máy {there.publisher}"
    if is_in_use(there, data):
        return f"{told}; máy này đang dùng đúng bản đó.", True
    if is_pointed_to(there, data):
        return f"{told}; bản đó ở máy này bị hỏng ({damage_here(there, data)}), sẽ được tải lại. {state_of(data).trouble}".strip(), False
    if _has_head(data):
        head = published_or_none(data)[0]
        if is_cut_of(head, there.snapshot):
            return f"{told}; máy này đang dùng phần đầu của đúng bản đó.", True
        return (
            f"{told}; máy này dùng phần đầu {head}, của bản khác. Hãy chép phần đầu mới của máy lập chỉ mục (TRACUU_DATA/cut/head).",
            False,
        )
    here = published_or_none(data)
    told += f"; máy này đang dùng bản {here[0]}." if here else "; máy này chưa có bản nào."
    return f"{told} {state_of(data).trouble}".strip(), False


class Follower:
    """Keeps a data folder up with the store at ``address``; ``encoder`` returns the name of this machine's encoder."""

    def __init__(self, address: str, data: Path, encoder: Callable[[], str]) -> None:
        self._address = address
        self._data = data
        self._encoder = encoder
        self._blobs: Blobs | None = None
        self._seen: tuple[Pointer | None, Edition | None] | None = None
        self._state: FollowerState | None = None

    def look(self) -> str:
        """Look once, and fetch what is new; return what is wrong, for people, empty where nothing is."""
        try:
            edition = self._caught_up()
        except TracuuError as error:
            self._note(str(error), None)
            return str(error)
        self._note("", edition)
        return ""

    def _caught_up(self) -> Edition | None:
        if _has_head(self._data):  # it is copied with its shards: the store has the whole, for which this machine is too small
            return None
        self._blobs = self._blobs or open_blobs(self._address)
        pointer = self._blobs.pointer()
        if pointer is None and (known := state_of(self._data)).snapshot and known.address == self._address:
            raise StoreUnavailable(f"Kho {self._address} không còn bản nào (đã bị xóa, hay ổ đĩa chưa được gắn?).")
        if self._seen is None or self._seen[0] != pointer or (self._seen[1] and not is_in_use(self._seen[1], self._data)):
            self._seen = pointer, catch_up(self._blobs, self._data, self._encoder())
        return self._seen[1]

    def _note(self, trouble: str, edition: Edition | None) -> None:
        """Say once, in the log and to the other processes, what has changed."""
        before = self._state or state_of(self._data)
        seen = edition or before
        since = before.since if bool(before.trouble) == bool(trouble) else _now() if trouble else ""
        state = FollowerState(self._address, trouble, since, seen.snapshot, seen.published, seen.publisher)
        if state == self._state:
            return
        if trouble and not before.trouble:
            _LOG.warning("%s Vẫn trả lời theo bản đang có.", trouble)
        elif before.trouble and not trouble:
            _LOG.warning("Kho %s lại dùng được.", self._address)
        self._state = state
        with suppress(OSError):  # a disk that cannot be written is the trouble already
            (self._data / STORE).mkdir(parents=True, exist_ok=True)
            with beside(self._data / STORE / _STATE) as new:
                new.write_text(json.dumps(asdict(state), ensure_ascii=False), encoding="utf-8")


def keep_up(home: Path, followers: Callable[[], Iterable[Follower]]) -> None:
    """Let all ``followers`` look again and again, in the background, as long as no other process does so for the folder ``home``."""
    threading.Thread(target=_keep_up, args=(_lock(home), followers), name="store", daemon=True).start()


def is_alone(home: Path) -> bool:
    """Say whether no process of this machine keeps up for the folder ``home``."""
    from filelock import Timeout

    try:
        with _lock(home).acquire(timeout=0):
            return True
    except Timeout:
        return False


def _keep_up(lock: FileLock, followers: Callable[[], Iterable[Follower]]) -> None:
    with lock.acquire(poll_interval=_EVERY):
        while True:
            try:
                for follower in followers():
                    follower.look()
            except Exception:  # a fault of the program: what is here goes on answering
                _LOG.exception("Lỗi khi theo kho chung")
            time.sleep(_EVERY)


def _lock(home: Path) -> FileLock:
    from filelock import FileLock

    (home / STORE).mkdir(parents=True, exist_ok=True)
    return FileLock(home / STORE / "follower.lock")


def _has_head(data: Path) -> bool:
    """Whether what is in use is the head of a library that was cut."""
    try:
        return newest(data).shard == HEAD
    except (IndexMissing, IndexDamaged):
        return False


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")
