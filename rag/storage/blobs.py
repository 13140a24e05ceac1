"""Files that many machines share, in a folder or in a bucket: each under the name of its content, and one small pointer to begin from.

::

    files/<SHA-256>    never changed, put there by whoever has the content, in full or not at all
    current            the pointer: read with its version, replaced only by who knows the version

The pointer is the one thing that changes, so two who replace it at once are told apart by it: one wins, the other is told.
Who publishes deletes what no edition names after a day (``rag.index.sharing``): who keeps other files uses an address below.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rag.disk import beside, checksum
from rag.errors import StoreChanged, StoreUnavailable

_CHUNK = 1 << 20
_PATIENCE = 5.0  # seconds to wait for another who replaces the pointer


@dataclass(frozen=True, slots=True)
class Blob:
    """A file of the store: its size in bytes, and when it was last put there, by the clock of the store."""

    name: str
    size: int
    modified: datetime


@dataclass(frozen=True, slots=True)
class Pointer:
    """The pointer as it is; ``version`` is what ``Blobs.swap`` asks for."""

    content: bytes
    version: str
    modified: datetime


class Blobs(ABC):
    """A store of files. Every method raises ``StoreUnavailable`` when it does not answer in time, or not with what it should."""

    def __init__(self, address: str) -> None:
        self.address = address

    def put(self, path: Path) -> str:
        """Copy a file into the store and return its name; one that is there already is put again, so that it counts as new."""
        name = checksum(path)
        self._put(path, name)
        return name

    def get(self, name: str, path: Path) -> None:
        """Copy a file of the store to ``path``, which is there in full, on the disk and held to its name, or not at all."""
        digest = hashlib.sha256()
        with beside(path) as new:
            with new.open("wb") as file:
                for chunk in self._chunks(name):
                    digest.update(chunk)
                    file.write(chunk)
            if digest.hexdigest() != name:
                raise StoreUnavailable(f"Kho {self.address} đưa tệp {name[:12]}… với nội dung sai.")

    @abstractmethod
    def read(self, name: str, start: int, end: int) -> bytes:
        """Return a file's bytes from ``start`` up to ``end``, fewer where it ends before; they are not held to its name."""

    @abstractmethod
    def has(self, name: str) -> bool:
        """Say whether the store has a file."""

    @abstractmethod
    def list(self) -> Iterator[Blob]:
        """Yield every file, and whatever else lies among them, in any order."""

    @abstractmethod
    def delete(self, name: str) -> None:
        """Delete a file; one that is not there is none the worse."""

    def forget(self) -> None:
        """Delete all there is, the pointer first: whoever follows it keeps what they have."""
        self._forget_pointer()
        for blob in list(self.list()):
            self.delete(blob.name)

    @abstractmethod
    def pointer(self) -> Pointer | None:
        """Return the pointer; ``None`` where nothing was ever published."""

    @abstractmethod
    def swap(self, content: bytes, before: str) -> None:
        """Replace the pointer, of which the version has to be ``before`` still (empty: there is none yet). Raises ``StoreChanged``."""

    @abstractmethod
    def _forget_pointer(self) -> None: ...

    @abstractmethod
    def _put(self, path: Path, name: str) -> None: ...

    @abstractmethod
    def _chunks(self, name: str) -> Iterator[bytes]: ...


class FolderBlobs(Blobs):
    """A store in a folder, as on NFS."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self._folder = folder
        self._files = folder / "files"
        self._pointer = folder / "current"

    def read(self, name: str, start: int, end: int) -> bytes:
        with self._reading(), (self._files / name).open("rb") as file:
            file.seek(start)
            return file.read(end - start)

    def has(self, name: str) -> bool:
        with self._reading():
            return (self._files / name).is_file()

    def list(self) -> Iterator[Blob]:
        with self._reading():
            for entry in os.scandir(self._files) if self._files.exists() else ():
                try:
                    status = entry.stat()
                except FileNotFoundError:  # deleted meanwhile
                    continue
                yield Blob(entry.name, status.st_size, datetime.fromtimestamp(status.st_mtime).astimezone())

    def delete(self, name: str) -> None:
        with self._reading():
            (self._files / name).unlink(missing_ok=True)

    def pointer(self) -> Pointer | None:
        with self._reading():
            try:
                with self._pointer.open("rb") as file:
                    content, status = file.read(), os.fstat(file.fileno())
            except FileNotFoundError:
                return None
        return Pointer(content, _version(content), datetime.fromtimestamp(status.st_mtime).astimezone())

    def swap(self, content: bytes, before: str) -> None:
        from filelock import FileLock

        with self._reading(), FileLock(self._pointer.with_suffix(".lock"), timeout=_PATIENCE):
            now = self.pointer()
            if (now.version if now else "") != before:
                raise StoreChanged(self.address)
            with beside(self._pointer) as new:
                new.write_bytes(content)

    def _forget_pointer(self) -> None:
        with self._reading():
            self._pointer.unlink(missing_ok=True)

    def _put(self, path: Path, name: str) -> None:
        with self._reading():
            self._files.mkdir(parents=True, exist_ok=True)
            with beside(self._files / name) as new:
                shutil.copyfile(path, new)

    def _chunks(self, name: str) -> Iterator[bytes]:
        with self._reading(), (self._files / name).open("rb") as file:
            yield from iter(lambda: file.read(_CHUNK), b"")

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise unavailable(self.address, error.strerror or str(error)) from error


def unavailable(address: str, reason: str) -> StoreUnavailable:
    """Return what is raised when a store does not do what it should."""
    return StoreUnavailable(f"Kho {address} không dùng được ({reason}).")


def _version(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
