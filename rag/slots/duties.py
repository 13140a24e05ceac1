"""Whether: what a clause with a time in it demands, allows or merely tells, by closed classes of words (``rag/data/duties.txt``)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from rag.language.text import canonical, data_lines
from rag.slots.tokens import places

_WORD = re.compile(r"[^\W_]+|[^\w\s]")


@lru_cache(maxsize=1)
def duty_words() -> dict[str, tuple[str, ...]]:
    """Return the classes of words that tell a duty: class → phrases."""
    lines = (line.split(":", 1) for line in data_lines("duties.txt"))
    return {name.strip(): tuple(phrase.strip() for phrase in phrases.split(",")) for name, phrases in lines}


@lru_cache(maxsize=256)
def _phrases(classes: tuple[str, ...]) -> tuple[str, ...]:
    """The phrases of these classes, and those that hide a word of theirs."""
    return tuple(phrase for name in (*classes, "masked") for phrase in duty_words()[name])


@lru_cache(maxsize=256)
def _first_words(classes: tuple[str, ...]) -> frozenset[str]:
    """The words that phrases of these classes begin with: a clause with none of them has no such phrase."""
    return frozenset(canonical(phrase.split()[0]) for name in classes for phrase in duty_words()[name] if phrase)


@lru_cache(maxsize=1)
def _masked() -> frozenset[str]:
    return frozenset(" ".join(map(canonical, phrase.split())) for phrase in duty_words()["masked"])


class _Word(NamedTuple):
    """A word or mark of a text in its exact form, and where it stands."""

    exact: str
    start: int
    end: int


@lru_cache(maxsize=256)  # one text is looked at again and again
def _tokens_of(text: str) -> list[_Word]:
    return [_Word(canonical(found.group()), found.start(), found.end()) for found in _WORD.finditer(text)]


@dataclass(frozen=True)
class Clause:
    """A piece of text with its words in their exact form; places are characters of ``text``."""

    text: str

    @property
    def _tokens(self) -> list[_Word]:
        return _tokens_of(self.text)

    @cached_property
    def _row(self) -> list[str]:
        return [word.exact for word in self._tokens]

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(self._row)

    def spans(self, *classes: str) -> list[tuple[int, int]]:
        """Return where phrases of these classes stand, the longest at each place."""
        if self._words.isdisjoint(_first_words(classes)):
            return []
        found = [(start, end) for start, end in places(self._row, _phrases(classes)) if " ".join(self._row[start:end]) not in _masked()]
        return [(self._tokens[start].start, self._tokens[end - 1].end) for start, end in found]

    def has(self, *classes: str) -> bool:
        """Say whether a phrase of these classes stands in it."""
        return bool(self.spans(*classes))

    def opens_with(self, name: str, within: int = 1) -> bool:
        """Say whether a phrase of the class begins among its first ``within`` words."""
        limit = self._tokens[within - 1].start if len(self._tokens) >= within else len(self.text)
        return any(start <= limit for start, _ in self.spans(name))

    def ends_with(self, name: str) -> bool:
        """Say whether it ends in a phrase of the class."""
        end = self._tokens[-1].end if self._tokens else 0
        return any(stop == end for stop in self._stops(name))

    def _stops(self, name: str) -> list[int]:
        row, ends = self._row, [word.end for word in self._tokens]
        forms = [[canonical(word) for word in phrase.split()] for phrase in duty_words()[name]]
        return [ends[-1] for form in forms if form and row[-len(form) :] == form]

    @property
    def length(self) -> int:
        """The number of its words and marks."""
        return len(self._row)
