"""One page of a PDF -> its words where they stand on the page as it is shown, to mark some of them there."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from ingest.readers.lines import PageWords, Word
from ingest.readers.pdf import draw_for_ocr, from_layer, open_pdf
from ingest.readers.pdf_stamps import open_page
from ingest.readers.picture_clean import skew, straightened_by, without_stamps
from ingest.readers.scans import Scans


@dataclass(frozen=True, slots=True)
class Printed:
    """A word on a page; the corners are shares (0-1) of the width and height of the page."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float


def printed_words(path: Path, number: int, cache: Path | None) -> list[Printed]:
    """Return the words of a page (1 is the first), the cells of a table one after another, as our text has them.

    Of a page that lies on its side there are none: where its words stand is not known. ``cache`` is where ingestion keeps
    the pages that it read by OCR. Raises ``ReadError``.
    """
    draft = from_layer(open_pdf(path), number - 1)
    page = draft.page if draft.read_as == "text" else _scanned(path, number, cache)
    if not page.width or not page.height:
        return []
    return [
        Printed(word.text, word.x0 / page.width, word.top / page.height, word.x1 / page.width, word.bottom / page.height)
        for word in _in_order(page)
    ]


def _scanned(path: Path, number: int, cache: Path | None) -> PageWords:
    image = draw_for_ocr(open_page(open_pdf(path), number - 1))
    scanned = Scans.of(path, cache).scan(number, lambda: image)
    if (scanned.width, scanned.height) != image.size:
        return PageWords([])
    page = scanned.page()
    page.words[:] = _in_order(page)  # the grids lie on the straightened picture, as the words still do
    angle = straightened_by(skew(without_stamps(image)))
    return PageWords([_leaned(word, angle, image) for word in page.words], [], *image.size)


def _leaned(word: Word, angle: float, image: Image.Image) -> Word:
    """Put a word of the straightened picture back where it stood before that was turned by ``angle`` degrees."""
    turn = math.radians(angle)
    across, down = image.width / 2, image.height / 2
    x, y = (word.x0 + word.x1) / 2 - across, word.middle - down
    dx = math.cos(turn) * x - math.sin(turn) * y - x
    dy = math.sin(turn) * x + math.cos(turn) * y - y
    return replace(word, x0=word.x0 + dx, x1=word.x1 + dx, top=word.top + dy, bottom=word.bottom + dy)


def _in_order(page: PageWords) -> list[Word]:
    """The words of a table stand together, cell by cell, where the first of them stood."""
    found: list[Word] = []
    tables: dict[int, list[Word]] = {}
    for word in page.words:
        x, y = (word.x0 + word.x1) / 2, word.middle
        grid = next((grid for grid in page.grids if grid.place(x, y) is not None), None)
        if grid is None:
            found.append(word)
        elif id(grid) in tables:
            tables[id(grid)].append(word)
        else:
            tables[id(grid)] = [word]
            found.append(word)
    for grid in page.grids:
        if of_table := tables.get(id(grid)):
            at = found.index(of_table[0])
            cells = [grid.place((word.x0 + word.x1) / 2, word.middle) or (0, 0) for word in of_table]
            order = sorted(range(len(cells)), key=lambda place: (cells[place], place))
            found[at : at + 1] = [of_table[place] for place in order]
    return found
