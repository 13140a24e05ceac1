"""The one file that holds an office: a zip of files from the corpus and the data folder, with a list of their sums.

::

    corpus/…        data/…
    manifest.json   format, program, when, the index in use, and of every other member its size and SHA-256

A member is only taken under a name that a backup can have given it, and everything is held to its sum.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

from ingest.filenames import mark, shown
from rag.disk import sync
from rag.errors import TracuuError

MANIFEST = "manifest.json"
_FORMAT = 1  # raise it when older programs can no longer read what is written
_NAME = re.compile(r"(?:corpus/.+|data/(?:extra|writing)/.+|data/[\w-]+\.sqlite3|data/settings\.env)")
_AT_ONCE = 1 << 20  # bytes
_LARGEST_MANIFEST = 50_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. ``left_out``: what is not in it, with the reason; ``secrets``: variables to set anew."""

    program: str
    created: str
    index: Mapping[str, str]
    files: Mapping[str, tuple[int, str]] = field(repr=False)
    left_out: tuple[tuple[str, str], ...] = ()
    secrets: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(size for size, _ in self.files.values())


class ArchiveWriter:
    """Puts files into an archive and remembers their sums."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.files: dict[str, tuple[int, str]] = {}

    def add(self, name: str, path: Path) -> None:
        """Put a file in. Raises ``OSError``."""
        with path.open("rb") as source, self._archive.open(_member(name), "w", force_zip64=True) as target:
            self.files[name] = _copy(source, target)

    def finish(self, manifest: Manifest) -> None:
        """Put in what the archive says of itself, last."""
        content = {
            "format": _FORMAT,
            "program": manifest.program,
            "created": manifest.created,
            "index": dict(manifest.index),
            "left_out": manifest.left_out,
            "secrets": manifest.secrets,
            "files": manifest.files,
        }
        self._archive.writestr(_member(MANIFEST), json.dumps(content, ensure_ascii=False, indent=1))


@contextmanager
def written(target: Path) -> Iterator[ArchiveWriter]:
    """Write an archive that is there in full at the end, or not at all; only its owner may read it. Raises ``OSError``."""
    new = target.with_name(f".{mark(target.name)}.new")
    try:
        new.unlink(missing_ok=True)
        with (
            os.fdopen(os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            yield ArchiveWriter(archive)
        sync(new)
        new.replace(target)
        sync(target.parent)
    finally:
        new.unlink(missing_ok=True)


def read_manifest(path: Path) -> Manifest:
    """Return what an archive says of itself. Raises ``TracuuError`` where it is none of ours."""
    with _opened(path) as archive:
        return _manifest(path, archive)


def unpack(path: Path, places: Mapping[str, Path]) -> Manifest:
    """Unpack a whole archive, ``corpus/…`` and ``data/…`` each into its place, every file held to its sum.

    Raises ``TracuuError`` that names what is wrong with the archive, and ``OSError`` where it cannot be written.
    """
    with _opened(path) as archive:
        manifest = _manifest(path, archive)
        if any(manifest.size > shutil.disk_usage(place).free for place in places.values()):
            raise TracuuError(f"Không đủ chỗ trên đĩa để mở {path}: cần {manifest.size // 1_000_000 + 1} MB. Không có gì thay đổi.")
        for name, expected in manifest.files.items():
            place, _, rest = name.partition("/")
            target = places[place] / rest
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(name) as source, target.open("xb") as file:
                copied = _copy(source, file)
            if copied != expected:
                raise _damaged(path, f"nội dung của {shown(name)} đã bị thay đổi")
        return manifest


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeDecodeError) as error:
        raise _damaged(path, f"tệp bị cắt cụt hoặc hỏng: {error}") from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # a place in the file that cannot be
            raise
        raise _damaged(path, "tệp bị cắt cụt hoặc hỏng") from error


def _manifest(path: Path, archive: zipfile.ZipFile) -> Manifest:
    members = {member.filename: member for member in archive.infolist()}
    try:
        if archive.getinfo(MANIFEST).file_size > _LARGEST_MANIFEST:
            raise ValueError
        content = json.loads(archive.read(MANIFEST))
        if content["format"] != _FORMAT:
            raise _damaged(path, "do một phiên bản Tra Cứu khác tạo")
        files = {str(name): (int(size), str(sum_)) for name, (size, sum_) in content["files"].items()}
        left_out = tuple((str(name), str(reason)) for name, reason in content["left_out"])
        secrets = tuple(map(str, content["secrets"]))
        manifest = Manifest(str(content["program"]), str(content["created"]), dict(content["index"]), files, left_out, secrets)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise _damaged(path, f"không có {MANIFEST} đọc được") from error
    if len(members) != len(archive.infolist()) or set(members) != {*files, MANIFEST}:
        raise _damaged(path, f"các tệp bên trong không khớp với {MANIFEST}")
    for name, member in members.items():
        if name != MANIFEST and not _is_ours(member):
            raise _damaged(path, f"có tệp mang tên hoặc loại lạ: {shown(name)}")
        if name != MANIFEST and member.file_size != files[name][0]:
            raise _damaged(path, f"nội dung của {shown(name)} đã bị thay đổi")
    return manifest


def _is_ours(member: zipfile.ZipInfo) -> bool:
    mode = member.external_attr >> 16
    parts = member.filename.split("/")
    plain = all(part and not part.startswith(".") for part in parts)
    return plain and bool(_NAME.fullmatch(member.filename)) and (not mode or stat.S_IFMT(mode) in (0, stat.S_IFREG))


def _damaged(path: Path, reason: str) -> TracuuError:
    return TracuuError(f"Không dùng được tệp sao lưu {path}: {reason}. Không có gì thay đổi; hãy dùng một bản sao lưu khác.")


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, datetime.now().timetuple()[:6])
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = (stat.S_IFREG | 0o600) << 16
    return member


def _copy(source: IO[bytes], target: IO[bytes]) -> tuple[int, str]:
    """Copy a file; return its size and SHA-256."""
    size, digest = 0, hashlib.sha256()
    while chunk := source.read(_AT_ONCE):
        target.write(chunk)
        digest.update(chunk)
        size += len(chunk)
    return size, digest.hexdigest()
