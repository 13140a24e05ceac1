"""Undoes what a Telex keyboard leaves when its Vietnamese mode is off: ``hanj nopj`` → ``hạn nọp``.

The typing method: https://vi.wikipedia.org/wiki/Telex_(kiểu_gõ). A token is only touched when it is no Vietnamese
syllable as it stands and becomes one.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_MARKS = {"aa": "â", "aw": "ă", "ee": "ê", "oo": "ô", "ow": "ơ", "uw": "ư", "dd": "đ"}
_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_VOWELS = "aăâeêioôơuưy"

_ONSET = "ngh|ng|nh|th|tr|ch|ph|kh|gh|gi|qu|[bcdđghklmnpqrstvx]"
_RIME = (
    "a|ac|ach|ai|am|an|ang|anh|ao|ap|at|au|ay|ăc|ăm|ăn|ăng|ăp|ăt|âc|âm|ân|âng|âp|ât|âu|ây|e|ec|em|en|eng|eo|ep|et|"
    "ê|êch|êm|ên|ênh|êp|êt|êu|i|ia|ich|iêc|iêm|iên|iêng|iêp|iêt|iêu|im|in|inh|ip|it|iu|o|oa|oac|oach|oai|oam|oan|oang|"
    "oanh|oao|oap|oat|oay|oăc|oăm|oăn|oăng|oăt|oc|oe|oen|oeo|oet|oi|om|on|ong|ooc|oong|op|ot|ô|ôc|ôi|ôm|ôn|ông|ôp|ôt|"
    "ơ|ơi|ơm|ơn|ơp|ơt|u|ua|uân|uâng|uât|uây|uc|uê|uêch|uên|uênh|ui|um|un|ung|uôc|uôi|uôm|uôn|uông|uôt|uơ|up|ut|uy|uya|"
    "uych|uyên|uyêt|uynh|uyt|uyn|uyu|ư|ưa|ưc|ưi|ưng|ươc|ươi|ươm|ươn|ương|ươp|ươt|ươu|ưt|ưu|y|yêm|yên|yêt|yêu|êng|ưm|ưn|uơn"
)
_SYLLABLE = re.compile(f"^(?:{_ONSET})?(?:{_RIME})$")


@lru_cache(maxsize=16384)
def is_syllable(token: str) -> bool:
    """Say whether ``token`` is a legal Vietnamese syllable (any tone), by the grammar of onset and rime."""
    decomposed = unicodedata.normalize("NFD", token.lower())
    tones = [c for c in decomposed if c in _TONES.values()]
    base = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in _TONES.values()))
    if len(tones) > 1:
        return False
    if re.search(r"(?:c|ch|p|t)$", base) and tones and tones[0] not in ("\u0301", "\u0323"):
        return False
    return bool(_SYLLABLE.match(base))


@lru_cache(maxsize=16384)
def is_folded_syllable(token: str) -> bool:
    """Say whether ``token``, typed without diacritics, can be a Vietnamese syllable."""
    return token in _folded_syllables()


@lru_cache(maxsize=1)
def _folded_syllables() -> frozenset[str]:
    onsets = [*"bcdghklmnpqrstvx", "ngh", "ng", "nh", "th", "tr", "ch", "ph", "kh", "gh", "gi", "qu", ""]
    plain = unicodedata.normalize("NFD", _RIME)
    rimes = "".join(c for c in plain if not unicodedata.combining(c)).split("|")
    return frozenset(onset + rime for onset in onsets for rime in rimes)


def undo_telex(token: str) -> str:
    """Return ``token`` as it was meant, or unchanged when it is no Telex remainder."""
    if not token.isascii() or not token.isalpha() or len(token) < 2 or is_folded_syllable(token.lower()):
        return token
    meant = _decode(token.lower())
    return meant if meant != token.lower() and is_syllable(meant) else token


def _decode(token: str) -> str:
    tone = ""
    letters = ""
    for position, letter in enumerate(token):
        if position and letter in _TONES and any(v in letters for v in _VOWELS) and _is_tone(token, position):
            tone = _TONES[letter]
        elif letter == "w" and re.search(r"[aou]", letters):
            letters = _horn(letters)
        elif letters and letter in "aeod" and (at := letters.rfind(letter)) >= 0 and _MARKS.get(letter * 2):
            letters = letters[:at] + _MARKS[letter * 2] + letters[at + 1 :]
        else:
            letters += letter
    letters = letters.replace("ưo", "ươ")  # one ``w`` is enough: ``truwongf``
    if tone:
        at = _tone_position(letters)
        letters = unicodedata.normalize("NFC", letters[: at + 1] + tone + letters[at + 1 :])
    return letters


def _is_tone(token: str, position: int) -> bool:
    """A tone key stands at the end, or right before more marks: ``baos``, ``hanjn`` is none."""
    return all(c in "sfrxjwaeodcghmnptiuy" for c in token[position + 1 :]) and position >= 1


def _horn(letters: str) -> str:
    if "uo" in letters:
        return letters.replace("uo", "ươ")
    for plain, marked in (("u", "ư"), ("o", "ơ"), ("a", "ă")):
        if plain in letters:
            at = letters.rfind(plain)
            return letters[:at] + marked + letters[at + 1 :]
    return letters


def _tone_position(letters: str) -> int:
    for position, letter in enumerate(letters):
        if letter in "ăâêôơ" or (letter == "ư" and "ơ" not in letters):
            return position
    start = 2 if letters.startswith(("qu", "gi")) and any(c in _VOWELS for c in letters[2:]) else 0
    vowels = [position for position, letter in enumerate(letters) if letter in _VOWELS and position >= start]
    if len(vowels) >= 2 and (letters[-1] not in _VOWELS or len(vowels) == 3):
        return vowels[1]
    return vowels[0] if vowels else len(letters) - 1
