"""What is left in the data folder and of no use any more: pictures of pages of files that no index has, what was thrown away long ago."""

from __future__ import annotations

import shutil
import time
from contextlib import suppress
from pathlib import Path

from bot.web.pictures import PAGES, SUM
from rag.errors import IndexDamaged, IndexMissing
from rag.index.published import list_snapshots
from rag.index.store import Store

KEPT_DAYS = 180
"""For so long what was taken out of the corpus stays in the trash, and what was downloaded beside the corpus."""


def sweep(data: Path) -> None:
    """Delete what is left over. Raises ``OSError``."""
    _sweep_pages(data)
    before = time.time() - KEPT_DAYS * 86_400
    for path in (*(data / "trash").glob("*"), *(data / "fetched").glob("*")):
        with suppress(FileNotFoundError):  # another process sweeps too
            if path.stat().st_mtime < before:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def _sweep_pages(data: Path) -> None:
    """Delete what was made of the pages of files that no published index has; what is made meanwhile stays."""
    made = list((data / PAGES).glob("*"))
    try:
        stores = [Store.open(info.path / "store.sqlite") for info in list_snapshots(data)]
    except (IndexMissing, IndexDamaged):
        return
    named = {document.checksum[:SUM] for store in stores for document in store.documents()}
    for path in made:
        if path.name[:SUM] not in named:
            path.unlink(missing_ok=True)
