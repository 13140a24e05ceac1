"""How people really type: the same question without diacritics, with half of them, with two typos.

Every change follows from the seed and the question alone, so each run asks the same.
"""

from __future__ import annotations

import random
import re
import string
from collections.abc import Callable

from rag.language.text import has_marks, strip_marks

SEED = 2026
_WORD = re.compile(r"[^\W\d_]{2,}")
_TYPOS = 2


def half_lost(text: str, chance: random.Random) -> str:
    """Take the marks off each marked syllable with a probability of one half."""
    return re.sub(r"\S+", lambda word: strip_marks(word[0]) if has_marks(word[0]) and chance.random() < 0.5 else word[0], text)


def typos(text: str, chance: random.Random) -> str:
    """Make two edits of one letter, each in a word of its own: neighbours swapped, a letter lost, added or replaced."""
    found = list(_WORD.finditer(text))
    for word in sorted(chance.sample(found, min(_TYPOS, len(found))), key=lambda word: -word.start()):
        text = text[: word.start()] + _misspelt(word[0], chance) + text[word.end() :]
    return text


def _misspelt(word: str, chance: random.Random) -> str:
    edit = chance.choice([_swap, _lose, _add, _replace])
    made = edit(word, chance.randrange(len(word)), chance)
    return made if made != word else _misspelt(word, chance)


def _swap(word: str, at: int, chance: random.Random) -> str:
    at = min(at, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _lose(word: str, at: int, chance: random.Random) -> str:
    return word[:at] + word[at + 1 :]


def _add(word: str, at: int, chance: random.Random) -> str:
    return word[:at] + chance.choice(string.ascii_lowercase) + word[at:]


def _replace(word: str, at: int, chance: random.Random) -> str:
    return word[:at] + chance.choice(string.ascii_lowercase) + word[at + 1 :]


_CHANGES: dict[str, Callable[[str, random.Random], str]] = {
    "as typed": lambda text, chance: text,
    "no diacritics": lambda text, chance: strip_marks(text),
    "half lost": half_lost,
    "two typos": typos,
}
VARIANTS = tuple(_CHANGES)


def corrupt(text: str, variant: str) -> str:
    """Return the question as ``variant`` has it."""
    return _CHANGES[variant](text, random.Random(f"{SEED} {variant} {text}"))
