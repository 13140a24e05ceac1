"""The bank of questions, ``corpus/questions/*.yaml``: what people ask of each provision, in their own words.

::

    - question: "bao giờ nộp bc sơ kết hk1?"
      document: 2607/SGDĐT-GDPT
      sections: [IV.2-2]          # empty: known to have no answer there; "SỐ|MỤC" names a place in another document
      by: written                 # or taught (by an admin), model (by a language model)
      writer: w01                 # whoever wrote it; questions of one writer never judge each other
      date: 2026-11-26
      after: ["…"]                # of a follow-up: the questions before it
"""

from __future__ import annotations

import datetime
import hashlib
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields
from pathlib import Path
from typing import get_args

import yaml

from ingest.code_version import code_version
from ingest.filenames import mark
from rag.disk import keep_json, kept_json, read_yaml, sync
from rag.errors import ReadError
from rag.index.bank import BankEntry, By

FOLDER = "questions"
TAUGHT = "taught.yaml"
KEPT = "entries.json"
"""In the folder of the published bank: what was read of the files."""
LONGEST = 1000  # characters of a question
Unreadable = tuple[str, str]
"""A file, and why it cannot be read."""


def question_files(corpus: Path) -> list[Path]:
    """Return the files of the bank, in order; what was taught comes last."""
    files = sorted((corpus / FOLDER).glob("*.yaml"))
    return sorted(files, key=lambda path: path.name == TAUGHT)


def read_questions(path: Path) -> list[BankEntry]:
    """Return the entries of one file. Raises ``ReadError`` that names the file and the entry."""
    return _entries_in(path, _content_of(path))


def read_all(files: Iterable[Path], kept: Path | None = None, *, keep: bool = False) -> tuple[list[BankEntry], list[Unreadable]]:
    """Return the entries of all ``files``, and which of these cannot be read.

    ``kept`` has entries of before, under the checksum of their file: reading YAML takes ten times as long. With ``keep`` it has
    these afterwards, for the holder of the builder's lock; raises ``OSError``.
    """
    found: list[BankEntry] = []
    unreadable: list[Unreadable] = []
    before = _kept(kept) if kept else {}
    now: dict[str, list[BankEntry]] = {}
    for path in files:
        try:
            content = _content_of(path)
            name = hashlib.sha256(content).hexdigest()
            now[name] = before[name] if name in before else _entries_in(path, content)
            found += now[name]
        except ReadError as error:
            unreadable.append((path.name, str(error)))
    if kept and keep and now.keys() != before.keys():
        rows = {name: [[getattr(entry, field.name) for field in fields(entry)] for entry in entries] for name, entries in now.items()}
        keep_json(kept, {"code": code_version((__name__,)), "files": rows})
    return found, unreadable


def _kept(file: Path) -> dict[str, list[BankEntry]]:
    content = kept_json(file)
    if content.get("code") != code_version((__name__,)):
        return {}
    return {name: [_as_entry(*row) for row in rows] for name, rows in content["files"].items()}


def _as_entry(question: str, document: str, sections: list[str], by: By, writer: str, date: str, after: list[str]) -> BankEntry:
    return BankEntry(question, document, tuple(sections), by, writer, date, tuple(after))


def _content_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error


def _entries_in(path: Path, content: bytes) -> list[BankEntry]:
    try:
        rows = read_yaml(content.decode()) or []
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise _unreadable(path, error) from error
    if not isinstance(rows, list):
        raise ReadError(f"{path}: phải là một danh sách câu hỏi.")
    return [_entry(path, at, row) for at, row in enumerate(rows, 1)]


def _unreadable(path: Path, error: Exception) -> ReadError:
    return ReadError(f"{path}: không đọc được ngân hàng câu hỏi ({_one_line(error)}).")


def _entry(path: Path, at: int, row: object) -> BankEntry:
    if not isinstance(row, dict) or not {"question", "document"} <= set(row):
        raise ReadError(f"{path}, câu thứ {at}: cần có question, document và sections.")
    question, document = str(row["question"]).strip(), str(row["document"]).strip()
    sections, after, by = row.get("sections") or [], row.get("after") or [], row.get("by", "written")
    if not question or not document or len(question) > LONGEST or by not in get_args(By) or not _strings(sections) or not _strings(after):
        raise ReadError(f"{path}, câu thứ {at}: question, document, sections, by hoặc after không đúng dạng.")
    return BankEntry(question, document, tuple(sections), by, str(row.get("writer") or ""), _day(row.get("date")), tuple(after))


def _strings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item for item in value)


def _day(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime.date) else str(value or "")


def write_questions(path: Path, entries: Iterable[BankEntry]) -> None:
    """Write a file of the bank, one entry a line, whole or not at all. Raises ``OSError``."""
    with replaced(path, entries):
        pass


@contextmanager
def replaced(path: Path, entries: Iterable[BankEntry]) -> Iterator[None]:
    """Put ``entries`` in the place of a file of the bank; what stood there comes back when something fails inside.

    Everything that needs room on the disk is done before anything changes. Raises ``OSError``.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    new, old = (path.with_name(f".{mark(path.name)}.{what}") for what in ("new", "old"))
    try:
        new.write_text(as_yaml(entries), encoding="utf-8")
        sync(new)
        if path.exists():
            shutil.copyfile(path, old)
        new.replace(path)
        try:
            yield
        except BaseException:
            _put_back(old, path)
            raise
    finally:
        new.unlink(missing_ok=True)
        old.unlink(missing_ok=True)


def _put_back(old: Path, path: Path) -> None:
    if old.exists():
        old.replace(path)
    else:
        path.unlink()


def as_yaml(entries: Iterable[BankEntry]) -> str:
    """Return entries as a file of the bank has them, one a line."""
    return "".join(f"- {_line(entry)}\n" for entry in entries)


def _line(entry: BankEntry) -> str:
    content = {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(entry).items()}
    if not entry.after:
        del content["after"]
    text: str = yaml.dump(content, allow_unicode=True, default_flow_style=True, sort_keys=False, width=10**9)
    return text.strip()


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
