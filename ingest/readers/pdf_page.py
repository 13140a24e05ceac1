"""What PDFium says of one page: words with places, ruled lines, how much of it is a picture."""

from __future__ import annotations

import ctypes
import math
from dataclasses import dataclass
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.readers.lines import PageWords, Word
from ingest.readers.tables import Box, Rule, find_grids

_BLANK = {0, 9, 10, 13, 32, 0xA0}
_MOST_CHARACTERS = 60_000
_MOST_OBJECTS = 40_000
_STROKED = -1  # a path whose outline is drawn; one that is only filled may be the background of some words
_THIN = 3.0
_SHORTEST_RULE = 8.0


@dataclass(frozen=True, slots=True)
class _Place:
    """Turns PDF coordinates (origin at the lower left, page not yet turned) into ours."""

    left: float
    bottom: float
    width: float
    height: float
    turn: int

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """Return where that is on the page as it is shown."""
        x0, x1, y0, y1 = x0 - self.left, x1 - self.left, y0 - self.bottom, y1 - self.bottom
        if self.turn == 90:
            return Box(y0, x0, y1, x1)
        if self.turn == 180:
            return Box(self.width - x1, y0, self.width - x0, y1)
        if self.turn == 270:
            return Box(self.height - y1, self.width - x1, self.height - y0, self.width - x0)
        return Box(x0, self.height - y1, x1, self.height - y0)


def read_page(page: pdfium.PdfPage) -> PageWords:
    """Return the words and tables of a page's text layer, in points."""
    left, bottom, right, top = page.get_bbox()
    turn = page.get_rotation()
    place = _Place(left, bottom, right - left, top - bottom, turn)
    shown = (place.height, place.width) if turn in (90, 270) else (place.width, place.height)
    words = _words(page, place)
    horizontal, vertical = _rules(page, place)
    return PageWords(words, find_grids(horizontal, vertical, 2.5), *shown)


def picture_share(page: pdfium.PdfPage) -> float:
    """Return which share of the page its largest picture covers (0-1)."""
    left, bottom, right, top = page.get_bbox()
    area = max((right - left) * (top - bottom), 1.0)
    largest = 0.0
    for drawn in _objects(page):
        if drawn.kind == raw.FPDF_PAGEOBJ_IMAGE:
            wide = max(0.0, min(drawn.x1, right) - max(drawn.x0, left))
            largest = max(largest, wide * max(0.0, min(drawn.y1, top) - max(drawn.y0, bottom)))
    return float(min(1.0, largest / area))


def _words(page: pdfium.PdfPage, place: _Place) -> list[Word]:
    text = page.get_textpage()
    try:
        return _gather(text.raw, min(text.count_chars(), _MOST_CHARACTERS), place)
    finally:
        text.close()


def _gather(text: object, count: int, place: _Place) -> list[Word]:
    """Put characters together into words; a change of size (a footnote mark) begins a new one without a blank."""
    box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    words: list[Word] = []
    letters: list[str] = []
    x0 = top = x1 = bottom = 0.0
    glued = False

    def flush() -> None:
        nonlocal letters
        if letters:
            words.append(Word("".join(letters), x0, top, x1, bottom, bottom - top, glued))
            letters = []

    for index in range(count):
        code = raw.FPDFText_GetUnicode(text, index)
        if code in _BLANK:
            flush()
            glued = False
            continue
        raw.FPDFText_GetLooseCharBox(text, index, ctypes.byref(box))
        raw.FPDFText_GetCharOrigin(text, index, ctypes.byref(x), ctypes.byref(y))
        raw.FPDFText_GetMatrix(text, index, ctypes.byref(matrix))
        em = raw.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d)
        # The base line is the same for every font of a line; the boxes of fonts are not.
        a, t, b, u = place.box(box.left, y.value - 0.25 * em, box.right, y.value + 0.75 * em)
        if letters:
            size, height = bottom - top, u - t
            apart = a > x1 + 0.3 * size or a < x0 - 0.5 * size or t > bottom or u < top
            if apart or not 0.8 * size <= height <= 1.25 * size:
                flush()
                glued = not apart
        if letters:
            x0, x1, top, bottom = min(x0, a), max(x1, b), min(top, t), max(bottom, u)
        else:
            x0, top, x1, bottom = a, t, b, u
        letters.append(chr(code))
    flush()
    return words


def _rules(page: pdfium.PdfPage, place: _Place) -> tuple[list[Rule], list[Rule]]:
    horizontal: list[Rule] = []
    vertical: list[Rule] = []
    for drawn in _objects(page):
        if drawn.kind == raw.FPDF_PAGEOBJ_IMAGE:
            continue
        x0, top, x1, bottom = place.box(drawn.x0, drawn.y0, drawn.x1, drawn.y1)
        wide, tall = x1 - x0, bottom - top
        if tall <= _THIN and wide >= _SHORTEST_RULE:
            horizontal.append(Rule((top + bottom) / 2, x0, x1))
        elif wide <= _THIN and tall >= _SHORTEST_RULE:
            vertical.append(Rule((x0 + x1) / 2, top, bottom))
        elif drawn.kind == _STROKED and wide >= _SHORTEST_RULE and tall >= _SHORTEST_RULE:
            horizontal += [Rule(top, x0, x1), Rule(bottom, x0, x1)]
            vertical += [Rule(x0, top, bottom), Rule(x1, top, bottom)]
    return horizontal, vertical


class _Drawn(NamedTuple):
    """An object drawn on a page: PDFium's number for its kind, and its corners in PDF coordinates."""

    kind: int
    x0: float
    y0: float
    x1: float
    y1: float


def _objects(page: pdfium.PdfPage) -> list[_Drawn]:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    corners = [ctypes.byref(c) for c in (left, bottom, right, top)]
    filled, stroked = ctypes.c_int(), ctypes.c_int()
    fill, stroke = ctypes.byref(filled), ctypes.byref(stroked)
    found = []
    for index in range(min(raw.FPDFPage_CountObjects(page.raw), _MOST_OBJECTS)):
        item = raw.FPDFPage_GetObject(page.raw, index)
        kind = raw.FPDFPageObj_GetType(item)
        if kind not in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE):
            continue
        if kind == raw.FPDF_PAGEOBJ_PATH and raw.FPDFPath_GetDrawMode(item, fill, stroke) and stroked.value:
            kind = _STROKED
        if raw.FPDFPageObj_GetBounds(item, *corners):
            found.append(_Drawn(kind, left.value, bottom.value, right.value, top.value))
    return found
