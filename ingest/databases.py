"""Copies of SQLite files that a running service may be writing to, and putting such a copy back under it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

_SECONDS = 30.0  # to wait for others who write
_ENDINGS = ("", "-wal", "-shm", "-journal")


def copy_database(source: Path, target: Path) -> None:
    """Copy a database as it is at one moment. Raises ``sqlite3.Error``, also where the copy shows that it is damaged."""
    discard_database(target)
    target.touch(mode=0o600)  # for the owner alone: it says who asked what
    with closing(_opened(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, whatever the live one has beside it
        if (found := copy.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise sqlite3.DatabaseError(found)


def put_database(copy: Path, target: Path, aside: Path) -> None:
    """Put a copy in the place of a database in one step, whoever has it open; what was there is kept as ``aside``.

    Raises ``sqlite3.Error`` and ``OSError``; then the database is as it was.
    """
    aside.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        try:
            copy_database(target, aside)
        except sqlite3.OperationalError:  # no room, or busy
            raise
        except sqlite3.DatabaseError:  # damaged: nobody can have it in use
            for ending in _ENDINGS:
                if (part := target.with_name(target.name + ending)).exists():
                    shutil.move(part, aside.with_name(aside.name + ending))
    with closing(_opened(copy)) as source, closing(sqlite3.connect(target, timeout=_SECONDS)) as live:
        source.backup(live)


def discard_database(path: Path) -> None:
    """Delete a database with all that SQLite keeps beside it. Raises ``OSError``."""
    for ending in _ENDINGS:
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=_SECONDS)
