"""The tables of a provision: which of their columns says what is due, who owes it, to whom, by titles and by what they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby

from ingest.vocabulary import column_titles
from rag.language.measures import NUMBERED
from rag.language.numbers import EMAIL, PHONE
from rag.language.text import fold
from rag.slots.duties import Clause
from rag.slots.moments import Moment, moments_in

_DIRECTED = re.compile(r"(từ|kể từ|đến|đến hết|tới|trước)(?: ngày)?", re.IGNORECASE)
_RANGED = re.compile(r"(?:từ|đến|trước|hết)(?!\w)", re.IGNORECASE)
_NUMBERED = frozenset(map(fold, NUMBERED))
_YEAR = re.compile(r"\d{4}")
_WORD = re.compile(r"[^\W\d_]{2,}")
_SAID = 8  # words of a cell of times at most, where semicolons part it
_SHARE = 0.45  # of the letters of a cell that its times take where the cell is one of times


@lru_cache(maxsize=4096)
def moment_of(cell: str, title: str = "") -> Moment | None:
    """Return the last time in a cell that is one of times; a month, quarter or year alone (``6/2025``) is one to its end.

    ``title``: that of its column, which may say whether it is a first or a last day (``Từ ngày``, ``Đến``).
    """
    if fold(title) in _NUMBERED and not _YEAR.search(cell):
        return None  # ``10/12`` below ``Lớp``
    directed = _DIRECTED.fullmatch(title)
    readings = [*([f"{directed.group(1)} {cell}"] if directed and not _RANGED.match(cell) else []), cell, f"trong {cell}"]
    if re.fullmatch(r"(?:\d{1,2}/)?\d{4}", cell):
        readings.append(f"trong {'tháng' if '/' in cell else 'năm'} {cell}")
    found = next((found for reading in readings if (found := moments_in(reading))), [])
    told = sum(moment.end - moment.start for moment in found)
    in_sentences = ";" in cell and len(_WORD.findall(cell)) > _SAID
    return found[-1] if found and told >= _SHARE * len(cell) and not in_sentences else None


@dataclass(frozen=True)
class Table:
    """A table: the titles of its columns, in full, and its rows below them, each with its line."""

    titles: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]

    def title(self, column: int) -> str:
        """Return the title of a column, empty for one without."""
        return self.titles[column] if column < len(self.titles) else ""

    def what(self, cells: tuple[str, ...], but: int) -> str:
        """Return the cell of a row that says what is due, none of them the one of the column ``but``."""
        places = [place for place in self._works if place != but and place < len(cells)]
        others = [place for place in range(len(cells)) if place != but and not moment_of(cells[place]) and not _is_contact(cells[place])]
        rest = sorted(others, key=lambda place: (self._says(place, "beside") is not None, -len(cells[place])))
        return next((cells[place] for place in (*places, *rest) if cells[place]), "")

    def cell(self, cells: tuple[str, ...], name: str, but: int) -> str:
        """Return the cell of a row whose column's title says that it is ``who`` owes it or ``to`` whom it goes; empty where none does."""
        never = column_titles()["not_who"] if name == "who" else ()
        place = self._named(name, but, never)
        return cells[place] if place is not None and place < len(cells) else ""

    def named_what(self, cells: tuple[str, ...], but: int) -> str:
        """Return the cell whose column's title says that it is what is due; empty where none does."""
        return next((cells[place] for place in self._named_works if place != but and place < len(cells)), "")

    def _named(self, name: str, but: int, never: tuple[str, ...] = ()) -> int | None:
        for title in column_titles()[name]:
            for place in range(len(self.titles)):
                if place != but and self._holds(place, title) and not any(self._holds(place, other) for other in never):
                    return place
        return None

    def _holds(self, column: int, words: str) -> bool:
        """Whether the title of a column has these words of ``column_titles``."""
        title = self._folded[column] if column < len(self.titles) else ""
        return title.startswith(f" {words[1:]} ") if words.startswith("^") else f" {words} " in title

    @cached_property
    def _folded(self) -> list[str]:
        return [f" {' '.join(re.findall(r'[a-z0-9]+', fold(title)))} " for title in self.titles]

    def _says(self, column: int, name: str) -> int | None:
        """The rank of what a title says, none where it does not say it."""
        names = column_titles()[name]
        return next((rank for rank, title in enumerate(names) if self._holds(column, title)), None)

    @cached_property
    def _worded(self) -> list[int]:
        """The columns that may say what is due by what they hold, and are not said to hold anything else."""
        return [place for place in range(len(self.titles)) if self._says(place, "beside") is None and self._holds_words(place)]

    @cached_property
    def _named_works(self) -> list[int]:
        """Those of them whose titles say that they do, the surest first; one of those who owe it (``Tên đơn vị``) is less sure."""
        named = [(rank, place) for place in self._worded if (rank := self._says(place, "what")) is not None]
        return [place for rank, place in sorted(named, key=lambda each: (self._says(each[1], "who") is not None, each))]

    @cached_property
    def _works(self) -> list[int]:
        """The columns that may say what is due, the likeliest first: by their titles, then by the duties that they hold."""
        others = [place for place in self._worded if all(self._says(place, name) is None for name in ("what", "who", "to"))]
        return self._named_works + sorted(others, key=self._duties, reverse=True)

    def _column(self, place: int) -> list[str]:
        return [cells[place] for _, cells in self.rows if place < len(cells) and cells[place]]

    def _holds_words(self, place: int) -> bool:
        """Most of its cells hold words that are no times, and nobody to call."""
        cells = self._column(place)
        return 2 * sum(bool(_WORD.search(cell)) and not moment_of(cell) and not _is_contact(cell) for cell in cells) > len(cells)

    def _duties(self, place: int) -> int:
        return sum(Clause(cell).has("hand", "do") for cell in self._column(place))


def _is_contact(cell: str) -> bool:
    return bool(PHONE.search(cell) or EMAIL.search(cell))


def tables_in(text: str) -> Iterator[Table]:
    """Yield the tables of a text that have rows below their titles."""
    for is_table, lines in groupby(text.splitlines(), key=lambda line: line.startswith("|")):
        rows = [(line, _cells(line)) for line in lines] if is_table else []
        told = [(line, cells) for line, cells in rows if not all(set(cell) <= set("-: ") for cell in cells)]
        if len(told) > 1:
            yield Table(told[0][1], tuple(told[1:]))


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
