"""The files that make the index: those in the corpus folder, and those once given to ``tracuu ingest FILE``.

The latter are kept as copies under the data folder (``data/extra``), so that the next ``ingest`` has them too, and a
test collection never gets into the corpus. Links inside a folder are not followed, whatever they lead to; a file that is
itself named on the command line may be one. What begins with a dot is never looked at.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Collection, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from ingest.filenames import cut, fault_of, mark, shown
from ingest.readers import by_suffix

COLLECTIONS = (".jsonl", ".jsonl.gz")
LARGEST = 2_000_000_000  # bytes of a file; a sparse one can claim any size
Skipped = tuple[str, str]
"""A file, and why it is not in the index."""


def is_collection(path: Path) -> bool:
    """Say whether a file is a collection of articles, one JSON object a line."""
    return path.name.lower().endswith(COLLECTIONS)


def readable(path: Path) -> bool:
    """Say whether there is a reader for a file of this name."""
    return not path.name.startswith(".") and (path.suffix.lower() in by_suffix() or is_collection(path))


def endings() -> list[str]:
    """Return the endings of all names of files that can be read, collections too."""
    return [*sorted(by_suffix()), *COLLECTIONS]


def corpus_files(corpus: Path) -> list[Path]:
    """Return the documents' files of the corpus folder and the folders in it, in order."""
    return documents_in(corpus)[0]


def extra_files(data: Path) -> list[Path]:
    """Return the files that were given to ``tracuu ingest``, in order."""
    return documents_in(data / "extra")[0]


def documents_in(folder: Path, before: Collection[str] = ()) -> tuple[list[Path], list[Skipped]]:
    """Return the files of a folder that can be documents, in order, and those that cannot, with the reason.

    A file of a kind that nobody reads is in neither list, unless its name is among those read ``before``: its reader is gone, the
    document is not.
    """
    files: list[Path] = []
    left_out: list[Skipped] = []
    for path in sorted(walk(folder)):
        if path.is_dir() or readable(path) or path.name in before:
            if reason := unfit(path):
                left_out.append((shown(path.name), reason))
            else:
                files.append(path)
    return files, left_out


def walk(folder: Path) -> Iterator[Path]:
    """Yield everything in a folder and the folders in it but these folders; a link to a folder is yielded, not entered."""
    for here, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        names = [name for name in files if not name.startswith(".")]
        yield from (Path(here, name) for name in [*names, *(name for name in folders if Path(here, name).is_symlink())])


def unfit(path: Path, *, named: bool = False) -> str:
    """Return why this can be no document's file, whatever its content, in Vietnamese; empty where it can.

    ``named``: on the command line, where a link means the file it leads to.
    """
    try:
        status = path.stat() if named else path.lstat()
    except FileNotFoundError:
        return "không có tệp này"
    except OSError as error:
        return f"không mở được ({error.strerror or error})"
    if stat.S_ISLNK(status.st_mode):
        return "là liên kết tới nơi khác nên không được đi theo; hãy chép chính tệp ấy vào đây"
    if not stat.S_ISREG(status.st_mode):
        return "không phải là tệp thường"
    if status.st_size > LARGEST:
        return f"lớn hơn {LARGEST // 1_000_000_000} GB"
    return fault_of(path.name)


def place(source: Path, target: Path) -> None:
    """Copy a file so that ``target`` is there in full or not at all. Raises ``OSError``."""
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(f".{mark(target.name)}.new")
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
    kept = trash / cut(f"{datetime.now():%Y%m%d-%H%M%S}-{os.urandom(2).hex()}-{path.name}")
    place(path, kept)
    return kept
