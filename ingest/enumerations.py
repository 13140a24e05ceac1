"""Inline enumerations ``(1) …; (2) …`` and ``a) …; b) …`` inside a provision's text become addressable items."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from typing import NamedTuple

from rag.documents import Provision
from rag.language.series import LETTERS

_NUMBERED = re.compile(r"(?:^|(?<=[\s:;,.]))\((\d{1,2})\)\s")
_LETTERED = re.compile(r"(?<=[:;.]\s)([a-zđ])\)\s")
_ROW = re.compile(r"^\|.*$", re.M)
_QUOTED = re.compile(r"“[^“”]*(?:“[^“”]*”[^“”]*)*”")


def add_inline_items(provisions: list[Provision]) -> list[Provision]:
    """Return the provisions with their inline items inserted behind them; ids and parents are renumbered."""
    known = {provision.section for provision in provisions}
    result: list[Provision] = []
    new_id: dict[int, int] = {}
    for provision in provisions:
        new_id[provision.id] = len(result)
        parent = new_id[provision.parent] if provision.parent is not None else None
        moved = replace(provision, id=len(result), parent=parent)
        result.append(moved)
        for item in _items(moved):
            if item.section not in known:
                result.append(replace(item, id=len(result)))
    return result


class _Span(NamedTuple):
    """An item of an enumeration: its own mark, and where in the text it stands."""

    name: str
    start: int
    end: int


def _items(provision: Provision) -> list[Provision]:
    if provision.kind == "signature":
        return []
    prose = _ROW.sub(lambda row: " " * len(row.group()), provision.text)  # what stands in a cell belongs to its row
    spans = _spans(prose, _NUMBERED, [str(n) for n in range(1, 31)])
    style = "({})"
    if not spans:
        spans = _spans(prose, _LETTERED, list(LETTERS))
        style = ".{}"
    return [_item(provision, style, span) for span in spans]


def _spans(text: str, pattern: re.Pattern[str], names: list[str]) -> list[_Span]:
    """Find the marks that come in order from the first name on; at least two make an enumeration, those quoted do not count."""
    found: list[re.Match[str]] = []
    quotations = [quotation.span() for quotation in _QUOTED.finditer(text)]
    for mark in pattern.finditer(text):
        if len(found) == len(names):
            break
        before = bisect_left(quotations, (mark.start(), 0)) - 1
        if mark.group(1) == names[len(found)] and (before < 0 or quotations[before][1] <= mark.start()):
            found.append(mark)
    if len(found) < 2:
        return []
    ends = [*(mark.start() for mark in found[1:]), len(text)]
    return [
        _Span(mark.group(1), mark.start(), mark.start() + len(text[mark.start() : end].rstrip(" ;\n")))
        for mark, end in zip(found, ends, strict=True)
    ]


def _item(parent: Provision, style: str, span: _Span) -> Provision:
    name, start, end = span
    starts = tuple((max(0, at - start), page) for at, page in parent.page_starts if start < at < end)
    label = f"{parent.label}, ý ({name})" if style.startswith("(") else f"{parent.label}, điểm {name}"
    return Provision(
        id=parent.id,
        document=parent.document,
        section=parent.section + style.format(name),
        kind="item",
        label=label,
        heading="",
        text=parent.text[start:end],
        page=parent.page_at(start),
        parent=parent.id,
        headings=(*parent.headings, *([parent.heading] if parent.heading else [])),
        page_starts=starts,
        inline=True,
        confidence=parent.confidence,
    )
