"""Is this Vietnamese? Judges text by the grammar of its syllables: onset × rime × tone.

Measured: clean legal text has ``valid`` ≥ .99 and ``strong`` ≥ .43; the layer that an English OCR leaves on a
Vietnamese scan has ``valid`` .46-.69 and ``strong`` ≤ .005.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_ONSETS = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
_RIMES = {
    "a": "- c ch i m n ng nh o p t u y", "ă": "c m n ng p t", "â": "c m n ng p t u y",
    "e": "- c m n ng o p t", "ê": "- ch m n nh p t u", "i": "- a ch m n nh p t u", "iê": "c m n ng p t u",
    "o": "- a c e i m n ng p t", "oo": "c n ng", "ô": "- c i m n ng p t", "ơ": "- i m n p t",
    "u": "- a c i m n ng p t", "uô": "c i m n ng p t", "ư": "- a c i m n ng t u", "ươ": "c i m n ng p t u",
    "y": "-", "yê": "m n ng t u", "oa": "c ch i m n ng nh o p t y", "oă": "c m n ng p t", "oe": "m n o t",
    "uâ": "n ng t y", "uê": "- ch n nh", "uơ": "-", "uy": "- a ch n nh p t u", "uyê": "n t",
}  # fmt: skip
_TONES = {"\u0300": "huyền", "\u0301": "sắc", "\u0303": "ngã", "\u0309": "hỏi", "\u0323": "nặng"}
_STOPS = ("c", "ch", "p", "t")
_WORD = re.compile(r"[^\W\d_]+")
_ENOUGH_WORDS = 20
GOOD_VALID = 0.90
GOOD_STRONG = 0.35
TABLE_STRONG = 0.20  # lists of names, tables with foreign words: fewer marks, but what there is must be legal


@dataclass(frozen=True, slots=True)
class Quality:
    """``valid``: share of legal syllables; ``strong``: share of words with a letter beyond Latin-1."""

    words: int
    valid: float
    strong: float

    @property
    def good(self) -> bool:
        """Whether the text can be trusted as Vietnamese; short texts only have to be legal."""
        if self.words < _ENOUGH_WORDS:
            return self.valid >= 0.75
        return self.valid >= GOOD_VALID and self.strong >= (GOOD_STRONG if self.valid < 0.97 else TABLE_STRONG)


def _grammar() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Patterns of the syllables without tone: open ones, and those that end in a stop."""
    open_rimes: list[str] = []
    stopped: list[str] = []
    for nucleus, codas in _RIMES.items():
        for coda in codas.split():
            rime = nucleus + coda.replace("-", "")
            (stopped if coda in _STOPS else open_rimes).append(rime)
    onset = "(?:" + "|".join(sorted(_ONSETS.split(), key=len, reverse=True)) + ")?"
    return re.compile(f"{onset}(?:{'|'.join(open_rimes)})"), re.compile(f"{onset}(?:{'|'.join(stopped)})")


_OPEN, _STOPPED = _grammar()


@lru_cache(maxsize=65536)
def is_syllable(word: str) -> bool:
    """Say whether ``word`` is a legal Vietnamese syllable, case aside (``doc`` is not: a stop needs sắc or nặng)."""
    decomposed = unicodedata.normalize("NFD", word.lower())
    tones = [c for c in decomposed if c in _TONES]
    base = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in _TONES))
    if len(tones) > 1:
        return False
    if _STOPPED.fullmatch(base):
        return bool(tones) and tones[0] in "\u0301\u0323"
    return bool(_OPEN.fullmatch(base))


def judge(text: str) -> Quality:
    """Return the quality of ``text`` (NFC). Abbreviations in capitals and single letters are not counted."""
    words = [w for w in _WORD.findall(text) if len(w) > 1 and (not w.isupper() or is_syllable(w))]
    if not words:
        return Quality(0, 0.0, 0.0)
    valid = sum(map(is_syllable, words)) / len(words)
    strong = sum(any(c > "\xff" for c in w) for w in words) / len(words)
    return Quality(len(words), valid, strong)
