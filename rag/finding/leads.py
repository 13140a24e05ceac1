"""The sentences and headings that a provision goes on from: a child says nothing without them.

``Hút thuốc; uống rượu, bia`` is one thing below ``Các hành vi bị nghiêm cấm:`` and another below ``Trừ các trường hợp sau:``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rag.documents import Provision
from rag.index.store import Store
from rag.language.text import data_lines, normalise, sentences
from rag.slots.parties import NAMES, PHRASES, VERBS
from rag.slots.tokens import exact, places, says, tokens

_LISTED = ("clause", "point", "bullet", "item")
_LONGEST_HEADING = 160  # characters
_SHORT = 200
_UNDER = 120
_OPENING = 80
_ACTOR_WORDS = 6
_BEFORE_ACTORS = frozenset(exact("các đối với những"))


@dataclass(frozen=True, slots=True)
class Lead:
    """What a provision goes on from: verbatim in the text or the heading of ``provision``."""

    text: str
    provision: Provision

    @property
    def turns(self) -> bool:
        """Whether it turns the meaning of what follows: it forbids, denies, excepts."""
        return says(tokens(normalise(self.text)), _words("!"))


def leads_of(store: Store, provision: Provision) -> list[Lead]:
    """Return what a provision goes on from, the farthest first."""
    found: list[Lead] = []
    child = provision
    if _speaks(provision.heading, provision.text):
        found.append(Lead(provision.heading, provision))
    while child.kind in _LISTED and child.parent is not None:
        parent = store.provision(child.parent)
        found += [*_announced(store, child, parent), *_said_by(store, child, parent)]
        child = parent
    return [lead for at, lead in enumerate(found) if lead.text not in {other.text for other in found[:at]}][::-1]


def _said_by(store: Store, child: Provision, parent: Provision) -> Iterator[Lead]:
    """The sentence of the parent that the list follows, then its heading."""
    text = parent.text
    if child.inline:
        first = next(item for item in store.children(parent.id) if item.inline)
        text = text[: max(text.find(first.text), 0)]
    if last := _last_sentence(text):
        open_ended = last.endswith(":") or (len(last) < _UNDER and not last.endswith((".", ";", "./.")))
        if open_ended or child.inline:
            yield Lead(last, parent)
    if not child.inline and _speaks(parent.heading, child.text):
        yield Lead(parent.heading, parent)


def _announced(store: Store, child: Provision, parent: Provision) -> Iterator[Lead]:
    """A sibling that announces its neighbours (``… một số nhiệm vụ sau:`` then ``(1) …``)."""
    if child.inline:
        return
    before = [other for other in store.children(parent.id) if other.id < child.id and not other.inline]
    for other in reversed(before):
        if other.text.endswith(":") and not any(not below.inline for below in store.children(other.id)):
            if other.kind != child.kind or len(other.text) < _SHORT:
                yield Lead(_last_sentence(other.text), other)
            return
        if other.kind != child.kind:
            return


def _last_sentence(text: str) -> str:
    found = sentences(text)
    return text[slice(*found[-1])] if found else ""


def _speaks(heading: str, text: str) -> bool:
    """Whether a heading is half of what stands below it: it forbids, allows, excepts, announces, or says whose duty ``text`` is."""
    if not text or not heading or len(heading) > _LONGEST_HEADING:
        return False
    return _tells(heading) or (_opens_with_actor(heading) and not _opens_with_actor(text[:_OPENING]))


@lru_cache(maxsize=4096)
def _tells(heading: str) -> bool:
    row = tokens(normalise(heading))
    return says(row, _words("!")) or (not heading.isupper() and says(row, _words("")))


def _opens_with_actor(text: str) -> bool:
    row = tokens(normalise(text))
    opening = next((at for at, token in enumerate(row) if token not in _BEFORE_ACTORS), 0)
    first = next(places(row[opening : opening + _ACTOR_WORDS], PHRASES), None)
    return first is not None and first[0] == 0 and NAMES[tuple(row[opening : opening + first[1]])] not in ("", *VERBS)


@lru_cache(maxsize=2)
def _words(mark: str) -> tuple[str, ...]:
    """The phrases of headings; those with ``!`` count in capitals too, where most headings are only the name of a part."""
    lines = data_lines("lead_headings.txt")
    return tuple(line.removeprefix("!").strip() for line in lines if line.startswith("!") or not mark)
