"""Tables of which the columns are set with blanks, as in plain text and in the Markdown of pandoc -> lines ``| a | b |``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.readers.tables import Cell, rows_or_paragraphs

_COLUMN_RULE = re.compile(r"\s*-{2,}(?:[ \t]+-{2,})+\s*")
_FRAME = re.compile(r"\s*-{5,}\s*")
_GAP = re.compile(r"\S(?:.*?\S)??(?=\s{2,}|$)")
_LEAST_COLUMNS = 3
_LEAST_ROWS = 3
_LONGEST = 200  # lines of a table under its rule

Span = tuple[int, int]


def with_ruled_tables(lines: Sequence[str]) -> list[str]:
    """Return the lines with the tables whose columns are drawn by a line of dashes (``---- ------- ---``) in one form."""
    result: list[str] = []
    at = 0
    while at < len(lines):
        if not _COLUMN_RULE.fullmatch(lines[at]):
            result.append(lines[at])
            at += 1
            continue
        spans = [found.span() for found in re.finditer(r"-+", lines[at])]
        head = _head(result)
        end, framed = _end(lines, at + 1, framed=bool(head) or _opens_frame(result))
        del result[len(result) - len(head) :]
        if _opens_frame(result):
            result.pop()
        body = _rows(lines[at + 1 : end], spans, by_blank=framed and any(not line.strip() for line in lines[at + 1 : end]))
        heads = [_joined([_cells(line, spans) for line in head])] if head else []
        result += ["", *rows_or_paragraphs([*heads, *body]), ""]
        at = end + 1 if framed else end
    return result


def with_aligned_tables(lines: Sequence[str]) -> list[str]:
    """Return the lines with the tables that nothing but wide gaps show, three columns and rows at least, in one form."""
    result: list[str] = []
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and (len(_pieces(lines[end])) >= _LEAST_COLUMNS or (end > at and _goes_on(lines[end]))):
            end += 1
        while end > at and not len(_pieces(lines[end - 1])) >= _LEAST_COLUMNS:
            end -= 1
        spans = _columns(lines[at:end])
        if len(spans) >= _LEAST_COLUMNS and sum(len(_pieces(line)) >= _LEAST_COLUMNS for line in lines[at:end]) >= _LEAST_ROWS:
            result += rows_or_paragraphs(_rows(lines[at:end], spans, by_blank=False))
        else:
            result += lines[at : max(end, at + 1)]
        at = max(end, at + 1)
    return result


def _head(before: Sequence[str]) -> list[str]:
    """The lines of the head, right above the rule."""
    head: list[str] = []
    for line in reversed(before):
        if not line.strip() or _FRAME.fullmatch(line) or line.startswith("|") or not line.startswith(" "):
            break
        head.insert(0, line)
    return head


def _opens_frame(before: Sequence[str]) -> bool:
    return bool(before) and bool(_FRAME.fullmatch(before[-1]))


def _end(lines: Sequence[str], start: int, *, framed: bool) -> tuple[int, bool]:
    """Where a table under its rule ends: at its closing rule, else at the first blank line; and whether by a rule."""
    for at in range(start, min(start + _LONGEST, len(lines))):
        if _FRAME.fullmatch(lines[at]) or _COLUMN_RULE.fullmatch(lines[at]):
            return at, True
    return next((at for at in range(start, len(lines)) if not lines[at].strip()), len(lines)), False


def _rows(lines: Sequence[str], spans: Sequence[Span], *, by_blank: bool) -> list[list[Cell]]:
    """The rows; a blank line ends one where there are blank lines, else a line that fills the first column begins one."""
    groups: list[list[list[str]]] = []
    fresh = True
    for line in lines:
        if not line.strip():
            fresh = True
            continue
        cells = _cells(line, spans)
        goes_on = bool(groups) and (not fresh if by_blank else not cells[0] and sum(map(bool, cells)) == 1)
        if goes_on:
            groups[-1].append(cells)
        else:
            groups.append([cells])
        fresh = False
    return [_joined(group) for group in groups]


def _joined(lines: Sequence[Sequence[str]]) -> list[Cell]:
    """One row of the lines over which it goes."""
    return [[text] if (text := " ".join(filter(None, column))) else [] for column in zip(*lines, strict=True)]


def _cells(line: str, spans: Sequence[Span]) -> list[str]:
    """What stands in each column; a column goes up to the next one."""
    ends = [start for start, _ in spans[1:]] + [max(len(line), spans[-1][1])]
    starts = [0, *(start for start, _ in spans[1:])]
    return [line[start:end].strip() for start, end in zip(starts, ends, strict=True)]


def _pieces(line: str) -> list[Span]:
    return [found.span() for found in _GAP.finditer(line)] if "|" not in line and "\t" not in line else []


def _goes_on(line: str) -> bool:
    """Whether a line is more of a cell of the row above: it stands alone under one of the later columns."""
    return line.startswith("   ") and len(_pieces(line)) == 1


def _columns(lines: Sequence[str]) -> list[Span]:
    """The stretches that gaps of two blanks in every line part."""
    width = max(map(len, lines), default=0)
    inked = [any(line[at : at + 1].strip() for line in lines) for at in range(width)]
    text = "".join("x" if ink else " " for ink in inked)
    return [found.span() for found in _GAP.finditer(text)]
