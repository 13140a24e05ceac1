"""The pieces of an index for the machines that search it: cut whenever it is published, in the folder ``cut`` of its data."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.options import Options, Progress
from rag.errors import SettingError
from rag.index.cutting import cutting, is_cut
from rag.index.snapshot import Snapshot

_TO_COPY = (
    "Đã chia chỉ mục thành {shards} phần ở {folder}. Các máy tìm kiếm và máy trả lời còn dùng bản trước cho đến khi được chép bản này: "
    "chép {first} trước, head sau."
)

_NOT_COPIED = (
    "{missing} trong {shards} phần của bản này chưa có ở máy tìm kiếm nào: hãy chép các phần trong {folder} tới đó trước, head sau."
)


def pieces_of(data: Path) -> Path:
    """Return the folder of the pieces of the index in the folder ``data``."""
    return data / "cut"


def check_cuttable(options: Options) -> None:
    """Raise ``SettingError`` where an index is to be cut and cannot be: before the long work."""
    if options.shards and options.chroma:
        raise SettingError("Thư viện chia cho các máy tìm kiếm (TRACUU_SEARCH_NODES) không dùng TRACUU_CHROMA được: hãy bỏ một trong hai.")


def not_copied(missing: int, shards: int, data: Path) -> list[str]:
    """Say that search nodes lack so many of the pieces; nothing where none is missing."""
    return [_NOT_COPIED.format(missing=missing, shards=shards, folder=pieces_of(data))] if missing else []


@contextmanager
def with_pieces(snapshot: Snapshot, data: Path, options: Options, progress: Progress) -> Iterator[str]:
    """Have the pieces put to use with what is published inside; yield what is to be done with them, empty where they are in use already.

    Raises as ``rag.index.cutting.cutting``; then, and where the caller raises, the pieces before stay in use.
    """
    into = pieces_of(data)
    if not options.shards or is_cut(snapshot.info, into, options.shards):
        yield ""
        return
    with cutting(snapshot, into, options.shards, progress):
        yield _TO_COPY.format(shards=options.shards, folder=into, first=", ".join(map(str, range(options.shards))))
