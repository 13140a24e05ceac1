"""What the documents hold as lists, for any channel: deadlines, people to call, software procedures, documents."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass
from datetime import date

from bot.people import Role, concerns
from rag.answers.base import vietnamese_date
from rag.documents import ENDED, Contact, Deadline, Document, Doubt, Provision, Reference, System, Validity
from rag.finding.search import Searcher
from rag.language.text import fold, squeeze
from rag.slots.due import due_of

SURE = 0.5
"""How surely a provision has to have been read not to be doubtful as a whole."""
_STEPS = re.compile(r"quy trình|thao tác|hướng dẫn", re.I)


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline with a day; ``days`` are left until then, negative when it has passed."""

    deadline: Deadline
    days: int
    provision: Provision
    label: str

    @property
    def day(self) -> str:
        """The day as the source means it: ``trước ngày 10/01/2026`` where that day itself is too late."""
        said, term = vietnamese_date(self.deadline.date), due_of(self.deadline)
        hour = f"{term.clock // 60:02}:{term.clock % 60:02} " if term and term.clock is not None else ""
        return f"trước {hour}ngày {said}" if term and term.included is False else f"{hour}ngày {said}" if hour else said

    @property
    def key(self) -> str:
        """What names the deadline, the same after every reindex."""
        return f"{self.provision.document}|{self.provision.section}|{self.deadline.date}|{squeeze(self.deadline.what)[:80]}"


@dataclass(frozen=True, slots=True)
class Listed:
    """A record with where it stands."""

    provision: Provision
    label: str


@dataclass(frozen=True, slots=True)
class ListedContact(Listed):
    """Somebody to call."""

    contact: Contact


@dataclass(frozen=True, slots=True)
class Procedure(Listed):
    """A provision that tells what to do in a software, with the addresses it names."""

    addresses: tuple[str, ...]


def deadlines(searcher: Searcher, today: date, role: Role | None = None) -> list[Due]:
    """Return the deadlines that concern ``role`` and stand in documents still in force: the coming ones first, then the passed ones."""
    found = []
    records = [record for record in searcher.store.records(Deadline) if record.date and due_of(record)]
    provisions = searcher.store.provisions({record.provision for record in records})
    for record in records:
        provision = provisions[record.provision]
        if searcher.validity(provision.document, today) in ENDED or not concerns(record, role):
            continue
        days = (date.fromisoformat(record.date) - today).days
        found.append(Due(record, days, provision, label_of(searcher, provision, record.quote)))
    return sorted(found, key=lambda due: (due.days < 0, abs(due.days)))


def label_of(searcher: Searcher, provision: Provision, quote: str) -> str:
    """Return how the words of a provision are cited: by the page on which they stand, as answers do."""
    return searcher.label(provision, provision.page_at(max(provision.text.find(quote), 0)))


@dataclass(frozen=True, slots=True)
class Recurring(Listed):
    """A deadline that comes again and again, or within a term; it has no day of its own."""

    deadline: Deadline


def recurring(searcher: Searcher, today: date, role: Role | None = None) -> list[Recurring]:
    """Return the deadlines without a day that concern ``role`` and stand in documents still in force, in reading order."""
    records = [record for record in searcher.store.records(Deadline) if not record.date and record.recurrence]
    provisions = searcher.store.provisions({record.provision for record in records})
    return [
        Recurring(provision, label_of(searcher, provision, record.quote), record)
        for record in records
        if (provision := provisions[record.provision])
        and searcher.validity(provision.document, today) not in ENDED
        and concerns(record, role)
    ]


def contacts(searcher: Searcher, documents: Set[str] | None = None) -> list[ListedContact]:
    """Return everybody whom the documents say to call, or these ``documents`` do, each number once."""
    records = searcher.contacts
    if documents is not None:
        of = searcher.store.documents_of({record.provision for record in records})
        records = [record for record in records if of[record.provision] in documents]
    provisions = searcher.store.provisions({record.provision for record in records})
    found: dict[tuple[str, str, str], ListedContact] = {}
    for record in sorted(records, key=lambda record: not record.role):
        provision = provisions[record.provision]
        known = (record.name, record.phone or record.email, "")
        found.setdefault(known, ListedContact(provision, label_of(searcher, provision, record.quote), record))
    return list(found.values())


@dataclass(frozen=True, slots=True)
class ListedSystem(Listed):
    """A software, site or form."""

    system: System


def systems(searcher: Searcher) -> list[ListedSystem]:
    """Return every address that the documents send people to once, as the provision that says most of it does."""
    records = searcher.systems
    provisions = searcher.store.provisions({record.provision for record in records})
    found: dict[str, ListedSystem] = {}
    for record in sorted(records, key=lambda record: -len(record.name)):
        provision = provisions[record.provision]
        found.setdefault(record.address.rstrip("/"), ListedSystem(provision, label_of(searcher, provision, record.quote), record))
    return sorted(found.values(), key=lambda listed: listed.provision.id)


def procedures(searcher: Searcher) -> list[Procedure]:
    """Return the provisions that send people to a software or form, those under a heading that promises steps first."""
    addresses: dict[int, dict[str, None]] = {}
    for system in searcher.systems:
        addresses.setdefault(system.provision, {})[system.address] = None
    provisions = searcher.store.provisions(addresses)
    ordered = sorted(provisions.values(), key=lambda provision: not _STEPS.search(" ".join(provision.headings)))
    return [Procedure(provision, searcher.label(provision), tuple(addresses[provision.id])) for provision in ordered]


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """A document and the validity it has today."""

    document: Document
    validity: Validity


def documents(searcher: Searcher, today: date) -> list[ListedDocument]:
    """Return every document, those loaded in full first."""
    ordered = sorted(searcher.documents.values(), key=lambda document: not document.present)
    return [ListedDocument(document, searcher.validity(document.number, today)) for document in ordered]


def speaks_of(document: Document, wanted: str, *more: str) -> bool:
    """Say whether what is known of a document, and ``more``, has all the words ``wanted``, with or without their marks."""
    words = fold(wanted).split()
    said = fold(" ".join((document.number, document.title, document.issuer, document.kind, *more))) if words else ""
    return all(word in said for word in words)


def named_in(searcher: Searcher, document: Document) -> list[tuple[Reference, Listed]]:
    """Return where other documents name this one, a provision each once."""
    found: dict[int, tuple[Reference, Listed]] = {}
    for reference, provision in searcher.references(document.number):
        found.setdefault(provision.id, (reference, Listed(provision, searcher.label(provision))))
    return list(found.values())


def is_doubtful(provision: Provision, words: str) -> bool:
    """Say whether a doubtful reading of the source stands in these words."""
    return any(doubt.reading in words for doubt in provision.doubts) or provision.confidence < SURE


def doubts_in(provision: Provision, *shown: str) -> list[Doubt]:
    """Return the doubtful readings that touch what is shown of a record, not those elsewhere in the sentence around it.

    One without a reading stands for a provision that is doubtful as a whole.
    """
    said = [folded for words in shown if (folded := fold(squeeze(words)))]
    found = {
        doubt.reading: doubt
        for doubt in provision.doubts
        if (reading := fold(squeeze(doubt.reading))) and any(reading in words or words in reading for words in said)
    }
    if provision.confidence < SURE:
        found[""] = Doubt("", "low", "")
    return list(found.values())


def parties(deadline: Deadline) -> str:
    """Return who owes something to whom, as far as the source says it: ``Hiệu trưởng → Sở``."""
    return " → ".join(party for party in (deadline.who, deadline.to) if party)


def days_left(days: int) -> str:
    """Return how long it is until a day, as people say it; ``days`` are negative when it has passed."""
    return "hôm nay" if days == 0 else f"còn {days} ngày" if days > 0 else f"đã qua {-days} ngày"
