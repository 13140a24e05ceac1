"""What a snapshot folder must hold: every file with its size and checksum, written last, checked on opening.

Reading hundreds of megabytes at every start would take seconds. So what was found whole is noted beside the files
(``checked.json``) with the marks that the file system changes whenever a file is written, and only files of which these
differ are read again. ``problems`` with ``checksums`` reads all of them: disks forget without leaving a mark.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from rag.disk import checksum, sync
from rag.errors import IndexDamaged
from rag.index.vector_server import Collection

MANIFEST = "manifest.json"
CHECKED = "checked.json"
"""What was found whole, as this machine knows it."""
_SEAL = "seal"  # checksum of the manifest itself, taken with this field empty
FORMAT = 4  # raise it when older snapshots can no longer be read
_WITH_CHROMA = 3  # the format before, whose folder ``vectors/`` was Chroma's and is of no use any more; read until the next release
READABLE = (FORMAT, _WITH_CHROMA)


HEAD = -1
"""The shard that a head is."""


class Unread(str):
    """A line on a file that could not be looked at: a fault of the disk or of permissions, which is no damage yet."""


@dataclass(frozen=True, slots=True)
class SnapshotInfo:
    """What is known about a snapshot without opening it.

    ``counts`` has documents, provisions, records and entries; ``files`` maps relative paths to (bytes, SHA-256);
    ``collection`` is where the vectors are when they are on a server. ``shard`` is which of the ``shards`` of a library this is;
    of the head, which has all but their contents, it is ``HEAD``.
    """

    path: Path
    created: str
    encoder: str
    counts: Mapping[str, int]
    files: Mapping[str, tuple[int, str]] = field(repr=False)
    collection: Collection | None = None
    shard: int = 0
    shards: int = 0

    @property
    def id(self) -> str:
        """The name of the snapshot's folder."""
        return self.path.name

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(size for size, _ in self.files.values())


def write_manifest(
    path: Path, encoder: str, counts: Mapping[str, int], collection: Collection | None = None, *, shard: int = 0, shards: int = 0
) -> SnapshotInfo:
    """Note every file in the folder ``path``, and make sure all of it is on the disk."""
    (path / CHECKED).unlink(missing_ok=True)
    names = sorted(file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file())
    files = {name: ((path / name).stat().st_size, checksum(path / name)) for name in names}
    created = datetime.now().astimezone().isoformat(timespec="seconds")
    content = {
        "format": FORMAT,
        "created": created,
        "encoder": encoder,
        "counts": dict(counts),
        "collection": asdict(collection) if collection else None,
        "shard": shard,
        "shards": shards,
        "files": files,
    }
    _write(path / MANIFEST, _sealed(content))
    _note_whole(path, {name: mark(path / name) for name in files})
    for item in [*path.rglob("*"), path, path.parent]:
        sync(item)
    return SnapshotInfo(path, created, encoder, counts, files, collection, shard, shards)


def read_manifest(path: Path) -> SnapshotInfo:
    """Return what the folder ``path`` says it holds. Raises ``IndexDamaged``."""
    try:
        text = (path / MANIFEST).read_text(encoding="utf-8")
        content = json.loads(text)
        if _SEAL in content and text != _sealed(content):
            raise IndexDamaged(f"bản {path.name}: nội dung tệp {MANIFEST} đã bị thay đổi")
        if content["format"] not in READABLE:
            raise IndexDamaged(f"bản {path.name} do một phiên bản Tra Cứu khác lập")
        files = {name: (int(size), str(known)) for name, (size, known) in content["files"].items()}
        if content["format"] == _WITH_CHROMA:
            files = {name: known for name, known in files.items() if not name.startswith("vectors/")}
        collection = Collection(**content["collection"]) if content.get("collection") else None
        cut = content.get("shard", 0), content.get("shards", 0)
        return SnapshotInfo(path, content["created"], content["encoder"], content["counts"], files, collection, *cut)
    except OSError as error:
        raise IndexDamaged(f"bản {path.name} không có {MANIFEST} đọc được ({error.strerror})") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise IndexDamaged(f"bản {path.name} không có {MANIFEST} đọc được") from error


def problems(info: SnapshotInfo, *, checksums: bool, under: str = "") -> list[str]:
    """Return one Vietnamese line for every file that is missing or is not as it was written.

    Sizes are always compared; with ``checksums`` every content, else only where a file was written to since it was found
    whole; what was found wrong is no longer trusted by whoever looks next. ``under`` limits it to the paths that begin so. A line
    on a file that cannot be read is an ``Unread``.
    """
    names = [name for name in info.files if name.startswith(under)]
    known = _checked(info.path)
    marks = {name: mark(info.path / name) for name in names}
    read = {name for name in names if checksums or known.get(name) != marks[name] or not marks[name]}
    lines = {name: _problem(info, name, name in read) for name in names}
    whole = {name: marks[name] for name in names if name in read and info.files[name][1] and not lines[name]}
    wrong = {name for name, line in lines.items() if line and not isinstance(line, Unread)}
    if whole or wrong:
        _note_whole(info.path, whole, wrong)
    return [line for line in lines.values() if line]


def damages(lines: Iterable[str]) -> list[str]:
    """Return those of ``problems`` that are damage: what cannot be looked at is none yet."""
    return [line for line in lines if not isinstance(line, Unread)]


def _note_whole(path: Path, marks: Mapping[str, list[int]], wrong: AbstractSet[str] = frozenset()) -> None:
    """Note what was read and found whole, and no longer what was found ``wrong``; of other files, what others note stays."""
    with suppress(OSError), _noting(path):  # a folder that may not be written is read in full each time
        known = _checked(path)
        noted = {name: mark for name, mark in known.items() if name not in wrong} | dict(marks)
        if noted != known:
            _write(path / CHECKED, json.dumps(noted))


@contextmanager
def _noting(path: Path) -> Iterator[None]:
    """Be the only one who notes something in the folder ``path``, or what one takes away another would write back."""
    folder = os.open(path, os.O_RDONLY)
    try:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _problem(info: SnapshotInfo, name: str, read: bool) -> str:
    """Say what is wrong with a file; ``read``: whether to compare its content too."""
    size, known = info.files[name]
    file = info.path / name
    try:
        actual = file.stat().st_size
        if actual != size:
            return f"bản {info.id}: tệp {name} dài {actual} byte thay vì {size}"
        if read and known and checksum(file) != known:
            return f"bản {info.id}: nội dung tệp {name} đã bị thay đổi"
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return f"bản {info.id} thiếu tệp {name}"
    except OSError as error:
        return Unread(f"bản {info.id}: máy không đọc được tệp {name} ({error.strerror or error})")
    return ""


def _checked(path: Path) -> dict[str, list[int]]:
    try:
        known = json.loads((path / CHECKED).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return known if isinstance(known, dict) else {}


def mark(file: Path) -> list[int]:
    """What the file system says of a file and changes when it is written, replaced or copied; empty where it is not there."""
    try:
        status = file.stat()
    except OSError:
        return []
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]


def _sealed(content: Mapping[str, object]) -> str:
    seal = hashlib.sha256(json.dumps({**content, _SEAL: ""}, indent=1).encode()).hexdigest()
    return json.dumps({**content, _SEAL: seal}, indent=1)


def _write(path: Path, text: str) -> None:
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        new.write_text(text, encoding="utf-8")
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
