"""Tables of Word: rows of cells, each in the column of the grid where it stands."""

from __future__ import annotations

from collections.abc import Callable

from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement as Element

from ingest.readers.docx_shown import cells, rows
from ingest.readers.tables import Cell, repeated

_WIDEST = 63  # columns: Word makes no more

Row = dict[int, Cell]
"""The cells of a row, by the column of the grid in which each begins."""


def grid(table: Element, read: Callable[[Element], Cell]) -> list[list[Cell]]:
    """Return the rows of a table; ``read`` returns the paragraphs of a cell.

    A cell over several rows is said in each, a long one in the first, one over several columns is followed by empty ones. Columns of
    the grid in which no cell begins are left out: Word draws them where the edges of rows do not quite meet.
    """
    found: list[Row] = []
    for row in rows(table):
        found.append(_row(row, found[-1] if found else {}, read))
    columns = sorted({column for row in found for column in row})
    return [[row.get(column, []) for column in columns] for row in found]


def _row(row: Element, above: Row, read: Callable[[Element], Cell]) -> Row:
    found, column = Row(), _number(row, "w:trPr/w:gridBefore", 0)
    for cell in cells(row):
        merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
        goes_on = merge is not None and merge.get(qn("w:val")) != "restart"
        found[column] = repeated(above[column]) if goes_on and column in above else read(cell)
        column += max(_number(cell, "w:tcPr/w:gridSpan", 1), 1)
    return found


def _number(element: Element, path: str, otherwise: int) -> int:
    found = element.find("/".join(map(qn, path.split("/"))))
    value = found.get(qn("w:val"), "") if found is not None else ""
    return min(int(value), _WIDEST) if value.isdecimal() else otherwise
