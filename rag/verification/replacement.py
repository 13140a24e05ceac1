"""Whether a phrase of a sentence was put in the place of another: ``lưu biên bản để phục vụ tập huấn`` where the source has ``kiểm tra``.

The claim goes along a sentence of its source, leaves it for a phrase that stands elsewhere there, and goes on behind what the
sentence has in its place, or ends where that ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from rag.slots.facts import Fact
from rag.slots.polarity import MODALS
from rag.slots.source import Source
from rag.slots.tokens import Token, unmarked
from rag.verification.alignment import GLUE, Field, Way, field_of

_LONGEST = 6
_LONGER = 4  # tokens that one of the two phrases may have more


def fault_of_replacement(row: Sequence[Token], sources: Sequence[Source]) -> str:
    """Return the first phrase that stands in the place of another (Vietnamese), empty when there is none."""
    claim = unmarked(row)
    field = field_of(tuple(sources))
    places = Way(field, claim).places
    copied = " ".join(source.sequence for source in sources)
    for at in range(2, len(claim)):
        before = places[at - 1]
        if before is None or places[at] == before + 1 or places[at - 2] != before - 1:
            continue
        for phrase, other in (*_within(field, claim, places, at), *_at_the_end(field, claim, places, at)):
            if _replaces(phrase, other, copied, claim):
                return f"ở chỗ của “{_text(phrase)}” nguồn nói “{_text(other)}”"
    return ""


def _within(field: Field, claim: Sequence[Token], places: Sequence[int | None], at: int) -> list[tuple[list[Token], list[Token]]]:
    """What the claim says at ``at`` before it comes back to the sentence, and what that says there."""
    left = places[at - 1]
    assert left is not None
    for back in range(at + 1, min(len(claim), at + _LONGEST + 1)):
        place = places[back]
        if place is None or not left + 1 < place <= left + _LONGEST + 2 or field.rows[place] != field.rows[left]:
            continue
        if back + 1 < len(claim) and places[back + 1] != place + 1:
            continue
        inside = any(other is not None and left < other < place for other in places[at:back])
        return [] if inside else [(list(claim[at:back]), field.tokens[left + 1 : place])]
    return []


def _at_the_end(field: Field, claim: Sequence[Token], places: Sequence[int | None], at: int) -> list[tuple[list[Token], list[Token]]]:
    """What the claim ends with, and what the sentence ends with in its place."""
    left = places[at - 1]
    assert left is not None
    if len(claim) - at > _LONGEST or at < _LONGEST // 2 or places[at - 3] != left - 2:
        return []
    end = next((place for place in range(left + 1, len(field.rows)) if field.rows[place] != field.rows[left]), len(field.rows))
    inside = any(place is not None and left < place < end for place in places[at:])
    return [] if inside else [(list(claim[at:]), field.tokens[left + 1 : end])]


def _replaces(phrase: Sequence[Token], other: Sequence[Token], copied: str, claim: Sequence[Token]) -> bool:
    """Whether both are phrases of content, one of them nowhere in the claim and the other copied from elsewhere in the sources."""
    if len(phrase) < 2 or not other or abs(len(phrase) - len(other)) > _LONGER:
        return False
    if any(isinstance(token, Fact) for token in (*phrase, *other)) or set(phrase) & MODALS - set(other):
        return False
    if (phrase[0] in GLUE or other[0] in GLUE) and phrase[0] != other[0]:
        return False
    if not all(f" {one} {two} " in copied for one, two in pairwise(map(str, phrase))):
        return False
    return bool(_content(phrase)) and bool(_content(other) - set(map(str, claim)))


def _content(row: Sequence[Token]) -> set[str]:
    return {token for token in row if isinstance(token, str) and token not in GLUE and token not in MODALS}


def _text(row: Sequence[Token]) -> str:
    return " ".join(map(str, row))
