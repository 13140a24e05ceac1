"""Tables as people read them out: a row is a sentence, ``Việc: …; Thời hạn: …``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.documents import Provision

_NUMBERS = ("TT", "STT", "")
_RULE = re.compile(r"[\s|:+-]+")


def row_text(provision: Provision, row: str) -> str:
    """Return a row of a provision's table, each cell with the title of its column; ``row`` may be a part of the row."""
    lines = provision.text.split("\n")
    at = next((at for at, line in enumerate(lines) if row in line), -1)
    return _said(lines, at) if at >= 0 else row


def row_at(text: str, at: int) -> str:
    """Return the row of a table in which the character ``at`` stands; empty where that is in no table."""
    line = text[text.rfind("\n", 0, at) + 1 :].split("\n", 1)[0]
    return line if line.startswith("|") else ""


def readable(text: str) -> str:
    """Return ``text`` with its tables read out, one line a row."""
    if "|" not in text:
        return text
    lines = text.split("\n")
    return "\n".join(said for at, line in enumerate(lines) if (said := _said(lines, at) if line.startswith("|") else line) or not line)


def _said(lines: Sequence[str], at: int) -> str:
    first = at
    while first and lines[first - 1].startswith("|"):
        first -= 1
    if _RULE.fullmatch(lines[at]):
        return ""
    cells = _cells(lines[at])
    headed = first + 1 < len(lines) and lines[first + 1].startswith("|")
    if at == first and headed:
        return ""  # the titles say nothing on their own
    titles = _cells(lines[first]) if at > first else []
    titles += [""] * (len(cells) - len(titles))
    named = [
        (title, cell) for title, cell in zip(titles, cells, strict=False) if cell and (title.upper() not in _NUMBERS or not cell.isdigit())
    ]
    return "; ".join(f"{title}: {cell}" if title and title.upper() not in _NUMBERS else cell for title, cell in named)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]
