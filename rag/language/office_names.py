"""What offices and places are called by: the words before a name (``sở``, ``phường``, ``trường THCS``), and the name itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.language.text import abbreviations, canonical, data_lines, folded, words

SCHOOLS = ("school", "college", "centre")
"""The tiers that teach: each has a name of its own, and is in a place."""
_DEPARTMENT = re.compile(r"\b(GD|gd)\s*(?:&|-|và)\s*(ĐT|đt)\b")
_NAME = 6  # words of a name at most


@dataclass(frozen=True, slots=True)
class NamedOffice:
    """An office or place in a text: its ``tier``, what it is called by and its own ``name`` (empty where none follows)."""

    tier: str
    head: str
    name: tuple[str, ...]


@lru_cache(maxsize=1)
def heads() -> dict[tuple[str, ...], tuple[str, str]]:
    """Return the exact words before a name → the tier of what is called so, and the words as they are written."""
    found = {}
    for line in data_lines("offices.tsv"):
        tier, phrases = line.split("\t")
        for phrase in phrases.split(","):
            found[tuple(canonical(word) for word in phrase.split())] = tier, phrase.strip()
    return found


@lru_cache(maxsize=1)
def _longest() -> int:
    return max(map(len, heads()))


def head_at(exact: Sequence[str], at: int) -> tuple[str, ...]:
    """Return the longest words before a name that begin at ``at`` of exact words; empty where none do."""
    known = heads()
    for size in range(min(_longest(), len(exact) - at), 0, -1):
        if (phrase := tuple(exact[at : at + size])) in known:
            return phrase
    return ()


@lru_cache(maxsize=1)
def _plain_heads() -> tuple[tuple[tuple[str, ...], str], ...]:
    return tuple((tuple(map(folded, phrase)), tier) for phrase, (tier, _) in heads().items())


def tiers_before(plain: Sequence[str], at: int) -> frozenset[str]:
    """Return the tiers of what folded words right before ``at`` call: a school, a province …; empty where they call nothing."""
    return frozenset(tier for phrase, tier in _plain_heads() if tuple(plain[max(0, at - len(phrase)) : at]) == phrase)


def spelt(text: str) -> list[str]:
    """Return the words of a text as written, abbreviations in capitals written out (``THCS``, ``GD&ĐT``)."""
    text = _DEPARTMENT.sub(r"\1\2", text)
    table = abbreviations()
    return [
        part
        for word in words(text)
        for part in (table.get(word.lower(), word).split() if word.isupper() or any(map(str.isupper, word[1:])) else [word])
    ]


def named_in(text: str, *, whole: bool) -> list[NamedOffice]:
    """Return the offices and places that a line names, in order; all words up to the next are the name where it is ``whole``.

    Else the name goes up to the last word with a capital (``Trường Đại học An toàn Phú Hòa thông báo …``).
    """
    raw = spelt(text)
    exact = [canonical(word) for word in raw]
    found: list[NamedOffice] = []
    at = 0
    while at < len(exact):
        head = head_at(exact, at)
        if not head:
            at += 1
            continue
        start = end = at + len(head)
        while end < len(exact) and end - start < _NAME and not head_at(exact, end):
            end += 1
        name = raw[start:end]
        if not whole:
            last = max((place for place, word in enumerate(name) if word[:1].isupper()), default=-1)
            name = name[: last + 1] if name and name[0][:1].isupper() else []
        tier, called = heads()[head]
        found.append(NamedOffice(tier, called, tuple(word.capitalize() for word in name)))
        at = max(end, start)
    return found
