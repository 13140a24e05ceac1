"""``tracuu restore``: an office as a backup has it, with its index made anew; what was there before is kept in the trash.

The archive is unpacked beside what it is to replace and held to its sums; its documents are read, and the new index is
published from there. Only then do the files change places (``ingest.exchange``), which is a matter of moments.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from ingest.archive import Manifest, unpack
from ingest.build import Build, Preview, Report
from ingest.catalog import Catalog
from ingest.exchange import decide, finish_restore, forget, staging
from ingest.options import Options, Progress
from ingest.pipeline import files_of
from ingest.shared_corpus import changing
from rag.index.published import pointer


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, or would be; ``kept`` is where what was there before is now."""

    manifest: Manifest
    kept: Path | None = None
    report: Report | None = None
    preview: Preview | None = None


def restore(archive: Path, corpus: Path, data: Path, options: Options, progress: Progress, *, dry_run: bool = False) -> Restored:
    """Put back what is in an archive, or say what that would change.

    Raises ``TracuuError`` when the archive is not whole or no index can be made of it; then nothing changed.
    """
    with changing(corpus, data, replace(options, store=None) if dry_run else options, progress) as sharing:
        finish_restore(corpus, data, progress)
        before = _in_use(data)
        try:
            manifest, build = _unpacked(archive, corpus, data, progress)
            if dry_run:
                preview = build.preview()
                forget(corpus, data)
                return Restored(manifest, preview=preview)
            decide(data)
            report = build.publish(options, progress, sharing and sharing.of(staging(corpus), staging(data) / "extra"))
        except BaseException:
            if _in_use(data) == before:  # else the new index is in use, and the files have to follow
                forget(corpus, data)
            raise
        return Restored(manifest, finish_restore(corpus, data, progress), report)


def _unpacked(archive: Path, corpus: Path, data: Path, progress: Progress) -> tuple[Manifest, Build]:
    progress("Mở và kiểm tra tệp sao lưu")
    forget(corpus, data)  # what a killed one left
    new = {"corpus": staging(corpus), "data": staging(data)}
    for place in new.values():
        place.mkdir(parents=True)
    manifest = unpack(archive, new)
    files = files_of(new["corpus"], new["data"])
    return manifest, Build.prepare(new["corpus"], data, files, Catalog.load(new["corpus"]), progress)


def _in_use(data: Path) -> str:
    return pointer(data).read_text(encoding="utf-8") if pointer(data).exists() else ""
