"""What somebody wrote, without what would name them: for whatever an admin reads."""

from __future__ import annotations

import re

from rag.language.numbers import EMAIL, PHONE
from rag.language.text import squeeze

HIDDEN = "•••"
_CALLED = re.compile(r"thầy|cô|em|cháu|anh|chị|ông|bà", re.I)


def nameless(words: str) -> str:
    """Return words on one line without phone numbers, mail addresses and the name after a form of address (``cô •••``)."""
    return _without_called(EMAIL.sub(HIDDEN, PHONE.sub(HIDDEN, squeeze(words))))


def _without_called(text: str) -> str:
    """A capital letter in the form of address itself, within a sentence, is a place's: ``Cô Tô``, ``Bà Rịa``."""
    kept: list[str] = []
    is_name = False
    for word in text.split():
        bare = word.strip('.,;:?!()"“”')
        if is_name and bare.istitle():
            if kept[-1] != HIDDEN:
                kept.append(HIDDEN)
            if bare != word:
                kept[-1] += word[word.index(bare) + len(bare) :]
                is_name = False
            continue
        is_called = bool(_CALLED.fullmatch(word)) and (word.islower() or not kept)
        is_name = is_called or (is_name and word == "giáo")
        kept.append(word)
    return " ".join(kept)
