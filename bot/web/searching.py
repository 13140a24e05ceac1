"""Full-text search over everything that is loaded: all words, phrases in quotes, with or without marks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.documents import Document, Provision
from rag.finding.search import Searcher
from rag.index.entries import Entries
from rag.language.text import canonical, fold_tokens, folded, has_marks, normalise, syllables

MOST_CHARACTERS = 200
"""Of what is searched for."""
MOST_HITS = 2000
"""Provisions that are looked at; the best by BM25."""
_MOST_WORDS = 20
_PHRASE = re.compile(r"[\"“”]([^\"“”]+)[\"“”]")
_WORD = re.compile(r"[^\W_]+")
_SNIPPET = 220  # characters
_LEAD = 40  # before the first word that is sought
_RAGGED = 4  # that are not worth cutting off
_MOST_BEGINNINGS = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for: phrases of tokens, a single word being a phrase of one; ``form`` is ``exact`` or ``folded``.

    ``whole``: all that was typed as one phrase.
    """

    phrases: tuple[tuple[str, ...], ...]
    form: str
    whole: tuple[str, ...] = ()

    @classmethod
    def of(cls, text: str) -> Wanted:
        """Read what somebody typed: words, and phrases in quotes; with marks only what has them is meant."""
        text = normalise(text)
        form = "exact" if has_marks(text) else "folded"
        phrases = [_tokens(phrase, form) for phrase in _PHRASE.findall(text)]
        words = [(token,) for token in _tokens(_PHRASE.sub(" ", text), form)]
        return cls(tuple(dict.fromkeys(filter(None, [*phrases, *words])))[:_MOST_WORDS], form, _tokens(text, form))

    def without_marks(self) -> Wanted:
        """Return the same words however they are marked."""
        return Wanted(tuple(tuple(fold_tokens(phrase)) for phrase in self.phrases), "folded", tuple(fold_tokens(self.whole)))

    @property
    def tokens(self) -> frozenset[str]:
        """Every token in it."""
        return frozenset(token for phrase in self.phrases for token in phrase)

    def terms(self) -> Iterator[str]:
        """Yield what the index must hold: syllables, and pairs of neighbours in a phrase."""
        for phrase in self.phrases:
            yield from phrase
            yield from (f"{a}_{b}" for a, b in pairwise(phrase))

    def neighbours(self) -> Iterator[str]:
        """Yield the pairs that stand side by side in what was typed: where they do in a text too, it is meant the more."""
        yield from (f"{a[-1]}_{b[0]}" for a, b in pairwise(self.phrases))


@dataclass(frozen=True, slots=True)
class Hit:
    """A provision that holds what is searched for, and a piece of it: ``snippet`` is (text, is it a word that was sought)."""

    provision: Provision
    label: str
    page: int
    snippet: list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Group:
    """The hits in one document, the best first; ``is_whole``: all that was typed stands there word after word."""

    document: Document
    is_whole: bool
    hits: list[Hit] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Results:
    """The hits of one page of results, by document.

    ``total``: provisions found, ``whole`` of them with all that was typed word after word, which come first; ``documents``:
    how many each document has; ``is_capped``: there are more, which were not looked at; ``form``: how the words were looked
    for in the end.
    """

    groups: list[Group]
    total: int
    whole: int
    documents: dict[str, int]
    is_capped: bool
    form: str


def search(searcher: Searcher, wanted: Wanted, is_meant: Callable[[Document], bool], first: int, most: int) -> Results:
    """Return hits number ``first`` (0 is the best) to ``first + most``, in documents that are meant.

    What is nowhere with the marks that were typed is looked for without any.
    """
    found, is_capped = _matching(searcher, wanted, is_meant)
    if not found and wanted.form == "exact":
        wanted = wanted.without_marks()
        found, is_capped = _matching(searcher, wanted, is_meant)
    counts = Counter(match.number for match in found.values())
    order: dict[tuple[bool, str], int] = {}  # the whole phrase before loose words; a document is as good as its best hit
    for match in found.values():
        order.setdefault((match.is_whole, match.number), len(order))
    ids = sorted(found, key=lambda id_: (not found[id_].is_whole, order[found[id_].is_whole, found[id_].number]))[first : first + most]
    groups: dict[tuple[bool, str], Group] = {}
    for provision in searcher.store.provisions(ids).values():
        is_whole = found[provision.id].is_whole
        group = groups.setdefault((is_whole, provision.document), Group(searcher.documents[provision.document], is_whole))
        group.hits.append(_hit(searcher, provision, wanted))
    return Results(list(groups.values()), len(found), sum(match.is_whole for match in found.values()), counts, is_capped, wanted.form)


class _Match(NamedTuple):
    number: str
    is_whole: bool


def _matching(searcher: Searcher, wanted: Wanted, is_meant: Callable[[Document], bool]) -> tuple[dict[int, _Match], bool]:
    """The provisions that hold every phrase, the best of each part first; whether there are more."""
    found: dict[int, _Match] = {}
    is_capped = False
    for part, behind in searcher.parts:
        matching, more = _matching_in(part, wanted, is_meant)
        found |= {id_ + behind: match for id_, match in matching.items()}
        is_capped |= more
    return found, is_capped


def _matching_in(searcher: Searcher, wanted: Wanted, is_meant: Callable[[Document], bool]) -> tuple[dict[int, _Match], bool]:
    parts = searcher.snapshot.parts
    found = parts.holding(list(wanted.terms()), list(wanted.neighbours()), wanted.form, MOST_HITS)
    entries = parts.entries([id_ for id_, _ in found])
    numbers = dict(zip(entries.ids.tolist(), entries.documents, strict=True))
    ids = [id_ for id_, _ in found if id_ in numbers]
    meant = {number for number in set(numbers.values()) if is_meant(searcher.documents[number])}
    titles = {number: set(_tokens(searcher.documents[number].title, wanted.form)) for number in meant}
    holding = _holding(searcher, wanted, entries, titles)
    return {id_: _Match(numbers[id_], holding[id_]) for id_ in ids if id_ in holding}, len(found) == MOST_HITS


def _holding(searcher: Searcher, wanted: Wanted, entries: Entries, titles: Mapping[str, set[str]]) -> dict[int, bool]:
    """Which entries of the documents in ``titles`` hold the words themselves, and whether word after word.

    The title of a document would bring every provision.

    A word may stand in the title alone, as long as another one stands below it.
    """
    tokens = searcher.snapshot.tokens
    numbers = tokens.exact if wanted.form == "exact" else tokens.folded
    *phrases, whole = [tuple(numbers.get(token, -1) for token in phrase) for phrase in (*wanted.phrases, wanted.whole)]
    found = {}
    for id_, number, headings, text in entries.texts():
        if (title := titles.get(number)) is None:
            continue
        own, above = (part if wanted.form == "exact" else tokens.to_folded[part] for part in (text, headings))
        there = [_stands_in(phrase, own) or _stands_in(phrase, above) for phrase in phrases]
        in_title = [all(token in title for token in phrase) for phrase in wanted.phrases]
        if any(_stands_in(phrase, own) for phrase in phrases) and all(a or b for a, b in zip(there, in_title, strict=True)):
            found[id_] = _stands_in(whole, own)
    return found


def _stands_in(phrase: Sequence[int], tokens: NDArray[np.integer[Any]]) -> bool:
    if len(tokens) < len(phrase):
        return False
    last = len(tokens) - len(phrase) + 1
    matches = np.ones(last, dtype=bool)
    for at, number in enumerate(phrase):
        matches &= tokens[at : at + last] == number
    return bool(matches.any())


def _hit(searcher: Searcher, provision: Provision, wanted: Wanted) -> Hit:
    notes = [note.text for note in provision.footnotes]
    texts = [provision.text, *notes, provision.heading]
    text = max(texts, key=lambda text: (_distinct(text, wanted), text is provision.text))
    start, snippet = snippet_of(text, wanted)
    page = provision.page_at(start) if text is provision.text else provision.page
    return Hit(provision, provision.label, page, snippet)


def _distinct(text: str, wanted: Wanted) -> int:
    return len({word.token for word in _words(text, wanted) if word.token in wanted.tokens})


class _Word(NamedTuple):
    """A word of a text, where it begins and ends there, and in the form in which it is compared."""

    start: int
    end: int
    token: str


def snippet_of(text: str, wanted: Wanted) -> tuple[int, list[tuple[str, bool]]]:
    """Return where the piece of a text with most of the words begins, and the piece in parts: (text, is it sought)."""
    words = list(_words(text, wanted))
    sought = _sought(words, wanted)
    begin = _whole_at(words, wanted)
    begin = _densest(sought) if begin < 0 else begin
    first = next((word.start for word in words if word.start >= begin - _LEAD), 0)
    last = max((word.end for word in words if word.end <= first + _SNIPPET), default=min(len(text), _SNIPPET))
    first, last = (0 if first < _RAGGED else first), (len(text) if len(text) - last < _RAGGED else last)
    parts: list[tuple[str, bool]] = [("…", False)] if first else []
    at = first
    for start, end, _ in sought:
        if first <= start and end <= last:
            gap = text[at:start]
            parts += [(_flat(gap), bool(parts) and parts[-1][1] and not gap.strip()), (text[start:end], True)]
            at = end
    parts += [(_flat(text[at:last]), False), ("…" if last < len(text) else "", False)]
    return begin, _joined(parts)


def _sought(words: Sequence[_Word], wanted: Wanted) -> list[_Word]:
    """The words of a text that belong to what is searched for: those of a phrase only where the whole of it stands."""
    found: set[int] = set()
    for at, word in enumerate(words):
        for phrase in wanted.phrases:
            if word.token == phrase[0] and tuple(following.token for following in words[at : at + len(phrase)]) == phrase:
                found.update(range(at, at + len(phrase)))
    return [words[at] for at in sorted(found)]


def _whole_at(words: Sequence[_Word], wanted: Wanted) -> int:
    """Where all that was typed stands word after word; -1 where it does nowhere."""
    most = len(wanted.whole)
    tokens = [word.token for word in words]
    return next((words[at].start for at in range(len(words) - most + 1) if tuple(tokens[at : at + most]) == wanted.whole), -1)


def _densest(sought: Sequence[_Word]) -> int:
    """Where the piece begins that has most of the different words."""

    def merit(at: int) -> tuple[int, int]:
        return len({word.token for word in sought[at:] if word.end <= sought[at].start + _SNIPPET}), -at

    return sought[max(range(min(len(sought), _MOST_BEGINNINGS)), key=merit)].start if sought else 0


def _joined(parts: Sequence[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Put neighbours of the same kind together."""
    joined: list[tuple[str, bool]] = []
    for text, is_sought in parts:
        if joined and joined[-1][1] == is_sought:
            joined[-1] = (joined[-1][0] + text, is_sought)
        elif text:
            joined.append((text, is_sought))
    return joined


def _flat(text: str) -> str:
    """A piece of a text in one line, without the rules of its tables."""
    return re.sub(r"\s*\|[\s|:-]*", " · ", re.sub(r"\s+", " ", text))


def _words(text: str, wanted: Wanted) -> Iterator[_Word]:
    form = canonical if wanted.form == "exact" else folded
    for found in _WORD.finditer(text):
        yield _Word(found.start(), found.end(), form(found.group()))


def _tokens(text: str, form: str) -> tuple[str, ...]:
    exact: Iterable[str] = syllables(text)
    return tuple(exact if form == "exact" else fold_tokens(list(exact)))
