"""Which words of its sources a claim repeats: one place for each of its words, chosen so that they stand together.

The best way through the sources is found as in a hidden Markov model of word alignment (Vogel, Ney and Tillmann, "HMM-Based
Word Alignment in Statistical Translation", COLING 1996): going on to the next word costs nothing, jumping costs more the
further it goes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise

from rag.slots.facts import Fact
from rag.slots.source import Source
from rag.slots.tokens import Row, Token, exact, unmarked

_SKIPPED = 1.0  # for a word that no source has
_GLUE_SKIPPED = 0.12
_FORWARD, _PER_WORD, _FAR = 0.3, 0.03, 10
_BACK, _AGAIN = 0.6, 0.9
_ROW, _SOURCE, _CONTEXT = 0.9, 1.0, 0.7
_CONTEXT_WORD = 0.05
_BEAM = 60
_TOGETHER = 2  # pairs of words in a row that make a sentence one that is repeated
GLUE = frozenset(
    exact(
        "là và các những của cho được có ở tại trong với theo để khi thì cần về đã sẽ một này đó bởi do vào ra lên mà cũng đang còn như "
        "từ đến tới hoặc hay việc phải sự cùng trên dưới hết ngày tháng năm trước sau nếu"
    )
)


Step = dict[int, tuple[int, int | None]]
"""By where a word was found, or the last one before it: where the one before that was, and where it stands itself."""


class Field:
    """The words and facts of sources in one row, with the sentence that each stands in."""

    def __init__(self, sources: Sequence[Source], read: Callable[[Row], Row]) -> None:
        """``read`` is done to every sentence first."""
        self.tokens: list[Token] = []
        self.rows: list[int] = []
        self._context: list[bool] = []
        self._source: list[int] = []
        self._words: dict[str, list[int]] = {}
        self._facts: list[int] = []
        number = 0
        for index, source in enumerate(sources):
            for context, rows in ((False, source.rows), (True, source.context_rows)):
                for row in rows:
                    self._add(read(row), number, context, index)
                    number += 1

    def _add(self, row: Sequence[Token], number: int, context: bool, source: int) -> None:
        for token in unmarked(row):
            if isinstance(token, Fact):
                self._facts.append(len(self.tokens))
            else:
                self._words.setdefault(token, []).append(len(self.tokens))
            self.tokens.append(token)
            self.rows.append(number)
            self._context.append(context)
            self._source.append(source)

    def step(self, token: Token, costs: dict[int, float], any_of_series: bool = False) -> tuple[dict[int, float], Step]:
        """Go on by one word or fact from where the last one was found, at what it costs; it may be any fact of its series."""
        skipped = _GLUE_SKIPPED if isinstance(token, str) and token in GLUE else _SKIPPED
        step: Step = {place: (place, None) for place in costs}
        new = {place: cost + skipped for place, cost in costs.items()}
        for place in self._places(token, any_of_series):
            cost, before = min((cost + self._jump(last, place), last) for last, cost in costs.items())
            if place not in new or cost < new[place]:
                new[place], step[place] = cost, (before, place)
        return dict(sorted(new.items(), key=lambda item: item[1])[:_BEAM]), step

    def repeated(self, claim: Sequence[Token]) -> list[list[Token]]:
        """Return the sentences whose words a claim repeats, and all headings."""
        together: Counter[int] = Counter()
        for one, two in pairwise(Way(self, claim).places):
            if one is not None and two == one + 1:
                together[self.rows[one]] += 1
        used = {row for row, pairs in together.items() if pairs >= _TOGETHER} or set(together)
        rows: dict[int, list[Token]] = {}
        for token, row, context in zip(self.tokens, self.rows, self._context, strict=True):
            if context or row in used:
                rows.setdefault(row, []).append(token)
        return list(rows.values())

    def _places(self, token: Token, any_of_series: bool) -> list[int]:
        if isinstance(token, str):
            return self._words.get(token, [])
        known = [(place, fact) for place in self._facts if isinstance(fact := self.tokens[place], Fact) and fact.series == token.series]
        return [place for place, fact in known if any_of_series or token.is_in(fact)]

    def _jump(self, last: int, place: int) -> float:
        extra = _CONTEXT_WORD if self._context[place] else 0.0
        if last < 0:
            return extra
        if self.rows[last] != self.rows[place]:
            if self._context[last] or self._context[place]:
                return _CONTEXT + extra
            return (_ROW if self._source[last] == self._source[place] else _SOURCE) + extra
        if place == last + 1:
            return extra
        if place > last:
            return _FORWARD + _PER_WORD * min(place - last - 1, _FAR) + extra
        return (_AGAIN if place == last else _BACK) + extra


class Way:
    """The best way of a claim (without marks) through a field; other ways from any of its places are gone from there on."""

    def __init__(self, field: Field, claim: Sequence[Token]) -> None:
        self._field = field
        self._claim = claim
        self._costs: list[dict[int, float]] = [{-1: 0.0}]  # before each word, by where the last one was found
        self._steps: list[Step] = []
        for token in claim:
            costs, step = field.step(token, self._costs[-1])
            self._costs.append(costs)
            self._steps.append(step)

    @property
    def cost(self) -> float:
        """What the way costs."""
        return min(self._costs[-1].values())

    @property
    def places(self) -> list[int | None]:
        """Where each word and fact stands, ``None`` for nowhere."""
        return _places(self._costs[-1], self._steps)

    def freed(self, at: int) -> tuple[float, int | None]:
        """Return what the way costs where the fact at ``at`` may be any of its series, and where that one stands."""
        costs, steps = self._costs[at], []
        for number, token in enumerate(self._claim[at:], at):
            costs, step = self._field.step(token, costs, number == at)
            steps.append(step)
        return min(costs.values()), _places(costs, steps)[0]


def _places(costs: dict[int, float], steps: Sequence[Step]) -> list[int | None]:
    last = min(costs, key=lambda place: costs[place])
    found: list[int | None] = []
    for step in reversed(steps):
        last, place = step[last]
        found.append(place)
    return found[::-1]


@lru_cache(maxsize=64)
def field_of(sources: tuple[Source, ...], read: Callable[[Row], Row] = tuple) -> Field:
    """Return the field of ``sources``, made once: every claim of a reply, as it grows, is laid along the same few."""
    return Field(sources, read)
