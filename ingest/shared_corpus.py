"""A corpus and its index that several machines change: each begins with what the store they share has, and ends by publishing to it.

The sources (documents, catalog, the bank's files, and what was once given to ``tracuu ingest``) come from the store first: what
another machine has changed since this one last did. What was changed here since then stays as it is here.
``data/store/sources.json`` has what both had in common.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.options import Options, Progress
from ingest.pieces import with_pieces
from ingest.source_files import drop, unfit, walk
from rag.disk import beside, checksum
from rag.errors import EditionUnreadable, StoreUnavailable
from rag.finding.encoder import encoder_name
from rag.index.fetching import catch_up
from rag.index.manifest import SnapshotInfo, mark
from rag.index.published_editions import STORE, Files, read_sources
from rag.index.publishing import building, check_in_use, rollback
from rag.index.sharing import Shared
from rag.index.snapshot import SnapshotReader
from rag.storage import open_blobs
from rag.storage.blobs import Blobs

Say = Callable[[str], None]
_EXTRA = "extra"


@dataclass(frozen=True, slots=True)
class Sharing:
    """What a change begins with; ``corpus`` and ``extra`` are where the sources are."""

    shared: Shared
    data: Path
    corpus: Path
    extra: Path

    def of(self, corpus: Path, extra: Path) -> Sharing:
        """Return the same for sources that lie elsewhere, as those of a backup do until it is put back."""
        return replace(self, corpus=corpus, extra=extra)

    def publish(self, info: SnapshotInfo, bank: Sequence[str], *, rebuilt: bool = True) -> None:
        """Make an index, its bank and the sources those of all machines; ``rebuilt``: it was made of these sources.

        Raises ``StoreChanged``, ``StoreUnavailable``, ``OSError``, and ``EditionUnreadable`` where only the bank was made, and
        that for another index than the one in use.
        """
        newest = self.shared.newest
        if not rebuilt and newest and newest.snapshot != info.id:
            raise EditionUnreadable(f"Máy này chưa dùng được bản mới nhất trên kho ({newest.snapshot}); hãy chạy: tracuu ingest")
        paths = _paths(self.corpus, self.extra)
        sources = _sums(paths, self.data)
        with _saying_what_to_do():
            self.shared.publish(info, bank, sources, paths)
        _remember(self.data, sources, paths)


@contextmanager
def changing(corpus: Path, data: Path, options: Options, say: Say) -> Iterator[Sharing | None]:
    """Be the only one who changes a corpus and its index on this machine, from what the store has; without a store, ``None``.

    Raises ``IndexBusy``, ``StoreUnavailable``, and ``TracuuError`` when something cannot be written.
    """
    with building(data, options.wait, say):
        yield begin(corpus, data, options, say)


def begin(corpus: Path, data: Path, options: Options, say: Say) -> Sharing | None:
    """Bring index and sources up to what the store has, if there is one; for the holder of the builder's lock.

    Raises ``StoreUnavailable``, ``EditionUnreadable`` and ``TracuuError``.
    """
    if not options.store:
        return None
    blobs = open_blobs(options.store)
    with _saying_what_to_do():
        shared = Shared(blobs, data)
        try:
            catch_up(blobs, data, encoder_name(options.encoder))
        except EditionUnreadable as error:  # made by another encoder or version: a new index may replace it
            say(str(error))
        if shared.newest:
            pull(blobs, read_sources(blobs, shared.newest, data), corpus, data, say)
    return Sharing(shared, data, corpus, data / _EXTRA)


def go_back(data: Path, options: Options, progress: Progress, now: str | None = None) -> tuple[SnapshotInfo, str]:
    """Make the index before the one in use that of this machine, and of all that share its store, and cut it where search nodes serve it.

    Returns it, and what is to be done with its pieces, for people. Raises ``TracuuError`` where there is none, ``IndexChanged`` where
    ``now`` is given and not the one in use, and what the store raises.
    """
    if options.store:
        blobs = open_blobs(options.store)
        with building(data, options.wait), _saying_what_to_do():
            shared = Shared(blobs, data)
            if shared.newest:
                check_in_use(shared.newest.snapshot, now)
            shared.roll_back()
            catch_up(blobs, data, encoder_name(options.encoder))
    else:
        rollback(data, now)
    snapshot = SnapshotReader(data).get()
    with with_pieces(snapshot, data, options, progress) as to_copy:
        return snapshot.info, to_copy


def pull(blobs: Blobs, theirs: Files, corpus: Path, data: Path, say: Say) -> None:
    """Take over what others have changed of the sources; what is replaced or deleted goes to the trash.

    Raises ``StoreUnavailable`` and ``OSError``; what was taken over until then stays.
    """
    extra = data / _EXTRA
    before = {name: sum_ for name, ((_, sum_), _) in _remembered(data).items()}
    ours = {name: sum_ for name, (_, sum_) in _sums(_paths(corpus, extra), data).items()}
    for name in sorted({*theirs, *before}):
        their, our, old = theirs.get(name, (0, ""))[1], ours.get(name, ""), before.get(name, "")
        if their in (our, old):
            continue
        if our and our != old:
            say(f"Tệp {name} khác bản trên kho; giữ bản ở máy này")
            continue
        _take_over(blobs, their, _place(name, corpus, extra), data / "trash", say)
        ours[name] = their
    _remember(data, theirs, {name: path for name, path in _paths(corpus, extra).items() if ours.get(name) == theirs.get(name, (0, ""))[1]})


@contextmanager
def _saying_what_to_do() -> Iterator[None]:
    try:
        yield
    except StoreUnavailable as error:
        raise StoreUnavailable(
            f"{error} Chưa có gì được công bố, bản đang dùng giữ nguyên. "
            "Hãy kiểm tra kho, TRACUU_STORE và các biến AWS_…, rồi chạy lại lệnh này."
        ) from error


def _take_over(blobs: Blobs, their: str, path: Path, trash: Path, say: Say) -> None:
    if path.exists():
        with ExitStack() as undo:
            kept = drop(path, trash, undo)
            undo.pop_all()
        say(f"Máy khác đã đổi hoặc bỏ {path.name}; tệp cũ được giữ ở {kept}")
    if their:
        say(f"Lấy {path.name} từ kho")
        path.parent.mkdir(parents=True, exist_ok=True)
        blobs.get(their, path)


def _paths(corpus: Path, extra: Path) -> dict[str, Path]:
    """Return the sources by the names they have in an edition."""
    homes = {"corpus": corpus, _EXTRA: extra}
    found = ((f"{home}/{path.relative_to(folder).as_posix()}", path) for home, folder in homes.items() for path in walk(folder))
    return {name: path for name, path in found if not unfit(path)}


def _place(name: str, corpus: Path, extra: Path) -> Path:
    home, _, rest = name.partition("/")
    return (extra if home == _EXTRA else corpus) / rest


def _sums(paths: Mapping[str, Path], data: Path) -> dict[str, tuple[int, str]]:
    """Return sizes and sums; a file that was not written to since it was last summed up is not read again."""
    known = _remembered(data)
    sums = {}
    for name, path in paths.items():
        entry, marked = known.get(name, ((0, ""), []))
        sums[name] = entry if marked and marked == mark(path) else (path.stat().st_size, checksum(path))
    return sums


def _remember(data: Path, files: Files, paths: Mapping[str, Path]) -> None:
    content = {name: [*entry, mark(paths[name]) if name in paths else []] for name, entry in files.items()}
    with beside(data / STORE / "sources.json") as new:
        new.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _remembered(data: Path) -> dict[str, tuple[tuple[int, str], list[int]]]:
    """Return what this machine and the store had in common last: sizes, sums, and the marks of the files here."""
    try:
        content = json.loads((data / STORE / "sources.json").read_text(encoding="utf-8"))
        return {name: ((int(size), str(sum_)), list(marked)) for name, (size, sum_, marked) in content.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
