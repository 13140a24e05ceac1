"""The number that a file is called by: ``17-2021-TT-BGDDT.pdf`` → ``17/2021/TT-BGDĐT``; ``08-quy-che.md`` has none."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from ingest.readers.text_layer import is_syllable
from ingest.vocabulary import issuers, kinds
from rag.language.kinds import OF_SYMBOL
from rag.language.text import abbreviations, fold

_PARTS = re.compile(r"[-_\s.,()+]+")
_SERIAL = re.compile(r"\d{1,5}[a-z]?", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_ASSEMBLY = re.compile(r"qh\d\d", re.IGNORECASE)
_PARTY = ("tw", "tu", "du", "hu")
_WRITTEN = (  # file names have no diacritics
    (re.compile(r"GDDT"), "GDĐT"), (re.compile(r"HDND"), "HĐND"), (re.compile(r"LDTBXH"), "LĐTBXH"), (re.compile(r"^(QD|ND|DA)$"), None),
    (re.compile(r"^(DH|DU$)"), None), (re.compile(r"^TTG$"), "TTg"), (re.compile(r"^TTR$"), "TTr"),
)  # fmt: skip


def number_in_name(source: str) -> str:
    """Return the number that a file is called by, empty where it has none that is surely one."""
    parts = [part for part in _PARTS.split(unicodedata.normalize("NFC", Path(source).name.rsplit(".", 1)[0])) if part]
    begins = _begin(parts)
    serial, rest = parts[begins : begins + 1], parts[begins + 1 :]
    if not serial or not _SERIAL.fullmatch(serial[0]):
        return ""
    year = rest.pop(0) if rest and _YEAR.fullmatch(rest[0]) else ""
    if not year and _YEAR.fullmatch(serial[0]):
        return ""
    if year and rest and _ASSEMBLY.fullmatch(rest[0]):
        return f"{serial[0]}/{year}/{rest[0].upper()}"
    symbol: list[str] = []
    for part in rest:
        if not _is_abbreviation(part, symbol):
            break
        symbol.append(as_written(part))
    if len(symbol) < 2 or not (len(symbol[0]) > 2 or any(_is_known(fold(part)) for part in symbol)):
        return ""  # ``01-DS-HS`` is a list of pupils
    if fold(symbol[-1]) in _PARTY:
        return f"{serial[0]}-{'-'.join(symbol[:-1])}/{symbol[-1]}"
    return "/".join(part for part in (serial[0], year, "-".join(symbol)) if part)


def _begin(parts: list[str]) -> int:
    """Where the number begins: behind ``CV``, ``Công văn số`` …"""
    for size in (3, 2, 1):
        words = [fold(part) for part in parts[:size]]
        without = " ".join(word for word in words if word not in ("so", "cv"))
        if len(parts) > size and (without in kinds() or without in OF_SYMBOL or (not without and words)):
            return size
    return 0


def _is_abbreviation(part: str, before: list[str]) -> bool:
    plain = fold(part)
    if _is_known(plain) or plain in abbreviations() or (plain in _PARTY and before and _is_known(fold(before[0]))):
        return True
    return part.isupper() and 2 <= len(part) <= 10 and not _is_word(plain)


def _is_known(plain: str) -> bool:
    """Whether these letters name a kind of document or an office."""
    return plain in OF_SYMBOL or plain in issuers() or plain == "cv"


def _is_word(plain: str) -> bool:
    """Whether these letters without diacritics can be a Vietnamese word (``QUY``, ``THI``), which no abbreviation may be."""
    return is_syllable(plain) or ((plain[-1:] in "cpt" or plain.endswith("ch")) and is_syllable(_toned(plain)))


def _toned(plain: str) -> str:
    vowel = next((at for at in range(len(plain) - 1, -1, -1) if plain[at] in "aeiouy"), None)
    return plain if vowel is None else unicodedata.normalize("NFC", f"{plain[: vowel + 1]}\u0301{plain[vowel + 1 :]}")


def as_written(part: str) -> str:
    """Return a part of a number as offices write it (``ttg`` → ``TTg``), of one whose capitals or marks are lost."""
    written = part.upper()
    for pattern, name in _WRITTEN:
        if name is not None:
            written = pattern.sub(name, written)
        elif pattern.search(written):
            written = written.replace("D", "Đ", 1)
    return written
