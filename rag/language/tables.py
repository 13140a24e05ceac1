"""Tables as provisions hold them: lines of cells between bars, the titles of the columns first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_NUMBERS = ("TT", "STT", "")
_FILLED = 2  # cells of a row that goes on with the first cell of the one above
_RULE = re.compile(r"[\s|:+-]+")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: where its line stands in the text, and its cells, each with the title of its column.

    An empty first cell is the one above, which spans several rows; ``since`` is where the line of that one begins.
    """

    start: int
    line: str
    cells: tuple[tuple[str, str], ...]
    since: int

    @property
    def end(self) -> int:
        """Where its line ends."""
        return self.start + len(self.line)

    @property
    def said(self) -> str:
        """The row as people read it out: ``Việc: …; Thời hạn: …``; empty where it only titles what follows."""
        return told(self.cells)


def told(cells: tuple[tuple[str, str], ...]) -> str:
    """Return cells as people read them out; the number of a row says nothing."""
    named = [(title, cell) for title, cell in cells if cell and (title.upper() not in _NUMBERS or not cell.isdigit())]
    return "; ".join(f"{title}: {cell}" if title and title.upper() not in _NUMBERS else cell for title, cell in named)


def rows_of(text: str) -> Iterator[Row]:
    """Yield every line of the tables of a text; titles and rules have no cells."""
    titles: list[str] | None = None
    at, first, since = 0, "", 0
    lines = text.split("\n")
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if not line.startswith("|"):
            titles, first = None, ""
        elif _RULE.fullmatch(line):
            yield Row(at, line, (), at)
        elif titles is None and following.startswith("|"):
            titles = _cells(line)
            yield Row(at, line, (), at)
        else:
            cells = _cells(line)
            if cells[0] or sum(map(bool, cells)) < _FILLED:
                first, since = cells[0], at
            cells[0] = first
            heads = [*(titles or []), *[""] * len(cells)][: len(cells)]
            yield Row(at, line, tuple(zip(heads, cells, strict=True)), since)
            titles = titles or []
        at += len(line) + 1


def readable(text: str) -> str:
    """Return ``text`` with its tables read out, one line a row."""
    if "|" not in text:
        return text
    said = {row.start: row.said for row in rows_of(text)}
    lines, at = [], 0
    for line in text.split("\n"):
        if said.get(at, line) or not line:
            lines.append(said.get(at, line))
        at += len(line) + 1
    return "\n".join(lines)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]
