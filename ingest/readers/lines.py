"""Words with places -> lines of a page; the same for a text layer and for OCR.

Coordinates grow to the right and downwards, in any unit: every threshold is relative to the height of a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from ingest.readers.clean import clean_line
from ingest.readers.tables import Grid

_PAGE_NUMBER = re.compile(r"[-–—\s]*(?:trang\s*)?\d{1,4}(?:\s*/\s*\d{1,4})?[-–—\s.]*", re.I)


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its box. ``glued``: no blank before it. ``size``: height of its type. ``confidence``: OCR's, 0-1.

    ``line``: number of the line in which OCR saw it; 0 when nobody says.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    glued: bool = False
    confidence: float = 1.0
    line: int = 0

    @property
    def middle(self) -> float:
        """Its vertical middle."""
        return (self.top + self.bottom) / 2


@dataclass(slots=True)
class Line:
    """Words side by side; ``column`` 0 is the page's, 1 and 2 are the sides of a head or a signature block."""

    words: list[Word]
    column: int = 0
    text: str = ""
    top: float = 0.0
    bottom: float = 0.0
    size: float = 0.0

    def __post_init__(self) -> None:
        self.words.sort(key=lambda w: w.x0)
        self.size = median(w.size for w in self.words)
        tall = [w for w in self.words if w.size >= 0.8 * self.size]
        self.top, self.bottom = median(w.top for w in tall), median(w.bottom for w in tall)
        pieces = [("" if i == 0 or w.glued else " ") + w.text for i, w in enumerate(self.words)]
        self.text = clean_line("".join(pieces))

    @property
    def x0(self) -> float:
        """Left end."""
        return self.words[0].x0

    @property
    def x1(self) -> float:
        """Right end."""
        return self.words[-1].x1


@dataclass(slots=True)
class PageWords:
    """What was found on a page: words outside and inside its tables."""

    words: list[Word]
    grids: list[Grid] = field(default_factory=list)
    width: float = 0.0
    height: float = 0.0

    def lines(self) -> list[Line]:
        """Return the lines outside the tables, from top to bottom."""
        return group_lines([w for w in self.words if not any(inside(w, g) for g in self.grids)])


def group_lines(words: Iterable[Word]) -> list[Line]:
    """Group words into lines from top to bottom; small words (footnote marks) join the line beside which they stand.

    What OCR took for one line stays one; two of its lines are one only when they stand side by side.
    """
    pieces: dict[int, list[Word]] = {}
    for position, word in enumerate(words):
        pieces.setdefault(word.line or -1 - position, []).append(word)
    rows: list[list[Word]] = []
    for piece in sorted(pieces.values(), key=lambda p: (-round(p[0].size / 2), p[0].middle)):
        near = [row for row in rows if _beside(piece[0], row[0]) and not (piece[0].line and _overlap(piece, row))]
        row = min(near, key=lambda r: abs(r[0].middle - piece[0].middle), default=None)
        if row is None:
            rows.append(piece)
        else:
            row += piece
    return sorted((Line(row) for row in rows), key=lambda line: (line.top + line.bottom) / 2)


def _overlap(piece: list[Word], row: list[Word]) -> bool:
    return any(a.x0 < b.x1 and b.x0 < a.x1 for a in piece for b in row)


def _beside(word: Word, first: Word) -> bool:
    if word.size < 0.8 * first.size:  # raised or lowered: it is enough to touch the line
        return first.top - 0.3 * first.size <= word.middle <= first.bottom
    return first.top + 0.2 * first.size <= word.middle <= first.bottom - 0.2 * first.size


def inside(word: Word, grid: Grid) -> bool:
    """Whether the middle of a word lies in a table."""
    return grid.place((word.x0 + word.x1) / 2, word.middle) is not None


def drop_furniture(pages: Sequence[list[Line]], heights: Sequence[float]) -> list[list[Line]]:
    """Return the lines of each page without page numbers and without what is repeated at the edges of most pages."""
    counts: dict[str, int] = {}
    for lines, height in zip(pages, heights, strict=True):
        for key in {_furniture_key(line) for line in _edge_lines(lines, height)}:
            counts[key] = counts.get(key, 0) + 1
    often = max(3, 0.3 * len(pages))
    repeated = {key for key, count in counts.items() if count >= often and key}
    result = []
    for lines, height in zip(pages, heights, strict=True):
        dropped = {id(line) for line in _edge_lines(lines, height) if _furniture_key(line) in repeated or _PAGE_NUMBER.fullmatch(line.text)}
        result.append([line for line in lines if id(line) not in dropped])
    return result


def _edge_lines(lines: list[Line], height: float) -> list[Line]:
    return [line for line in [*lines[:2], *lines[-2:]] if line.bottom < 0.12 * height or line.top > 0.88 * height]


def _furniture_key(line: Line) -> str:
    return re.sub(r"\d+", "#", re.sub(r"^\d+\s|\s\d+$", "", line.text.lower()))
