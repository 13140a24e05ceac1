"""Tables: ruled grids on a page -> rows of cells -> lines ``| a | b |``, for every format alike.

Lengths are in the unit of the page (points for a text layer, pixels for a picture).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

Cell = list[str]
"""The paragraphs of a cell."""

_LAYOUT = re.compile(r"c[ộô]ng h(?:òa|oà) xã hội chủ nghĩa việt nam|^nơi nhận\s*:", re.I | re.M)
_MOST_REPEATED = 4000  # characters: a row that holds more is not quoted by itself
_RECIPIENTS = re.compile(r"^nơi nhận$", re.I)


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line on a page: ``at`` is its y (or x when it is vertical), ``start`` and ``end`` its extent."""

    at: float
    start: float
    end: float


class Box(NamedTuple):
    """Where something stands on a page; ``top`` is smaller than ``bottom``."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table. ``spans[row][column]`` names the (row, column) of the merged cell that covers this place."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    spans: tuple[tuple[tuple[int, int], ...], ...]

    def place(self, x: float, y: float) -> tuple[int, int] | None:
        """Return the merged cell at a point, or ``None`` outside the table."""
        if not (self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]):
            return None
        row = max(i for i, top in enumerate(self.ys[:-1]) if top <= y)
        column = max(i for i, left in enumerate(self.xs[:-1]) if left <= x)
        return self.spans[row][column]

    def boxes(self) -> list[Box]:
        """Return the merged cells."""
        places: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        for row, owners in enumerate(self.spans):
            for column, owner in enumerate(owners):
                places[owner].append((row, column))
        corners = ((min(covered), max(covered)) for covered in places.values())
        return [Box(self.xs[c0], self.ys[r0], self.xs[c1 + 1], self.ys[r1 + 1]) for (r0, c0), (r1, c1) in corners]

    def rows(self, texts: dict[tuple[int, int], str]) -> list[list[str]]:
        """Return the rows. A cell over several rows is said in each, so that a row can be quoted by itself."""
        result = []
        for row, places in enumerate(self.spans):
            if row and places == self.spans[row - 1]:
                continue
            result.append([texts.get(p, "") if p[1] == column else "" for column, p in enumerate(places)])
        return result


def as_lines(rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the rows that are not empty as ``| a | b |``."""
    return ["| " + " | ".join(cell.replace("|", "¦") for cell in row) + " |" for row in rows if any(cell.strip() for cell in row)]


def repeated(cell: Cell) -> Cell:
    """Return what a cell over several rows says in each row but its first: a long one nothing, for tables in its rows would multiply it."""
    return cell if sum(len(paragraph) + 1 for paragraph in cell) <= _MOST_REPEATED else []


def rows_or_paragraphs(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """Return the lines of a table of a Word or HTML file.

    A table without rulings that only puts a head (``UBND TỈNH … | CỘNG HÒA …``) or a signature beside ``Nơi nhận``
    is no table: its columns are read one after the other.
    """
    whole = "\n".join(paragraph for row in rows for cell in row for paragraph in cell)
    columns = max((len(row) for row in rows), default=0)
    lists_recipients = any(len(cell) > 1 and _RECIPIENTS.match(cell[0].strip()) for row in rows for cell in row)
    if columns <= 1 or (len(rows) <= 4 and columns <= 3 and (lists_recipients or _LAYOUT.search(whole))):
        return [p for column in range(columns) for row in rows for p in (row[column] if column < len(row) else []) if p]
    return as_lines([" ".join(cell) for cell in row] for row in rows)


def find_grids(horizontal: Sequence[Rule], vertical: Sequence[Rule], tolerance: float) -> list[Grid]:
    """Return the tables that the rules draw: at least two cells, closed on all sides."""
    across, down = _merge(horizontal, tolerance), _merge(vertical, tolerance)
    groups = _connected(across, down, tolerance)
    grids = (_grid([across[i] for i in hs], [down[i] for i in vs], tolerance) for hs, vs in groups)
    return [grid for grid in grids if grid]


def _merge(rules: Sequence[Rule], tolerance: float) -> list[Rule]:
    """Join the pieces of a line that was drawn cell by cell, or as the two edges of a thin box."""
    result: list[Rule] = []
    for at, line in _cluster(rules, tolerance):
        start, end = line[0].start, line[0].end
        for piece in line[1:]:
            if piece.start > end + tolerance:
                result.append(Rule(at, start, end))
                start, end = piece.start, piece.end
            end = max(end, piece.end)
        result.append(Rule(at, start, end))
    return result


def _cluster(rules: Sequence[Rule], tolerance: float) -> list[tuple[float, list[Rule]]]:
    clusters: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda r: r.at):
        if clusters and rule.at - clusters[-1][-1].at <= tolerance:
            clusters[-1].append(rule)
        else:
            clusters.append([rule])
    return [(sum(r.at for r in c) / len(c), sorted(c, key=lambda r: r.start)) for c in clusters]


def _connected(across: list[Rule], down: list[Rule], tolerance: float) -> list[tuple[list[int], list[int]]]:
    """Group lines that touch: (indexes of horizontal lines, indexes of vertical lines) of each table."""
    parent = list(range(len(across) + len(down)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = i = parent[parent[i]]
        return i

    for i, h in enumerate(across):
        for j, v in enumerate(down):
            meets_x = h.start - tolerance <= v.at <= h.end + tolerance
            if meets_x and v.start - tolerance <= h.at <= v.end + tolerance:
                parent[root(i)] = root(len(across) + j)
    groups: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for i in range(len(across)):
        groups[root(i)][0].append(i)
    for j in range(len(down)):
        groups[root(len(across) + j)][1].append(j)
    return list(groups.values())


def _grid(across: list[Rule], down: list[Rule], tolerance: float) -> Grid | None:
    ys = tuple(at for at, _ in _cluster(across, tolerance))
    xs = tuple(at for at, _ in _cluster(down, tolerance))
    if len(ys) < 2 or len(xs) < 2 or len(ys) + len(xs) < 5:
        return None
    spans = [[(r, c) for c in range(len(xs) - 1)] for r in range(len(ys) - 1)]
    for r in range(len(ys) - 1):
        for c in range(len(xs) - 1):
            if c and not _drawn(down, xs[c], ys[r], ys[r + 1], tolerance):
                spans[r][c] = spans[r][c - 1]
            elif r and not _drawn(across, ys[r], xs[c], xs[c + 1], tolerance):
                spans[r][c] = spans[r - 1][c]
    return Grid(xs, ys, tuple(map(tuple, spans)))


def _drawn(rules: list[Rule], at: float, start: float, end: float, tolerance: float) -> bool:
    """Whether most of the side of a cell is drawn."""
    covered = sum(max(0.0, min(end, r.end) - max(start, r.start)) for r in rules if abs(r.at - at) <= 2 * tolerance)
    return covered >= 0.6 * (end - start)
