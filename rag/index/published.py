"""Which snapshots are published, and whether they are whole; nothing is opened here (``rag.index.snapshot``)."""

from __future__ import annotations

from pathlib import Path

from rag.errors import IndexDamaged, IndexMissing
from rag.index.manifest import SnapshotInfo, Unread, problems, read_manifest
from rag.index.vector_server import problem_of


def list_snapshots(data: Path) -> list[SnapshotInfo]:
    """Return the published snapshots, the one in use first. Raises ``IndexMissing`` and ``IndexDamaged``."""
    return [read_manifest(snapshot_folder(data) / name) for name in published(data)]


def newest(data: Path) -> SnapshotInfo:
    """Return what is known of the snapshot published last, without opening it. Raises ``IndexMissing`` and ``IndexDamaged``."""
    names = published(data)
    if not names:
        raise IndexDamaged(f"{pointer(data)} không nêu bản nào")
    return read_manifest(snapshot_folder(data) / names[0])


def pointer(data: Path) -> Path:
    """Return the file with the names of the published snapshots."""
    return data / "current"


def stamp(data: Path) -> tuple[int, int]:
    """Return what changes whenever something is published. Raises ``IndexMissing``."""
    try:
        status = pointer(data).stat()
    except FileNotFoundError:
        raise _missing() from None
    return status.st_ino, status.st_mtime_ns


def snapshot_folder(data: Path) -> Path:
    """Return the folder of all snapshots."""
    return data / "snapshots"


def published(data: Path) -> list[str]:
    """Return the names of the published snapshots, the one in use first. Raises ``IndexMissing`` and ``IndexDamaged``."""
    try:
        return pointer(data).read_text(encoding="utf-8", errors="replace").split()
    except FileNotFoundError:
        raise _missing() from None
    except OSError as error:
        raise IndexDamaged(
            f"Không đọc được {pointer(data)} ({error.strerror}). Hãy kiểm tra quyền đọc, hoặc chạy: tracuu ingest"
        ) from error


def _missing() -> IndexMissing:
    return IndexMissing("Chưa có chỉ mục. Hãy chạy: tracuu ingest")


def verify(data: Path) -> list[str]:
    """Compare every file of the published snapshots with its checksum; return what is wrong, in Vietnamese.

    A line that is an ``Unread`` says what could not be looked at, or not opened though all its files are whole.
    """
    found: list[str] = []
    for name in published(data):
        try:
            info = read_manifest(snapshot_folder(data) / name)
        except IndexDamaged as error:
            found.append(Unread(error) if is_unread(error) else str(error))
            continue
        bad = problems(info, checksums=True)
        if not bad and (problem := _problem_on_server(info)):
            bad.append(problem)
        found.extend(bad)
    return found


def is_unread(error: IndexDamaged) -> bool:
    """Whether it could not be looked at (a disk, permissions, no file handles left), which is no damage yet."""
    cause = error.__cause__
    return isinstance(error.args[0], Unread) or (isinstance(cause, OSError) and not isinstance(cause, FileNotFoundError))


def _problem_on_server(info: SnapshotInfo) -> str:
    problem = problem_of(info.collection, info.counts["vectors"]) if info.collection else ""
    return f"bản {info.id}: Chroma không mở được ({problem})" if problem else ""
