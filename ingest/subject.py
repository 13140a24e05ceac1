"""What a document is about, as it says itself: ``V/v …`` of a letter, the lines under ``THÔNG BÁO``, its own heading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ingest.capitals import title_name
from ingest.columns import ABOUT, LONG, begins_text, is_sentence
from ingest.letterhead import Cell, Head, kind_of_line
from ingest.titles import ATTACHED
from ingest.vocabulary import kind_alike, kinds, opener_of
from rag.language.numbers import DATE, find_numbers
from rag.language.text import fold, squeeze

_ISSUED_ACTS = ("Quy chế", "Quy định")
"""Kinds of acts that another document issues: that one's kind counts."""
_OWN_NAME = (*_ISSUED_ACTS, "Sổ tay", "Cẩm nang")
"""Kinds that are part of the title: ``Sổ tay sinh viên``."""
_PERIOD = re.compile(r"(?:[^\W\d]+\s+){1,3}\(?\d{4}(?:\s*[-–]\s*\d{4})?\)?")
"""``Năm học 2025-2026``, ``Khóa 2025``: the last line of a title, in small letters under one in capitals."""
_ABOUT = re.compile(rf"^(?:{ABOUT})\b\s*[:.]?\s*", re.IGNORECASE)
_OF = re.compile(r"^của ", re.IGNORECASE)
_ANNEX = re.compile(r"^(?:phụ lục)\s*\w*\s*[.:–-]\s*(\S.+)$", re.IGNORECASE)
_LONGEST = 110
_WHOLE = 600
_OPEN_END = ("và", "của", "cho", "tại", "với", "về", "ở", "trong", "các", "do", "đối", "theo", "năm", "khóa", "trường", "–", "-", ",")
_SAYS = r"(?:thông báo|ban hành|hướng dẫn|yêu cầu|đề nghị|quyết định|kính|xin|báo cáo|triển khai|tổ chức|phối hợp|trân trọng)"


class Titled(NamedTuple):
    """What a head says it is about; ``kind`` and ``issuer`` where they stand with it. Each is empty where it does not say one."""

    title: str = ""
    kind: str = ""
    issuer: str = ""


def title_of(head: Head, issuer: str, text: str) -> Titled:
    """Return the title, with the kind and the issuer where they stand with it."""
    cells = head.cells
    for at, cell in enumerate(cells):
        if cell.role == "kind":
            return _under_kind(cells, at, head, issuer, text)
        if cell.role == "subject":
            return Titled(title_name(_ABOUT.sub("", _run(cells, at, issuer)), text))
    first = next((cell for cell in cells[:2] if cell.role != "number"), None)
    if first and (annex := _ANNEX.match(first.text)):
        return Titled(title_name(annex.group(1), text))
    return _own_sentence(cells, text) or Titled()


def is_self_naming(text: str, issuer: str) -> bool:
    """Say whether a line is text in which the issuer speaks (``Học viện X thông báo …``)."""
    plain, name = fold(text), fold(issuer)
    if not name or not plain.startswith(name):
        return False
    return is_sentence(text) or bool(re.match(rf"\W*(?:\([^)]*\)\s*)?(?:\w+\s+){{0,3}}?{fold(_SAYS)}", plain[len(name) :]))


def _under_kind(cells: Sequence[Cell], at: int, head: Head, issuer: str, text: str) -> Titled:
    kind = kind_of_line(cells[at].text, ocr=head.ocr)
    named = not kind_alike(cells[at].text, ocr=head.ocr)
    lines = _run(cells, at if named else at + 1, issuer, first=not named)
    office = ""
    if not named and (found := _OF.match(lines)) and opener_of(lines[found.end() :], loose=False) is not None:
        office, lines = _office(lines[found.end() :])
    if named and head.ocr:
        lines = " ".join([kind.upper(), *lines.split()[len(kind.split()) :]])
    about = _ABOUT.match(lines)
    title = lines[about.end() :] if about else lines
    if kind in _OWN_NAME and not named and title:
        title = f"{kind} {title[:1].lower()}{title[1:]}" if not title.isupper() else f"{kind.upper()} {title}"
    return Titled(title_name(title, text), "" if kind in _ISSUED_ACTS else kind, office)


def _run(cells: Sequence[Cell], at: int, issuer: str, *, first: bool = False) -> str:
    """The lines of a title from ``at`` on, what stands in the other column left out. ``first``: its first line may be missing."""
    found = [] if first else [cells[at].text]
    apart = False
    for cell in cells[at if first else at + 1 :]:
        apart = apart or cell.apart
        if cell.role in ("number", "day"):
            apart = True
            continue
        if cell.role == "subject" and not found:
            found.append(cell.text)
        elif cell.role in ("kind", "body", "subject") or not _goes_on(found, cell, apart, issuer):
            break
        elif fold(cell.text) not in fold(" ".join(found)):
            found.append(cell.text.upper() if found and found[-1].isupper() and _PERIOD.fullmatch(cell.text) else cell.text)
            if found[-1] != cell.text:
                break
        apart = False
    return squeeze(" ".join(found))


def _goes_on(found: list[str], cell: Cell, apart: bool, issuer: str) -> bool:
    text, before = cell.text, found[-1] if found else ""
    if begins_text(text) or is_self_naming(text, issuer) or len(" ".join([*found, text])) > _WHOLE:
        return False
    if text.startswith("("):
        return bool(before) and not apart and _narrows(text)
    if before.isupper() and _PERIOD.fullmatch(text):
        return True
    if not before:
        return not text.endswith((":", ";")) and not re.search(r"[.?!]\s+[A-ZĐ]", text)
    if is_sentence(before) and not before.endswith(","):
        return False
    if text.isupper() != before.isupper() and len(text) > 4:
        return not text.isupper() and not before.isupper()
    if text[:1].islower() or text[:1].isdigit():
        return not text.endswith((":", ";"))
    if before.lower().split()[-1] in _OPEN_END or before.endswith(("–", "-", ",")):
        return not text.endswith((":", ";"))
    if text.isupper():
        return not (apart and opener_of(text, loose=False) is not None)
    return not apart and len(text) <= _LONGEST and not is_sentence(text)


def _narrows(text: str) -> bool:
    """Say whether brackets under a title are of it (``(hình thức đào tạo: chính quy)``), not a note on the act."""
    return text[1:2].islower() and text.endswith(")") and not ATTACHED.match(text) and not DATE.search(text)


def _office(lines: str) -> tuple[str, str]:
    """Part ``BỘ CHÍNH TRỊ VỀ ĐỘT PHÁ …`` into who and what."""
    about = re.search(r"\s(?=về\s)", lines, re.IGNORECASE)
    return (lines[: about.start()], lines[about.end() :]) if about else (lines, "")


def _own_sentence(cells: Sequence[Cell], text: str) -> Titled | None:
    """The first line of a file without letterhead: ``Trường X thông báo tuyển sinh … năm 2025``, or its heading."""
    cell = next((cell for cell in cells if cell.role in ("office", "other")), None)
    if (
        cell is None
        or cells.index(cell) > 1
        or len(cell.text) > LONG
        or is_sentence(cell.text)
        or begins_text(cell.text)
        or find_numbers(cell.text)
    ):
        return None
    if opener_of(cell.text, loose=False) is not None:
        for plain, kind in kinds().items():
            if found := re.search(rf"(?<!\w){plain}(?!\w)", fold(cell.text)):
                return Titled(title_name(cell.text[found.start() :], text), kind, cell.text[: found.start()].strip(" ,"))
        return None
    kind = next((name for plain, name in kinds().items() if fold(cell.text).startswith(f"{plain} ")), "")
    if cell.heading or kind or len(cell.text.split()) > 3:
        return Titled(title_name(_run(cells, cells.index(cell), ""), text), kind if kind not in _ISSUED_ACTS or cell.heading else "")
    return None
