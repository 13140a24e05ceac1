"""Which readers there are, ours and those of installed packages, and which of them reads a file."""

from __future__ import annotations

import hashlib
import inspect
import re
import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from ingest.readers.beginnings import true_suffix
from ingest.readers.clean import clean_line
from ingest.readers.contract import Reader
from rag.errors import ReadError
from rag.plugins import Plugin, load

GROUP = "tracuu.readers"
_KEPT = (".yaml", ".yml", ".json", ".jsonl", ".gz", ".zip", ".tsv")
"""Endings of what is no document in these folders: the catalog, checks, the question bank, collections, backups."""
_SUFFIX = re.compile(r"\.[^.\s/\\]{1,20}")
_LONGEST_LABEL = 60  # characters
_OURS = ("pdf", "pictures", "word", "old_word", "html", "markdown", "text")


@cache
def readers() -> tuple[Plugin[Reader], ...]:
    """Return every reader, ours first."""
    return tuple(load(GROUP, {name: f"ingest.readers.built_in:{name}" for name in _OURS}, _usable()))


@cache
def by_suffix() -> Mapping[str, Plugin[Reader]]:
    """Return the reader of each ending (``.pdf``) that can be read."""
    return {suffix: reader for reader in readers() for suffix in reader.value.suffixes}


@cache
def media_types() -> Mapping[str, str]:
    """Return the ending for each media type that can be read; where two readers have one, the first."""
    return {kind: suffix for reader in reversed(readers()) for kind, suffix in reader.value.media_types.items()}


def labels() -> str:
    """Return what can be read in words for admins: ``PDF, ảnh quét, Word, HTML, Markdown hoặc văn bản thuần``."""
    *first, last = dict.fromkeys(reader.value.label for reader in readers())
    return f"{', '.join(first)} hoặc {last}"


def reader_of(path: Path) -> Plugin[Reader]:
    """Return the reader of a file. Raises ``ReadError`` where there is none, or its content is none of what its name says; ``OSError``."""
    known, suffix = by_suffix(), path.suffix.lower()
    if suffix not in known:
        raise ReadError(f"Không đọc được {path.name}: chưa hỗ trợ loại tệp “{suffix or path.name}”.")
    return known[suffix] if known[suffix].package else known[true_suffix(path)]


def origin_of(path: Path) -> str:
    """Return what, of a file that another package reads, changes with that package; empty for what we read ourselves."""
    reader = by_suffix().get(path.suffix.lower())
    return f"{reader.package} {reader.version} {_code_of(reader.module)}" if reader and reader.package else ""


@cache
def _code_of(module: str) -> str:
    """A digest of the source of a package's module, and of all that lies beside it in its folder if it is in one."""
    file = Path(inspect.getfile(sys.modules[module]))
    files = sorted(file.parent.rglob("*.py")) if sys.modules[module].__package__ else [file]
    return hashlib.sha256(b"".join(each.read_bytes() for each in files)).hexdigest()


def _usable() -> Callable[[object], Reader]:
    """Return what lets readers pass of which each brings endings of its own."""
    taken: set[str] = set()

    def usable(found: object) -> Reader:
        if not isinstance(found, Reader) or not callable(found.read):
            raise TypeError("thiếu label, suffixes, media_types hoặc read")
        label, suffixes = found.label, list(found.suffixes)
        if not isinstance(label, str) or not 0 < len(label) <= _LONGEST_LABEL or clean_line(label) != label:
            raise ValueError(f"label phải là một dòng chữ, không quá {_LONGEST_LABEL} kí tự")
        if not suffixes or not all(
            isinstance(suffix, str) and _SUFFIX.fullmatch(suffix) and suffix == suffix.lower() for suffix in suffixes
        ):
            raise ValueError("suffixes phải là các đuôi tên viết thường, có một dấu chấm, ở đầu")
        if ours := set(suffixes).intersection(_KEPT):
            raise ValueError(f"đuôi {', '.join(sorted(ours))} là của tệp mà chương trình tự dùng")
        if not isinstance(found.media_types, Mapping):
            raise TypeError("media_types phải là dict")
        if unknown := set(found.media_types.values()) - set(suffixes):
            raise ValueError(f"media_types có đuôi {', '.join(sorted(unknown))} không thuộc suffixes")
        if both := taken.intersection(suffixes):
            raise ValueError(f"đuôi {', '.join(sorted(both))} đã có bộ đọc")
        taken.update(suffixes)
        return found

    return usable
