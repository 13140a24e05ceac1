"""The door itself: where state is kept, what every store may ask of it, and the files that machines share."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from rag.storage.blobs import Blobs, FolderBlobs
from rag.storage.locks import FolderLock, Lock, ServerLock
from rag.storage.sqlite import SqliteDatabase, set_aside


class Database(Protocol):
    """What one store is kept in, shared by threads and by other processes. Every fault is a ``TracuuError`` in one line."""

    @property
    def trouble(self) -> str:
        """A line for admins as long as this is done without; else empty."""

    def rows(self, query: str, *values: object) -> list[Any]:
        """Return the rows of a query, or those that a statement is ``RETURNING``."""

    def run(self, statement: str, *values: object) -> int:
        """Run one statement, kept at once, and return how many rows it touched."""

    def transaction(self, *, alone: bool = False) -> AbstractContextManager[None]:
        """Keep everything that this thread runs inside, or nothing of it.

        ``alone``: no other transaction that is alone is under way in this store, on any machine; so what is read inside is still so
        when it is written.
        """

    def scrub(self) -> None:
        """Leave nothing of what was deleted where it stood."""

    def close(self) -> None:
        """Give it back."""


_SCHEME = "s3://"
_OPEN: WeakKeyDictionary[Database, Path] = WeakKeyDictionary()


@dataclass(frozen=True)
class State:
    """Where state is kept: in SQLite files under ``folder``, or on the PostgreSQL ``server`` (a URL), there apart for each ``office``."""

    folder: Path
    server: str = field(default="", repr=False)
    office: str = ""

    def open(self, name: str, migrations: Sequence[str], *, before: str = "", alone: bool = False, lasting: bool = False) -> Database:
        """Open the store ``name``: the file ``name.sqlite3``, or the schema of that name.

        ``migrations`` are the scripts of versions 1, 2 …; ``before`` is run once more after the first on a SQLite file from before
        versions were counted. ``alone``: no other process uses the file. Then, where it can no longer be written, its content is
        taken into memory and put back later. ``lasting``: what was accepted must never be lost; while the server is away, every
        statement raises ``DatabaseAway``, where other stores are kept in memory and told to the server afterwards.
        """
        opened: Database
        if self.server:
            from rag.storage.postgres import PostgresDatabase
            from rag.storage.postgres_server import server_at

            opened = PostgresDatabase(server_at(self.server), self.schema(name), migrations, lasting=lasting)
        else:
            opened = SqliteDatabase(self.folder / f"{name}.sqlite3", migrations, before=before, alone=alone)
        _OPEN[opened] = self.folder
        return opened

    def lock(self, name: str) -> Lock:
        """Return a lock that all who share this state take for the same where it has the same name."""
        return ServerLock(self.server, self.schema(name)) if self.server else FolderLock(self.folder / f"{name}.lock")

    def has(self, name: str) -> bool:
        """Say whether a store may have been used; to look makes no file."""
        return bool(self.server) or (self.folder / f"{name}.sqlite3").exists()

    def forget(self) -> None:
        """Delete all that a server keeps for the office; what is in files goes with their folder. Raises ``DatabaseAway``."""
        if self.server and self.office:
            from rag.storage.postgres_server import server_at

            server_at(self.server).drop(f"{self.schema('')}__")

    def schema(self, name: str) -> str:
        """Return the name of the schema in which the store ``name`` is kept."""
        return "__".join(part.replace("-", "_") for part in (self.office, name) if part)


def troubles(state: State) -> list[str]:
    """Return a line for admins for everything of a state that this process does without, and for every file set aside in its folder."""
    told = {database.trouble for database, folder in list(_OPEN.items()) if folder == state.folder}
    return [*sorted(told - {""}), *set_aside(state.folder)]


def open_blobs(address: str) -> Blobs:
    """Return the store of files at ``s3://bucket/prefix``, or in a folder; nothing is asked of it yet."""
    if not address.startswith(_SCHEME):
        return FolderBlobs(Path(address))
    from rag.storage.bucket import BucketBlobs

    return BucketBlobs(address)
