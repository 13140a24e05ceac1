"""Pages of text → the provisions of a document, with section paths, labels, pages and footnotes.

==============  ======================================================================================
``paragraphs``  pages -> paragraphs and footnotes
``markers``     what a paragraph announces: ``Điều 5.``, ``1.``, ``a)`` …; ``quotes``: where that is quoted text
``announcing``  the markers of all paragraphs, and the annexes that only their place and title tell (``titles``, ``signing``)
``openings``    where the body of a letter begins that has no numbers
``tree``        paragraphs -> nodes, each under the right one
``paths``       nodes -> section paths and labels for people
==============  ======================================================================================
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from typing import NamedTuple

from ingest.enumerations import add_inline_items
from ingest.paragraphs import FOOTNOTE_MARK, Notes, read_paragraphs
from ingest.paths import name_nodes
from ingest.readers.contract import Reading
from ingest.tree import build_tree
from ingest.tree_nodes import Node
from rag.documents import Footnote, Provision

_CLAUSE = 1000  # characters: no clause is longer
_Mark = tuple[str, int]
"""A footnote's mark and the offset at which it stood."""


def build_provisions(number: str, reading: Reading) -> list[Provision]:
    """Return the provisions of a document in reading order; ids count from 0, parents stand before their children."""
    paragraphs, notes = read_paragraphs(reading)
    nodes = build_tree(paragraphs)
    name_nodes(nodes)
    return add_inline_items([_provision(number, index, nodes, notes) for index in range(len(nodes))])


def _provision(number: str, index: int, nodes: list[Node], notes: Notes) -> Provision:
    node = nodes[index]
    text, heading = _without_marks(node.text, node.starts), _without_marks(node.heading, [])
    provision = Provision(
        id=index,
        document=number,
        section=node.path,
        kind=node.kind,
        label=node.label,
        heading=heading.text,
        text=text.text,
        page=node.page,
        parent=node.parent,
        headings=_headings_above(node, nodes),
        page_starts=tuple(text.starts),
        confidence=node.confidence,
        mark=node.mark,
    )
    tied = [_footnote(notes, mark, node.page, heading.text, at) for mark, at in heading.marks]
    tied += [_footnote(notes, mark, provision.page_at(at), text.text, at) for mark, at in text.marks]
    return replace(provision, footnotes=tuple(note for note in tied if note))


def _headings_above(node: Node, nodes: list[Node]) -> tuple[str, ...]:
    headings: list[str] = []
    above = node.parent
    while above is not None:
        headings.insert(0, FOOTNOTE_MARK.sub("", nodes[above].heading))
        above = nodes[above].parent
    return tuple(heading for heading in headings if heading)


def _footnote(notes: Notes, mark: str, page: int, text: str, at: int) -> Footnote | None:
    """The note that a mark at ``at`` means, with the clause of ``text`` that it is a note on."""
    note = notes.find(mark, page)
    if note is None:
        return None
    first = max(0, at - _CLAUSE)
    start = max(first, *(text.rfind(stop, first, at) + 1 for stop in (";", ". ", "\n")))
    return replace(note, anchor=text[start:at].strip())


class _Unmarked(NamedTuple):
    """A text without its footnote marks, where its pages start (offset, page), and where the marks stood."""

    text: str
    starts: list[tuple[int, int]]
    marks: list[_Mark]


def _without_marks(text: str, starts: list[tuple[int, int]]) -> _Unmarked:
    """Take the footnote marks ``[^7]`` out of the text, say where they stood, and move the page starts behind them."""
    pieces: list[str] = []
    marks: list[_Mark] = []
    places: list[int] = []  # of the marks
    gone = [0]  # characters taken out up to the first, second … mark
    at = 0
    for found in FOOTNOTE_MARK.finditer(text):
        marks.append((found.group(1), found.start() - gone[-1]))
        pieces.append(text[at : found.start()])
        places.append(found.start())
        gone.append(gone[-1] + len(found.group()))
        at = found.end()
    pieces.append(text[at:])
    moved = [(start - gone[bisect_left(places, start)], page) for start, page in starts]
    return _Unmarked("".join(pieces), moved, marks)
