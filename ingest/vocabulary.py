"""The words that offices use of themselves, from ``ingest/data``: kinds of documents, offices, labels of facts, openings of texts."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from rapidfuzz import fuzz, process

from rag.language.kinds import NUMBERED
from rag.language.places import provinces
from rag.language.text import canonical, fold

SELF_NAMED = (*NUMBERED, "Quy chế", "Quy định", "Văn bản")
"""What documents call themselves by (``Thông tư này …``)."""
_ALIKE = 88.0
"""Similarity (0-100) from which what OCR read is taken for a known name."""
_STRIPPED = ",;:()“”\"'"


@cache
def kinds() -> dict[str, str]:
    """Return the kinds of documents, folded → as written (``quyet dinh`` → ``Quyết định``), longer ones first."""
    return {fold(line): line for line in sorted(_lines("kinds.txt"), key=len, reverse=True)}


@cache
def openers() -> dict[tuple[str, ...], str]:
    """Return how the names of offices begin, as words; "+" is called with the office above, "*" goes on on the next line."""
    found = {}
    for line in _lines("agencies.txt"):
        mark = line[0] if line[0] in "+*" else ""
        found[_words(line.removeprefix(mark))] = mark
    return found


@cache
def labels() -> dict[str, tuple[str, int]]:
    """Return the labels of facts, folded → (fact, rank); the lower rank is the better one."""
    pairs = (line.split("\t") for line in _lines("fact_labels.tsv"))
    return {label: (fact, rank) for rank, (label, fact) in enumerate(pairs)}


@cache
def column_titles() -> dict[str, tuple[str, ...]]:
    """Return what titles of a table's columns say, folded: class → titles, the surest first."""
    lines = (line.split(":", 1) for line in _lines("table_columns.txt"))
    return {name: tuple(title.strip() for title in titles.split(",")) for name, titles in lines}


@cache
def issuers() -> dict[str, str]:
    """Return offices by their abbreviation in a document's number, folded."""
    return dict(line.split("\t") for line in _lines("issuers.tsv"))


@cache
def openings() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return how texts begin, folded: what always begins one, and what begins one where it is a sentence."""
    lines = _lines("body_openings.txt")
    return tuple(fold(line) for line in lines if line[0] != "~"), tuple(fold(line[2:]) for line in lines if line[0] == "~")


@cache
def signers() -> tuple[str, ...]:
    """Return the offices of those who sign, folded, longer ones first."""
    return tuple(sorted(map(fold, _lines("signers.txt")), key=len, reverse=True))


@cache
def _agency_words() -> dict[tuple[str, ...], str]:
    phrases = [*_listed("agency_words.txt"), *_listed("proper_names.txt"), *provinces()]
    names = [line.lstrip("+* ") for line in _lines("agencies.txt")]
    return {_words(phrase): phrase for phrase in [*names, *phrases]}


@cache
def _proper_names() -> dict[tuple[str, ...], str]:
    return {_words(phrase): phrase for phrase in [*_listed("proper_names.txt"), *provinces()]}


@cache
def _folded(which: str) -> dict[tuple[str, ...], str]:
    known = _agency_words() if which == "agency" else _proper_names()
    return {tuple(fold(word) for word in phrase): name for phrase, name in known.items()}


def kind_alike(line: str, *, ocr: bool) -> str:
    """Return the kind that a whole line is, however its diacritics were read; by likeness where OCR read it."""
    plain = fold(line).strip(" :.*")
    if plain in kinds():
        return kinds()[plain]
    best = process.extractOne(plain, kinds().keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE) if ocr and len(plain) > 4 else None
    return kinds()[best[0]] if best and _same_initials(plain, best[0]) else ""


def _same_initials(one: str, other: str) -> bool:
    """Say whether the words of both begin alike: ``phuong tan``, a place, is no ``phuong an``."""
    return [word[:1] for word in one.split()] == [word[:1] for word in other.split()]


def phrases(text: str, *, loose: bool) -> list[tuple[str, str]]:
    """Return ``text`` cut into the longest known phrases: (as it stands, as it is written; empty where unknown).

    ``loose``: the diacritics do not count, as where OCR read the text or it has none.
    """
    return _cut(text.split(), _folded("agency") if loose else _agency_words(), loose)


def with_proper_names(text: str) -> str:
    """Return ``text`` with the names that are always capitalised written so."""
    return " ".join(known or given for given, known in _cut(text.split(), _proper_names(), loose=False))


def opener_of(text: str, *, loose: bool) -> str | None:
    """Return the mark of the office's name with which ``text`` begins (``""``, ``+``, ``*``), ``None`` where none begins."""
    cut = phrases(text, loose=loose)
    if not cut:
        return None
    first = _words(cut[0][1].rstrip(_STRIPPED))
    if first in openers():
        return openers()[first]
    least = 1 if first in _proper_names() else 2  # "Khoa học" is no "Khoa", but "Hội đồng thi" is a "Hội đồng"
    return next((openers()[first[:size]] for size in range(len(first), least - 1, -1) if first[:size] in openers()), None)


def is_opener(name: str) -> bool:
    """Say whether a name is the beginning of one only, as ``Văn phòng`` is."""
    return _words(name) in openers()


def _cut(given: list[str], known: dict[tuple[str, ...], str], loose: bool) -> list[tuple[str, str]]:
    form = fold if loose else canonical
    bare = [form(word.strip(_STRIPPED)) for word in given]
    longest = max(map(len, known))
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(given):
        size = next((size for size in range(min(longest, len(given) - at), 0, -1) if tuple(bare[at : at + size]) in known), 0)
        piece = given[at : at + max(size, 1)]
        if size > 1 and any(word[-1:] in _STRIPPED for word in piece[:-1]) and "," not in known[tuple(bare[at : at + size])]:
            size, piece = (1, piece[:1]) if (bare[at],) in known else (0, piece[:1])
        name = known[tuple(bare[at : at + size])] if size else ""
        tail = piece[-1][len(piece[-1].rstrip(_STRIPPED)) :]
        head = piece[0][: len(piece[0]) - len(piece[0].lstrip(_STRIPPED))]
        found.append((" ".join(piece), f"{head}{name}{tail}" if name else ""))
        at += max(size, 1)
    return found


def _words(phrase: str) -> tuple[str, ...]:
    return tuple(map(canonical, phrase.split()))


def _listed(name: str) -> list[str]:
    return [phrase.strip() for line in _lines(name) for phrase in line.split(",")]


def _lines(name: str) -> list[str]:
    text = files("ingest").joinpath("data", name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
