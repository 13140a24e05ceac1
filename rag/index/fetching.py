"""From the store that machines share into the data folder: what is missing is fetched beside what answers, checked, put to use.

::

    data/store/<name>        copies of the editions that are kept
    data/store/incoming/     files as they come, by their content: a fetch that was stopped goes on from them
    data/store/made/         the folders made of them, until they are put to use

What is in use is replaced at the very end, as a builder does, and goes on answering whatever happens before.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from rag.disk import checksum, sync
from rag.errors import IndexBusy, IndexDamaged, StoreUnavailable, TracuuError
from rag.index.bank_publishing import BANK, bank_in_use, point_to_bank, sweep_bank
from rag.index.lock import builder_lock, pointing
from rag.index.manifest import Unread, damages, problems, read_manifest
from rag.index.published import is_unread
from rag.index.published_editions import STORE, Edition, Files, copies, load_kept, sources_folder
from rag.index.publishing import point_to, published_or_none, sweep
from rag.storage.blobs import Blobs

_LOG = logging.getLogger(__name__)
_AT_ONCE = 8


def catch_up(blobs: Blobs, data: Path, encoder: str) -> Edition | None:
    """Put to use what was published last, where it is not or is no longer whole, and return it; ``None`` where nothing was.

    ``encoder`` is the name of this machine's (empty: it has none). Raises ``StoreUnavailable``, ``EditionUnreadable``, and
    ``TracuuError`` where it cannot be written here; then what is here goes on answering.
    """
    from filelock import FileLock

    try:
        (data / STORE).mkdir(parents=True, exist_ok=True)
        with FileLock(data / STORE / "fetch.lock"):  # another process of this machine may be at it
            kept = load_kept(blobs, blobs.pointer(), data)
            if not kept:
                return None
            newest = next(iter(kept.values()))
            if not is_in_use(newest, data):
                newest.check_readable(encoder)
                if is_pointed_to(newest, data):
                    _LOG.warning("Chỉ mục ở máy này bị hỏng: %s. Đang tải lại từ kho %s.", damage_here(newest, data), blobs.address)
                _clear_out(data)
                _fetch(blobs, data, newest)
                _use(data, list(kept.values()))
            _forget(data, kept)
            return newest
    except OSError as error:
        raise TracuuError(
            f"Không ghi được bản mới của kho {blobs.address} vào {data} ({error.strerror or error}); bản đang có vẫn dùng được. "
            "Hãy kiểm tra dung lượng đĩa và quyền ghi."
        ) from error


def is_in_use(edition: Edition, data: Path) -> bool:
    """Say whether a data folder answers from an edition, and has all of it whole."""
    return is_pointed_to(edition, data) and not damage_here(edition, data)


def is_pointed_to(edition: Edition, data: Path) -> bool:
    """Say whether a data folder means to answer from an edition, whole or not."""
    return published_or_none(data)[:1] == [edition.snapshot] and bank_in_use(data) == list(edition.bank)


def damage_here(edition: Edition, data: Path) -> str:
    """Say what is wrong here with the files of an edition; empty where nothing is.

    Only what was written to since it was found whole is read, or was found damaged by whoever has read all (``look_again``). What
    cannot be looked at is no damage yet.
    """
    return next((line for folder in _folders(edition) for line in damages(_problems(data / folder, checksums=False))), "")


def _folders(edition: Edition) -> list[str]:
    return [f"snapshots/{edition.snapshot}", *(f"{BANK}/{part}" for part in edition.bank)]


def _clear_out(data: Path) -> None:
    """Delete what has not been in use since the last time; a builder does that itself."""
    with suppress(IndexBusy), builder_lock(data):
        sweep(data)
        with pointing(data):
            sweep_bank(data, bank_in_use(data))


def _fetch(blobs: Blobs, data: Path, edition: Edition) -> None:
    """Make the folders of an edition that are missing here, or not whole. Raises ``StoreUnavailable`` and ``OSError``."""
    shutil.rmtree(_made(data), ignore_errors=True)
    here = _here(data)
    for folder in _folders(edition):
        if not _problems(data / folder, checksums=False):
            continue
        files = {name.removeprefix(f"{folder}/"): entry for name, entry in edition.of_folder(folder).items()}
        for known in _trusted(here, files):
            _make(blobs, data, _made(data) / folder, files, known)
            if not (wrong := _problems(_made(data) / folder, checksums=True)):
                break
            shutil.rmtree(_incoming(data))
        else:
            raise StoreUnavailable(f"Kho {blobs.address} đưa một bản không nguyên vẹn ({wrong[0]}).")


def _make(blobs: Blobs, data: Path, folder: Path, files: Files, here: Mapping[str, Path]) -> None:
    """Make a folder of files that are here, by their content, and of others that are fetched."""
    incoming = _incoming(data)
    incoming.mkdir(exist_ok=True)
    places = {sum_: here.get(sum_, incoming / sum_) for _, sum_ in files.values()}
    missing = [sum_ for sum_, place in places.items() if not place.exists()]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(lambda sum_: blobs.get(sum_, places[sum_]), missing))
    shutil.rmtree(folder, ignore_errors=True)
    for name, (_, sum_) in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        _link(places[sum_], folder / name)
    for path in [folder, *(path for path in folder.rglob("*") if path.is_dir())]:
        sync(path)


def _link(source: Path, target: Path) -> None:
    """Give a file a second name; where the file system has none, copy it."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
        sync(target)


def _here(data: Path) -> dict[str, Path]:
    """Return the files of editions that are here, by their content."""
    found = {}
    for edition in copies(data).values():
        for name, (size, sum_) in edition.files.items():
            path = data / name
            if path.is_file() and path.stat().st_size == size:
                found[sum_] = path
    return found


def _trusted(here: Mapping[str, Path], files: Files) -> Iterator[Mapping[str, Path]]:
    """Yield what lies on the disk and is taken for one of these files: by its name, then by its content, at last nothing."""
    yield here
    yield {sum_: here[sum_] for _, sum_ in files.values() if sum_ in here and checksum(here[sum_]) == sum_}
    yield {}


def _problems(folder: Path, *, checksums: bool) -> list[str]:
    """Return what is wrong with a snapshot or a part of the bank, as ``problems`` does."""
    try:
        return problems(read_manifest(folder), checksums=checksums)
    except IndexDamaged as error:
        return [Unread(error) if is_unread(error) else str(error)]


def _use(data: Path, kept: Sequence[Edition]) -> None:
    newest = kept[0]
    made, old = _made(data), _made(data) / "old"
    old.mkdir(parents=True, exist_ok=True)
    with pointing(data):
        for folder in [*made.glob("snapshots/*"), *made.glob(f"{BANK}/*")]:
            place = data / folder.relative_to(made)
            place.parent.mkdir(exist_ok=True)
            if place.exists():
                place.rename(old / place.name)
            folder.rename(place)
            sync(place.parent)
        before = (edition.snapshot for edition in kept[1:] if (data / "snapshots" / edition.snapshot).is_dir())
        point_to_bank(data, list(newest.bank), anew=(made / BANK).exists())
        point_to(data, [newest.snapshot, *before])


def _forget(data: Path, kept: Mapping[str, Edition]) -> None:
    """Delete what a fetch leaves, and the copies of editions that are no longer kept."""
    for path in (_made(data), _incoming(data)):
        shutil.rmtree(path, ignore_errors=True)
    for name in copies(data):
        if name not in kept:
            (data / STORE / name).unlink()
    lists = {edition.sources for edition in kept.values()}
    for path in sources_folder(data).glob("*"):
        if path.name not in lists:
            path.unlink()


def _incoming(data: Path) -> Path:
    return data / STORE / "incoming"


def _made(data: Path) -> Path:
    return data / STORE / "made"
