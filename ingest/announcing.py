"""What each paragraph of a document announces as it stands, before it is known where in the tree that would be."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.markers import Marker, Rank, place_of, read_marker
from ingest.paragraphs import Paragraph
from ingest.quotes import quoted_paragraphs
from ingest.signature_block import names_recipients
from ingest.titles import ATTACHED, TITLE_LIMIT, titles_attached, titles_enclosure

_TITLE_LINES = 6
_CELLS = 3  # of a table that is enclosed; fewer are recipients beside signatures


def announced(paragraphs: Sequence[Paragraph]) -> list[Marker | None]:
    """Return the marker of every paragraph; what an amending document quotes announces nothing."""
    texts = [paragraph.text for paragraph in paragraphs]
    quoted = quoted_paragraphs(texts)
    found: list[Marker | None] = []
    signed = opened = False
    for at, paragraph in enumerate(paragraphs):
        marker = None if at in quoted else _marker(paragraph)
        if marker is None and at not in quoted and _encloses(texts, at, signed=signed, opened=opened) and not _in_title(texts, at, found):
            marker = Marker("annex", Rank.ANNEX, "", texts[at])
        found.append(marker)
        opened = opened or bool(marker)
        signed = (signed or names_recipients(texts[at])) and not (marker and marker.kind == "annex")
    return _with_series(found)


def _marker(paragraph: Paragraph) -> Marker | None:
    marker = read_marker(paragraph.text)
    if marker and marker.kind == "annex" and not paragraph.is_heading:
        listed = paragraph.text.endswith((";", ","))
        return None if listed or len(paragraph.text) > TITLE_LIMIT else marker
    return marker


def _encloses(texts: list[str], at: int, *, signed: bool, opened: bool) -> bool:
    """Whether an annex begins here that no ``Phụ lục`` announces.

    ``signed``: the recipients stand above, no annex yet; ``opened``: something numbered does.
    """
    if signed and (titles_enclosure(texts[at]) or ATTACHED.match(texts[at]) or _opens_table(texts, at) or _titles_table(texts, at)):
        return True
    return (signed or opened) and titles_attached(texts, at)


def _in_title(texts: list[str], at: int, before: list[Marker | None]) -> bool:
    """Whether the lines above are the title of an annex, which goes on here."""
    for above in range(at - 1, max(-1, at - 1 - _TITLE_LINES), -1):
        marker = before[above]
        if marker:
            return marker.kind == "annex" and not marker.rest.startswith("|")
        if texts[above].startswith("|") or texts[above].endswith((".", ";")):
            return False
    return False


def _opens_table(texts: list[str], at: int) -> bool:
    is_table = at + 1 < len(texts) and _is_rows(texts[at : at + 2])
    return is_table and texts[at].count("|") > _CELLS


def _titles_table(texts: list[str], at: int) -> bool:
    """Whether capitals stand above a table, as its title."""
    return texts[at].isupper() and len(texts[at]) <= TITLE_LIMIT and at + 2 < len(texts) and _is_rows(texts[at + 1 : at + 3])


def _is_rows(texts: list[str]) -> bool:
    return all(text.startswith("|") for text in texts)


def _with_series(found: list[Marker | None]) -> list[Marker | None]:
    """Leave of steps (``Bước 1: …``) only those that count on: a number behind a word alone says nothing."""
    steps = {_step(marker) for marker in found if marker and marker.word}
    return [marker if not (marker and marker.word) or _counts_on(marker, steps) else None for marker in found]


def _counts_on(marker: Marker, steps: set[tuple[str, int]]) -> bool:
    word, number = _step(marker)
    return (word, number - 1) in steps or (word, number + 1) in steps


def _step(marker: Marker) -> tuple[str, int]:
    return marker.word, place_of(marker.name.rsplit(" ", 1)[-1])
