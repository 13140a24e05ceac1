"""What a snapshot folder must hold: every file with its size and checksum, written last, checked on opening."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from rag.errors import IndexDamaged
from rag.index.server import Collection

_NAME = "manifest.json"
_FORMAT = 3  # raise it when older snapshots can no longer be read
_GROWING = "vectors/chroma.sqlite3"  # Chroma adds a row whenever it is opened: only its size can be held to account


@dataclass(frozen=True, slots=True)
class SnapshotInfo:
    """What is known about a snapshot without opening it.

    ``counts`` has documents, provisions, records and entries; ``files`` maps relative paths to (bytes, SHA-256);
    ``collection`` is where the vectors are when they are on a server.
    """

    path: Path
    created: str
    encoder: str
    counts: Mapping[str, int]
    files: Mapping[str, tuple[int, str]] = field(repr=False)
    collection: Collection | None = None

    @property
    def id(self) -> str:
        """The name of the snapshot's folder."""
        return self.path.name

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(size for size, _ in self.files.values())


def write_manifest(path: Path, encoder: str, counts: Mapping[str, int], collection: Collection | None = None) -> SnapshotInfo:
    """Note every file in the folder ``path``, and make sure all of it is on the disk."""
    names = sorted(file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file())
    files = {name: ((path / name).stat().st_size, _checksum(path, name)) for name in names}
    created = datetime.now().astimezone().isoformat(timespec="seconds")
    content = {
        "format": _FORMAT,
        "created": created,
        "encoder": encoder,
        "counts": dict(counts),
        "collection": asdict(collection) if collection else None,
        "files": files,
    }
    (path / _NAME).write_text(json.dumps(content, indent=1), encoding="utf-8")
    for item in [*path.rglob("*"), path, path.parent]:
        sync(item)
    return SnapshotInfo(path, created, encoder, counts, files, collection)


def read_manifest(path: Path) -> SnapshotInfo:
    """Return what the folder ``path`` says it holds. Raises ``IndexDamaged``."""
    try:
        content = json.loads((path / _NAME).read_text(encoding="utf-8"))
        if content["format"] != _FORMAT:
            raise IndexDamaged(f"bản {path.name} do một phiên bản Tra Cứu khác lập")
        files = {name: (int(size), str(checksum)) for name, (size, checksum) in content["files"].items()}
        collection = Collection(**content["collection"]) if content.get("collection") else None
        return SnapshotInfo(path, content["created"], content["encoder"], content["counts"], files, collection)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamaged(f"bản {path.name} không có {_NAME} đọc được") from error


def problems(info: SnapshotInfo, *, checksums: bool, under: str = "") -> list[str]:
    """Return one Vietnamese line for every file that is missing or is not as it was written.

    Sizes are always compared, the contents only with ``checksums``; ``under`` limits it to the paths that begin so.
    """
    found = []
    for name, (size, checksum) in info.files.items():
        if not name.startswith(under):
            continue
        file = info.path / name
        actual = file.stat().st_size if file.is_file() else -1
        if actual < 0:
            found.append(f"bản {info.id} thiếu tệp {name}")
        elif actual < size or (actual > size and name != _GROWING):
            found.append(f"bản {info.id}: tệp {name} dài {actual} byte thay vì {size}")
        elif checksums and _checksum(info.path, name) != checksum:
            found.append(f"bản {info.id}: nội dung tệp {name} đã bị thay đổi")
    return found


def sync(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _checksum(path: Path, name: str) -> str:
    if name == _GROWING:
        return ""
    with (path / name).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
