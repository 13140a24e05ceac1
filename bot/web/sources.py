"""The files that documents were read from, and the pages of those that are PDFs."""

from __future__ import annotations

from pathlib import Path

from bot.settings import Settings
from bot.web.pictures import PdfPage
from ingest.sources import corpus_files, extra_files, is_collection
from rag.documents import Document


def file_of(settings: Settings, document: Document) -> Path | None:
    """Return the file of a document that is loaded, unless it is one of many in a collection."""
    if not document.present or not document.source:
        return None
    files = [*corpus_files(settings.corpus), *extra_files(settings.data)]
    return next((path for path in files if path.name == document.source and not is_collection(path)), None)


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
