"""Whether every fact of a claim goes with what it goes with in the source.

A date is right only for its own report, a phone for its own person. Each fact has a stretch of text around it, up to
where the next fact of its kind has its own. The claim's stretch must fit the source's stretch of that fact at least as
well as that of any other fact of its kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rag.language.kinds import DIRECTING
from rag.language.text import abbreviations, data_phrases
from rag.slots.facts import Fact
from rag.slots.source import Source
from rag.slots.tokens import AND, MARKS, Token, exact, facts_of, words_of

_JOINERS = frozenset([*exact("từ đến tới hết ngày và hoặc hay là tháng năm thứ giờ lúc trước"), "-", "–", ","])
_SPLITTERS = (frozenset(";\n"), frozenset(".|"), frozenset(","), frozenset(exact("còn riêng và")), frozenset("()"))
_IGNORED = frozenset(
    exact("là và các những của cho được phải có ở tại trong với theo để khi thì cần về đã sẽ một này đó số địa chỉ bởi vào")
)
_KINDS_OF_DOCUMENTS = (*DIRECTING, "Hướng dẫn", "Thông báo")  # of two words
_BEFORE_NUMBERS = frozenset((one, two) for one, two in map(exact, (*_KINDS_OF_DOCUMENTS, "ban hành", "tạo ban")))
_UNTIL = frozenset(exact("đến tới"))
_REFERENCES = frozenset(f"label {kind}" for kind in ("dieu", "khoan", "diem", "muc", "phan", "phu luc", "chuong"))
_CLEAR = 2  # pairs of words
_SHORT = 3  # words, too few for pairs to tell
_KINDS = ("date", "phone", "email", "link", "document", "number", "label", "person", "years")


Mark = str | tuple[str, ...]
"""A word, a pair of words in a row, or another fact (its kind and key)."""


@dataclass(frozen=True)
class Stretch:
    """The facts of one kind that stand together, with what is said around them.

    ``near`` is said of them alone, ``row`` in their sentence or of whom it speaks, ``far`` anywhere around.
    """

    facts: tuple[Fact, ...]
    near: frozenset[Mark]
    row: frozenset[Mark]
    far: frozenset[Mark]
    lead: frozenset[Mark]
    range: bool
    sentence: int
    source: int

    def has(self, fact: Fact) -> bool:
        """Say whether it states ``fact``."""
        return any(fact.is_in(own) for own in self.facts)


def stretches(
    row: Sequence[Token], series: str, lead: frozenset[Mark] = frozenset(), around: frozenset[Mark] = frozenset(), source: int = 0
) -> list[Stretch]:
    """Cut a sentence into the stretches of its facts of one series.

    ``lead`` is what the text says first (whom it speaks of), ``around`` what its headings say.
    """
    groups = _groups(row, series)
    if not groups:
        return []
    cuts = [_cut(row, left[-1], right[0]) for left, right in pairwise(groups)]
    begins = [_start(row, groups[0][0]), *(begin for _, begin in cuts)]
    ends = [*(end for end, _ in cuts), len(row)]
    whole = _marks(row, series) | lead
    return [
        Stretch(
            tuple(f for at in group if isinstance(f := row[at], Fact)),
            _marks(row[begin:end], series),
            whole,
            whole | around,
            lead,
            _is_range(row, group),
            id(row),
            source,
        )
        for group, begin, end in zip(groups, begins, ends, strict=True)
    ]


def _is_range(row: Sequence[Token], group: Sequence[int]) -> bool:
    """``lớp 1 đến lớp 11``."""
    return any(token in _UNTIL for left, right in pairwise(group) for token in row[left + 1 : right])


def _groups(row: Sequence[Token], series: str) -> list[list[int]]:
    groups: list[list[int]] = []
    for at, token in enumerate(row):
        if isinstance(token, Fact) and token.series == series:
            between = row[groups[-1][-1] + 1 : at] if groups else ()
            if groups and all(isinstance(token, str) and token in _JOINERS for token in between):
                groups[-1].append(at)
            else:
                groups.append([at])
    return groups


def _start(row: Sequence[Token], first: int) -> int:
    """After the last colon before the first fact that has words behind it: what stands before holds for all."""
    return next((at + 1 for at in range(first - 1, -1, -1) if row[at] == ":" and len(words_of(row[at + 1 : first])) > 1), 0)


def _cut(row: Sequence[Token], left: int, right: int) -> tuple[int, int]:
    """Where the stretch of a fact ends and that of the next one begins; without a mark between them they share what is."""
    last = right - 1 if row[right - 1] == "(" else right  # "its name (https://…)": the fact goes with what stands before the bracket
    for marks in _SPLITTERS:
        for at in range(left + 1, last):
            if row[at] in marks and not _within_name(row, at):
                return at, at
    return (left + 1, left + 1) if last < right else (right, left + 1)


def _within_name(row: Sequence[Token], at: int) -> bool:
    """``giáo dục và đào tạo`` is one name."""
    return row[at] == AND and any(list(row[at - place : at - place + len(name)]) == name for name, place in _names_with_and())


@lru_cache(maxsize=1)
def _names_with_and() -> list[tuple[list[Token], int]]:
    names: list[list[Token]] = [list(exact(long)) for long in set(abbreviations().values())]
    return [(name, place) for name in names for place, word in enumerate(name) if word == AND]


def _marks(row: Sequence[Token], series: str) -> frozenset[Mark]:
    said = [token for token in row if token not in _IGNORED]
    words = {token for token in said if isinstance(token, str) and token not in MARKS}
    pairs = {(one, two) for one, two in pairwise(said) if one in words and two in words and isinstance(one, str) and isinstance(two, str)}
    if series == "document":
        pairs -= _BEFORE_NUMBERS  # every number has one of them
    others = {("=", token.kind, *token.key) for token in said if isinstance(token, Fact) and token.series != series}
    return frozenset(words | pairs | others)


def fault_of_issue(row: Sequence[Token], every: Sequence[Source]) -> str:
    """Return the date that a claim gives a document where the sources have it issued on another day (Vietnamese), empty when none."""
    known, days_of_issue = _days_of_issue(tuple(every))
    said = list(_issued(row))
    documents = [fact for fact in facts_of(row) if fact.kind == "document"]
    if len(documents) == 1:
        said += [(documents[0], fact) for fact in facts_of(row) if fact.key in days_of_issue and fact.kind == "date"]
    for document, date in said:
        days = {day for key, days in known.items() if key[0] == document.key[0] and document.key[2] in ("", key[1]) for day in days}
        if days and date.key not in days:
            return f"“{date.text}” không phải là ngày của {document.text}"
    return ""


@lru_cache(maxsize=64)
def _days_of_issue(sources: tuple[Source, ...]) -> tuple[dict[tuple[str, ...], set[tuple[str, ...]]], set[tuple[str, ...]]]:
    """The days on which each document (serial and symbol) was issued, and the days that are nothing else there."""
    known: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    rows = [row for source in sources for row in source.all_rows]
    for document, date in (found for row in rows for found in _issued(row)):
        known.setdefault(document.key[:1] + document.key[2:], set()).add(date.key)
    deadlines = {fact.key for row in rows for fact in facts_of(row) if fact.kind == "date" and not fact.issued}
    own = {date.key for source in sources for head in source.context_rows[:1] for _, date in _issued(head)}  # also at the head of its text
    return known, {day for days in known.values() for day in days} - deadlines | own


def _issued(row: Sequence[Token]) -> Iterator[tuple[Fact, Fact]]:
    for one, two in pairwise(facts_of(row)):
        if two.issued and one.kind == "document" and two.key[2]:
            yield one, two


def fault_of_attachment(row: Sequence[Token], cited: Sequence[Source], every: Sequence[Source]) -> str:
    """Return the first fact that belongs to something else in the sources (Vietnamese), empty when all fit.

    ``cited`` are the sources that the claim cites, ``every`` all that the model was given.
    """
    for series in dict.fromkeys(token.series for token in row if isinstance(token, Fact) and token.kind in _KINDS):
        candidates = [stretch for source in cited for stretch in _of_source(source, series)]
        rivals = [stretch for source in every for stretch in _of_source(source, series)]
        for own in stretches(row, series):
            if own.range and candidates and not any(all(place.has(fact) for fact in own.facts) for place in candidates):
                return f"nguồn không có khoảng “{own.facts[0].text} đến {own.facts[-1].text}”"
            if series in _REFERENCES:
                continue  # what an article refers to stands beside many things
            for fact in own.facts:
                if series == "document" and any(fact.is_in(known) for source in cited for known in source.own_number):
                    continue  # the document that is cited: everything there is its own
                places = [place for place in candidates if place.has(fact)]
                others = [rival for rival in rivals if not rival.has(fact) and not any(rival.has(other) for other in own.facts)]
                if places and all(any(_fits_better(own, rival, place) for rival in others) for place in places):
                    return f"“{fact.text}” trong nguồn là của việc hoặc đối tượng khác"
    return ""


@lru_cache(maxsize=2048)
def _of_source(source: Source, series: str) -> tuple[Stretch, ...]:
    around = frozenset(mark for row in source.context_rows for mark in _marks(row, series))
    lead = _marks(source.lead, series)
    own = [stretch for row in source.rows for stretch in stretches(row, series, lead, around, id(source))]
    context = [stretch for row in source.context_rows for stretch in stretches(row, series, around=around, source=id(source))]
    return (*own, *context)


def _fits_better(own: Stretch, rival: Stretch, place: Stretch) -> bool:
    """Whether what the claim says of its facts is said of the rival's facts rather than of these."""
    actors = {mark for mark in own.near if mark in _actors()}
    others = {mark for mark in own.near if mark[0] == "="}
    pairs = {mark for mark in own.near if isinstance(mark, tuple)} - others
    short = sum(isinstance(mark, str) for mark in own.near) <= _SHORT
    together = rival.sentence == place.sentence
    named = {mark for mark in rival.lead if isinstance(mark, tuple)}
    if named and named <= pairs and not named <= place.far:
        return True  # the claim names whom the rival's provision speaks of
    if together and (_moved(actors, rival.near, place.near) or _moved(others, rival.near, place.near)):
        return True
    if not short and len(_only(pairs, place.near, rival.row)) >= _CLEAR > len(_only(pairs, rival.row, place.far)):
        return False  # much of what is said of these facts is said of them alone
    return (
        _moved(actors, rival.far, place.far)
        or _moved(others, rival.far, place.far)
        or (together and _moved(own.near if short else pairs, rival.near, place.near) and not _only(actors, place.near, rival.near))
        or (not together and _of_another_row(pairs, others, rival, place))
    )


def _of_another_row(pairs: Set[Mark], others: Set[Mark], rival: Stretch, place: Stretch) -> bool:
    """Whether the words are those of the rival's sentence and none only those of the place's own."""
    same = rival.source == place.source  # what stands around both tells nothing
    found = _only(pairs, rival.row, place.row if same else place.far)
    supported = len(found) == 1 and bool(_only(others, place.near, rival.far)) and place.facts[0].kind not in ("phone", "email")
    return bool(found) and not supported and not _only(pairs, place.near, rival.row if same else rival.far)


def _moved(marks: Iterable[Mark], there: frozenset[Mark], here: frozenset[Mark]) -> bool:
    return bool(_only(marks, there, here)) and not _only(marks, here, there)


def _only(marks: Iterable[Mark], here: frozenset[Mark], there: frozenset[Mark]) -> set[Mark]:
    return {mark for mark in marks if mark in here and mark not in there}


@lru_cache(maxsize=1)
def _actors() -> frozenset[Mark]:
    phrases = [exact(phrase) for phrase in data_phrases("wording_actors.txt")]
    return frozenset(phrase[0] if len(phrase) == 1 else (phrase[0], phrase[1]) for phrase in phrases)
