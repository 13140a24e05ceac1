"""Uploaded files: kept under the data folder, with a harmless name, until the admin decides."""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Sequence
from pathlib import Path

from anyio import to_thread
from starlette.datastructures import UploadFile

from bot.web.problems import Refused
from ingest.filenames import kept_name
from ingest.readers import SUFFIXES
from ingest.sources import readable

_FOLDER = "uploads"


async def store(data: Path, files: Sequence[UploadFile | str]) -> list[Path]:
    """Keep uploaded files, each in a folder of its own. Raises ``Refused`` for one of a kind that nobody reads."""
    given = [file for file in files if isinstance(file, UploadFile) and file.filename]
    if not given:
        raise Refused(422, "Chưa chọn tệp nào.", "No file was chosen.")
    named = [(file, _name(file.filename or "")) for file in given]
    for _, name in named:
        if not readable(Path(name)):
            raise Refused(422, f"Không đọc được loại tệp của {name}. Đọc được: {', '.join(sorted(SUFFIXES))}.", "Unknown kind of file.")
    return [await to_thread.run_sync(_keep, data, file, name) for file, name in named]


def _keep(data: Path, file: UploadFile, name: str) -> Path:
    folder = data / _FOLDER / secrets.token_hex(8)
    folder.mkdir(parents=True)
    with (folder / name).open("wb") as target:
        shutil.copyfileobj(file.file, target)
    return (folder / name).absolute()


def discard(data: Path, files: Sequence[str]) -> None:
    """Throw files away that ``store`` kept."""
    home = (data / _FOLDER).absolute()
    for file in files:
        if Path(file).parent.parent == home:
            shutil.rmtree(Path(file).parent, ignore_errors=True)


def _name(given: str) -> str:
    """Return the last part of a file name, without what could harm: separators, controls, a dot in front."""
    name = re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029<>:\"|?*]", "", re.split(r"[/\\]", given)[-1])
    return kept_name(name.strip().lstrip("."))
