"""What OCR made of a page, and how it is kept: a page that was read once is not read again."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path

from ingest.readers.lines import PageWords, Word, inside
from ingest.readers.ocr_words import plausible
from ingest.readers.tables import Box, Rule, find_grids

SURE_CELL = 0.85
"""Mean confidence from which the words of a cell are taken as they are."""
_RULE_TOLERANCE = 4.0
_STAMP_WIDTH = 0.25  # of the page: no table is that narrow


@dataclass(frozen=True, slots=True)
class Scanned:
    """What OCR made of a page: words, ruled lines (pixels of the straightened picture), mean confidence 0-1."""

    words: tuple[Word, ...]
    horizontal: tuple[Rule, ...]
    vertical: tuple[Rule, ...]
    width: int
    height: int
    confidence: float

    def page(self) -> PageWords:
        """Return the words and tables for the layout, without the stamps that an office puts on incoming mail."""
        grids = find_grids(self.horizontal, self.vertical, _RULE_TOLERANCE)
        stamps = [grid for grid in grids if grid.xs[-1] - grid.xs[0] < _STAMP_WIDTH * self.width]
        words = [replace(word, text=plausible(word.text)) for word in self.words if not any(inside(word, stamp) for stamp in stamps)]
        return PageWords(words, [grid for grid in grids if grid not in stamps], self.width, self.height)

    def unsure_cells(self) -> list[Box]:
        """Return the cells of tables that have no word, or no sure ones."""
        page = self.page()
        boxes = [box for grid in page.grids for box in grid.boxes()]
        cells = [Box(*map(round, box)) for box in boxes]
        return [cell for cell in cells if certainty([word for word in page.words if stands_in(word, cell)]) < SURE_CELL]


def stands_in(word: Word, cell: Box) -> bool:
    """Say whether the middle of a word lies in a cell."""
    return cell.left <= (word.x0 + word.x1) / 2 <= cell.right and cell.top <= word.middle <= cell.bottom


def certainty(words: Sequence[Word]) -> float:
    """Return the mean confidence of words, by their letters; 0 without any."""
    return sum(w.confidence * len(w.text) for w in words) / max(sum(len(w.text) for w in words), 1)


def kept_form(scanned: Scanned) -> str:
    """Return the text in which a page is kept: a checksum and what was read."""
    content = json.dumps(astuple(scanned), ensure_ascii=False)
    return f"{_sum(content)}\n{content}"


def keep(file: Path, text: str) -> None:
    """Write a page in its kept form, in full or not at all. Raises ``OSError``."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(f".{os.getpid()}.tmp")
    draft.write_text(text, encoding="utf-8")
    if file.is_dir():
        shutil.rmtree(file)
    draft.replace(file)


def load(file: Path) -> Scanned | None:
    """Return what is kept of a page; nothing where it is not there, not whole, or cannot be read."""
    try:
        text = file.read_text(encoding="utf-8")
        sum_, _, content = text.rpartition("\n")  # pages kept before there were sums have none
        if sum_ != _sum(content) and not (text.startswith("[[") and not sum_):
            return None
        words, horizontal, vertical, width, height, confidence = json.loads(content)
        return Scanned(
            tuple(Word(*w) for w in words),
            tuple(Rule(*r) for r in horizontal),
            tuple(Rule(*r) for r in vertical),
            width,
            height,
            confidence,
        )
    except (OSError, ValueError, TypeError):
        return None


def _sum(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()
