"""Where the pages that want OCR come from: from workers that have read them, or from this machine's tesseract.

What workers made of a file's pages lies in a folder of the cache named by the file's checksum: ``<page>.json``, a page in
its kept form, or ``<page>.txt``, why it cannot be read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from ingest.readers.contract import PagesWanted
from ingest.readers.ocr import scan
from ingest.readers.scanned import Scanned, load
from rag.errors import ReadError


@dataclass(frozen=True, slots=True)
class Scans:
    """``cache``: the folder of pages kept by their checksum; ``by_workers``: what of this file workers have read, if they have.

    ``elsewhere``: this machine reads no page itself.
    """

    cache: Path | None = None
    by_workers: Path | None = None
    elsewhere: bool = False

    @classmethod
    def of(cls, path: Path, cache: Path | None, *, elsewhere: bool = False) -> Scans:
        """Return where the pages of this file come from."""
        folder = folder_of(path, cache) if cache else None
        return cls(cache, folder if folder and folder.is_dir() else None, elsewhere)

    def known(self, page: int) -> Scanned | str | None:
        """Return what workers made of a page (numbers from 1), or why they could not read it; nothing where they have not tried."""
        if self.by_workers is None:
            return None
        if (found := load(self.by_workers / f"{page}.json")) is not None:
            return found
        reason = self.by_workers / f"{page}.txt"
        return reason.read_text(encoding="utf-8") if reason.is_file() else None

    def scan(self, page: int, draw: Callable[[], Image.Image]) -> Scanned:
        """Return what is on a page; ``draw`` returns its picture. Raises ``ReadError``."""
        found = self.known(page) or scan(draw(), self.cache)
        if isinstance(found, str):
            raise ReadError(found)
        return found

    def leave(self, pages: Sequence[int]) -> None:
        """Raise ``PagesWanted`` where these pages are to be read elsewhere."""
        if pages and self.elsewhere:
            raise PagesWanted(pages)


def folder_of(path: Path, cache: Path) -> Path:
    """Return the folder for what workers make of the pages of a file."""
    with path.open("rb") as file:
        return cache / hashlib.file_digest(file, "sha256").hexdigest()
