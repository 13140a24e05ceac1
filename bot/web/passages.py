"""A document as people read it in a browser: blocks in order, headings, tables, pages, what is cited made to stand out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from bot.web.addresses import section_slug
from ingest.show import mark_of
from rag.documents import Provision

_AROUND = 15
"""Provisions shown at most around a cited one."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph, a table (rows of cells, the titles first) or the beginning of a page."""

    text: str = ""
    rows: list[list[str]] = field(default_factory=list)
    page: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """A provision to show.

    ``page``: it begins this page (0: it goes on with one); ``quote``: words to mark in it; ``cited``: the reader came for it.
    """

    provision: Provision
    mark: str
    depth: int
    anchor: str
    page: int
    pieces: list[Piece]
    cited: bool = False
    quote: str = ""

    def quotes(self, row: Sequence[str]) -> bool:
        """Say whether a row of a table stands in the quote."""
        return any(cells_of(line) == list(row) for line in self.quote.split("\n") if line.startswith("|"))


def blocks(provisions: Sequence[Provision], cited: Provision | None = None, quote: str = "", page: int = 0) -> list[Block]:
    """Return provisions as blocks; those that stand inside their parent's text are only marked there.

    ``page`` is the page on which the reader is before the first of them.
    """
    known = {provision.id: provision for provision in provisions}
    holder = cited.parent if cited and cited.inline and cited.parent in known else cited.id if cited else None
    below = {holder} if holder is not None else set()
    found = []
    for provision in provisions:
        if provision.inline and provision.parent in known:
            continue
        if provision.parent in below:
            below.add(provision.id)
        here = provision.id == holder
        words = (quote or (cited.text if cited and cited.inline else "")) if here else ""
        found.append(
            Block(
                provision,
                mark_of(provision),
                _depth(provision, known),
                section_slug(provision.section),
                provision.page if provision.page > page else 0,
                _pieces(provision, max(page, provision.page)),
                provision.id in below,
                words,
            )
        )
        page = max([page, provision.page, *(number for _, number in provision.page_starts)])
    return found


def around(provisions: Sequence[Provision], cited: Provision) -> tuple[list[Provision], list[Provision]]:
    """Return the headings above and the provisions to show around ``cited``: as much of its surroundings as is handy."""
    known = {provision.id: provision for provision in provisions}
    chain = [cited]
    while (parent := chain[-1].parent) is not None:
        chain.append(known[parent])
    shown, top = [cited], cited
    for ancestor in chain:
        part = _below(provisions, ancestor)
        if len(part) > _AROUND and len(shown) > 1:
            break
        if len(part) > _AROUND:
            place = part.index(cited)
            shown, top = part[max(0, place - 5) : place + 15], ancestor
            break
        shown, top = part, ancestor
    return list(reversed(chain[chain.index(top) + 1 :])), shown


def outline(provisions: Sequence[Provision]) -> list[tuple[Provision, int]]:
    """Return the provisions with a heading, each with its depth (0 at the top)."""
    known = {provision.id: provision for provision in provisions}
    return [(provision, _depth(provision, known)) for provision in provisions if provision.heading or provision.kind == "annex"]


def _below(provisions: Sequence[Provision], top: Provision) -> list[Provision]:
    ids = {top.id}
    for provision in provisions:
        if provision.parent in ids:
            ids.add(provision.id)
    return [provision for provision in provisions if provision.id in ids]


def _depth(provision: Provision, known: dict[int, Provision]) -> int:
    depth = 0
    while (parent := provision.parent) is not None and parent in known:
        provision, depth = known[parent], depth + 1
    return depth


def _pieces(provision: Provision, page: int) -> list[Piece]:
    """The paragraphs and tables of a provision, with the beginnings of pages after ``page``."""
    pieces: list[Piece] = []
    pages = dict(provision.page_starts)
    cuts = [0, *(start for start in pages if 0 < start < len(provision.text)), len(provision.text)]
    for start, end in pairwise(cuts):
        if start in pages and pages[start] > page:
            pieces.append(Piece(page=pages[start]))
        pieces += _paragraphs(provision.text[start:end])
    return pieces


def cells_of(line: str) -> list[str]:
    """Return the cells of a row of a table as our texts write it: ``| a | b |``."""
    return [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]


def _paragraphs(text: str) -> list[Piece]:
    pieces: list[Piece] = []
    rows: list[list[str]] = []
    for line in [*text.split("\n"), ""]:
        if line.startswith("|"):
            cells = cells_of(line)
            if not all(set(cell) <= set("-: ") for cell in cells):
                rows.append(cells)
            continue
        if rows:
            pieces.append(Piece(rows=rows))
            rows = []
        if line.strip():
            pieces.append(Piece(text=line.strip()))
    return pieces
