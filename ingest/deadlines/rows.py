"""Times in tables: a row ``việc | đơn vị | thời hạn | …`` tells what is due, who does it and by when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ingest.deadlines.features import Dated
from ingest.deadlines.parties import recipient
from ingest.deadlines.rules import row_tells_duty
from ingest.deadlines.tables import Table, moment_of, tables_in
from rag.documents import Deadline, Provision
from rag.language.text import fold, squeeze
from rag.slots.duties import Clause
from rag.slots.moments import Moment


@dataclass(frozen=True, slots=True)
class Row:
    """A time in the cell ``column`` of a row of a table."""

    provision: Provision
    quote: str
    table: Table
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
        """The cell that says what is due."""
        return self.table.what(self.cells, self.column)

    @property
    def dated(self) -> Dated:
        """The time as the judge sees it."""
        provision, titles = self.provision, self.table.titles
        title = self.table.title(self.column) or "?"
        return Dated(
            when=self.when,
            moment=self.moment,
            before=self.what,
            after="",
            headings=tuple(part for part in (*provision.headings, provision.heading) if part),
            title=title,
            titles=tuple(other for place, other in enumerate(titles) if place != self.column),
            due_elsewhere=any(
                cell and place != self.column and moment_of(cell) and Clause(self.table.title(place)).has("deadline")
                for place, cell in enumerate(self.cells)
            ),
            tells_duty=row_tells_duty(fold(title), self.when, self.what, self.moment),
        )

    def deadline(self) -> Deadline:
        """Return the deadline that the time is."""
        day = self.moment.day
        return Deadline(
            what=squeeze(self.what),
            who=self.table.cell(self.cells, "who", self.column),
            to=self.table.cell(self.cells, "to", self.column) or recipient(self.what),
            when=self.when,
            date=day,
            recurrence="" if day or self.moment.unreal else self.when,
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
    for table in tables_in(provision.text):
        for line, cells in table.rows:
            for column, cell in enumerate(cells):
                if moment := moment_of(cell, table.title(column)):
                    yield Row(provision, line, table, cells, column, moment)


def find_cells(provision: Provision) -> Iterator[Cell]:
    """Yield the cells of words, in which a time may be told as in any text."""
    for table in tables_in(provision.text):
        for _, cells in table.rows:
            for column, cell in enumerate(cells):
                if not moment_of(cell):
                    yield Cell(cell, table.named_what(cells, column))
