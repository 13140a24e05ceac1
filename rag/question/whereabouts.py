"""Where a message is from, or whose rules it asks for: of each place that it names how surely that is the one.

``Em dạy ở Vinh``, ``Sở Đà Nẵng quy định …`` say of where the matter is; ``thầy Thái Nguyên``, ``vừa chuyển từ Hà Nội về`` and
``quán cơm tấm Sài Gòn`` do not. Which is which was learnt from questions (``rag.training.places``, ``make train-places``). The
names themselves are not looked at: what stands around them decides.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rag.language.office_names import tiers_before
from rag.language.places import Name, Named, Place, is_everyday, places_in
from rag.language.text import canonical, data_text, folded, has_marks

WEIGHTS = "places.json"
SURE, HALF = 0.75, 0.3
"""How surely a message is of a place before it counts as of there, and before that is worth a word."""
_PIECE = re.compile(r"[^\W_]+|[^\w\s]")
_NEAR, _REACH = 3, 6  # words in their order, and in any
_OWN, _OTHER = "<nhà>", "<nơi>"
_EDGE = "<>"


@dataclass(frozen=True, slots=True)
class Whereabout:
    """A place that a message names, and how surely (0-1) the message is of it or asks for its rules."""

    place: Place
    sureness: float


@dataclass(frozen=True, slots=True)
class _Learnt:
    bias: float
    everyday: frozenset[Name]
    weights: dict[str, float]


class _Token(NamedTuple):
    """A word or mark as it is compared; a place is one token."""

    plain: str
    exact: str


@lru_cache(maxsize=1)
def _learnt() -> _Learnt:
    stored = json.loads(data_text(WEIGHTS))
    return _Learnt(stored["bias"], frozenset(tuple(name.split()) for name in stored["everyday"]), stored["weights"])


@lru_cache(maxsize=64)
def places_named(text: str) -> tuple[Named, ...]:
    """Return the places that a message names, in order."""
    return tuple(places_in(text, _learnt().everyday))


def whereabouts(text: str, own: Collection[str]) -> list[Whereabout]:
    """Return the places in other provinces than one's ``own`` that a message names, each with how surely it is of there."""
    named = places_named(text)
    learnt = _learnt()
    found = []
    for one in named:
        if one.place.provinces.isdisjoint(own):
            seen = features_of(text, named, one, own, learnt.everyday)
            score = learnt.bias + sum(learnt.weights.get(name, 0.0) for name in seen)
            found.append(Whereabout(one.place, 1 / (1 + math.exp(-score))))
    return found


def features_of(text: str, named: Sequence[Named], one: Named, own: Collection[str], everyday: Collection[Name]) -> frozenset[str]:
    """Return the names of what is seen around ``one`` of the places ``named`` in a text; nothing of its own name."""
    tokens, at, others = _parted(text, named, one, own)
    padded = [_Token(_EDGE, _EDGE)] * _NEAR + tokens + [_Token(_EDGE, _EDGE)] * _NEAR
    here = at + _NEAR
    plain = [token.plain for token in padded]
    seen = set()
    for step in range(1, _NEAR + 1):
        seen |= {f"-{step} {plain[here - step]}", f"+{step} {plain[here + step]}"}
    for step in (1, 2):
        if (exact := padded[here - step].exact) != plain[here - step]:
            seen.add(f"-{step} {exact}")
        if (exact := padded[here + step].exact) != plain[here + step]:
            seen.add(f"+{step} {exact}")
    seen.add(f"-2 -1 {plain[here - 2]} {plain[here - 1]}")
    seen.add(f"-3 -1 {' '.join(plain[here - 3 : here])}")
    seen.add(f"+1 +2 {plain[here + 1]} {plain[here + 2]}")
    seen.add(f"-1 +1 {plain[here - 1]} {plain[here + 1]}")
    seen |= {f"< {token.plain}" for token in tokens[max(0, at - _REACH) : at]}
    seen |= {f"> {token.plain}" for token in tokens[at + 1 : at + 1 + _REACH]}
    seen |= {f"* {token.plain}" for token in tokens}
    seen |= {f"is behind {tier}" for tier in tiers_before(plain[_NEAR:], at)}
    seen |= {f"is {'before' if place > at else 'behind'} {plain[place + _NEAR]}" for place in others}
    if not others:
        seen.add("is alone")
    if is_everyday(text, one, everyday):
        seen.add("is everyday words")
    return frozenset(seen)


def _parted(text: str, named: Sequence[Named], one: Named, own: Collection[str]) -> tuple[list[_Token], int, list[int]]:
    """The tokens of a text, where ``one`` is among them, and where the other places are."""
    stands = {place.start: place for place in (*named, one)}
    tokens: list[_Token] = []
    others: list[int] = []
    here = word = left = 0
    for piece in _PIECE.findall(text):
        if not piece.isalnum():
            tokens.append(_Token(piece, piece))
            continue
        if left:
            left -= 1
        elif word in stands:
            place = stands[word]
            left = place.end - place.start - 1
            if place.start == one.start:
                here = len(tokens)
                tokens.append(_Token("<>", "<>"))
            else:
                others.append(len(tokens))
                sort = _OTHER if place.place.provinces.isdisjoint(own) else _OWN
                tokens.append(_Token(sort, sort))
        else:
            tokens.append(_Token(folded(piece), canonical(piece) if has_marks(piece) else folded(piece)))
        word += 1
    return tokens, here, others
