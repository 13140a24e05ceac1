"""How a snapshot is made, and who is told how it goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

Progress = Callable[[str], None]


class Ahead(Protocol):
    """Has pages that want OCR read by workers (``ingest.work.ahead``), before the files are parsed here."""

    def __call__(self, files: Sequence[tuple[Path, Mapping[str, str]]], data: Path, progress: Progress, *, again: bool = False) -> None:
        """Parse files, with what the catalog says of each, and keep the results; ``again``: also those not readable before."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a snapshot is made.

    ``chroma``: the server that keeps the vectors; ``store``: where it is published for other machines; ``wait``: seconds to
    wait for another builder; ``force``: whatever the checks say; ``ahead``: who reads scans, where that is not
    this process; ``shards``: into how many an index is cut as well, for search nodes (0: it is not).
    """

    encoder: str | None = None
    chroma: str | None = None
    store: str | None = None
    today: date | None = None
    wait: float = 0.0
    force: bool = False
    ahead: Ahead | None = None
    shards: int = 0
