"""Times in tables: a row ``việc | đơn vị | thời hạn | …`` tells what is due, who does it and by when."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ingest.deadlines.features import Dated
from ingest.deadlines.rules import row_tells_duty
from rag.documents import Deadline, Provision
from rag.language.text import fold, squeeze
from rag.slots.moments import Moment, moments_in

_WHAT = (
    "viec",
    "noi dung",
    "nhiem vu",
    "cong viec",
    "noi dung cong viec",
    "bao cao",
    "ten",
    "cong tac",
    "hoat dong",
    "hang muc",
    "hoc phan",
    "mon",
)
_WHO = ("don vi", "ai", "nguoi", "chu tri", "thuc hien", "co quan", "bo phan", "trach nhiem")
_TO = ("noi nhan", "noi gui", "noi nop", "gui", "gui ve", "don vi nhan", "co quan nhan")
_NOT_WHO = ("phoi hop", "tham gia", "nhan", "giam sat")
_DIRECTED = re.compile(r"(từ|kể từ|đến|đến hết|tới|trước)(?: ngày)?", re.IGNORECASE)
_RANGED = re.compile(r"(?:từ|đến|trước|hết)(?!\w)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2,}")
_SAID = 8  # words of a cell of times at most, where semicolons part it
_SHARE = 0.5  # of the letters of a cell that its times take where the cell is one of times


@dataclass(frozen=True, slots=True)
class Row:
    """A time in the cell ``column`` of a row; ``titles`` are those of the columns, in full."""

    provision: Provision
    quote: str
    titles: tuple[str, ...]
    cells: tuple[str, ...]
    column: int
    moment: Moment

    @property
    def at(self) -> int:
        """Where in the quote the cell with the time begins."""
        return self.quote.find(self.when)

    @property
    def when(self) -> str:
        """The cell with the time."""
        return self.cells[self.column]

    @property
    def what(self) -> str:
        """The cell that says what is due: the one whose title says so, or else the longest."""
        named = _cell(self.titles, self.cells, _WHAT, self.column)
        others = [cell for place, cell in enumerate(self.cells) if place != self.column and not _moment(cell)]
        return named or max(others, key=len, default="")

    @property
    def dated(self) -> Dated:
        """The time as the judge sees it."""
        provision, titles = self.provision, self.titles
        title = titles[self.column] if self.column < len(titles) else "?"
        return Dated(
            when=self.when,
            moment=self.moment,
            before=self.what,
            after="",
            headings=tuple(part for part in (*provision.headings, provision.heading) if part),
            title=title,
            titles=tuple(other for place, other in enumerate(titles) if place != self.column),
            tells_duty=row_tells_duty(fold(title), self.when, self.what, self.moment),
        )

    def deadline(self) -> Deadline:
        """Return the deadline that the time is."""
        day = self.moment.day
        return Deadline(
            what=squeeze(self.what),
            who=_cell(self.titles, self.cells, _WHO, self.column, _NOT_WHO),
            to=_cell(self.titles, self.cells, _TO, self.column),
            when=self.when,
            date=day,
            recurrence="" if day else self.when,
            provision=self.provision.id,
            quote=self.quote,
        )


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of words; ``what`` is the cell that says what its row is about."""

    text: str
    what: str


def find_rows(provision: Provision) -> Iterator[Row]:
    """Yield the times in the tables of ``provision``: cells that hold nothing else."""
    for line in _lines(provision.text):
        for column, cell in enumerate(line.cells):
            if moment := _moment(cell, line.titles[column] if column < len(line.titles) else ""):
                yield Row(provision, line.text, line.titles, line.cells, column, moment)


def find_cells(provision: Provision) -> Iterator[Cell]:
    """Yield the cells of words, in which a time may be told as in any text."""
    for line in _lines(provision.text):
        for column, cell in enumerate(line.cells):
            if not _moment(cell):
                yield Cell(cell, _cell(line.titles, line.cells, _WHAT, column))


class _Line(NamedTuple):
    """A line of a table, with the titles of its columns and its cells."""

    text: str
    titles: tuple[str, ...]
    cells: tuple[str, ...]


def _lines(text: str) -> Iterator[_Line]:
    """Yield the rows below the titles of each table."""
    titles: tuple[str, ...] = ()
    for line in text.splitlines():
        if not line.startswith("|"):
            titles = ()
            continue
        cells = tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
        if all(set(cell) <= set("-: ") for cell in cells):
            continue
        if titles:
            yield _Line(line, titles, cells)
        titles = titles or cells


def _moment(cell: str, title: str = "") -> Moment | None:
    """The last time in a cell that is one of times; a month, quarter or year alone (``6/2025``) is one to its end.

    ``title``: that of its column, which may say whether it is a first or a last day (``Từ ngày``, ``Đến``).
    """
    directed = _DIRECTED.fullmatch(title)
    readings = [*([f"{directed.group(1)} {cell}"] if directed and not _RANGED.match(cell) else []), cell, f"trong {cell}"]
    if re.fullmatch(r"(?:\d{1,2}/)?\d{4}", cell):
        readings.append(f"trong {'tháng' if '/' in cell else 'năm'} {cell}")
    found = next((found for reading in readings if (found := moments_in(reading))), [])
    told = sum(moment.end - moment.start for moment in found)
    in_sentences = ";" in cell and len(_WORD.findall(cell)) > _SAID
    return found[-1] if found and told >= _SHARE * len(cell) and not in_sentences else None


def _column(titles: Sequence[str], names: Sequence[str], but: int, never: Sequence[str] = ()) -> int | None:
    """The column whose title has one of the names, the first name first, as whole words."""
    for name in names:
        for place, title in enumerate(map(fold, titles)):
            if place != but and f" {name} " in f" {title} " and not any(word in title for word in never):
                return place
    return None


def _cell(titles: Sequence[str], cells: Sequence[str], names: Sequence[str], but: int, never: Sequence[str] = ()) -> str:
    place = _column(titles, names, but, never)
    return cells[place] if place is not None and place < len(cells) else ""
