"""What is new: the index in use compared with the one before it, in plain words; made once for each and kept.

``data/web/news/<snapshot>.json`` holds what came with a snapshot; it goes with the snapshot.
"""

from __future__ import annotations

import json
import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from bot.web.told_changes import Told, told_changes
from rag.documents import Document
from rag.errors import IndexDamaged
from rag.index.manifest import SnapshotInfo, problems, read_manifest
from rag.index.published import pointer, published, snapshot_folder
from rag.index.snapshot import SHELF, Snapshot
from rag.index.store import Store

_log = logging.getLogger("tracuu.web")


@dataclass(frozen=True, slots=True)
class Issue:
    """What came with the snapshot ``id``, built at ``created``, since the one of ``since`` (ISO moments)."""

    id: str
    created: str
    since: str
    changes: tuple[Told, ...]


State = Literal["compared", "first", "unreadable"]


@dataclass(frozen=True, slots=True)
class News:
    """What is in use and since when; ``issues`` are the latest comparisons, the newest first.

    ``state`` says why there is no comparison of the index in use: it is the first, or the one before cannot be read.
    ``withdrawn``: when the newer one was built, which an admin took back.
    """

    id: str
    created: str
    present: int
    named: int
    state: State
    issues: tuple[Issue, ...]
    withdrawn: str


def kept_news(data: Path, current: Snapshot) -> News | None:
    """Return the news where nothing must be compared for it: as quick as reading a small file."""
    before = _before(data, current.info)
    if before and _kept(data, current.info.id) is None:
        return None
    return _news(data, current, "compared" if _kept(data, current.info.id) else "first")


def news_of(data: Path, current: Snapshot) -> News:
    """Return the news; compares with the snapshot before where that was not done yet. ``current`` is the shelf in use.

    Raises ``IndexMissing`` or ``IndexDamaged`` where the index in use cannot be read.
    """
    state: State = "compared" if _kept(data, current.info.id) else "first"
    if state == "first" and (before := _before(data, current.info)):
        state = "compared" if _compare(data, before, current) else "unreadable"
    return _news(data, current, state)


def _compare(data: Path, before: str, current: Snapshot) -> bool:
    """Keep what came with a snapshot; ``False`` where the one before cannot be read."""
    try:
        info, store = _open_store(snapshot_folder(data) / before)
        if _moment(info.created) > _moment(current.info.created):  # went back: what was taken out again is no news
            return True
        changes = told_changes(store, current.store)
        _keep(data, Issue(current.info.id, current.info.created, info.created, tuple(changes)))
    except (IndexDamaged, sqlite3.Error, OSError, ValueError) as error:
        _log.warning("what is new cannot be told: %s", error)
        return False
    return True


def _news(data: Path, current: Snapshot, state: State) -> News:
    names = [current.info.id, *(name for name in _names(data) if name != current.info.id)]
    made = [issue for name in names if (issue := _kept(data, name)) and _moment(issue.created) <= _moment(current.info.created)]
    present = sum(document.present for document in current.store.documents())
    named = current.store.count(Document) - present
    return News(current.info.id, current.info.created, present, named, state, tuple(made), _withdrawn(data, current.info))


def _open_store(folder: Path) -> tuple[SnapshotInfo, Store]:
    """Open what a snapshot holds of its shelf, for reading alone: its search indexes stay closed. Raises ``IndexDamaged``."""
    info = read_manifest(folder)
    part = f"{SHELF}/store.sqlite" if (folder / SHELF).is_dir() else "store.sqlite"
    if found := problems(info, checksums=False, under=part):
        raise IndexDamaged(found[0])
    return info, Store.open(folder / part)


def _names(data: Path) -> list[str]:
    return published(data)


def _before(data: Path, current: SnapshotInfo) -> str:
    """Return the snapshot that was in use before this one, of those published; empty without one."""
    names = _names(data)
    after = names[names.index(current.id) + 1 :] if current.id in names else []
    return after[0] if after else ""


def _withdrawn(data: Path, current: SnapshotInfo) -> str:
    """Return when the snapshot was built that this one took the place of again; empty where nobody went back.

    It lies there, no longer published, until the next is built; one that is being built is newer than the pointer.
    """
    names = _names(data)
    with suppress(OSError):
        pointed = pointer(data).stat().st_mtime
        for folder in snapshot_folder(data).iterdir():
            if folder.name not in names and (created := _created(folder)) and _moment(current.created) < _moment(created) <= pointed:
                return created
    return next((created for name in names if (created := _created(snapshot_folder(data) / name)) and _is_later(created, current)), "")


def _is_later(created: str, current: SnapshotInfo) -> bool:
    return _moment(created) > _moment(current.created)


def _created(folder: Path) -> str:
    try:
        return read_manifest(folder).created
    except IndexDamaged:  # half built, or spoilt: neither was taken back by anybody
        return ""


def _moment(iso: str) -> float:
    return datetime.fromisoformat(iso).timestamp()


def _file(data: Path, id: str) -> Path:
    return data / "web" / "news" / f"{id}.json"


def _kept(data: Path, id: str) -> Issue | None:
    """Return what was kept of a snapshot; ``None`` where it was not compared, or what was kept is damaged."""
    try:
        kept: dict[str, Any] = json.loads(_file(data, id).read_text(encoding="utf-8"))
        return Issue(kept["id"], kept["created"], kept["since"], tuple(Told.of_json(each) for each in kept["changes"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:  # made again
        _log.warning("%s: %s", _file(data, id), error)
        return None


def _keep(data: Path, issue: Issue) -> None:
    """Write an issue whole or not at all, and drop those of snapshots that are no longer there."""
    file = _file(data, issue.id)
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f".{issue.id}.{os.getpid()}.new")
    new.write_text(json.dumps(asdict(issue), ensure_ascii=False), encoding="utf-8")
    new.replace(file)
    for old in _others(data, file.parent):
        old.unlink(missing_ok=True)


def _others(data: Path, folder: Path) -> Iterator[Path]:
    names = _names(data)
    return (path for path in folder.glob("*.json") if path.stem not in names)
