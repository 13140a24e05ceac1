"""Files: what is written is on the disk before anything counts on it; what can be made again is kept; YAML is read quickly."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4


def sync(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """Yield a name to write to, which then takes the place of ``path``: that is there in full, or as it was."""
    new = path.with_name(f".{path.name}.{uuid4().hex[:8]}")
    try:
        yield new
        sync(new)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    sync(path.parent)


def keep_json(path: Path, content: Mapping[str, Any]) -> None:
    """Keep what can be made again, with its checksum in front. Raises ``OSError``."""
    text = json.dumps(content, ensure_ascii=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    with beside(path) as new:
        new.write_text(f"{_sum(text)}\n{text}", encoding="utf-8")


def kept_json(path: Path) -> dict[str, Any]:
    """Return what ``keep_json`` kept; nothing where it is not there, not whole or cannot be read."""
    try:
        before, _, text = path.read_text(encoding="utf-8").partition("\n")
    except (OSError, UnicodeDecodeError):
        return {}
    found: dict[str, Any] = json.loads(text) if before == _sum(text) else {}
    return found


def read_yaml(text: str) -> Any:  # noqa: ANN401
    """Return what a text in YAML says, ten times as fast as ``yaml.safe_load`` where the library can. Raises ``yaml.YAMLError``."""
    import yaml  # which those who only ask do without

    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _sum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
