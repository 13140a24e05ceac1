"""What was read of an uploaded file, page by page, to be compared with a picture of the page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import NamedTuple

from bot.web.passages import blocks
from bot.web.pictures import PdfPage, picture_of
from rag.disk import checksum
from rag.documents import Doubt, Provision

MOST = 30
"""Pages that can be looked at before a file is added."""
_FOLDER = ".xem"  # beside the file; no upload has a dot in front of its name
_PART = 2500  # characters of what has no pages


@dataclass(slots=True)
class Paragraph:
    """A heading, a paragraph or a row of a table, in order."""

    text: str
    heading: bool = False
    cells: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Sheet:
    """A page as read; ``number`` is 0 where the file has no pages. ``doubts``: what may be wrong of it."""

    number: int
    paragraphs: list[Paragraph] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    def letters(self) -> int:
        """Return how long it is."""
        return sum(len(paragraph.text) + sum(map(len, paragraph.cells)) for paragraph in self.paragraphs)


def write_preview(file: Path, provisions: Sequence[Provision]) -> None:
    """Keep the first pages of what was read beside the file. Raises ``OSError``."""
    folder = file.parent / _FOLDER
    folder.mkdir(exist_ok=True)
    sheets = [asdict(sheet) for sheet in _sheets(provisions)]
    (folder / "pages.json").write_text(json.dumps(sheets, ensure_ascii=False), encoding="utf-8")


def read_preview(file: Path) -> list[Sheet]:
    """Return the pages that ``write_preview`` kept; none where the file is gone."""
    try:
        kept = json.loads((file.parent / _FOLDER / "pages.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [Sheet(sheet["number"], [Paragraph(**each) for each in sheet["paragraphs"]], sheet["doubts"]) for sheet in kept]


async def picture(file: Path, page: int) -> Path:
    """Return a picture of a page, kept beside the file as long as that is. Raises ``Refused``."""
    return await picture_of(PdfPage(file.parent / _FOLDER, file, checksum(file), page))


def _sheets(provisions: Sequence[Provision]) -> list[Sheet]:
    found: list[Sheet] = []
    for page, paragraph, doubts in _flow(provisions):
        full = not page and found and found[-1].letters() > _PART
        if not found or page > found[-1].number or full:
            if len(found) == MOST:
                break
            found.append(Sheet(page))
        found[-1].doubts += doubts
        if paragraph:
            found[-1].paragraphs.append(paragraph)
    return found


class _Piece(NamedTuple):
    """What stands on a page (0 where a file has none), and what of it was read doubtfully."""

    page: int
    paragraph: Paragraph | None = None
    doubts: Sequence[str] = ()


def _told(doubt: Doubt) -> str:
    return f"Ngày “{doubt.reading}” không có trong lịch" if doubt.of_no_day else f"Chỗ “{doubt.reading}” khó đọc"


def _flow(provisions: Sequence[Provision]) -> Iterator[_Piece]:
    """Everything in order, with the page that it stands on."""
    page = 0
    for block in blocks(provisions):
        page = max(page, block.provision.page)
        mark, heading = block.mark, block.provision.heading
        yield _Piece(page, doubts=[_told(doubt) for doubt in block.provision.doubts])
        if heading:
            yield _Piece(page, Paragraph(f"{mark} {heading}".strip(), heading=True))
            mark = ""
        for piece in block.pieces:
            page = max(page, piece.page)
            for row in piece.rows:
                yield _Piece(page, Paragraph("", cells=row))
            if piece.text:
                yield _Piece(page, Paragraph(f"{mark} {piece.text}".strip()))
                mark = ""
        for note in block.provision.footnotes:
            yield _Piece(page, Paragraph(f"[{note.mark}] {note.text}"))
