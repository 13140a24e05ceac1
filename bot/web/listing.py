"""Documents, provisions and records as the API and the pages give them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot import records
from bot.people import ROLES, Role
from bot.records import Due, is_doubtful
from bot.web.addresses import addresses, find_section
from bot.web.list_schemas import (
    ContactOut,
    ContactsOut,
    DeadlineOut,
    DeadlinesOut,
    DocumentOut,
    DoubtOut,
    ProvisionOut,
    SignatureOut,
    SystemOut,
)
from bot.web.problems import Refused
from ingest.signing import told
from ingest.trust import TrustRoots
from rag.answers.base import sentence_case
from rag.documents import Deadline, Document, Provision
from rag.finding.search import Searcher


def document_out(searcher: Searcher, document: Document, today: date, roots: TrustRoots) -> DocumentOut:
    """Return a document with what holds of it today; ``roots``: whose certificates are trusted."""
    return DocumentOut(
        number=document.number,
        numbered=document.numbered,
        kind=document.kind,
        issuer=document.issuer,
        title=document.title,
        issued=document.issued,
        effective=document.effective,
        validity=searcher.validity(document.number, today),
        validity_by=document.validity_by,
        validity_source=document.validity_source,
        followed_by=document.followed_by,
        present=document.present,
        pages=document.pages,
        read_as=document.read_as if document.present else "",
        url=document.url,
        address=addresses(searcher).of(document.number),
        signatures=[
            SignatureOut(
                signer=signature.signer,
                organisation=signature.organisation,
                time=signature.time,
                timestamped=signature.timestamped,
                state=signature.state,
                trust=roots.of_signer(signature),
                text=line.text,
            )
            for signature, line in zip(document.signatures, told(document.signatures, roots, today), strict=True)
        ],
    )


def provision_out(searcher: Searcher, provision: Provision) -> ProvisionOut:
    """Return a provision with its own text."""
    return ProvisionOut(
        document=provision.document,
        section=provision.section,
        label=searcher.label(provision),
        heading=provision.heading,
        headings=list(provision.headings),
        text=provision.text,
        page=provision.page,
        address=addresses(searcher).of(provision.document, provision.section),
    )


def deadlines_out(searcher: Searcher, today: date, role: Role | None) -> DeadlinesOut:
    """Return the deadlines that concern ``role``."""
    dated = [_deadline(searcher, due.deadline, due.provision, due.days) for due in records.deadlines(searcher, today, role)]
    again = [_deadline(searcher, found.deadline, found.provision, None) for found in records.recurring(searcher, today, role)]
    return DeadlinesOut(today=today.isoformat(), deadlines=[*dated, *again])


def _deadline(searcher: Searcher, deadline: Deadline, provision: Provision, days: int | None) -> DeadlineOut:
    return DeadlineOut(
        what=sentence_case(deadline.what),
        who=deadline.who,
        to=deadline.to,
        when=deadline.when,
        date=deadline.date,
        recurrence=deadline.recurrence,
        days_left=days,
        document=provision.document,
        section=provision.section,
        label=records.label_of(searcher, provision, deadline.quote),
        quote=deadline.quote,
        doubtful=is_doubtful(provision, deadline.quote),
        doubts=doubts_in(provision, deadline.what, deadline.who, deadline.to, deadline.when),
        address=addresses(searcher).of(provision.document, provision.section),
    )


def doubts_in(provision: Provision, *shown: str) -> list[DoubtOut]:
    """Return the doubtful readings that touch what is shown of a record, for the API and the pages."""
    found = records.doubts_in(provision, *shown)
    return [DoubtOut(reading=doubt.reading, certainty=doubt.certainty, why=doubt.why) for doubt in found]


def paths_of(searcher: Searcher, dues: list[Due]) -> dict[str, str]:
    """Return the path of the provision of each deadline, by its key."""
    return {due.key: addresses(searcher).of(due.provision.document, due.provision.section) for due in dues}


def contacts_out(searcher: Searcher) -> ContactsOut:
    """Return whom to call and which systems there are."""
    found = addresses(searcher)
    return ContactsOut(
        contacts=[
            ContactOut(
                name=listed.contact.name,
                role=listed.contact.role,
                phone=listed.contact.phone,
                email=listed.contact.email,
                channel=listed.contact.channel,
                document=listed.provision.document,
                section=listed.provision.section,
                label=listed.label,
                quote=listed.contact.quote,
                doubtful=is_doubtful(listed.provision, listed.contact.quote),
                doubts=doubts_in(listed.provision, listed.contact.name, listed.contact.role, listed.contact.phone, listed.contact.email),
                address=found.of(listed.provision.document, listed.provision.section),
            )
            for listed in records.contacts(searcher)
        ],
        systems=[
            SystemOut(
                name=listed.system.name,
                url=listed.system.address,
                purpose=listed.system.purpose,
                document=listed.provision.document,
                section=listed.provision.section,
                label=listed.label,
                quote=listed.system.quote,
                doubtful=is_doubtful(listed.provision, listed.system.quote),
                doubts=doubts_in(listed.provision, listed.system.name, listed.system.address, listed.system.purpose),
                address=found.of(listed.provision.document, listed.provision.section),
            )
            for listed in records.systems(searcher)
        ],
    )


def role_called(key: str) -> Role | None:
    """Return a role by its key; none for an empty one. Raises ``Refused``."""
    if key and key not in ROLES:
        raise Refused(422, f"Không có vai trò “{key}”. Có: {', '.join(ROLES)}.", f"No such role. There are: {', '.join(ROLES)}.")
    return ROLES.get(key)


def found_document(searcher: Searcher, written: str) -> Document:
    """Return the document that a number or an address means. Raises ``Refused``."""
    number = addresses(searcher).number(written)
    if number is None:
        raise Refused(404, f"Trong kho không có văn bản {written[:80]}.", "There is no such document.")
    return searcher.documents[number]


def found_section(searcher: Searcher, number: str, written: str) -> Provision:
    """Return the provision that a section path, or the end of an address, means. Raises ``Refused``."""
    found = find_section(searcher.store, number, written)
    if found is None:
        raise Refused(404, f"Văn bản {number} không có mục {written[:80]}.", "The document has no such section.")
    return found


def opening(found: Provision, part: Sequence[Provision]) -> Provision:
    """Return what names ``part``, all that stands at the path of ``found``: the part itself, not what closes it at the same path."""
    return part[0] if found.kind == "closing" else found
