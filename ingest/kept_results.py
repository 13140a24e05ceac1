"""Files that are kept for the next time: in full or not at all, a large one with its checksum beside it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from rag.disk import checksum


def keep(kept: Path, write: Callable[[Path], None]) -> None:
    """Keep what ``write`` puts into a new file, in full or not at all. Raises what ``write`` raises, and ``OSError``."""
    new = kept.with_name(f".{kept.name}.{os.getpid()}")
    try:
        new.unlink(missing_ok=True)
        write(new)
        put(kept.with_suffix(".sum"), checksum(new).encode())
        _move(new, kept)
    finally:
        new.unlink(missing_ok=True)


def is_whole(kept: Path) -> bool:
    """Say whether a result is kept as it was written."""
    return text_of(kept.with_suffix(".sum")) == checksum(kept) if kept.exists() else False


def text_of(file: Path) -> str:
    """Return the text of a small file; nothing where it is not there or cannot be read."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def put(file: Path, content: bytes) -> None:
    """Write a file in full or not at all, whatever is in its place. Raises ``OSError``."""
    new = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        new.write_bytes(content)
        _move(new, file)
    finally:
        new.unlink(missing_ok=True)


def _move(new: Path, file: Path) -> None:
    if file.is_dir():
        remove(file)
    new.replace(file)


def remove(path: Path) -> None:
    """Delete a file or a folder, where there is one."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
