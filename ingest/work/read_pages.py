"""What workers have read, page by page: kept by the content of the file and by the recipe of reading, each page once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.readers.ocr import DPI, RECIPE
from ingest.readers.scanned import keep
from rag.storage import Database

_RECIPE = f"{RECIPE}-{DPI}"
_TOGETHER = 100  # pages fetched by one query: some megabytes


@dataclass(frozen=True, slots=True)
class PageStore:
    """The pages in the database; a file is named by its SHA-256, its pages are counted from 1. Raises ``DatabaseAway``."""

    database: Database

    def put(self, file: str, page: int, read: str, reason: str, reader: str) -> None:
        """Keep what was read of a page, in its kept form, or else the reason why it cannot be; what is there already stays."""
        statement = "INSERT INTO pages VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
        self.database.run(statement, file, page, _RECIPE, read, reason, reader)

    def lacking(self, file: str, pages: Sequence[int]) -> list[int]:
        """Return which of these pages nobody has read yet."""
        there = self.there([file]).get(file, set())
        return [page for page in pages if page not in there]

    def there(self, files: Collection[str]) -> dict[str, set[int]]:
        """Return the pages of these files that were read, or tried in vain."""
        query = "SELECT file, array_agg(page) FROM pages WHERE file = ANY(?) AND recipe = ? GROUP BY file"
        return {file: set(pages) for file, pages in self.database.rows(query, list(files), _RECIPE)}

    def reasons(self, file: str, pages: Sequence[int]) -> dict[int, str]:
        """Return the pages that cannot be read, each with the reason."""
        query = "SELECT page, reason FROM pages WHERE file = ? AND recipe = ? AND page = ANY(?) AND reason <> '' ORDER BY page"
        return dict(self.database.rows(query, file, _RECIPE, list(pages)))

    def fetch(self, file: str, pages: Sequence[int], folder: Path) -> None:
        """Lay the pages into a folder, where ``ingest.readers.scans`` finds them. Raises ``OSError`` too."""
        query = "SELECT page, content, reason FROM pages WHERE file = ? AND recipe = ? AND page = ANY(?)"
        for begin in range(0, len(pages), _TOGETHER):
            for page, content, reason in self.database.rows(query, file, _RECIPE, list(pages[begin : begin + _TOGETHER])):
                told = folder / f"{page}.txt"
                if reason:
                    keep(told, reason)
                else:
                    keep(folder / f"{page}.json", content)
                    told.unlink(missing_ok=True)

    def forget_reasons(self, file: str, pages: Iterable[int]) -> None:
        """Forget why pages could not be read, so that they are tried again."""
        statement = "DELETE FROM pages WHERE file = ? AND recipe = ? AND page = ANY(?) AND reason <> ''"
        self.database.run(statement, file, _RECIPE, list(pages))
