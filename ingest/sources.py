"""The files that make the index: those in the corpus folder, and those once given to ``tracuu ingest FILE``.

The latter are kept as copies under the data folder (``data/extra``), so that the next ``ingest`` has them too, and a
test collection never gets into the corpus.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from ingest.readers import SUFFIXES

COLLECTIONS = (".jsonl", ".jsonl.gz")


def is_collection(path: Path) -> bool:
    """Say whether a file is a collection of articles, one JSON object a line."""
    return path.name.lower().endswith(COLLECTIONS)


def readable(path: Path) -> bool:
    """Say whether there is a reader for a file of this name."""
    return not path.name.startswith(".") and (path.suffix.lower() in SUFFIXES or is_collection(path))


def corpus_files(corpus: Path) -> list[Path]:
    """Return the documents' files of the corpus folder and the folders in it, in order."""
    return _files(corpus)


def extra_files(data: Path) -> list[Path]:
    """Return the files that were given to ``tracuu ingest``, in order."""
    return _files(data / "extra")


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and readable(path)]


def place(source: Path, target: Path) -> None:
    """Copy a file so that ``target`` is there in full or not at all. Raises ``OSError``."""
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(f".{target.name}.new")
    try:
        shutil.copyfile(source, new)
        new.replace(target)
    finally:
        new.unlink(missing_ok=True)


def put(source: Path, target: Path, trash: Path, undo: ExitStack) -> None:
    """Copy a file into the place of ``target``, if there was one; ``undo`` brings back what was. Raises ``OSError``."""
    if target.exists():
        undo.callback(place, _keep(target, trash), target)
    else:
        undo.callback(target.unlink, missing_ok=True)
    place(source, target)


def drop(path: Path, trash: Path, undo: ExitStack) -> Path:
    """Move a file into the folder ``trash`` and return where it is now; ``undo`` brings it back. Raises ``OSError``."""
    kept = _keep(path, trash)
    undo.callback(place, kept, path)
    path.unlink()
    return kept


def _keep(path: Path, trash: Path) -> Path:
    kept = trash / f"{datetime.now():%Y%m%d-%H%M%S}-{os.urandom(2).hex()}-{path.name}"
    place(path, kept)
    return kept


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
