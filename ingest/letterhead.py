"""The head of a document, whatever the file made of its two columns: cut into cells, each with what it says.

Columns come as lines in any order, on one line parted by blanks, tabs or ``|``, or run together. A head is read up to
where the text begins; what stands behind that says nothing of the document itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ingest.capitals import full_name, is_loose, written
from ingest.columns import (
    COLUMNS,
    DATED,
    LONG,
    MOTTO,
    NO_NUMBER,
    NUMBER,
    SUBJECT,
    UNDATED,
    begins_text,
    day_of,
    is_sentence,
    pieces,
    place_at,
)
from ingest.vocabulary import kind_alike, kinds, opener_of, phrases, signers
from rag.language.numbers import clean_number
from rag.language.text import fold, squeeze

Role = Literal["number", "day", "subject", "kind", "office", "other", "body"]

_LINES = 60
_WIDEST = 2000
"""Characters of a line that are looked at; no line of a head is so long."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of the head. ``apart``: something stands between it and the piece before, a blank line or the other column."""

    text: str
    role: Role
    apart: bool = False
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """The cells of a head in order; ``ocr``: read by OCR, so that known words are spelled as they are known."""

    cells: tuple[Cell, ...]
    ocr: bool = False

    def first(self, role: Role) -> Cell | None:
        """Return the first cell of this role."""
        return next((cell for cell in self.cells if cell.role == role), None)

    @property
    def number(self) -> str:
        """The number, empty where it is left blank or not there."""
        cell = self.first("number")
        found = NUMBER.search(cell.text) if cell else None
        return clean_number(found.group(1)) if found else ""

    @property
    def symbol(self) -> str:
        """The symbol of a number that is left blank (``/TB-ĐHPH``)."""
        cell = self.first("number")
        found = NO_NUMBER.search(cell.text) if cell and not self.number else None
        return clean_number(found.group(1)) if found and "/" in found.group(1) else ""

    @property
    def issued(self) -> str:
        """The day of the letterhead as ISO, empty where it is left blank or not there."""
        cell = self.first("day")
        found = DATED.search(cell.text) if cell else None
        return day_of(found.group(1)) if found else ""

    @property
    def kind(self) -> str:
        """The kind that stands above the title."""
        cell = self.first("kind")
        return kind_of_line(cell.text, ocr=self.ocr) if cell else ""


def read_head(text: str, *, ocr: bool = False) -> Head:
    """Return the head of a text."""
    cells: list[Cell] = []
    apart = False
    for line in _from_letterhead([line[:_WIDEST] for line in text.split("\n", _LINES)[:_LINES]]):
        found = pieces(line.strip().lstrip("#> ").replace("**", "").strip("* "), ocr)
        if _is_row(line, found, ocr):
            return Head((*cells, Cell(squeeze(line), "body")), ocr)
        apart = apart or not found
        for piece in found:
            role = _role(piece, ocr, behind={cell.role for cell in cells})
            cells.append(Cell(piece, role, apart, heading=line.lstrip().startswith("#")))
            apart = role in ("number", "day")
            if role == "body":
                return Head(tuple(cells), ocr)
        apart = apart or len(found) != 1
    return Head(tuple(cells), ocr)


def _is_row(line: str, found: list[str], ocr: bool) -> bool:
    """Say whether a line is a row of a table of the text: more columns than a letterhead has, or none with a letterhead's words."""
    nothing = line.startswith("|") and len(found) > 1 and all(_role(piece, ocr, behind=set()) == "other" for piece in found)
    return line.count("|") > COLUMNS or nothing


def _from_letterhead(lines: list[str]) -> list[str]:
    """The lines without what a site or a person put above the letterhead: menus, headings and notes.

    A letterhead is known by the nation's motto, else by its number; the capitals above these are its offices.
    """
    marks = [at for at, line in enumerate(lines) if MOTTO.search(fold(line))] or [
        at for at, line in enumerate(lines) if NUMBER.match(squeeze(line)) or NO_NUMBER.match(squeeze(line))
    ]
    mark = marks[0] if marks else 0
    first = mark
    for at in range(mark - 1, -1, -1):
        line = squeeze(lines[at])
        if _names_office(line) or NUMBER.match(line):
            first = at
        elif (first < mark and line and not line.isupper()) or kind_of_line(line.lstrip("# "), ocr=False):
            break
    above = [squeeze(line) for line in lines[:first] if line.strip()]
    return lines[first:] if any(_is_foreign(line) for line in above) else lines


def _names_office(line: str) -> bool:
    """Say whether a line names an office in capitals, alone or before what stands in the other column."""
    found = pieces(line, ocr=False) if line.isupper() else []
    return bool(found) and opener_of(found[0], loose=is_loose(found[0], ocr=False)) is not None


def _is_foreign(line: str) -> bool:
    """Say whether a line above a letterhead is none of its own: of a menu, a sentence, a note."""
    return is_sentence(line) or begins_text(line) or len(line) > LONG / 3 or line.startswith("#")


def signed_day(text: str) -> str:
    """Return the day that stands above the signature (``Phú Hòa, ngày …`` over ``HIỆU TRƯỞNG``), for a head without one."""
    lines = [squeeze(line) for line in text.splitlines() if line.strip()]
    for at, whole in enumerate(lines):
        line, beside = _parted_from_signer(whole)
        if len(line) < LONG and (found := DATED.search(line)) and place_at(line, found.start()) == 0:
            below = " ".join([beside, *lines[at + 1 : at + 4]])
            if any(re.search(rf"(?<!\w){signer}(?!\w)", fold(below)) for signer in signers()) and not begins_text(line):
                return day_of(found.group(1))
    return ""


def _parted_from_signer(line: str) -> tuple[str, str]:
    """Part a day from the capitals of who signs that stand beside it: ``Ngày … năm 2025 HIỆU TRƯỞNG``."""
    day, digit, beside = line.rpartition(next(iter(re.findall(r"\d(?=\s+\D+$)", line)), "\0"))
    return (f"{day}{digit}", beside.strip()) if digit and beside.isupper() else (line, "")


def kind_of_line(line: str, *, ocr: bool) -> str:
    """Return the kind that a line is or, in capitals, begins with (``LUẬT NHÀ GIÁO``, ``THÔNG BÁO TUYỂN SINH``)."""
    if (alone := kind_alike(line, ocr=ocr)) and (line.strip(" :.*").isupper() or line.istitle() or len(line.split()) < 5):
        return alone
    if not line.isupper():
        return ""
    plain = fold(line)
    if found := next((name for known, name in kinds().items() if plain.startswith(f"{known} ")), ""):
        return found
    return next((kind for size in (2, 3) if (kind := kind_alike(" ".join(line.split()[:size]), ocr=ocr))), "") if ocr else ""


def issuer_of_head(head: Head, text: str) -> str:
    """Return the office that issues, as the letterhead names it with those above it; empty if it names none."""
    names: list[str] = []
    numbered = False
    for cell in head.cells:
        if cell.role in ("kind", "subject", "body"):
            break
        numbered = numbered or cell.role == "number"
        if cell.role == "office":
            names.append(cell.text)
        elif names and not numbered and _goes_on_name(cell):
            names[-1] += f" {cell.text}"
    names = list(dict.fromkeys(_whole(names, head.ocr)))
    return full_name([written(name, text, ocr=head.ocr) for name in names], ocr=head.ocr) if names else ""


def _goes_on_name(cell: Cell) -> bool:
    """Say whether capitals under an office can be more of its name: no heading, no title (``VỀ …``)."""
    text = cell.text
    return cell.role == "other" and text.isupper() and "/" not in text and not cell.heading and not text.startswith("VỀ ")


def _whole(names: list[str], ocr: bool) -> list[str]:
    """Join what goes on on the next line: ``CÔNG ĐOÀN`` over ``TRƯỜNG …``, ``TRƯỜNG`` over ``ĐẠI HỌC …``."""
    found: list[str] = []
    for name in names:
        before = found[-1] if found else ""
        unfinished = before and (opener_of(before, loose=is_loose(before, ocr=ocr)) == "*" or len(before.split()) == 1)
        if unfinished and len(before.split()) <= 3:
            found[-1] += f" {name}"
        else:
            found.append(name)
    return found


def _role(piece: str, ocr: bool, *, behind: set[Role]) -> Role:
    behind_kind = "kind" in behind
    if NUMBER.match(piece) or NO_NUMBER.match(piece):
        return "number"
    if DATED.search(piece) or UNDATED.search(piece):
        return "day"
    if (found := SUBJECT.match(piece)) and found.group(1)[0] + found.group(1)[1:2] in ("Về", "V/", "V ", "v/"):
        return "subject"
    if piece.startswith(("Về ", "VỀ ")) and behind & {"number", "office"} and not behind_kind and not is_sentence(piece):
        return "subject"
    if kind_of_line(piece, ocr=ocr) and len(piece) < LONG and not behind_kind:
        return "kind"
    if behind_kind and kind_alike(piece, ocr=ocr):
        return "body"  # ``QUYẾT ĐỊNH:`` above the first article
    if begins_text(piece) and (behind_kind or not (piece.isupper() and opener_of(piece, loose=ocr) is not None)):
        return "body"
    return "office" if len(piece) < LONG / 2 and not is_sentence(piece) and _is_office(piece, is_loose(piece, ocr=ocr)) else "other"


def _is_office(piece: str, loose: bool) -> bool:
    """Say whether a piece is the name of an office; in small letters every word of it must be one of a name."""
    if opener_of(piece, loose=loose) is None:
        return False
    return piece.isupper() or all(
        given[:1].isupper() or known == given or not given.isalpha() for given, known in phrases(piece, loose=loose)
    )
