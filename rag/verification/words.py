"""Whether the words of a claim are those of its sources: shared content, nothing specific added, names to the letter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, get_args

from rag.language.honorifics import WRITTEN
from rag.language.text import canonical, data_lines, fold, names, read_table, syllables, words
from rag.question.audience import Level
from rag.slots.source import Source
from rag.slots.tokens import MARKS, Token, exact, facts_of, parts, words_of

_LONGEST = 5
_LEVELS = (*get_args(Level), "mẫu giáo", "cao đẳng", "đại học")
_SHARED = 2
_ENOUGH_SHARED = 3
_FEW_ADDED = 1
_MORE_ADDED = 2  # in a long claim
_LONG = 10
_JOINING = 8
_STATING = frozenset(exact("không chưa phải được cấm chỉ hằng hàng mỗi trước sau bắt buộc"))
_TITLED = re.compile(rf"(?:{WRITTEN}|[Oo]ng)\s+((?:[^\W\d_]+[ ]?){{2,5}})")  # "Ong": as OCR reads it, and a model repeats it


@lru_cache(maxsize=1)
def _phrases() -> dict[tuple[str, ...], bool]:
    """The phrases that may be added (``True``) and those that never may (``False``), as exact words."""
    known: dict[tuple[str, ...], bool] = {}
    for name, free in (("wording_free.txt", True), ("wording_strict.txt", False)):
        for line in data_lines(name):
            known.update({tuple(exact(phrase)): free for phrase in re.split("[,=]", line) if phrase.strip()})
    return known


@lru_cache(maxsize=512)
def _same(phrase: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The strict phrases that say the same as one (``email = thư điện tử``)."""
    groups = [group.split("=") for line in data_lines("wording_strict.txt") for group in line.split(",") if "=" in group]
    forms = [[tuple(exact(one)) for one in group] for group in groups]
    return tuple(form for group in forms if phrase in group for form in group if form != phrase)


@lru_cache(maxsize=1)
def _alternatives() -> dict[str, list[str]]:
    """What a document may say for a phrase, both folded; taken from the synonyms of the search, either way round."""
    table: dict[str, list[str]] = {}
    for said, meant in read_table("synonyms.tsv").items():
        for other in meant.split("\t"):
            for one, two in ((said, other), (other, said)):
                table.setdefault(_folded(exact(one)), []).append(_folded(exact(two)))
    return table


def _folded(row: Sequence[str]) -> str:
    return " ".join(map(fold, row))


def pieces(row: Sequence[Token]) -> Iterator[tuple[tuple[str, ...], bool | None]]:
    """Yield the words of a claim in phrases: free (``True``), strict (``False``), or single words of content (``None``)."""
    at = 0
    while at < len(row):
        if not isinstance(row[at], str) or row[at] in MARKS:
            at += 1
            continue
        run = [token for token in _run(row, at) if isinstance(token, str)]
        for length in range(min(_LONGEST, len(run)), 0, -1):
            phrase = tuple(run[:length])
            if phrase in _phrases():
                yield phrase, _phrases()[phrase]
                at += length
                break
        else:
            yield (run[0],), None
            at += 1


def _run(row: Sequence[Token], at: int) -> list[Token]:
    end = at
    while end < len(row) and end - at < _LONGEST and isinstance(row[end], str) and row[end] not in MARKS:
        end += 1
    return list(row[at:end])


class Added(NamedTuple):
    """What a claim adds to its sources: strict phrases and single words; and how many words it shares with them."""

    strict: list[str]
    single: list[str]
    shared: int


def added(row: Sequence[Token], sources: Sequence[Source]) -> Added:
    """Return what a claim adds to its sources."""
    strict: list[str] = []
    single: list[str] = []
    shared = 0
    run = [token for token in row if isinstance(token, str) and token not in MARKS]
    in_synonyms = _said_otherwise(run, sources)
    for phrase, free in pieces(row):
        there = _stands(phrase, sources)
        if free is None:
            if there or fold(phrase[0]) in in_synonyms:
                shared += 1
            else:
                (strict if re.search(r"\d", phrase[0]) else single).append(phrase[0])
        elif not free and not there and not any(_stands(other, sources) for other in _same(phrase)):
            strict.append(" ".join(phrase))
        elif there:
            shared += 1
    return Added(strict, single, shared)


def _stands(phrase: Sequence[str], sources: Sequence[Source]) -> bool:
    if len(phrase) == 1:
        return any(phrase[0] in source.words for source in sources)
    run = f" {' '.join(phrase)} "
    return any(run in source.sequence for source in sources)


def _said_otherwise(run: Sequence[str], sources: Sequence[Source]) -> set[str]:
    """The folded words of the phrases for which a source has another word (``dùng`` for ``sử dụng``)."""
    texts = [fold(source.sequence) for source in sources]
    found: set[str] = set()
    for length in range(1, _LONGEST + 1):
        for at in range(len(run) - length + 1):
            phrase = _folded(run[at : at + length])
            if any(f" {other} " in text for other in _alternatives().get(phrase, ()) for text in texts):
                found.update(phrase.split())
    return found


@lru_cache(maxsize=1)
def _levels() -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(exact(phrase)) for phrase in _LEVELS)


def misplaced(row: Sequence[Token], sources: Sequence[Source]) -> str:
    """Return a level of school that the sentences nearest to its clause do not have, empty when there is none."""
    around = {word for source in sources for line in [*source.context_rows, source.lead] for word in words_of(line)}
    rows = [other for source in sources for other in source.rows]
    for clause in parts(row):
        own = set(words_of(clause))
        strict = [phrase for phrase, _ in pieces(clause) if phrase in _levels() and not set(phrase) <= around]
        if facts_of(clause):
            continue  # what goes with a fact is looked at with it
        rest = own - {word for phrase in strict for word in phrase}
        most = max((len(rest & set(words_of(other))) for other in rows), default=0)
        nearest = [set(words_of(other)) for other in rows if len(rest & set(words_of(other))) == most]
        if most < _ENOUGH_SHARED:
            continue
        for phrase in strict:
            if not any(set(form) <= words for words in nearest for form in (phrase, *_same(phrase))):
                return " ".join(phrase)
    return ""


def fault_of_wording(row: Sequence[Token], sources: Sequence[Source], lead: bool) -> str:
    """Return what is wrong with the words of a claim (Vietnamese), empty when nothing is."""
    strict, single, shared = added(row, sources)
    if strict:
        return f"nguồn không nói đến “{strict[0]}”"
    if phrase := misplaced(row, sources):
        return f"chỗ ấy của nguồn không nói đến “{phrase}”"
    allowed = _MORE_ADDED if shared >= _LONG else _FEW_ADDED
    if len(single) > allowed:
        return f"nguồn không có những từ “{' '.join(single[:6])}”"
    if not lead and shared < _SHARED and not (shared and facts_of(row)):
        return "câu không có nội dung chung với nguồn"
    return ""


def fault_of_names(text: str, sources: Sequence[Source]) -> str:
    """Return the first name (two or more words in capitals, or after a title) that no source has; empty when all stand there."""
    for run in names(text):
        written = words(run)
        opens = _phrases().get((canonical(written[0]),), False)  # "Theo Phụ lục 1": the first word may only open a sentence
        if not any(
            _stands(syllables(" ".join(tail)), sources) for tail in ([written, written[1:]] if opens or len(written) > 2 else [written])
        ):
            return f"nguồn không có tên “{run}”"
    for match in _TITLED.finditer(text):
        capitals = _leading_capitals(words(match.group(1)))
        if len(capitals) > 1 and not _stands(syllables(" ".join(capitals)), sources):
            return f"nguồn không có tên “{' '.join(capitals)}”"
    return ""


def _leading_capitals(written: list[str]) -> list[str]:
    result: list[str] = []
    for part in written:
        if not part[0].isupper():
            break
        result.append(part)
    return result


def only_joins(row: Sequence[Token]) -> bool:
    """Say whether a sentence states nothing itself: only free words, and no fact but a small count."""
    if len(words_of(row)) > _JOINING or _STATING & set(words_of(row)):
        return False
    counts = all(fact.kind == "number" and len(fact.key[0]) == 1 and not fact.key[1] for fact in facts_of(row))
    return counts and all(free for _, free in pieces(row))
