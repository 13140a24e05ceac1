"""New wording quoted in an amending document: ``… như sau: “2. Nội dung mới … ”``. It is text, whatever it looks like."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_AMENDS = re.compile(r"sửa đổi|bổ sung|thay thế|thay cụm từ|đính chính|viết lại", re.IGNORECASE)
_BEFORE = re.compile(r"(?::|^)\s*(?:(?:\d{1,3}[a-zđ]?\.|[a-zđ]\)|Điều \d+[a-zđ]?\.)\s*)?$")
_END = re.compile(r"[”\"][\s.;,/]*$")
_TAIL = 20  # characters in which a paragraph closes a quotation
_REACH = 1500  # paragraphs that a quotation may go on


class _Marks(NamedTuple):
    """How many quotation marks a paragraph leaves open, whether it ends with a closing one, and whether one behind it does."""

    balance: int
    closes: bool
    soon_closed: bool


def _marks(texts: Sequence[str]) -> list[_Marks]:
    closes = [bool(_END.search(text[-_TAIL:])) for text in texts]
    following = len(texts) + _REACH
    found: list[_Marks] = []
    for at in range(len(texts) - 1, -1, -1):
        found.append(_Marks(_balance(texts[at]), closes[at], following - at < _REACH))
        following = at if closes[at] else following
    return found[::-1]


def quoted_paragraphs(texts: Sequence[str]) -> set[int]:
    """Return the positions of the paragraphs that belong to a quotation opened in an earlier one.

    A quotation of new wording opens in the paragraph that announces it or in the next, and is left open there. One
    that nobody closes ends with the first paragraph that ends with a closing mark.
    """
    inside: set[int] = set()
    announced = False
    marks = _marks(texts)
    position = 0
    while position < len(texts):
        text = texts[position]
        announced = bool(_AMENDS.search(text)) or (announced and text.startswith(("“", '"')))
        end = _closed_at(marks, position, len(_open_marks(text))) if announced and _leaves_open(text) else position
        inside.update(range(position + 1, end + 1))
        announced = announced and (end > position or text.rstrip().endswith(":"))
        position = end + 1
    return inside


def _leaves_open(text: str) -> bool:
    opened = _open_marks(text)
    return bool(opened) and bool(_BEFORE.search(text[: opened[0]]))


def _closed_at(marks: Sequence[_Marks], start: int, depth: int) -> int:
    first = 0
    if not marks[start].soon_closed:
        return start
    for position in range(start + 1, min(len(marks), start + _REACH)):
        depth = max(0, depth + marks[position].balance)
        if marks[position].closes and not depth:
            return position
        first = first or (position if marks[position].closes else 0)
    return first or start


def _balance(text: str) -> int:
    """How many quotation marks ``text`` leaves open (or, negative, closes that it has not opened)."""
    curly = text.count("“") - text.count("”")
    if text.count('"') % 2 == 0:
        return curly
    return curly - 1 if _END.search(text[-_TAIL:]) else curly + 1


def _open_marks(text: str) -> list[int]:
    """The places of the quotation marks that ``text`` opens and does not close."""
    opened: list[int] = []
    for mark in re.finditer(r"[“”\"]", text):
        if mark.group() == "“" or (mark.group() == '"' and not (opened and text[opened[-1]] == '"')):
            opened.append(mark.start())
        elif opened:
            opened.pop()
    return opened
