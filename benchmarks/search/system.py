"""What every search system of the benchmark is: built into a folder, then opened to rank articles."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Rank = Callable[[str], list[str]]
"""A question → the ids of articles (``article_id``), the best first, at most ``metrics.DEPTH``."""


class Unavailable(Exception):
    """A system cannot be measured; the message says why."""


@dataclass(frozen=True, slots=True)
class System:
    """A system under measurement.

    ``build`` reads a collection (JSONL), writes an index into a folder and returns the seconds that work kept from an
    earlier run spared it; ``open_`` serves from the folder. Systems with the same ``index`` share one. A ``cached``
    index is kept for the next run; one ``in_memory`` is made anew by every process. ``few`` limits the questions of a
    slow system, but for those as typed; 0 is no limit.
    """

    label: str
    index: str
    build: Callable[[Path, Path], float]
    open_: Callable[[Path], Rank]
    cached: bool = True
    in_memory: bool = False
    few: int = 0


class Progress:
    """Says on standard error how far a long step is, at most every ten seconds, at the pace of late."""

    def __init__(self, what: str, total: int) -> None:
        self._what = what
        self._total = total
        self._said = (time.monotonic(), 0)

    def at(self, done: int) -> None:
        """Note how much is done."""
        now = time.monotonic()
        before, already = self._said
        if now - before < 10 and done < self._total:
            return
        left = f", {(self._total - done) * (now - before) / (done - already) / 60:.0f} min left" if already < done < self._total else ""
        print(f"  {self._what}: {done}/{self._total}{left}", file=sys.stderr, flush=True)
        self._said = now, done
