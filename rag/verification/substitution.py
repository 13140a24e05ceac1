"""Whether a claim has one word of a class (levels, bodies, people, papers, days, links …) where its source has another.

A cloze test: the claim is laid along its sources twice, once as it is and once with a blank that any word of the class may
fill. Where the blank fits clearly better with another word, that word was meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rag.language.text import data_lines
from rag.slots.facts import Fact
from rag.slots.parties import NAMES, NOT_ACTORS
from rag.slots.source import Source
from rag.slots.tokens import Token, exact, says, unmarked
from rag.verification.alignment import Way, field_of

_CLEAR = 0.65  # the word stands in another sentence, or two jumps away: see the costs of the alignment


def fault_of_substitution(row: Sequence[Token], sources: Sequence[Source]) -> str:
    """Return the first word or fact that stands where the sources have another (Vietnamese), empty when there is none."""
    claim = _classed(unmarked(row))
    asked = [at for at, token in enumerate(claim) if _is_of_class(token)]
    if not asked:
        return ""
    field = field_of(tuple(sources), _classed)
    way = Way(field, claim)
    for at in asked:
        free, place = way.freed(at)
        if way.cost - free > _CLEAR and place is not None:
            return f"ở chỗ của “{_text(claim[at])}” nguồn nói “{_text(field.tokens[place])}”"
    return ""


def _is_of_class(token: Token) -> bool:
    """A number without a measure may count what the reply itself lists."""
    return isinstance(token, Fact) and (token.kind != "number" or bool(token.key[1]))


def _text(token: Token) -> str:
    return token.text if isinstance(token, Fact) else token


def _classed(row: Sequence[Token]) -> list[Token]:
    """The row with the phrases of the classes as one token each."""
    found: list[Token] = []
    at = 0
    while at < len(row):
        for length in range(_longest(), 0, -1):
            phrase = tuple(row[at : at + length])
            if phrase in _classes():
                words = " ".join(map(str, phrase))
                number, meant = _classes()[phrase]
                found += [Fact("word", (number, meant), words, 0, 0)] if number else phrase
                at += length
                break
        else:
            found.append(row[at])
            at += 1
    return found


@lru_cache(maxsize=1)
def _classes() -> dict[tuple[Token, ...], tuple[str, str]]:
    """Each phrase with its class and the first of those that may stand for it."""
    lines = enumerate(data_lines("wording_classes.txt"))
    groups = ((str(number), group.split("=")) for number, line in lines for group in line.split(","))
    people = [" ".join(map(str, phrase)) for phrase, name in NAMES.items() if name and len(phrase) > 1]
    masks = [phrase for phrase in NOT_ACTORS if not says(exact(phrase), people)]
    looks_alike: dict[tuple[Token, ...], tuple[str, str]] = {tuple(exact(phrase)): ("", phrase) for phrase in masks}
    return looks_alike | {tuple(exact(phrase)): (number, group[0].strip()) for number, group in groups for phrase in group}


@lru_cache(maxsize=1)
def _longest() -> int:
    return max(map(len, _classes()))
