"""New wording quoted in an amending document: ``… như sau: “2. Nội dung mới … ”``. It is text, whatever it looks like."""

from __future__ import annotations

import re
from collections.abc import Sequence

_AMENDS = re.compile(r"sửa đổi|bổ sung|thay thế|thay cụm từ|đính chính|viết lại", re.IGNORECASE)
_BEFORE = re.compile(r"(?::|^)\s*(?:(?:\d{1,3}[a-zđ]?\.|[a-zđ]\)|Điều \d+[a-zđ]?\.)\s*)?$")
_END = re.compile(r"[”\"][\s.;,/]*$")


def quoted_paragraphs(texts: Sequence[str]) -> set[int]:
    """Return the positions of the paragraphs that belong to a quotation opened in an earlier one.

    A quotation of new wording opens in the paragraph that announces it or in the next, and is left open there. One
    that nobody closes ends with the first paragraph that ends with a closing mark.
    """
    inside: set[int] = set()
    announced = False
    position = 0
    while position < len(texts):
        text = texts[position]
        announced = bool(_AMENDS.search(text)) or (announced and text.startswith(("“", '"')))
        end = _closed_at(texts, position) if announced and _leaves_open(text) else position
        inside.update(range(position + 1, end + 1))
        announced = announced and (end > position or text.rstrip().endswith(":"))
        position = end + 1
    return inside


def _leaves_open(text: str) -> bool:
    opened = _open_marks(text)
    return bool(opened) and bool(_BEFORE.search(text[: opened[0]]))


def _closed_at(texts: Sequence[str], start: int) -> int:
    depth, first = len(_open_marks(texts[start])), 0
    for position in range(start + 1, len(texts)):
        depth = max(0, depth + _balance(texts[position]))
        closes = bool(_END.search(texts[position]))
        if closes and not depth:
            return position
        first = first or (position if closes else 0)
    return first or start


def _balance(text: str) -> int:
    """How many quotation marks ``text`` leaves open (or, negative, closes that it has not opened)."""
    curly = text.count("“") - text.count("”")
    if text.count('"') % 2 == 0:
        return curly
    return curly - 1 if _END.search(text) else curly + 1


def _open_marks(text: str) -> list[int]:
    """The places of the quotation marks that ``text`` opens and does not close."""
    opened: list[int] = []
    for mark in re.finditer(r"[“”\"]", text):
        if mark.group() == "“" or (mark.group() == '"' and not (opened and text[opened[-1]] == '"')):
            opened.append(mark.start())
        elif opened:
            opened.pop()
    return opened
