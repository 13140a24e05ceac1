"""The files that documents were read from, and the pages of those that are PDFs."""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path

from fastapi import Request

from bot import settings as all_settings
from bot.following import store_troubles
from bot.settings import Settings
from bot.web.pictures import PdfPage
from bot.web.state import service_of
from ingest.source_files import corpus_files, extra_files, is_collection
from rag.disk import checksum
from rag.documents import Document
from rag.errors import IndexMissing, StoreUnavailable
from rag.index.manifest import mark

_log = logging.getLogger("tracuu.web")


def home_of(request: Request, document: Document) -> Settings:
    """Return the settings of whoever has the file of a document: the office that is asked, or the service, whose library it shares."""
    chosen: Settings = request.app.state.settings
    if not chosen.office_name:
        return chosen
    try:
        own = service_of(request).own().documents.get(document.number)
    except IndexMissing:
        own = None
    return chosen if own is not None and own.present else all_settings.of_service()


def file_of(settings: Settings, document: Document) -> Path | None:
    """Return the file that a document was read from, as it was then, unless it is one of many in a collection."""
    if not document.present or not document.source or is_collection(Path(document.source)):
        return None
    named = (path for path in (*corpus_files(settings.corpus), *extra_files(settings.data)) if path.name == document.source)
    unchanged = (path for path in named if _checksum(path, *mark(path)) == document.checksum)
    return next(unchanged, None) or _from_store(settings, document)


@lru_cache(maxsize=1024)
def _checksum(path: Path, *_marks: int) -> str:
    """Return the sum of a file, which is read again only where it was written to."""
    try:
        return checksum(path)
    except OSError:  # it went, or is not ours to read
        return ""


def _from_store(settings: Settings, document: Document) -> Path | None:
    """Return the file as the shared store has it, for a machine without the corpus; once fetched, it is kept."""
    if not settings.store:
        return None
    path = settings.data / "store" / "originals" / document.checksum / Path(document.source).name
    if path.exists():
        return path
    if store_troubles(settings):  # nobody is to wait for it
        return None
    from rag.storage import open_blobs

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        open_blobs(settings.store).get(document.checksum, path)
    except (StoreUnavailable, OSError) as error:
        _log.warning("Không lấy được tệp %s: %s", document.source, error)
        return None
    return path


def page_source(settings: Settings, document: Document) -> Path | None:
    """Return the file of a document where that is a PDF."""
    if not document.source.lower().endswith(".pdf"):
        return None
    return file_of(settings, document)


def pdf_pages(settings: Settings, document: Document, numbers: list[int]) -> list[PdfPage]:
    """Return these pages (1 is the first) of the PDF that a document was read from; none where it was read from no PDF."""
    file = page_source(settings, document)
    if file is None:
        return []
    most = max(document.pages, 1)
    return [PdfPage(settings.data, file, document.checksum, number) for number in numbers if 1 <= number <= most]
