"""What is known of a document before its tree is built: its markers, where its body begins and ends, where it is signed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.announcing import announced
from ingest.markers import Marker, number_of, place_of
from ingest.openings import body_start
from ingest.paragraphs import Paragraph
from ingest.signature_block import is_signer, names_recipients

_STRUCTURE = {"part", "chapter", "section", "article", "clause", "point"}


@dataclass(frozen=True, slots=True)
class Outline:
    """A document's paragraphs at a glance; all places are positions of paragraphs.

    ``body_end`` is the first annex; ``body_at`` where a body without numbers begins, behind the last paragraph where
    there is none; ``signed`` and ``marked`` say for every paragraph of the body where the next signature, the next
    marker behind it stands.
    """

    texts: list[str]
    markers: list[Marker | None]
    annexes: list[int]
    body_end: int
    is_act: bool
    has_parts: bool
    last_marker: int
    signed: list[int]
    marked: list[int]
    body_at: int
    articles: dict[int, list[int]]

    @classmethod
    def of(cls, paragraphs: Sequence[Paragraph]) -> Outline:
        """Look a document over."""
        texts = [paragraph.text for paragraph in paragraphs]
        markers = announced(paragraphs)
        annexes = [at for at, marker in enumerate(markers) if marker and marker.kind == "annex"]
        end = annexes[0] if annexes else len(texts)
        body = [marker for marker in markers[:end] if marker]
        is_act = any(marker.kind == "article" for marker in body)
        has_parts = is_act or any(marker.kind in ("part", "chapter") and place_of(number_of(marker.name)) == 1 for marker in body)
        structure = [at for at, marker in enumerate(markers[:end]) if marker and marker.kind in _STRUCTURE]
        last = structure[-1] if structure else -1
        numbered = next((at for at in structure if _begins_numbers(markers[at], has_parts=has_parts)), None)
        return cls(
            texts,
            markers,
            annexes,
            end,
            is_act,
            has_parts,
            last,
            _next_of(end, (at for at in range(end) if names_recipients(texts[at]) or (at > last and is_signer(texts[at])))),
            _next_of(end, (at for at, marker in enumerate(markers[:end]) if marker)),
            len(texts) if is_act else _body_at(texts, end, numbered),
            _articles(markers),
        )

    def has_article(self, number: int, position: int) -> bool:
        """Say whether an article of this number comes behind ``position``, before the next annex."""
        ahead = _after(self.articles.get(number, []), position)
        return ahead is not None and ahead < (_after(self.annexes, position) or len(self.texts))


def _body_at(texts: list[str], end: int, numbered: int | None) -> int:
    signed = next((at for at in range(end) if names_recipients(texts[at])), end)
    limit = signed if numbered is None else min(numbered, signed)
    start = body_start(texts, limit, numbered=limit == numbered)
    return len(texts) if start is None else start


def _begins_numbers(marker: Marker | None, *, has_parts: bool) -> bool:
    if marker is None or marker.kind == "point":
        return False
    return marker.kind != "clause" or (not has_parts and marker.name == "1")


def _articles(markers: Sequence[Marker | None]) -> dict[int, list[int]]:
    """Where the articles of each number stand."""
    found: dict[int, list[int]] = {}
    for at, marker in enumerate(markers):
        if marker and marker.kind == "article":
            found.setdefault(place_of(marker.name), []).append(at)
    return found


def _next_of(end: int, places: Iterable[int]) -> list[int]:
    """For every position before ``end`` the next of ``places`` behind it; ``end`` where there is none."""
    wanted = set(places)
    following = [end] * (end + 1)
    for at in range(end - 2, -1, -1):
        following[at] = at + 1 if at + 1 in wanted else following[at + 1]
    return following


def _after(places: list[int], position: int) -> int | None:
    at = bisect_right(places, position)
    return places[at] if at < len(places) else None
