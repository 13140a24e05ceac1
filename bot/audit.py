"""Who changed what, and when: written by the admin page, the command line and the service.

Nothing here is ever changed or deleted but by age. An address is not kept, nor what somebody typed who could not log in:
it may be a password.
"""

from __future__ import annotations

import getpass
import hashlib
import logging
import os
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass

from bot import settings
from bot.loading import load_settings
from rag.errors import TracuuError
from rag.storage import KEY, State

_LOG = logging.getLogger(__name__)
SERVER = "máy chủ"
COMMAND_LINE = f"{SERVER} (dòng lệnh)"
_TABLES = f"""
CREATE TABLE IF NOT EXISTS entries (
    id {KEY}, at DOUBLE PRECISION NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL, target TEXT NOT NULL,
    times BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX IF NOT EXISTS entries_by_moment ON entries (at);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, digest TEXT NOT NULL);
"""
_SETTING = "INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET digest = excluded.digest"
_KEPT = 2 * 366 * 86_400.0
_TOGETHER = 3600.0  # seconds in which the same, done again, is told in one line
_LONGEST = 300
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """Something done; ``at`` in seconds since 1970, ``times`` how often where it was repeated within the hour after."""

    id: int
    at: float
    who: str
    action: str
    target: str
    times: int


class Audit:
    """The log; threads and processes share it. Every fault is a ``TracuuError``."""

    def __init__(self, state: State) -> None:
        self._database = state.open("audit", (_TABLES,), lasting=True)
        self._place = f"@{socket.gethostname()}" if state.server else ""  # every machine has settings of its own

    def add(self, who: str, action: str, target: str = "", *, fold: bool = False) -> None:
        """Keep that somebody did something; with ``fold``, as one line with the same within the hour, so that no flood fills the log."""
        now = time.time()
        said = (who, action, " ".join(target.split())[:_LONGEST])
        self._database.run("DELETE FROM entries WHERE at < ?", now - _KEPT)
        again = "UPDATE entries SET times = times + 1 WHERE at >= ? AND who = ? AND action = ? AND target = ?"
        if not (fold and self._database.run(again, now - _TOGETHER, *said)):
            self._database.run("INSERT INTO entries (at, who, action, target) VALUES (?, ?, ?, ?)", now, *said)

    def entries(self, who: str = "", action: str = "", before: int = 0, count: int = 100) -> list[Entry]:
        """Return what was done, the newest first; where they are given, by ``who``, of the kind ``action``, before an entry's id."""
        wanted = {condition: value for condition, value in (("who = ?", who), ("action = ?", action), ("id < ?", before)) if value}
        which = " AND ".join(wanted) or "1 = 1"
        query = f"SELECT id, at, who, action, target, times FROM entries WHERE {which} ORDER BY id DESC LIMIT ?"
        return [Entry(*row) for row in self._database.rows(query, *wanted.values(), count)]

    def all(self, who: str = "", action: str = "") -> Iterator[Entry]:
        """Yield what was done, the newest first, however much it is."""
        before = 0
        while found := self.entries(who, action, before, _AT_ONCE):
            yield from found
            before = found[-1].id

    def people(self) -> list[str]:
        """Return everybody who did something."""
        return [who for (who,) in self._database.rows("SELECT DISTINCT who FROM entries ORDER BY who")]

    def actions(self) -> list[str]:
        """Return every kind of thing that was done."""
        return [action for (action,) in self._database.rows("SELECT DISTINCT action FROM entries ORDER BY action")]

    def note_settings(self, current: Mapping[str, str]) -> None:
        """Keep which settings (name → value) are otherwise than at the last start: their names, never their values."""
        digests = {f"{name}{self._place}": hashlib.sha256(f"{name}={value}".encode()).hexdigest() for name, value in current.items()}
        before = dict(self._database.rows("SELECT name, digest FROM settings"))
        changed = [name for name, digest in digests.items() if before.get(name, digest) != digest]
        with self._database.transaction():
            for name, digest in digests.items():
                self._database.run(_SETTING, name, digest)
        for name in changed:
            self.add(SERVER, "đổi thiết lập", name)

    def close(self) -> None:
        """Give the file back."""
        self._database.close()


def note_start(chosen: settings.Settings) -> None:
    """Keep which settings were changed since the service was started last; it starts also where that cannot be kept."""
    try:
        with closing(Audit(chosen.state)) as audit:
            audit.note_settings(settings.plain(chosen))
    except TracuuError as error:
        _LOG.warning("%s", error)


def by_command(action: str, *targets: str) -> None:
    """Keep what the user of this machine did on the command line; it is done, so where it cannot be kept that is only said."""
    try:
        with closing(Audit(load_settings().state)) as audit:
            for target in targets or ("",):
                audit.add(f"{COMMAND_LINE}, {_user()}", action, target)
    except TracuuError as error:
        print(f"Việc đã làm xong nhưng không ghi được vào nhật ký: {error}", file=sys.stderr)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user of a container that has no name
        return str(os.getuid())
