"""A SQLite file of a store: opened once, shared by threads, safe beside other processes.

What is kept in such files is never needed to answer a question. So a file that is damaged, or of an unknown version, is set
aside under a name of its own and a new one begun; one that cannot be opened at all is done without, in memory. Either is
said in one line, in the log and by ``trouble``.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar

from filelock import FileLock, Timeout

from rag.errors import TracuuError
from rag.storage.migrations import VERSIONS, is_newer, statements

T = TypeVar("T")
_LOG = logging.getLogger(__name__)
# A killed process loses nothing that was committed; a power cut may lose the last moments. What is deleted is overwritten.
_PRAGMAS = "PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON;"
_ASIDE = ".hong-"  # between the name of a file and the moment at which it was set aside
_BESIDE = ("", "-wal", "-shm")
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_LOCK_SECONDS = 30.0
_PATIENCE = 10.0  # seconds in which another process must have written what it writes
_IMPATIENT = 0.5
_PAUSE = 60.0  # seconds until a file that could not be used is tried again
_CAUSES = {
    sqlite3.SQLITE_FULL: "đĩa đầy; hãy lấy lại chỗ trống",
    sqlite3.SQLITE_READONLY: "không có quyền ghi; hãy kiểm tra quyền của tệp và thư mục",
    sqlite3.SQLITE_CANTOPEN: "không mở được; hãy kiểm tra quyền của tệp và thư mục",
    sqlite3.SQLITE_PERM: "không có quyền mở; hãy kiểm tra quyền của tệp và thư mục",
    sqlite3.SQLITE_IOERR: "máy không đọc hoặc ghi được; hãy kiểm tra đĩa",
    sqlite3.SQLITE_BUSY: "một chương trình khác đang giữ tệp; hãy đóng chương trình đó",
}


class Damaged(Exception):
    """The file is no database, not a whole one, or one with tables that no version had."""


class Newer(Exception):
    """The file was written by a newer program."""


class SqliteDatabase:
    """One connection under a lock: statements take microseconds. Every fault is a ``TracuuError`` that names the file.

    ``alone``: no other process uses the file. Then, where it can no longer be written, what it holds is taken into memory, and
    put back when there is room again; in a shared file, that would undo what others wrote. ``trouble`` is a line for admins
    as long as the file is done without.
    """

    def __init__(self, path: Path, migrations: Sequence[str], *, before: str = "", alone: bool = False) -> None:
        self._path = path
        self._migrations = migrations
        self._before = before
        self._alone = alone
        self._lock = RLock()
        self._within = False
        self.trouble = ""
        self._copied = False  # whether what is in memory is all that the file held
        self._again = 0.0  # when to try the file again, in time.monotonic()
        self._connection = self._opened()

    def rows(self, query: str, *values: object) -> list[Any]:
        """Return the rows of a query."""
        return self._done(lambda: self._connection.execute(query, values).fetchall())

    def run(self, statement: str, *values: object) -> int:
        """Run one statement, kept at once, and return how many rows it touched."""
        return self._done(lambda: self._connection.execute(statement, values).rowcount)

    @contextmanager
    def transaction(self, *, alone: bool = False) -> Iterator[None]:
        """Keep everything that is run inside, or nothing of it; always ``alone``."""
        with self._lock:
            self.run("BEGIN IMMEDIATE")
            self._within = True
            try:
                yield
                self.run("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            finally:
                self._within = False

    def scrub(self) -> None:
        """Empty the log beside the file too, where what was deleted still stands."""
        self.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            self._return_to_file()
            self._connection.close()

    def _return_to_file(self) -> None:
        """Use the file again, where it was done without and can be used by now."""
        if not self.trouble or self._within:
            return
        self._again = time.monotonic() + _PAUSE
        try:
            file = self._connect(_IMPATIENT)
            if self._copied:
                self._connection.backup(file)
        except (sqlite3.Error, OSError, Damaged, Newer):
            return
        self._connection.close()
        kept = "những gì giữ trong bộ nhớ đã được ghi vào đó" if self._copied else "những gì chỉ giữ trong bộ nhớ đã bỏ"
        _LOG.warning("Tệp %s lại dùng được; %s.", self._path, kept)
        self._connection, self.trouble, self._copied = file, "", False

    def _done(self, work: Callable[[], T]) -> T:
        """Do something with the connection; once more where that was to a file that is replaced meanwhile."""
        with self._lock:
            if self.trouble and time.monotonic() >= self._again:
                self._return_to_file()
            try:
                return work()
            except sqlite3.Error as error:
                if not self._replaced(error) or self._within:
                    raise self._fault(error) from error
            try:
                return work()
            except sqlite3.Error as error:
                raise self._fault(error) from error

    def _fault(self, error: sqlite3.Error) -> TracuuError:
        return TracuuError(f"Không dùng được tệp {self._path}: {_cause(error)}. Câu trả lời và văn bản không bị ảnh hưởng.")

    def _replaced(self, error: sqlite3.Error) -> bool:
        """Whether there is another connection now: to a new file in place of a damaged one, or to a copy in memory."""
        code = _code(error)
        if code in _DAMAGED:
            self._connection.close()
            self._connection = self._opened()
            return True
        if not self._alone or self.trouble or self._connection.in_transaction or code not in _CAUSES:
            return False
        memory = self._in_memory(_cause(error))
        with closing(self._connection) as before:
            try:
                before.backup(memory)
                self._copied = True
            except sqlite3.Error as unreadable:
                _LOG.warning("Tệp %s cũng không đọc được: %s.", self._path, _cause(unreadable))
        self._connection = memory
        return True

    def _opened(self) -> sqlite3.Connection:
        try:
            try:
                return self._connect()
            except Damaged as error:
                return self._begun_anew(str(error))
        except (sqlite3.Error, OSError, Newer) as error:
            return self._in_memory(_cause(error))

    def _connect(self, patience: float = _PATIENCE) -> sqlite3.Connection:
        """Open the file. Raises ``Damaged``, ``Newer``, ``sqlite3.Error`` or ``OSError``."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if self._path.is_dir():
            raise Damaged("là một thư mục")
        try:
            connection = _connected(self._path, patience)
            try:
                if (found := connection.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
                    raise Damaged(" ".join(str(found).split()))
                connection.executescript(_PRAGMAS)
                _bring_forward(connection, self._migrations, self._before)
                connection.execute("PRAGMA journal_mode = WAL")  # last: a file that is not ours stays as it was
            except BaseException:
                connection.close()
                raise
        except sqlite3.Error as error:
            if _code(error) in _DAMAGED:
                raise Damaged(str(error)) from error
            raise
        return connection

    def _begun_anew(self, problem: str) -> sqlite3.Connection:
        """Set the damaged file aside, unless another process did meanwhile."""
        try:
            with FileLock(self._path.with_name(f"{self._path.name}.lock"), timeout=_LOCK_SECONDS):
                try:
                    return self._connect()
                except Damaged:
                    aside = f"{self._path.name}{_ASIDE}{datetime.now():%Y%m%d-%H%M%S}"
                    for end in reversed(_BESIDE):
                        if (file := self._path.with_name(self._path.name + end)).exists():
                            file.rename(self._path.with_name(aside + end))
                    _LOG.warning("Tệp %s bị hỏng (%s): đã để riêng thành %s và bắt đầu một tệp mới.", self._path, problem, aside)
                    return self._connect()
        except (Timeout, Damaged) as error:
            return self._in_memory(str(error))

    def _in_memory(self, cause: str) -> sqlite3.Connection:
        self.trouble = f"Không dùng được tệp {self._path} ({cause}); những gì lẽ ra ghi vào đó chỉ được giữ trong bộ nhớ."
        _LOG.warning(self.trouble)
        self._again = time.monotonic() + _PAUSE
        return in_memory(self._migrations)


def set_aside(data: Path) -> list[str]:
    """Return a line for admins for every damaged file that was set aside in the folder ``data``."""
    aside = (path for path in sorted(data.glob(f"*{_ASIDE}*")) if not path.name.endswith(_BESIDE[1:]))
    return [
        f"Tệp {path.name.partition(_ASIDE)[0]} từng bị hỏng và được thay bằng tệp mới; tệp cũ ở {path}, xem xong thì xóa." for path in aside
    ]


def in_memory(migrations: Sequence[str]) -> sqlite3.Connection:
    """Return an empty store in memory, of the newest version."""
    connection = _connected(":memory:")
    _bring_forward(connection, migrations, "")
    return connection


def _connected(path: Path | str, patience: float = _PATIENCE) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=patience, check_same_thread=False, isolation_level=None)


def _bring_forward(connection: sqlite3.Connection, migrations: Sequence[str], before: str) -> None:
    """Run the scripts that the file has not seen, all or none, beside other processes that would. Raises ``Damaged`` or ``Newer``."""
    connection.execute("BEGIN IMMEDIATE")  # also tells whether the file may be written
    try:
        connection.execute(VERSIONS)
        version = next(iter(connection.execute("SELECT version FROM schema_version")), (0,))[0]
        if problem := is_newer(version, migrations):
            raise Newer(problem)
        if version < len(migrations):
            uncounted = not version and len(_columns(connection)) > 1
            for script in [*migrations[:1], before, *migrations[1:]] if uncounted else migrations[version:]:
                for statement in statements(script):
                    connection.execute(statement)
            if uncounted:
                _check(connection, migrations)
            connection.execute("DELETE FROM schema_version")
            connection.execute("INSERT INTO schema_version VALUES (?)", (len(migrations),))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _check(connection: sqlite3.Connection, migrations: Sequence[str]) -> None:
    """Raise ``Damaged`` where a file that counted no versions has other tables than this store."""
    with closing(in_memory(migrations)) as example:
        there = _columns(connection)
        for table, columns in _columns(example).items():
            if there.get(table) != columns:
                raise Damaged(f"bảng {table} có các cột {', '.join(there.get(table, []))}: do một phiên bản khác ghi")


def _columns(connection: sqlite3.Connection) -> dict[str, list[str]]:
    query = (
        "SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c "
        "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid"
    )
    found: dict[str, list[str]] = {}
    for table, column in connection.execute(query):
        found.setdefault(table, []).append(column)
    return found


def _code(error: BaseException) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _cause(error: BaseException) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return _CAUSES.get(_code(error), str(error))
