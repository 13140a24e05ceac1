"""Uploaded files: kept under the data folder, with a harmless name, until the admin decides or a day has passed."""

from __future__ import annotations

import re
import secrets
import shutil
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from anyio import to_thread
from starlette.datastructures import UploadFile

from bot.web.problems import Refused
from ingest.filenames import kept_name
from ingest.readers import by_suffix
from ingest.source_files import readable

MOST = 20
"""Files that may be uploaded at once."""
_FOLDER = "uploads"
_KEPT = 86_400.0  # seconds


async def store(data: Path, files: Sequence[UploadFile | str]) -> list[Path]:
    """Keep uploaded files, each in a folder of its own. Raises ``Refused`` for one of a kind that nobody reads."""
    given = [file for file in files if isinstance(file, UploadFile) and file.filename]
    if not given:
        raise Refused(422, "Chưa chọn tệp nào.", "No file was chosen.")
    names = _apart([_name(file.filename or "") for file in given])
    for name in names:
        if not readable(Path(name)):
            raise Refused(422, f"Không đọc được loại tệp của {name}. Đọc được: {', '.join(sorted(by_suffix()))}.", "Unknown kind of file.")
    await to_thread.run_sync(sweep, data)
    return [await to_thread.run_sync(_keep, data, file, name) for file, name in zip(given, names, strict=True)]


def keep_copy(data: Path, source: Path, name: str) -> Path:
    """Keep a file of this machine as if it had been uploaded under ``name``."""
    folder = _new_folder(data)
    shutil.copyfile(source, folder / name)
    return folder / name


def _keep(data: Path, file: UploadFile, name: str) -> Path:
    folder = _new_folder(data)
    with (folder / name).open("wb") as target:
        shutil.copyfileobj(file.file, target)
    return folder / name


def _new_folder(data: Path) -> Path:
    folder = (data / _FOLDER / secrets.token_hex(8)).absolute()
    folder.mkdir(parents=True)
    return folder


def discard(data: Path, files: Iterable[str]) -> None:
    """Throw files away that ``store`` kept, with all that was made of them to look at."""
    home = (data / _FOLDER).absolute()
    for file in files:
        if Path(file).parent.parent == home:
            shutil.rmtree(Path(file).parent, ignore_errors=True)


def sweep(data: Path) -> None:
    """Throw away what was uploaded more than a day ago and forgotten."""
    for folder in (data / _FOLDER).glob("*"):
        with suppress(FileNotFoundError):  # another process sweeps too
            if folder.stat().st_mtime < time.time() - _KEPT:
                shutil.rmtree(folder, ignore_errors=True)


def _name(given: str) -> str:
    """Return the last part of a file name, without what could harm: separators, controls, turned reading, a dot in front."""
    name = re.sub(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069<>:\"|?*]", "", re.split(r"[/\\]", given)[-1])
    return kept_name(name.strip().lstrip("."))


def _apart(names: list[str]) -> list[str]:
    """Keep files of one name apart: the second is ``name (2).pdf``."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        path = Path(name)
        found.append(kept_name(f"{path.stem} ({seen[name]}){path.suffix}") if seen[name] > 1 else name)
    return found
