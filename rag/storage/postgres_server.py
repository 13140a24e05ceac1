"""The PostgreSQL server, as one process sees it: a few connections shared by all stores, and whether it answers at all.

A server that dies or hands over to its replica is away for seconds. Whoever meets that first waits at most for the timeouts
below; from then on nobody waits, until a thread of its own finds that the server answers again.
"""

from __future__ import annotations

import logging
import os
import select
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol
from weakref import WeakSet

import psycopg
from psycopg import conninfo, sql
from psycopg_pool import ConnectionPool

from rag.errors import DatabaseAway

_LOG = logging.getLogger(__name__)
_MOST = 8  # connections of a process
_CONNECT_SECONDS = 2
_WAIT = 3.0  # seconds for a free connection
_PATIENCE = 7.0  # seconds; the server ends a statement earlier
_AGAIN = 0.5  # seconds between two tries while the server is away
_OPTIONS = (
    "-c statement_timeout=5000 -c lock_timeout=4000 -c idle_in_transaction_session_timeout=15000 "
    "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=3 -c tcp_keepalives_count=3"
)
_DEFAULTS = {
    "connect_timeout": _CONNECT_SECONDS,
    "application_name": "tracuu",
    "options": _OPTIONS,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 4000,
}
# By the class of an SQLSTATE: no connection, out of room, ended by an operator; and a server that only reads, being no longer the primary.
_AWAY = ("08", "53", "57")
_READ_ONLY = "25006"
_TOO_LONG = "57014"  # a statement that the server ended: it is there
_GOES_ON = "Vẫn trả lời như thường; những gì lẽ ra ghi vào đó được giữ tạm trong bộ nhớ hoặc phải đợi, tới khi có lại."
_SERVERS: dict[tuple[int, str], Server] = {}
_SERVERS_LOCK = threading.Lock()


class Connection(psycopg.Connection[Any]):
    """A connection on which nothing is waited for too long: what a wire or a proxy swallowed, no timeout of the server ends."""

    _patience: float | None = _PATIENCE

    @contextmanager
    def patiently(self) -> Iterator[None]:
        """Wait inside as long as it takes."""
        self._patience = None
        try:
            yield
        finally:
            self._patience = _PATIENCE

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:  # noqa: ANN401
        """Do one thing. Raises ``OperationalError`` when the patience ends; the connection is closed then."""
        try:
            return super().wait(gen, interval, timeout or self._patience)
        except psycopg.OperationalError as error:
            if error.sqlstate is None:  # not the server's word
                self.close()
            raise


class Store(Protocol):
    """What a server tells when it is back."""

    def catch_up(self) -> None:
        """Tell the server what it missed."""


class Server:
    """One server; ``trouble`` is a line for admins as long as it does not answer, ``times_away`` how often that was."""

    def __init__(self, url: str) -> None:
        logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # what it warns of is told in a line of our own
        given = conninfo.conninfo_to_dict(url)
        self._where = f"{given.get('host', 'localhost')}/{given.get('dbname', '')}"
        self._url = url
        self._kwargs: dict[str, Any] = {name: value for name, value in _DEFAULTS.items() if name not in given} | {"autocommit": True}
        self._pool = ConnectionPool(
            url,
            connection_class=Connection,
            kwargs=self._kwargs,
            min_size=1,
            max_size=_MOST,
            timeout=_WAIT,
            reconnect_timeout=1.0,
            num_workers=2,
            open=True,
        )
        self._lock = threading.Lock()
        self._stores: WeakSet[Store] = WeakSet()
        self.trouble = ""
        self.times_away = 0

    def serves(self, store: Store) -> None:
        """Tell the store from now on when the server is back."""
        self._stores.add(store)

    def lend(self) -> Connection:
        """Lend a connection. Raises ``DatabaseAway`` where there is none."""
        if self.trouble:
            raise DatabaseAway(self.trouble)
        with self.watched():
            while _is_stale(connection := self._pool.getconn()):
                connection.close()
                self._pool.putconn(connection)
            return connection

    def connect(self) -> Connection:
        """Return a connection of the caller's own. Raises what psycopg raises."""
        return Connection.connect(self._url, **self._kwargs)

    def drop(self, beginning: str) -> None:
        """Drop every schema whose name begins so, with all that is in it. Raises ``DatabaseAway``."""
        with self.watched(), self.connect() as connection:
            named = connection.execute("SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %s)", (beginning,)).fetchall()
            for (name,) in named:
                connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))

    def take_back(self, connection: Connection) -> None:
        """Take a connection back; what was not committed on it is undone."""
        self._pool.putconn(connection)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Turn every fault inside that means that the server is away into ``DatabaseAway``."""
        try:
            yield
        except psycopg.Error as error:
            if not _means_away(error):
                raise
            self._is_away(error)
            raise DatabaseAway(self.trouble) from error

    def says(self, error: psycopg.Error) -> str:
        """Say in one line what the server has against a statement."""
        return f"Cơ sở dữ liệu PostgreSQL {self._where} báo lỗi: {_first_line(error)}. Câu trả lời và văn bản không bị ảnh hưởng."

    def close(self) -> None:
        """Give all connections back."""
        self._pool.close(timeout=1.0)

    def _is_away(self, error: psycopg.Error) -> None:
        with self._lock:
            if self.trouble:
                return
            self.times_away += 1
            self.trouble = f"Không dùng được cơ sở dữ liệu PostgreSQL {self._where}: {_cause(error)}. {_GOES_ON}"
            _LOG.warning("%s", self.trouble)
        threading.Thread(target=self._until_back, name="tracuu-database", daemon=True).start()

    def _until_back(self) -> None:
        """Try the server until it answers, then let every store tell it what it missed."""
        while not self._pool.closed:
            time.sleep(_AGAIN)
            try:
                self._pool.drain()
                with self._pool.connection() as connection:
                    connection.execute("CREATE TEMPORARY TABLE IF NOT EXISTS tracuu_alive (here BIGINT)")  # a standby only reads
            except psycopg.Error:
                continue
            self.trouble = ""
            _LOG.warning("Cơ sở dữ liệu PostgreSQL %s đã trả lời lại.", self._where)
            for store in list(self._stores):
                store.catch_up()
            return


def server_at(url: str) -> Server:
    """Return the server of this process at a URL."""
    with _SERVERS_LOCK:
        key = (os.getpid(), url)
        if key not in _SERVERS:
            _SERVERS[key] = Server(url)
        return _SERVERS[key]


def _is_stale(connection: Connection) -> bool:
    """Say whether the server closed a connection while nobody used it: then there is something to read."""
    return connection.closed or bool(select.select([connection.fileno()], [], [], 0)[0])


def _means_away(error: psycopg.Error) -> bool:
    if error.sqlstate == _TOO_LONG:
        return False
    if error.sqlstate:
        return error.sqlstate[:2] in _AWAY or error.sqlstate == _READ_ONLY
    return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)


def _cause(error: psycopg.Error) -> str:
    if error.sqlstate == _READ_ONLY:
        return "máy chủ chỉ cho đọc (không còn là máy chính)"
    if (error.sqlstate or "")[:2] == "53":
        return f"máy chủ hết chỗ ({_first_line(error)})"
    return "máy chủ không trả lời"


def _first_line(error: psycopg.Error) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
