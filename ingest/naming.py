"""Names printed in capitals → names as they are written: ``BỘ GIÁO DỤC VÀ ĐÀO TẠO`` → ``Bộ Giáo dục và Đào tạo``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.language.text import squeeze

_LETTERHEAD = re.compile(
    r"(?:BỘ|SỞ|UBND|ỦY BAN|UỶ BAN|CHÍNH PHỦ|QUỐC HỘI|THỦ TƯỚNG|HỘI ĐỒNG|HĐND|TỔNG CỤC|CỤC|ĐẠI HỌC|TRƯỜNG|HỌC VIỆN|PHÒNG|TRUNG TÂM"
    r"|BAN (?!HÀNH)|VĂN PHÒNG)\b"
)
_NOT_ISSUER = re.compile(r"\s*(?:CỘNG H|ĐỘC LẬP|SỐ\s*:|LUẬT SỐ).*$", re.IGNORECASE)
_GOES_ON = re.compile(r"(?:VÀ|TỈNH|THÀNH PHỐ|TP\.|HUYỆN|QUẬN|THỊ XÃ|XÃ|PHƯỜNG|ĐẶC KHU)\s")
_PLACE = re.compile(r"(?:TỈNH|THÀNH PHỐ|TP\.|HUYỆN|QUẬN|THỊ XÃ|XÃ|PHƯỜNG|ĐẶC KHU)\s.+")
_OF_A_PLACE = ("SỞ ", "PHÒNG ", "BAN ")
_PLACE_WORDS = ("tỉnh", "thành", "huyện", "quận", "thị", "xã", "phường", "đặc", "tp.")
_PLACE_ENDS = ("tỉnh", "phố", "huyện", "quận", "xã", "phường", "khu", "tp.")
_SHORT = ("ubnd", "hđnd", "thpt", "thcs")
_FIXED = {
    "CHÍNH PHỦ": "Chính phủ",
    "QUỐC HỘI": "Quốc hội",
    "THỦ TƯỚNG CHÍNH PHỦ": "Thủ tướng Chính phủ",
    "ỦY BAN THƯỜNG VỤ QUỐC HỘI": "Ủy ban Thường vụ Quốc hội",
}
_OFFICES = ("bộ", "sở", "cục", "vụ", "phòng", "trường", "học viện")
_HEAD_LINES = 12
_FEW_WORDS = 4
"""So many words of a title must be found in the text to take their capitals from there."""


def issuer_name(lines: list[str], text: str, until: Sequence[str]) -> str:
    """Return the issuer that the letterhead names (``UBND TỈNH …`` over ``SỞ …``), empty if there is none.

    ``until``: the lines that end a letterhead (``QUYẾT ĐỊNH``); behind them stands who signs.
    """
    names: list[str] = []
    for line in lines[:_HEAD_LINES]:
        line = _NOT_ISSUER.sub("", line).strip()
        if line in until:
            break
        if not line.isupper():
            continue
        if _LETTERHEAD.match(line):
            names.append(line)
        elif names and _GOES_ON.match(line):
            names[-1] += f" {line}"
    if not names:
        return ""
    last = names[-1]
    place = next((found.group() for name in names[:-1] if (found := _PLACE.search(name))), "")
    name = _FIXED.get(last) or _as_in(text, last) or _in_normal_case(last)
    return f"{name} {_in_normal_case(place)}" if place and last.startswith(_OF_A_PLACE) and not _PLACE.search(last) else name


def title_name(title: str, text: str) -> str:
    """Return a title with its first letter large; one in capitals as the text writes it, else in sentence case."""
    title = title.strip(' .“”"')
    if title.isupper():
        words = title.split()
        start = next((at for at in range(len(words)) if len(words) - at >= _FEW_WORDS and _as_in(text, " ".join(words[at:]))), len(words))
        title = " ".join([*(word.lower() for word in words[:start]), _as_in(text, " ".join(words[start:]))]).strip()
        title = re.sub(r"^(bộ luật|luật|pháp lệnh) (\w)", lambda found: f"{found.group(1)} {found.group(2).upper()}", title)
    return title[:1].upper() + title[1:]


def _as_in(text: str, capitals: str) -> str:
    """The words as they stand in the text in small letters, best with a large first one; empty if they never do."""
    pattern = r"\s+".join(re.escape(word) for word in capitals.split())
    found = re.finditer(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE) if pattern else iter(())
    names = [squeeze(match.group()) for match in found if not match.group().isupper()]
    return next((name for name in names if name[:1].isupper()), names[0] if names else "")


def _in_normal_case(capitals: str) -> str:
    """By rule: the office, what it is for after ``Bộ``, ``Sở`` … and ``và``, and every word of a place's name are large."""
    result: list[str] = []
    before, in_place = "", False
    for word in capitals.lower().split():
        large = in_place or before in _OFFICES or before == "và" or (not before and word not in _PLACE_WORDS)
        result.append(word.upper() if word in _SHORT else word.capitalize() if large else word)
        in_place = in_place or word in _PLACE_ENDS
        before = word
    return " ".join(result)
