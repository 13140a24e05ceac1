"""The whole way in: files → parsed documents → contents → one published snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path

from ingest.build import Build, Preview, Report
from ingest.catalog import Catalog
from ingest.exchange import finish_restore
from ingest.options import Options, Progress
from ingest.parsed import names_read
from ingest.shared_corpus import changing
from ingest.source_files import documents_in, extra_files, put
from rag.index.publishing import writing


def ingest(
    corpus: Path,
    data: Path,
    options: Options | None = None,
    *,
    progress: Progress = lambda line: None,
    extra: Iterable[Path] = (),
) -> Report:
    """Index every document of ``corpus`` (and ``extra`` files, remembered) and publish the snapshot under ``data``.

    A file that cannot be read is skipped and reported. Nothing is published when nothing changed.
    Raises ``ReadError`` (no documents, bad catalog), ``IndexBusy``, ``SettingError``, ``TracuuError`` (cannot be
    written, or fails the admin's checks); then the old index stays.
    """
    chosen = options or Options()
    with changing(corpus, data, chosen, progress) as sharing, ExitStack() as undo:
        finish_restore(corpus, data, progress)
        given = list(extra)
        build = Build.prepare(corpus, data, files_of(corpus, data, given), Catalog.load(corpus), progress, chosen.ahead)
        read = {file.name for file in build.parsed} - {name for name, _ in build.lost}
        for path in given:
            kept = data / "extra" / path.name
            if path.name in read and not (kept.exists() and kept.samefile(path)):
                put(path, kept, data / "trash", undo)
        report = build.publish(chosen, progress, sharing)
        undo.pop_all()
        return report


def preview(
    corpus: Path,
    data: Path,
    options: Options | None = None,
    *,
    progress: Progress = lambda line: None,
    extra: Iterable[Path] = (),
) -> Preview:
    """Return what ``ingest`` would change. Raises ``ReadError``; ``TracuuError`` when the parsed cannot be kept."""
    ahead = options.ahead if options else None
    with writing(data):
        return Build.prepare(corpus, data, files_of(corpus, data, list(extra)), Catalog.load(corpus), progress, ahead).preview()


def files_of(corpus: Path, data: Path, extra: Sequence[Path] = ()) -> list[Path]:
    """Return the files to index; a newly given one takes the place of the remembered one of its name."""
    names = {path.name for path in extra}
    return [*documents_in(corpus, names_read(data))[0], *(path for path in extra_files(data) if path.name not in names), *extra]
