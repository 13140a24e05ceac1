"""Words as OCR saw them -> as they are written: what no Vietnamese word or address looks like."""

from __future__ import annotations

import re

_NO_WORD = re.compile(r"\b[đĐ]ữ\b")
_MAIL_BRACKET = re.compile(r"(?<=[\w.])[(\[{]@(?=\w)")
_WORD = re.compile(r"[^\W\d_]{2,}")
_PLAIN_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZĐ")


def plausible(text: str) -> str:
    """Put right what is written nowhere: a large vowel with marks within small letters (``tỪ``), a bracket before ``@``."""
    text = _MAIL_BRACKET.sub("@", text)
    return _WORD.sub(lambda found: _with_small_vowels(found.group()), text)


def _with_small_vowels(word: str) -> str:
    large = [letter for letter in word[1:] if letter.isupper()]
    if not large or not any(map(str.islower, word)) or any(letter in _PLAIN_LETTERS for letter in large):
        return word
    return word[0] + word[1:].lower()


def mend(text: str) -> str:
    """Put right what the engine reads as no word of Vietnamese: ``đữ`` is always ``dữ``."""
    return _NO_WORD.sub(lambda found: "dữ" if found.group()[0] == "đ" else "Dữ", text)
