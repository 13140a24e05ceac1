"""Where a text without letterhead names itself: its own heading, the note under the title of what it issues, its first sentence."""

from __future__ import annotations

import re
from collections import Counter

from ingest.capitals import title_name, without_signer
from ingest.columns import begins_text
from ingest.letterhead import Head
from ingest.references import described_at
from ingest.vocabulary import kinds, opener_of
from rag.language.kinds import ENCLOSING, OF_SYMBOL, any_of
from rag.language.numbers import DATE, DOCUMENT_NUMBER, WRITTEN_DAY, clean_number, find_numbers, iso_date, same_number
from rag.language.text import fold, squeeze

_ATTACHED = re.compile(
    rf"^\(?(?:Ban hành )?kèm theo ({any_of(*ENCLOSING)})(?: số\s*:?\s*({DOCUMENT_NUMBER.pattern})?)?"
    rf"[^()\n]*?(?:({WRITTEN_DAY}))?(?: của ([^()\n]+?))?\s*\)?$",
    re.IGNORECASE,
)
_CARRIED = re.compile(rf"kèm theo\s+[^\W\d]+(?:\s+[^\W\d]+){{1,3}}\s+số\s*:?\s*({DOCUMENT_NUMBER.pattern})", re.IGNORECASE)
_NAMED = re.compile(rf"^(?P<kind>[^\W\d][^\d:;,]{{0,60}}?)\s+(?:số\s*:?\s*)?(?P<number>{DOCUMENT_NUMBER.pattern})(?P<rest>.*)$")
_OTHERS_DAY = re.compile(r"hiệu lực|sửa đổi|thay thế|bãi bỏ", re.IGNORECASE)
_PARTED = re.compile(r"(?<!\d)\s[–—-]\s|\s[–—-]\s(?!\d)")
_ABOUT = re.compile(r"\b(?:về việc|về|quy định|hướng dẫn|ban hành|phê duyệt)\s", re.IGNORECASE)
_NOT_OWN = ("căn cứ", "theo", "thực hiện", "xét", "kính gửi")
_FIRST = 3
_LONGEST = 300
_BEGINNING = 3000
"""Characters in which a text first speaks of itself."""


def attached(head: Head) -> dict[str, str]:
    """Return what ``(Ban hành kèm theo Quyết định số … ngày … của …)`` says, for a text that begins with what was issued."""
    for cell in head.cells:
        if match := _ATTACHED.match(cell.text):
            kind, number, issued, by = match.group(1, 2, 6, 7)
            found = {"kind": kind.capitalize(), "number": clean_number(number or ""), "issued": _iso(issued or "")}
            found["issuer"] = without_signer(by or "")
            return {key: value for key, value in found.items() if value}
    return {}


def named_in_heading(head: Head, text: str) -> dict[str, str]:
    """Return what a heading such as ``Kế hoạch 276/KH-UBND, UBND tỉnh X, 10/11/2023`` says, and the title behind or under it."""
    for at, cell in enumerate(head.cells[:_FIRST]):
        match = _NAMED.match(cell.text)
        if match is None or not (kind := _kind(match.group("kind"))) or not find_numbers(match.group("number")):
            continue
        rest = match.group("rest")
        found = {"kind": kind, "number": clean_number(match.group("number"))}
        name = match.group("kind").strip()
        if len(name.split()) > len(kind.split()) and not rest.strip():
            return found | {"title": name}
        day = DATE.search(rest)
        if day and not _OTHERS_DAY.search(rest[: day.start()]):
            found["issued"] = iso_date(day)
        elif under := [other.text for other in head.cells[at + 1 : at + 2] if other.role == "day"]:
            found["issued"] = _iso(under[0])
        parts = [part.strip(" ()") for part in re.split(r"[,;()]", _PARTED.split(rest)[0])]
        found["issuer"] = next((part for part in parts if part and opener_of(part, loose=False) is not None), "")
        found["title"] = _title(rest, head, at, text)
        return {key: value for key, value in found.items() if value}
    return {}


def cited_in_text(number: str, head: Head) -> dict[str, str]:
    """Return what the first lines say of the document with this number: ``Nghị quyết số 57-NQ/TW (ngày …) của Bộ Chính trị về …``."""
    for cell in head.cells[: _FIRST * 2]:
        line = re.sub(r"\((ngày [^()]*)\)", r"\1", cell.text)
        if fold(line).startswith(_NOT_OWN):
            continue
        for found in find_numbers(line):
            if same_number(found.group(), number) and (told := described_at(line, found)):
                return told
    return {}


def kind_of_itself(text: str) -> str:
    """Return the kind by which a text first speaks of itself: ``Quy chế này quy định …``."""
    plain = text[:_BEGINNING]
    found = [(at, kind) for kind in kinds().values() if (at := plain.find(f"{kind} này ")) >= 0]
    return min(found)[1] if found else ""


def number_of_annexes(later: str, symbol: str) -> str:
    """Return the number that the annexes give (``Kèm theo Công văn số 51/…``); of another symbol than the letterhead's it is another's."""
    found = Counter(clean_number(match.group(1)) for match in _CARRIED.finditer(squeeze(later)))
    own = [number for number, _ in found.most_common() if not symbol or fold(number).endswith(fold(symbol))]
    return own[0] if own else ""


def _kind(name: str) -> str:
    plain = fold(name).removesuffix(" so").strip()
    longer = (kind for known, kind in kinds().items() if plain.startswith(f"{known} "))
    return kinds().get(plain) or OF_SYMBOL.get(plain) or next(longer, "")


def _title(rest: str, head: Head, at: int, text: str) -> str:
    """The title behind a dash, else from ``về``, else on the line below."""
    parts = _PARTED.split(rest)
    below = next((cell for cell in head.cells[at + 1 : at + _FIRST] if cell.role != "day"), None)
    about = _ABOUT.search(parts[0])
    if len(parts) > 1:
        title = parts[1]
    elif about and not rest.rstrip().endswith("?"):
        title = parts[0][about.start() :]
    elif below and len(below.text) < _LONGEST and not begins_text(below.text) and not below.text.endswith((":", ";", "?")):
        title = below.text
    else:
        return ""
    return title_name(title, text)


def _iso(text: str) -> str:
    found = DATE.search(text)
    return iso_date(found) if found else ""
