"""Places by name, from ``rag/data/places.tsv``: provinces, old and new, and what is in them; where a text names one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rag.language.office_names import heads
from rag.language.text import canonical, data_lines, folded, has_marks, words

_PLACES = ("province", "district", "commune")
"""Tiers of ``offices.tsv`` that are places."""
_ANYTHING = frozenset(("so", "tinh", "quan", "xa", "phuong"))
"""Words before a place that are anything without their marks."""
_CROWDED = 0.5  # of the words of a text have a large first letter: then these say nothing
Name = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A place as it is written, and the provinces (of today) or countries in which one is called so."""

    name: str
    provinces: frozenset[str]

    @property
    def is_province(self) -> bool:
        """Whether it is, or was, a province of its own."""
        return is_province(tuple(map(folded, _exact(self.name))))


@dataclass(frozen=True, slots=True)
class Named:
    """A place in a text: ``words(text)[start:end]`` names it."""

    start: int
    end: int
    place: Place


@lru_cache(maxsize=1)
def _lines() -> list[tuple[str, str, list[str]]]:
    rows = (line.split("\t") for line in data_lines("places.tsv"))
    return [(today, before, [name.strip() for name in names.split(",") if name.strip()]) for today, before, names in rows]


@lru_cache(maxsize=1)
def provinces() -> tuple[str, ...]:
    """Return the names of Vietnam's provinces and cities, old and new, as they are written; of a double name both."""
    both = (name for today, before, _ in _lines() if before for whole in (today, before) for name in whole.split(" - "))
    return tuple(dict.fromkeys(both))


def is_province(plain: Name) -> bool:
    """Say whether folded words are the name of a province."""
    return plain in _plain_provinces()


@lru_cache(maxsize=1)
def _plain_provinces() -> frozenset[Name]:
    return frozenset(tuple(map(folded, _exact(name))) for name in provinces())


def is_abroad(province: str) -> bool:
    """Say whether what stands for the province of a place is another country."""
    return any(today == province and not before for today, before, _ in _lines())


@lru_cache(maxsize=1)
def places() -> dict[Name, Place]:
    """Return the places by the exact words of their names."""
    written: dict[Name, str] = {}
    within: dict[Name, set[str]] = {}
    own: dict[Name, str] = {}
    for today, before, names in _lines():
        whole = [today, *before.split(" - ")] if before else [today]
        own |= {_exact(name): today for name in whole}
        for name in (*whole, *names):
            written.setdefault(_exact(name), name)
            within.setdefault(_exact(name), set()).add(today)
    return {key: Place(name, frozenset([own[key]] if key in own else within[key])) for key, name in written.items()}


def place_called(name: str) -> Place | None:
    """Return the place that is written so, with the provinces of all that are alike without marks: it may have been typed so."""
    found = places_alike().get(tuple(map(folded, _exact(name))))
    return replace(found, name=name) if found else None


@lru_cache(maxsize=1)
def places_alike() -> dict[Name, Place]:
    """Return the places by their folded names; those that are alike without marks are one, unless one is a province."""
    found: dict[Name, Place] = {}
    for key, place in places().items():
        plain = tuple(map(folded, key))
        other = found.get(plain)
        found[plain] = Place(other.name, other.provinces | place.provinces) if other else place
    return found | {tuple(map(folded, key)): places()[key] for key in map(_exact, provinces())}


@lru_cache(maxsize=1)
def _longest() -> int:
    return max(map(len, places()))


def places_in(text: str, everyday: Collection[Name] = ()) -> list[Named]:
    """Return the places that a text names, in order, the longest name first where several begin at a word.

    A name typed without marks counts as well. One in small letters that is ``everyday`` words too (``can duoc``: Cần Đước,
    and ``cần được``) counts only behind what announces a place (``huyện Cần Đước``), unless it is a province's.
    """
    typed = words(text)
    exact = [canonical(word) for word in typed]
    plain = [folded(word) for word in exact]
    marked = [has_marks(word) for word in typed]
    large = [word[0].isupper() for word in typed]
    tells = sum(large) <= _CROWDED * len(large)
    found: list[Named] = []
    at = 0
    while at < len(typed):
        for size in range(min(_longest(), len(typed) - at), 0, -1):
            span = slice(at, at + size)
            place = places().get(tuple(exact[span])) or (None if any(marked[span]) else places_alike().get(tuple(plain[span])))
            if place is None:
                continue
            doubtful = tuple(exact[span]) in everyday and not place.is_province
            if not doubtful or (tells and all(large[span])) or _is_announced(exact, plain, at):
                found.append(Named(at, at + size, place))
                break
        at = found[-1].end if found and found[-1].start == at else at + 1
    return found


def is_everyday(text: str, one: Named, everyday: Collection[Name]) -> bool:
    """Say whether the words that name a place in a text are among ``everyday`` ones as they are typed."""
    typed = words(text)[one.start : one.end]
    return tuple(map(canonical, typed)) in everyday and not all(word[0].isupper() for word in typed)


def _is_announced(exact: Sequence[str], plain: Sequence[str], at: int) -> bool:
    for phrase, (tier, _) in heads().items():
        start = at - len(phrase)
        if tier not in _PLACES or start < 0:
            continue
        loose = tuple(map(folded, phrase))
        if tuple(exact[start:at]) == phrase or (tuple(plain[start:at]) == loose and loose[0] not in _ANYTHING):
            return True
    return False


def _exact(name: str) -> Name:
    return tuple(canonical(word) for word in words(name))
