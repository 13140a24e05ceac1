"""Tables in Markdown and text files: lines with ``|`` or TAB between the cells -> lines ``| a | b |``.

A row may go on over several lines, where a cell has several paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.readers.layout import is_marker
from ingest.readers.tables import Cell, rows_or_paragraphs

_PIPE = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"[\s|:+=-]*-[\s|:+=-]*")
_BREAK = re.compile(r"<br\s*/?>", re.I)
_LONE_MARK = re.compile(r"\s*(?:[-–—+*•●▪]|(?:\d{1,2}\.?)+[.)]|[a-zđ][.)]|[IVX]+[.)]|[A-Z]\.|\(\d+\)|Điều \d+\.?)\s*")
_DETAIL = re.compile(r"[-–—+*•●▪]\s?\S|[a-zđ]\)|[^\W\dA-ZĐÀ-Ỹ_]")
_REACH = 6  # lines that a cell may go on before the next line with TABs


def with_tables(lines: Sequence[str]) -> list[str]:
    """Return the lines with their tables in one form; a head or signatures laid out as a table become paragraphs."""
    result: list[str] = []
    at = 0
    while at < len(lines):
        rows, end = _piped(lines, at)
        if not rows:
            rows, end = _tabbed(lines, at)
        if rows:
            result += rows_or_paragraphs(rows)
        else:
            result.append(_untabbed(lines[at]))
        at = end if rows else at + 1
    return result


def _untabbed(line: str) -> str:
    """A line that is no row: what stands between its mark and its words was a TAB."""
    return line.replace("\t", " ")


def _piped(lines: Sequence[str], start: int) -> tuple[list[list[Cell]], int]:
    """The rows of the table that begins at a line, each on one line, and where it ends."""
    rows: list[list[Cell]] = []
    at = end = start
    while at < len(lines):
        line = lines[at].strip()
        if not line and rows and at + 1 < len(lines) and _is_piped(lines[at + 1]) and not _is_piped(lines[at - 1]):
            at += 1
            continue
        is_rule = bool(rows) and "|" in line and bool(_RULE.fullmatch(line))
        if not is_rule and not _is_piped(line):
            break
        if not is_rule:
            rows.append([_paragraphs(cell) for cell in _PIPE.split(_without_frame(line))])
        at += 1
        end = at
    framed = lines[start].lstrip().startswith("|")
    return (rows, end) if framed or len(rows) > 1 or len(rows[0] if rows else ()) > 2 or _is_head(rows) else ([], start)


def _is_piped(line: str) -> bool:
    return line.lstrip().startswith("|") or " | " in line


def _without_frame(line: str) -> str:
    line = line.removeprefix("|")
    return line[:-1] if line.endswith("|") and not line.endswith("\\|") else line


def _is_head(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether a lone row of two cells is the head of a letter, not a sentence with a stroke."""
    return len(rows) == 1 and len(rows[0]) == 2 and all(cell and cell[0].isupper() for cell in rows[0])


def _paragraphs(cell: str) -> Cell:
    return [piece.strip() for piece in _BREAK.split(cell.replace("\\|", "|")) if piece.strip()]


def _tabbed(lines: Sequence[str], start: int) -> tuple[list[list[Cell]], int]:
    """The rows of the table that begins at a line with TABs, and where it ends."""
    width = len(_cells(lines[start]))
    if width < 2 or (width == 2 and (_LONE_MARK.fullmatch(_cells(lines[start])[0]) or not _is_row(lines, start + 1, width))):
        return [], start
    rows: list[list[Cell]] = []
    at = start
    while at < len(lines):
        cells = _cells(lines[at])
        open_row = bool(rows) and len(rows[-1]) < width
        if len(cells) > 1 and not (width == 2 and _LONE_MARK.fullmatch(cells[0])):
            width = max(width, len(cells)) if len(rows) < 2 else width
            _add(rows, cells, joins=open_row and len(rows[-1]) + len(cells) - 1 <= width)
        elif rows and lines[at].strip() and _goes_on(lines, at, width, is_open=open_row):
            rows[-1][-1].append(lines[at].strip())
        else:
            break
        at += 1
    return rows, at


def _cells(line: str) -> list[str]:
    """The cells of a line; what ends with TABs has empty cells there."""
    return [cell.strip() for cell in line.rstrip("\n").split("\t")] if line.strip() else [""]


def _is_row(lines: Sequence[str], at: int, width: int) -> bool:
    return at < len(lines) and len(_cells(lines[at])) == width


def _add(rows: list[list[Cell]], cells: list[str], *, joins: bool) -> None:
    pieces: list[Cell] = [[cell] if cell else [] for cell in cells]
    detail = bool(rows) and len(cells) > 2 and not any(cells[:-1]) and bool(_DETAIL.match(cells[-1]))
    if joins:
        rows[-1][-1] += pieces[0]
        rows[-1] += pieces[1:]
    elif detail:
        rows[-1][-1] += pieces[-1]
    else:
        rows.append(pieces)


def _goes_on(lines: Sequence[str], at: int, width: int, *, is_open: bool) -> bool:
    """Whether a line without TABs is one more paragraph of the last cell."""
    if _DETAIL.match(lines[at].strip()):
        return True
    if is_marker(lines[at]) or lines[at].isupper():
        return False
    if is_open:
        return True
    following = next((line for line in lines[at + 1 : at + 1 + _REACH] if "\t" in line or is_marker(line)), "")
    return len(_cells(following)) == width
