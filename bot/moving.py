"""The way from SQLite files to PostgreSQL: every table of every store, checked by counts and sums, each store as a whole or not at all.

The files stay as they are: what is read is a copy, brought to the newest version. What is in the server already and the same is
passed over, so the work can be begun anew wherever it ended.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from psycopg import sql

from bot.stores import STORES, Store
from ingest.databases import copy_database
from rag.errors import TracuuError
from rag.storage import State
from rag.storage.postgres_server import Connection, server_at

Row = tuple[Any, ...]
_KINDS: dict[str, Callable[[Any], Any]] = {
    "text": lambda value: str(value).replace("\0", ""),
    "bigint": int,
    "double precision": float,
    "bytea": bytes,
}
_COLUMNS = (
    "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = %s AND table_name = %s ORDER BY ordinal_position"
)
_NUMBERED = "SELECT column_name FROM information_schema.columns WHERE table_schema = %s AND table_name = %s AND is_identity = 'YES'"


@dataclass(frozen=True, slots=True)
class Moved:
    """A store that is in the server now: how many rows, and whether it was before."""

    name: str
    rows: int
    was_there: bool


def move(state: State) -> Iterator[Moved]:
    """Move the files of ``state.folder`` into its server, yielding each store that is through. Raises ``TracuuError``."""
    server = server_at(state.server)
    try:
        with server.watched(), TemporaryDirectory() as folder, closing(server.connect()) as connection, connection.patiently():
            connection.execute("SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0")
            for name, opened in STORES.items():
                file = state.folder / f"{name}.sqlite3"
                if file.exists():
                    yield _move(name, opened, _newest(file, opened, Path(folder)), connection, state)
    except psycopg.Error as error:
        raise TracuuError(server.says(error)) from error


def _newest(file: Path, opened: Callable[[State], Store], folder: Path) -> Path:
    """Return a copy of a file, of the newest version."""
    copy = folder / file.name
    try:
        copy_database(file, copy)
    except (sqlite3.Error, OSError) as error:
        raise TracuuError(f"Không đọc được tệp {file} ({error}). Hãy sửa hoặc cất tệp này đi rồi chạy lại.") from error
    before = set(folder.iterdir())
    opened(State(folder)).close()
    if aside := [each for each in set(folder.iterdir()) - before if ".hong-" in each.name]:
        raise TracuuError(f"Tệp {file} không phải của Tra Cứu hoặc bị hỏng ({aside[0].name}). Hãy cất tệp này đi rồi chạy lại.")
    return copy


def _move(name: str, opened: Callable[[State], Store], file: Path, connection: Connection, state: State) -> Moved:
    opened(state).close()  # which makes the tables
    schema = state.schema(name)
    with closing(sqlite3.connect(file)) as source, connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [schema])
        tables = [_Table(source, connection, schema, name) for name in _tables(source)]
        there = sum(table.there.count for table in tables)
        wanted = sum(table.here.count for table in tables)
        if all(table.is_there for table in tables):
            return Moved(name, wanted, bool(wanted))
        if there:
            raise TracuuError(
                f"“{schema}” trong cơ sở dữ liệu đã có {there} dòng, khác với {wanted} dòng của {state.folder / file.name}: không ghi đè. "
                f"Nếu dữ liệu trên máy chủ chỉ để thử, hãy xóa nó (DROP SCHEMA {schema} CASCADE) rồi chạy lại; nếu đã dùng thật thì "
                "không chuyển nữa."
            )
        for table in tables:
            table.copy()
        return Moved(name, wanted, was_there=False)


def _tables(source: sqlite3.Connection) -> list[str]:
    query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name != 'schema_version' ORDER BY name"
    return [name for (name,) in source.execute(query)]


@dataclass(frozen=True, slots=True)
class _Sum:
    """What tells whether two tables hold the same, in whatever order."""

    count: int
    digest: int

    @classmethod
    def of(cls, rows: Iterable[Row]) -> _Sum:
        count = digest = 0
        for row in rows:
            count += 1
            digest += int.from_bytes(hashlib.sha256(repr(row).encode()).digest()[:16])
        return cls(count, digest)


class _Table:
    """A table here, in a file, and there, on the server."""

    def __init__(self, source: sqlite3.Connection, connection: Connection, schema: str, name: str) -> None:
        self._source = source
        self._connection = connection
        self._names = (schema, name)
        columns = connection.execute(_COLUMNS, self._names).fetchall()
        self._columns = [str(column) for column, _ in columns]
        self._kinds = [_KINDS[kind] for _, kind in columns]
        self.here = _Sum.of(self._rows())
        self.there = self._there()

    @property
    def is_there(self) -> bool:
        """Whether the server holds what the file does."""
        return self.here == self.there

    def copy(self) -> None:
        """Copy every row, and see that it arrived. Raises ``TracuuError``."""
        columns = sql.SQL(", ").join(map(sql.Identifier, self._columns))
        into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(*self._names), columns)
        with self._connection.cursor() as cursor, cursor.copy(into) as copying:
            for row in self._rows():
                copying.write_row(row)
        if self._there() != self.here:
            raise TracuuError(f"Bảng {'.'.join(self._names)} chép sang không giống bản gốc; đã bỏ bản chép. Hãy chạy lại.")
        self._go_on_numbering()

    def _rows(self) -> Iterator[Row]:
        columns = ", ".join(f'"{column}"' for column in self._columns)
        for row in self._source.execute(f'SELECT {columns} FROM "{self._names[1]}"'):
            yield tuple(None if value is None else kind(value) for kind, value in zip(self._kinds, row, strict=True))

    def _there(self) -> _Sum:
        columns = sql.SQL(", ").join(map(sql.Identifier, self._columns))
        query = sql.SQL("SELECT {} FROM {}").format(columns, sql.Identifier(*self._names))
        with self._connection.cursor("there") as cursor:  # of the server, so that no large table is held here
            return _Sum.of(cursor.execute(query))

    def _go_on_numbering(self) -> None:
        """Let the next row have the next number."""
        for (column,) in self._connection.execute(_NUMBERED, self._names).fetchall():
            query = sql.SQL("SELECT setval(pg_get_serial_sequence(%s, %s), max({})) FROM {} HAVING count(*) > 0")
            formatted = query.format(sql.Identifier(column), sql.Identifier(*self._names))
            self._connection.execute(formatted, [".".join(self._names), column])
