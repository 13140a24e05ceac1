"""Text typed with the fonts of before Unicode, TCVN3 (ABC) and VNI: found out and converted.

Both hide Vietnamese letters behind Western ones: ``Quyết định`` reads ``QuyÕt ®Þnh`` (TCVN3) or ``Quyeát ñònh`` (VNI).
"""

from __future__ import annotations

import re
import unicodedata

from ingest.readers.text_layer import Quality, judge

# TCVN 5712:1993, code points A1-FF (the table of iconv's TCVN5712-1, its combining marks left out).
_TCVN = "ĂÂÊÔƠƯĐăâêôơưđẶ·····àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
_TCVN_TABLE = {0xA1 + i: letter for i, letter in enumerate(_TCVN) if letter != "·"}

_VNI_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_VNI_CIRCUMFLEX = {"â": "", "á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_VNI_BREVE = {"ê": "", "é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_VNI_SINGLE = {"ô": "ơ", "ö": "ư", "ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}


def _vni_table() -> dict[str, str]:
    pairs = {base + mark: letter + tone for base, letter in zip("aeouyôö", "aeouyơư", strict=True) for mark, tone in _VNI_TONES.items()}
    pairs |= {base + mark: base + "\u0302" + tone for base in "aeo" for mark, tone in _VNI_CIRCUMFLEX.items()}
    pairs |= {"a" + mark: "a\u0306" + tone for mark, tone in _VNI_BREVE.items()}
    pairs |= _VNI_SINGLE
    lower = {key: unicodedata.normalize("NFC", value) for key, value in pairs.items()}
    return lower | {key.upper(): value.upper() for key, value in lower.items()}


_VNI_TABLE = _vni_table()
_VNI_PAIR = re.compile("|".join(sorted(_VNI_TABLE, key=len, reverse=True)))


def from_tcvn3(text: str) -> str:
    """Return TCVN3 text, read as Latin-1, in Unicode."""
    return text.translate(_TCVN_TABLE)


def from_vni(text: str) -> str:
    """Return VNI text, read as Latin-1, in Unicode."""
    return _VNI_PAIR.sub(lambda found: _VNI_TABLE[found.group()], text)


def western_share(text: str) -> float:
    """Return the share of letters and signs between U+00A1 and U+00FF, where legacy text hides its marks."""
    return sum("\xa1" <= c <= "\xff" for c in text) / max(len(text), 1)


def modernise(text: str) -> tuple[str, str]:
    """Return (text in Unicode, name of the legacy encoding or ``""``); other text stays as it is."""
    if western_share(text) < 0.02 or judge(text).good:
        return text, ""
    candidates = [(from_tcvn3(text), "TCVN3"), (from_vni(text), "VNI")]
    best, name = max(candidates, key=lambda item: _rank(judge(item[0])))
    return (best, name) if judge(best).good else (text, "")


def _rank(quality: Quality) -> float:
    return quality.valid + quality.strong
