"""A paragraph of a document as it is shown: its links, what an answer quoted, what is doubtful."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from markupsafe import Markup, escape

from bot.web.places_named import PlacesNamed
from bot.web.references import referred
from rag.documents import NO_SUCH_DAY, Doubt, Provision
from rag.finding.search import Searcher

Span = tuple[int, int]
_DOUBTFUL = Markup('<span class="doubtful">{}<span class="unseen"> ({}, hãy đối chiếu bản gốc)</span></span>')
_LEAST_LINE = 4  # characters of a line of a quote that is looked for by itself


class Doubted(NamedTuple):
    """Where a doubtful reading stands."""

    span: Span
    doubt: Doubt


class Dresser:
    """Dresses the paragraphs of one document."""

    def __init__(self, searcher: Searcher, places: PlacesNamed) -> None:
        self._searcher = searcher
        self._places = places

    def __call__(self, text: str, provision: Provision, quote: str = "") -> Markup:
        """Return a part of a provision's text; everything in it is escaped."""
        quoted = spans_of_quote(text, quote) if quote and quote.strip() != provision.text.strip() else []
        doubted = [Doubted(span, doubt) for doubt in provision.doubts for span in _spans(text, doubt.reading)]
        links = {(link.start, link.end): link.address for link in self._places.links(text, provision)}
        if not (links or quoted or doubted):
            return referred(text, self._searcher, provision.document)
        made, at = Markup(""), 0
        for start, end in [*_merged([*links]), (len(text), len(text))]:
            made += _wrapped(text, at, start, quoted, doubted, lambda piece: referred(piece, self._searcher, provision.document))
            if start < end:
                inner = _wrapped(text, start, end, quoted, doubted, escape)
                made += Markup('<a href="{}" data-panel>{}</a>').format(links[(start, end)], inner)
            at = end
        return made

    def untold(self, provision: Provision) -> list[Doubt]:
        """Return the doubts about words that stand nowhere in a provision's text, so that they cannot be marked there."""
        lines = [line.strip().strip("|") for line in provision.text.split("\n")]
        return [doubt for doubt in provision.doubts if not any(_spans(line, doubt.reading) for line in lines)]


def spans_of_quote(text: str, quote: str) -> list[Span]:
    """Return where a quote, or the lines of it, stand in a paragraph."""
    whole = _spans(text, quote)
    if whole:
        return whole[:1]
    lines = [line.strip() for line in quote.split("\n") if len(line.strip()) >= _LEAST_LINE]
    return [span for line in lines for span in _spans(text, line)[:1]]


def _spans(text: str, words: str) -> list[Span]:
    found: list[Span] = []
    at = text.find(words) if words else -1
    while at >= 0:
        found.append((at, at + len(words)))
        at = text.find(words, at + len(words))
    return found


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, without those that begin within another."""
    kept: list[Span] = []
    for start, end in sorted(spans):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def _wrapped(text: str, start: int, end: int, quoted: Sequence[Span], doubted: Sequence[Doubted], write: Callable[[str], Markup]) -> Markup:
    cuts = sorted({start, end, *(at for span in (*quoted, *(each.span for each in doubted)) for at in span if start < at < end)})
    made = Markup("")
    for first, last in pairwise(cuts):
        piece = write(text[first:last])
        if doubt := next((each.doubt for each in doubted if _within(first, [each.span])), None):
            piece = _DOUBTFUL.format(piece, NO_SUCH_DAY if doubt.of_no_day else "khó đọc")
        made += Markup("<mark>{}</mark>").format(piece) if _within(first, quoted) else piece
    return made


def _within(at: int, spans: Sequence[Span]) -> bool:
    return any(start <= at < end for start, end in spans)
