"""Which item of a list a question names: ``nhóm thứ 2``, ``trụ cột thứ ba``."""

from __future__ import annotations

from rag.language.series import ORDINALS
from rag.language.text import fold
from rag.question.exact import Exact
from rag.question.understanding import Question

_NTH = rf"thứ (\d|{'|'.join(ORDINALS)})\b"
_ITEMS = (
    "nhóm|ý|mục|trụ cột|bước|nội dung|phần|điểm|nhiệm vụ|việc|loại|giải pháp|dịch vụ|thủ tục|yêu cầu|tiêu chí|chỉ tiêu|biện pháp|"
    "kĩ năng|kỹ năng|khoản|điều|cái|người|đầu mối"
)
_ITEM = Exact(rf"\b(?:{_ITEMS}) {_NTH}|\b(?:nhóm|ý|trụ cột|mục|bước|nội dung) (\d)\b")
_LONE = Exact(rf"\b{_NTH}")
_NUMBERS = {fold(word): str(number) for word, number in ORDINALS.items()}


def nth_item(question: Question) -> str:
    """Return the number of the item that is named; empty where none is, as ``thứ hai tuần sau`` is a day."""
    found = None if question.mentions.periods else _ITEM.search(question)
    return _number(found.group(1) or found.group(2)) if found else ""


def nth_of_before(question: Question) -> str:
    """Return the number of an item of what was said before; ``thứ hai`` alone is one where nothing else is asked."""
    if (named := nth_item(question)) or question.mentions.periods or not (found := _LONE.search(question)):
        return named
    own = fold(found.group()).split()
    return _number(found.group(1)) if all(term.folded in own for term in question.terms) else ""


def is_weekday(question: Question) -> bool:
    """Say whether ``thứ hai`` is named, and is no item of a list."""
    return bool(_LONE.search(question)) and not nth_of_before(question)


def _number(written: str) -> str:
    return _NUMBERS.get(fold(written), written)
