"""What was unpacked of a backup changes places with what is there, which goes to the trash.

::

    data/.restore/decided       from here on the rest is done, by whoever finds it: the restore itself, or the next ``ingest``
    corpus/.restore/            new/: unpacked; ready/: what was there is out of the way; old/: that
    data/.restore/              the same for ``FOLDERS`` and the databases, which are written in place under running services
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from ingest.databases import put_database
from ingest.filenames import cut
from rag.disk import sync
from rag.errors import TracuuError

FOLDERS = ("extra", "writing")
"""The folders of the data folder that a backup has."""
SETTINGS = "settings.env"
_STAYING = ("audit.sqlite3", "offices.sqlite3")
"""The log of who changed what, and the offices with their secrets: what is there of these is never turned back."""
_HOME = ".restore"
_NEW, _READY, _OLD = "new", "ready", "old"


def staging(folder: Path) -> Path:
    """Return where the new content of a corpus or data folder is unpacked."""
    return folder / _HOME / _NEW


def decide(data: Path) -> None:
    """Note that what is unpacked is to take its place, come what may."""
    decision = _decision(data)
    decision.touch()
    sync(decision)
    sync(decision.parent)


def is_decided(data: Path) -> bool:
    """Say whether a restore is to be finished."""
    return _decision(data).exists()


def forget(corpus: Path, data: Path) -> None:
    """Throw away what was unpacked and not decided, or is done."""
    _decision(data).unlink(missing_ok=True)
    for folder in (corpus, data):
        shutil.rmtree(folder / _HOME, ignore_errors=True)


def finish_restore(corpus: Path, data: Path, progress: Callable[[str], None]) -> Path | None:
    """Do what is left of a restore that was decided; return where what was there before is kept. For the holder of the lock.

    Raises ``TracuuError`` that says how to go on.
    """
    if not is_decided(data):
        return None
    progress("Đặt các tệp đã khôi phục vào chỗ")
    trash = data / "trash" / f"{datetime.now():%Y%m%d-%H%M%S}-{os.urandom(2).hex()}-restore"
    try:
        trash.mkdir(parents=True)
        _exchange(corpus, trash / "corpus", lambda: (path for path in corpus.iterdir() if not path.name.startswith(".")))
        _put_databases(data, trash / "data")
        _exchange(data, trash / "data", lambda: (data / name for name in (*FOLDERS, SETTINGS) if (data / name).exists()))
    except (OSError, sqlite3.Error) as error:
        raise TracuuError(
            f"Khôi phục còn dở dang ({error}); không mất gì, tệp sao lưu đã được mở ra và kiểm tra xong. "
            "Hãy kiểm tra dung lượng đĩa và quyền ghi, rồi chạy: tracuu ingest (lệnh này làm nốt)."
        ) from error
    forget(corpus, data)
    return trash


def _exchange(folder: Path, trash: Path, there: Callable[[], Iterable[Path]]) -> None:
    """Move what is there out of the way, then what is new into its place; done again, it goes on where it stopped."""
    new, ready, old = (folder / _HOME / name for name in (_NEW, _READY, _OLD))
    old.mkdir(parents=True, exist_ok=True)
    if new.exists():
        for path in list(there()):
            path.rename(old / path.name)
        new.rename(ready)
    for path in list(ready.iterdir()) if ready.exists() else []:
        place = folder / path.name
        if place.exists():  # written since then
            place.rename(old / cut(f"{os.urandom(2).hex()}-{path.name}"))
        path.rename(place)
    if any(old.iterdir()):
        trash.mkdir(parents=True, exist_ok=True)
    for path in list(old.iterdir()):
        shutil.move(path, trash / path.name)


def _put_databases(data: Path, trash: Path) -> None:
    """Each is as it was or as in the backup, and is gone from what is unpacked once it is in its place."""
    for copy in sorted(staging(data).glob("*.sqlite3")):
        if copy.name not in _STAYING or not (data / copy.name).exists():
            put_database(copy, data / copy.name, trash / copy.name)
        copy.unlink()


def _decision(data: Path) -> Path:
    return data / _HOME / "decided"
