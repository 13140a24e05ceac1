"""Mends the marks that OCR loses: ``Giáo đục`` → ``Giáo dục``, ``tô chức`` → ``tổ chức``.

Only pairs of neighbouring words that official texts write in one way are touched, and only their marks: letters and
figures stay as they were read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

from ingest.readers.lines import Word
from rag.text import fold

_PUNCTUATION = ".,;:!?…()[]“”\"'"


def mend(words: Sequence[Word]) -> list[Word]:
    """Return the words, in reading order, with the marks of well-known pairs put right."""
    table = _pairs()
    result = list(words)
    for index, (a, b) in enumerate(pairwise(words)):
        if a.line != b.line or a.text[-1:] in _PUNCTUATION:
            continue
        first, second = _core(result[index].text), _core(b.text)
        known = table.get(f"{fold(first)} {fold(second)}")
        if known and [first.lower(), second.lower()] != known:
            result[index] = replace(result[index], text=_rewritten(result[index].text, first, known[0]))
            result[index + 1] = replace(b, text=_rewritten(b.text, second, known[1]))
    return result


@lru_cache(maxsize=1)
def _pairs() -> dict[str, list[str]]:
    """Folded pair → the two syllables as they are written."""
    lines = files("ingest.readers").joinpath("pairs.txt").read_text(encoding="utf-8").splitlines()
    return {fold(line): line.split() for line in lines if line and not line.startswith("#")}


def _core(text: str) -> str:
    return text.strip(_PUNCTUATION)


def _rewritten(text: str, core: str, syllable: str) -> str:
    """Put ``syllable`` in the place of ``core``, letter by letter in its case."""
    cased = "".join(new.upper() if old.isupper() else new for old, new in zip(core, syllable, strict=True))
    return text.replace(core, cased, 1)
