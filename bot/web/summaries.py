"""A document on one page, of its own words and records: who owes what by when, whom to call, what it leans on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from bot import records
from bot.records import Listed, parties
from bot.web.addresses import addresses
from bot.web.list_schemas import DoubtOut
from bot.web.listing import doubts_in
from bot.web.passages import outline
from rag.answers.base import sentence_case
from rag.documents import Contact, Deadline, Document, Provision, Reference, System, Validity
from rag.finding.search import Searcher
from rag.question.audience import Audience, audience_of
from rag.slots.due import due_of

_GROUPS: dict[Audience, str] = {"school": "Trường, trung tâm", "commune": "Xã, phường", "department": "Sở", "ministry": "Bộ"}
_UNNAMED = "Không nêu riêng đơn vị"
_DEEP = {"part": 0, "chapter": 0, "annex": 0, "section": 1, "article": 1}
_MOST = 60  # lines of an outline: beyond, its chapters alone


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the document: ``Mục IV.2, trang 8``; ``page`` alone says it in short."""

    label: str
    address: str
    page: str


class Chapter(NamedTuple):
    """A heading of the outline, how deep it stands (0: the highest), and where."""

    depth: int
    heading: str
    place: Place


@dataclass(frozen=True, slots=True)
class Duty:
    """A row of the table; ``days`` are left, negative when it has passed, ``None`` where it has no day.

    ``is_printed``: there is room for it on one sheet.
    """

    when: str
    what: str
    whom: str
    days: int | None
    place: Place
    doubts: list[DoubtOut]
    is_printed: bool = True


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to call."""

    contact: Contact
    place: Place
    doubts: list[DoubtOut]


@dataclass(frozen=True, slots=True)
class Tool:
    """A software, site or form."""

    system: System
    place: Place
    doubts: list[DoubtOut]


@dataclass(frozen=True, slots=True)
class Basis:
    """A document that this one names, with where it does so first."""

    number: str
    kind: str
    address: str
    place: Place
    present: bool
    validity: Validity


@dataclass(frozen=True, slots=True)
class Summary:
    """All of a page; ``duties`` by whom they are for, of which so many are ``unprinted``.

    ``chapters``: the outline where nothing is due. ``named``: by whom it is named.
    """

    document: Document
    validity: Validity
    duties: list[tuple[str, list[Duty]]]
    recurring: list[Duty]
    people: list[Person]
    tools: list[Tool]
    bases: list[Basis]
    chapters: list[Chapter]
    named: list[tuple[Reference, Listed]]
    unprinted: int = 0


class _Summing:
    """What the parts of a summary are made with."""

    def __init__(self, searcher: Searcher, document: Document, today: date) -> None:
        self._searcher, self._document, self._today = searcher, document, today
        self._store, self._addresses = searcher.store, addresses(searcher)
        self._provisions = {provision.id: provision for provision in self._store.of_document(document.number)}

    def whole(self) -> Summary:
        deadlines = self._store.records_of(self._provisions, Deadline)
        dated = sorted((each for each in deadlines if each.date and due_of(each)), key=lambda each: each.date)
        recurring = [each for each in deadlines if not each.date and each.recurrence]
        return Summary(
            document=self._document,
            validity=self._searcher.validity(self._document.number, self._today),
            duties=self._grouped(dated),
            recurring=list(map(self._duty, recurring)),
            people=list(self._people()),
            tools=list(self._tools()),
            bases=list(self._bases()),
            chapters=[] if dated or recurring else self._chapters(),
            named=[] if dated else records.named_in(self._searcher, self._document),
        )

    def _place(self, provision: Provision, quote: str = "") -> Place:
        number = provision.page_at(max(provision.text.find(quote), 0))
        page = f"trang {number}" if number and self._document.pages > 1 else ""
        label = sentence_case(", ".join(filter(None, (provision.label, page)))) or "Mở đầu"
        return Place(label, self._addresses.of(provision.document, provision.section), page or label)

    def _duty(self, deadline: Deadline) -> Duty:
        provision = self._provisions[deadline.provision]
        days = (date.fromisoformat(deadline.date) - self._today).days if deadline.date else None
        doubts = doubts_in(provision, deadline.what, deadline.who, deadline.to, deadline.when)
        return Duty(
            sentence_case(deadline.when),
            sentence_case(deadline.what),
            parties(deadline),
            days,
            self._place(provision, deadline.quote),
            doubts,
        )

    def _grouped(self, deadlines: Iterable[Deadline]) -> list[tuple[str, list[Duty]]]:
        """Schools first: it is they who ask most."""
        groups: dict[str, list[Duty]] = {}
        for deadline in sorted(deadlines, key=lambda each: min(self._ranks(each), default=len(_GROUPS))):
            named = [name for audience, name in _GROUPS.items() if audience in audience_of(deadline.who, deadline.to)]
            groups.setdefault("; ".join(named) or _UNNAMED, []).append(self._duty(deadline))
        return list(groups.items())

    @staticmethod
    def _ranks(deadline: Deadline) -> list[int]:
        return [list(_GROUPS).index(audience) for audience in audience_of(deadline.who, deadline.to)]

    def _people(self) -> Iterable[Person]:
        found: dict[tuple[str, str], Person] = {}
        for contact in sorted(self._store.records_of(self._provisions, Contact), key=lambda contact: not contact.role):
            provision = self._provisions[contact.provision]
            doubts = doubts_in(provision, contact.name, contact.role, contact.phone, contact.email)
            key = contact.name, contact.phone or contact.email
            found.setdefault(key, Person(contact, self._place(provision, contact.quote), doubts))
        return found.values()

    def _tools(self) -> Iterable[Tool]:
        found: dict[str, Tool] = {}
        for system in sorted(self._store.records_of(self._provisions, System), key=lambda system: -len(system.name)):
            provision = self._provisions[system.provision]
            doubts = doubts_in(provision, system.address)
            found.setdefault(system.address.rstrip("/"), Tool(system, self._place(provision, system.quote), doubts))
        return found.values()

    def _bases(self) -> Iterable[Basis]:
        found: dict[str, Basis] = {}
        for reference in self._store.records_of(self._provisions, Reference):
            known = self._searcher.documents.get(reference.number)
            if reference.number == self._document.number or known is None:
                continue
            provision = self._provisions[reference.provision]
            place = self._place(provision, reference.quote)
            validity = self._searcher.validity(known.number, self._today)
            basis = Basis(known.number, known.kind, self._addresses.of(known.number), place, known.present, validity)
            found.setdefault(known.number, basis)
        return sorted(found.values(), key=lambda basis: not basis.present)

    def _chapters(self) -> list[Chapter]:
        headed = [each for each, _ in outline(list(self._provisions.values())) if each.kind in _DEEP]
        if len(headed) > _MOST:
            headed = [each for each in headed if not _DEEP[each.kind]] or headed[:_MOST]
        return [Chapter(_DEEP[each.kind], each.heading or sentence_case(each.label), self._place(each)) for each in headed]


def summary(searcher: Searcher, document: Document, today: date) -> Summary:
    """Return a document on one page, as of ``today``; of one that is only named, what is known of it."""
    return _Summing(searcher, document, today).whole()
