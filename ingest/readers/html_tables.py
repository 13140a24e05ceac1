"""Tables of pages: which of them hold data, and which only lay the page out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import lxml.html

from ingest.readers.tables import Cell, repeated

_PARTS = ("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "br")
_MANY = 12  # of these: more than a cell of a table has
_MOST = 0.6  # of the words of a table


def lays_out(table: lxml.html.HtmlElement) -> bool:
    """Say whether what stands in a table is to be read as if there were none.

    So it is where the page says so; without heads, where one cell holds most of the words, in tables or many parts, and where tables
    in the cells are more than a part of some.
    """
    rows = [list(_cells(row)) for row in _rows(table)]
    nested = [inner for inner in table.iterdescendants("table") if next(inner.iterancestors("table")) is table]
    if table.get("role", "").lower() in ("presentation", "none") or (nested and all(len(row) < 2 for row in rows)):
        return True
    if any(cell.tag == "th" for row in rows for cell in row):
        return False
    most = _MOST * _size(table)
    largest = max((cell for row in rows for cell in row), key=_size, default=None)
    if largest is not None and _size(largest) > most:
        return bool(nested) or sum(1 for _ in largest.iterdescendants(*_PARTS)) >= _MANY
    with_several = sum(sum(bool(cell.text_content().strip()) for cell in row) > 1 for row in rows)
    return bool(nested) and (with_several < 2 or sum(map(_size, nested)) > most)


def grid(table: lxml.html.HtmlElement, read: Callable[[lxml.html.HtmlElement], Cell]) -> list[list[Cell]]:
    """Return the rows of a table; ``read`` returns the paragraphs of a cell.

    A cell over several rows is said in each, a long one in the first, one over several columns is followed by empty ones.
    """
    rows: list[list[Cell]] = []
    hanging: dict[int, tuple[int, Cell]] = {}
    for row in _rows(table):
        cells: list[Cell] = []
        for cell in _cells(row):
            _fill(cells, hanging)
            cell.tail = None
            paragraphs = read(cell)
            for extra in range(_span(cell, "colspan")):
                if (down := _span(cell, "rowspan")) > 1:
                    hanging[len(cells)] = (down, repeated(paragraphs) if not extra else [])
                cells.append(paragraphs if not extra else [])
        _fill(cells, hanging)
        hanging = {column: (left - 1, text) for column, (left, text) in hanging.items() if left > 1}
        rows.append(cells)
    return rows


def number_of(element: lxml.html.HtmlElement, name: str) -> int:
    """Return the number that an attribute gives; 1 where it gives none."""
    value = element.get(name) or "1"
    return int(value) if value.isdecimal() and len(value) < 10 else 1


def _rows(table: lxml.html.HtmlElement) -> Iterator[lxml.html.HtmlElement]:
    """Yield the rows of a table itself; a form may stand around them."""
    return (row for row in table.iterdescendants("tr") if next(row.iterancestors("table")) is table)


def _cells(row: lxml.html.HtmlElement) -> Iterator[lxml.html.HtmlElement]:
    return (cell for cell in row.iterdescendants("td", "th") if next(cell.iterancestors("tr")) is row)


def _size(element: lxml.html.HtmlElement) -> int:
    return len(element.text_content())


def _fill(cells: list[Cell], hanging: dict[int, tuple[int, Cell]]) -> None:
    while len(cells) in hanging:
        cells.append(hanging[len(cells)][1])


def _span(cell: lxml.html.HtmlElement, name: str) -> int:
    return min(max(number_of(cell, name), 1), 100)
