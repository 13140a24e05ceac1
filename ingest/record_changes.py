"""What differs between two indexes in what they hold as records: deadlines moved, people and addresses replaced."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from ingest.changes import HowChanged
from rag.documents import Contact, Deadline, Provision, System
from rag.index.store import Store
from rag.language.text import fold, squeeze

R = TypeVar("R", Deadline, Contact, System)


@dataclass(frozen=True, slots=True)
class Placed(Generic[R]):
    """A record with the provision that it stands in."""

    record: R
    provision: Provision


@dataclass(frozen=True, slots=True)
class RecordChange(Generic[R]):
    """A record that came (no ``before``), went (no ``after``), or says otherwise."""

    before: Placed[R] | None
    after: Placed[R] | None

    @property
    def what(self) -> HowChanged:
        """Whether it came, went or changed."""
        return "added" if self.before is None else "removed" if self.after is None else "changed"

    @property
    def known(self) -> Placed[R]:
        """The record as it is, or as it was when it went."""
        known = self.after or self.before
        assert known is not None
        return known


def deadline_changes(before: Store, after: Store) -> list[RecordChange[Deadline]]:
    """Return the deadlines that are not the same in two stores."""
    return _changes(_placed(before, Deadline), _placed(after, Deadline), _deadline, (_duty, _where_due, _matter))


def contact_changes(before: Store, after: Store) -> list[RecordChange[Contact]]:
    """Return whom to call otherwise than before, each number once."""
    return _changes(_placed(before, Contact), _placed(after, Contact), _contact, (_person, _desk))


def system_changes(before: Store, after: Store) -> list[RecordChange[System]]:
    """Return the addresses that came or went, each once."""
    return _changes(_placed(before, System), _placed(after, System), _system, ())


def _deadline(placed: Placed[Deadline]) -> Hashable:
    record = placed.record
    said = (record.what, record.who, record.to, record.when, record.recurrence)
    return placed.provision.document, record.date, *map(_key, said)


def _duty(placed: Placed[Deadline]) -> Hashable:
    record = placed.record
    return placed.provision.document, placed.provision.section, _key(record.what), _key(record.who)


def _matter(placed: Placed[Deadline]) -> Hashable:
    return placed.provision.document, _key(placed.record.what), _key(placed.record.to)


def _where_due(placed: Placed[Deadline]) -> Hashable:
    return placed.provision.document, placed.provision.section, placed.record.date


def _contact(placed: Placed[Contact]) -> Hashable:
    return _key(placed.record.name), placed.record.phone or placed.record.email


def _person(placed: Placed[Contact]) -> Hashable:
    return placed.provision.document, _key(placed.record.name)


def _desk(placed: Placed[Contact]) -> Hashable:
    return placed.provision.document, placed.provision.section, _key(placed.record.role)


def _system(placed: Placed[System]) -> Hashable:
    return placed.record.address.rstrip("/")


def _key(words: str) -> str:
    return fold(squeeze(words))


def _placed(store: Store, kind: type[R]) -> list[Placed[R]]:
    records = store.records(kind)
    provisions = store.provisions({record.provision for record in records})
    return [Placed(record, provisions[record.provision]) for record in records]


def _changes(
    before: Sequence[Placed[R]],
    after: Sequence[Placed[R]],
    whole: Callable[[Placed[R]], Hashable],
    kinships: Sequence[Callable[[Placed[R]], Hashable]],
) -> list[RecordChange[R]]:
    """Leave out what both have; pair of the rest what is alike by the first kinship that pairs it with one alone."""
    old, new = _once(before, whole), _once(after, whole)
    gone = [placed for key, placed in old.items() if key not in new]
    come = [placed for key, placed in new.items() if key not in old]
    found: list[RecordChange[R]] = []
    for kinship in kinships:
        for placed in list(come):
            alike = [other for other in gone if kinship(other) == kinship(placed)]
            if len(alike) == 1 and sum(kinship(other) == kinship(placed) for other in come) == 1:
                found.append(RecordChange(alike[0], placed))
                gone.remove(alike[0])
                come.remove(placed)
    found += [RecordChange(None, placed) for placed in come]
    found += [RecordChange(placed, None) for placed in gone]
    return found


def _once(found: Sequence[Placed[R]], whole: Callable[[Placed[R]], Hashable]) -> dict[Hashable, Placed[R]]:
    kept: dict[Hashable, Placed[R]] = {}
    for placed in found:
        kept.setdefault(whole(placed), placed)
    return kept
