"""Whether every fact of a claim goes with what it goes with in the source.

A date is right only for its own report, a phone for its own person. Each fact has a stretch of text around it, up to
where the next fact of its kind has its own. The claim's stretch must fit the source's stretch of that fact at least as
well as that of any other fact of its kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rag.text import data_lines
from rag.verification.facts import Fact
from rag.verification.reading import MARKS, Source, Token, exact, words_of

_JOINERS = frozenset([*exact("từ đến tới hết ngày và hoặc hay là tháng năm thứ giờ lúc trước"), "-", "–", ","])
_SPLITTERS = (frozenset(";\n"), frozenset(".|"), frozenset(","), frozenset(exact("còn riêng và")), frozenset("()"))
_IGNORED = frozenset(exact("là và các những của cho được phải có ở tại trong với theo để khi thì cần về đã sẽ một này đó"))
_UNTIL = frozenset(exact("đến tới"))
_SHORT = 3  # words, too few for pairs to tell
_KINDS = ("date", "phone", "email", "link", "document", "number", "label", "person")


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
    for marks in _SPLITTERS:
        for at in range(left + 1, right):
            if row[at] in marks:
                return at, at
    return right, left + 1


def _marks(row: Sequence[Token], series: str) -> frozenset[Mark]:
    said = [token for token in row if token not in _IGNORED]
    words = {token for token in said if isinstance(token, str) and token not in MARKS}
    pairs = {(one, two) for one, two in pairwise(said) if one in words and two in words and isinstance(one, str) and isinstance(two, str)}
    others = {("=", token.kind, *token.key) for token in said if isinstance(token, Fact) and token.series != series}
    return frozenset(words | pairs | others)


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
            for fact in own.facts:
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
    return (
        _moved(actors, rival.far, place.far)
        or _moved(others, rival.far, place.far)
        or (together and (_moved(actors, rival.near, place.near) or _moved(others, rival.near, place.near)))
        or (together and _moved(own.near if short else pairs, rival.near, place.near) and not _only(actors, place.near, rival.near))
        or (not together and _of_another_row(pairs, others, rival, place))
    )


def _of_another_row(pairs: Set[Mark], others: Set[Mark], rival: Stretch, place: Stretch) -> bool:
    """Whether the words are those of the rival's sentence and none only those of the place's own."""
    same = rival.source == place.source  # what stands around both tells nothing
    found = _only(pairs, rival.row, place.row if same else place.far)
    supported = len(found) == 1 and bool(_only(others, place.near, rival.far))
    return bool(found) and not supported and not _only(pairs, place.near, rival.row if same else rival.far)


def _moved(marks: Iterable[Mark], there: frozenset[Mark], here: frozenset[Mark]) -> bool:
    return bool(_only(marks, there, here)) and not _only(marks, here, there)


def _only(marks: Iterable[Mark], here: frozenset[Mark], there: frozenset[Mark]) -> set[Mark]:
    return {mark for mark in marks if mark in here and mark not in there}


@lru_cache(maxsize=1)
def _actors() -> frozenset[Mark]:
    phrases = [exact(phrase) for line in data_lines("wording_actors.txt") for phrase in line.split(",")]
    return frozenset(phrase[0] if len(phrase) == 1 else (phrase[0], phrase[1]) for phrase in phrases)
