"""How things in a row are counted: by Roman figures, by ordinals in words, by the letters of điểm."""

from __future__ import annotations

LETTERS = "abcdđeghiklmnopqrstuvxy"
"""The order of điểm: ``đ`` after ``d``; no ``f``, ``j``, ``w``, ``z``."""
ORDINALS = {"nhất": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10}
"""What stands behind ``thứ``."""
_FIGURES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_STEPS = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def of_roman(figures: str) -> int:
    """Return the number of large Roman figures up to ``C`` (``XIV`` → 14). Raises ``KeyError`` for other letters."""
    values = [_FIGURES[figure] for figure in figures]
    return sum(-value if value < following else value for value, following in zip(values, [*values[1:], 0], strict=False))


def to_roman(number: int) -> str:
    """Return a positive number in large Roman figures (14 → ``XIV``)."""
    figures = ""
    for value, letters in _STEPS:
        figures += letters * (number // value)
        number %= value
    return figures
