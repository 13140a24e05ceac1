"""Which documents are nearly alike: two years of one notice, its rounds, its forms of study, the same letter of two offices."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from zlib import crc32

from rag.documents import FRAME, Document, Provision
from rag.language.numbers import parse_number
from rag.language.text import fold_tokens, squeeze, syllables

MOST = 500  # documents that are compared with one another
_SHINGLE = 4  # words
_SHORT, _PART = 400, 16  # of longer texts one run of words in so many is compared
_TEXT_ALIKE = 0.5
_TITLE_ALIKE, _TEXT_NEAR = 0.6, 0.2
_TITLE_WORDS = 4
_LEAST = 6  # words of a line that may stand for a title
_HEAD_LINES = 12
_AROUND = (*FRAME, "closing")
"""What letters of one form share whatever they are about."""
_FIGURES = re.compile(r"\d+")


def families_of(documents: Iterable[Document], provisions: Iterable[Provision]) -> str:
    """Return the families of a collection as JSON: of each the numbers of its members and what each is called.

    Acts whose number bears their year (``17/2021/TT-BGDĐT``) are told apart by that, and by what replaces them.
    """
    own = [document for document in documents if document.present and not _is_act(document)]
    if not 1 < len(own) <= MOST:
        return "[]"
    texts: dict[str, list[str]] = {document.number: [] for document in own}
    heads: dict[str, str] = {}
    for provision in provisions:
        if provision.document not in texts or provision.inline:
            continue
        heads.setdefault(provision.document, provision.text)
        if provision.kind not in _AROUND:
            texts[provision.document].append(f"{provision.heading}\n{provision.text}")
    called = {document.number: document.title or _first_line(heads.get(document.number, "")) for document in own}
    shingles = {number: _Shingles.of("\n".join(parts) or heads.get(number, "")) for number, parts in texts.items()}
    titles = {number: _masked(title) for number, title in called.items()}
    of = {document.number: document.number for document in own}

    def root(number: str) -> str:
        return number if of[number] == number else root(of[number])

    for one, other in combinations(of, 2):
        if _alike(titles[one], titles[other], shingles[one], shingles[other]):
            of[root(other)] = root(one)
    groups: dict[str, list[str]] = defaultdict(list)
    for number in of:
        groups[root(number)].append(number)
    families = [{number: called[number] for number in group} for group in groups.values() if len(group) > 1]
    return json.dumps(families, ensure_ascii=False)


def _is_act(document: Document) -> bool:
    number = parse_number(document.number)
    return number is not None and bool(number.year)


def _first_line(head: str) -> str:
    """What a document without a title is called by: its first line of some words that is no letterhead."""
    lines = [squeeze(line.strip(" |#*_")) for line in head.splitlines()[:_HEAD_LINES]]
    return next((line for line in lines if len(line.split()) >= _LEAST and not line.isupper()), "")


def _masked(text: str) -> list[str]:
    return ["0" if _FIGURES.fullmatch(token) else token for token in fold_tokens(syllables(text))]


@dataclass(frozen=True, slots=True)
class _Shingles:
    """The runs of words of a text, figures left out: all of them, and a part that long texts are compared by."""

    every: frozenset[int]
    some: frozenset[int]

    @classmethod
    def of(cls, text: str) -> _Shingles:
        tokens = _masked(text)
        every = frozenset(crc32(" ".join(tokens[at : at + _SHINGLE]).encode()) for at in range(len(tokens) - _SHINGLE + 1))
        return cls(every, frozenset(one for one in every if one % _PART == 0))

    def shared(self, other: _Shingles) -> float:
        """Return how much (0-1) of two texts is the same."""
        short = max(len(self.every), len(other.every)) <= _SHORT
        own, theirs = (self.every, other.every) if short else (self.some, other.some)
        return len(own & theirs) / max(1, len(own | theirs))


def _alike(title: list[str], other_title: list[str], text: _Shingles, other: _Shingles) -> bool:
    if title == other_title and len(title) >= _TITLE_WORDS:
        return True
    shared = text.shared(other)
    return shared >= _TEXT_ALIKE or (shared >= _TEXT_NEAR and _overlap(title, other_title) >= _TITLE_ALIKE)


def _overlap(one: list[str], other: list[str]) -> float:
    return 2 * len(set(one) & set(other)) / max(1, len(set(one)) + len(set(other)))
