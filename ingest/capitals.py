"""Names printed in capitals → names as they are written: ``BỘ GIÁO DỤC VÀ ĐÀO TẠO`` → ``Bộ Giáo dục và Đào tạo``."""

from __future__ import annotations

import re
from itertools import pairwise

from ingest.readers.text_layer import is_syllable
from ingest.vocabulary import is_opener, opener_of, phrases, signers, with_proper_names
from rag.language.text import fold, has_marks, squeeze

_PLACE_WORDS = ("tỉnh", "thành phố", "TP.", "TP", "huyện", "quận", "thị xã", "thị trấn", "xã", "phường", "đặc khu")
_OF_A_PLACE = ("Sở ", "Phòng ", "Ban ")
_GOVERNS = ("UBND ", "Ủy ban nhân dân ", "HĐND ", "Hội đồng nhân dân ")
_PARTY = ("Tỉnh ủy ", "Thành ủy ", "Huyện ủy ", "Quận ủy ", "Thị ủy ", "Đảng ủy ", "Đảng bộ ")
_COUNTED = ("khoa", "ky", "ki", "thu", "phan", "chuong", "quy", "lan", "muc")
"""Words, folded, behind which a Roman number stands."""
_LOOKED_AT = 100_000
"""Characters of a text in which a name is looked for."""
_FEW_WORDS = 4
"""So many words of a title must be found in the text to take their capitals from there."""


def is_loose(text: str, *, ocr: bool) -> bool:
    """Say whether the diacritics of ``text`` do not count: OCR read it, or it was typed without any."""
    return ocr or not has_marks(text)


def written(capitals: str, text: str, *, ocr: bool) -> str:
    """Return the name of an office as it is written: by the words that are known, else as ``text`` has it, else word by word."""
    if not capitals.isupper():
        return capitals
    loose = is_loose(capitals, ocr=ocr)
    if not loose and (found := _as_in(text, capitals)) and found[:1].isupper():
        return found
    cut = phrases(capitals, loose=loose)
    name = " ".join(known or _name_in(text, given) for given, known in cut)
    return name[:1].upper() + name[1:]


def full_name(names: list[str], *, ocr: bool = False) -> str:
    """Return what the last of the offices in a letterhead is called, those above it first: ``Sở …`` under ``UBND tỉnh X`` is of X."""
    last, above = names[-1], names[:-1]
    if above and not last.startswith(_OF_A_PLACE) and (is_opener(last) or opener_of(last, loose=ocr) == "+"):
        return f"{last} {above[-1]}"
    if not above or not last.startswith(_OF_A_PLACE) or _place(last):
        return last
    if above[-1].startswith(_PARTY):
        return f"{last} {above[-1]}"
    if above[-1].startswith(("Trường ", "Học viện ", "Đại học ")) and not last.startswith("Sở "):
        return f"{last} {above[-1]}"
    place = next((found for name in above if (found := _place(name))), "")
    if not place and (ruled := next((name for name in above if name.startswith(_GOVERNS)), "")):
        place = ruled.removeprefix(next(begin for begin in _GOVERNS if ruled.startswith(begin)))
    return f"{last} {place}" if place else last


def without_signer(name: str) -> str:
    """Return the office of who signs for it: ``Bộ trưởng Bộ Nội vụ`` → ``Bộ Nội vụ``; empty where no office is named."""
    plain = fold(name)
    signer = "" if is_opener(name) else next((signer for signer in signers() if plain.startswith(f"{signer} ")), "")
    office = name[len(signer) :].strip()
    return office if opener_of(office, loose=False) is not None else ""


def title_name(title: str, text: str) -> str:
    """Return a title with its first letter large; one in capitals as the text writes it, else in sentence case."""
    title = title.strip(" .")
    title = title.strip('“”"') if title.count("“") != title.count("”") or title[:1] in '“"' else title
    if title.isupper():
        words = title.split()
        start = next((at for at in range(len(words)) if len(words) - at >= _FEW_WORDS and _as_in(text, " ".join(words[at:]))), len(words))
        small = with_proper_names(" ".join(_small(word, before) for before, word in pairwise(["", *words[:start]])))
        title = " ".join([small, _as_in(text, " ".join(words[start:]))]).strip()
        title = re.sub(r"^(bộ luật|luật|pháp lệnh) (\w)", lambda found: f"{found.group(1)} {found.group(2).upper()}", title)
    return title[:1].upper() + title[1:]


def with_issuer(title: str, issuer: str) -> str:
    """Return a title with the name of who issues it as that is written (``… Trường THCS Lê Lợi``)."""
    named = re.search(rf"(?<!\w){re.escape(issuer)}(?!\w)", title, re.IGNORECASE) if len(issuer.split()) > 1 else None
    return f"{title[: named.start()]}{issuer}{title[named.end() :]}" if named and not named.group().isupper() else title


def _small(word: str, before: str) -> str:
    """A word of a title in small letters; what is no word but an abbreviation or a number stays (``THPT``, ``KHÓA XI``)."""
    bare = re.sub(r"[^\w]", "", word)
    if re.fullmatch("[IVX]+", bare) and fold(before) in _COUNTED:
        return word
    return word if bare and not is_syllable(bare) and not re.search(r"[^\x00-\x7fĐ]", bare) else word.lower()


def _place(name: str) -> str:
    found = re.search(rf"(?<!\w)(?:{'|'.join(map(re.escape, _PLACE_WORDS))})\s.+", name)
    return found.group() if found else ""


def _name_in(text: str, word: str) -> str:
    """A word that is no word of offices is one of a proper name; what cannot be spoken is an abbreviation."""
    bare = re.sub(r"[^\w]", "", word)
    abbreviation = bare and len(bare) <= _FEW_WORDS and not is_syllable(bare) and not re.search(r"[^\x00-\x7fĐ]", bare)
    return word if abbreviation else _capitalised(word)


def _capitalised(word: str) -> str:
    return "-".join(part.capitalize() for part in word.split("-"))


def _as_in(text: str, capitals: str) -> str:
    """The words as they stand in the text in small letters, best within a sentence, where a large letter is that of a name."""
    pattern = r"\s+".join(re.escape(word) for word in capitals.split())
    found = re.finditer(rf"(?<!\w){pattern}(?!\w)", text[:_LOOKED_AT], re.IGNORECASE) if pattern else iter(())
    begins: list[str] = []
    within: list[str] = []
    for match in found:
        if sum(map(str.isupper, match.group())) <= sum(map(str.islower, match.group())):
            alone = text[: match.start()].rstrip(" ")[-1:] in "\n.:;?!–-“(#*"
            (begins if alone else within).append(squeeze(match.group()))
    return next((name for name in within if name[:1].isupper()), next(iter([*within, *begins]), ""))
