"""What the API returns of documents, deadlines and whom to call; the rest stands in ``schemas``."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from rag.documents import Validity
from rag.signatures import SignatureState


class SignatureOut(BaseModel):
    """Who signed the file of a document, and what holds of it; ``text`` says it in Vietnamese."""

    signer: str
    organisation: str
    time: str
    timestamped: bool
    state: SignatureState
    trust: Literal["unchecked", "trusted", "untrusted"]
    text: str


class DocumentOut(BaseModel):
    """A document, loaded in full (``present``) or only named; where it is not ``numbered``, ``number`` is what it is called here."""

    number: str
    numbered: bool
    kind: str
    issuer: str
    title: str
    issued: str
    effective: str
    validity: Validity
    validity_by: str
    validity_source: str
    followed_by: str
    present: bool
    pages: int
    read_as: str
    url: str
    address: str
    signatures: list[SignatureOut]


class DocumentsOut(BaseModel):
    """The catalog."""

    documents: list[DocumentOut]


class ProvisionOut(BaseModel):
    """A provision of a document as read."""

    document: str
    section: str
    label: str
    heading: str
    headings: list[str]
    text: str
    page: int
    address: str


class DocumentText(BaseModel):
    """A document with its provisions, in order."""

    document: DocumentOut
    provisions: list[ProvisionOut]


class SectionText(BaseModel):
    """A section: itself, all that stands below it, and its whole text."""

    document: DocumentOut
    section: str
    label: str
    text: str
    provisions: list[ProvisionOut]


class DoubtOut(BaseModel):
    """Words of a record that may be misread; ``reading`` is empty where all of its place was read badly."""

    reading: str
    certainty: Literal["low", "medium", "high"]
    why: str


class DeadlineOut(BaseModel):
    """Who owes what to whom, by when; ``date`` is empty where it recurs (``recurrence``)."""

    what: str
    who: str
    to: str
    when: str
    date: str
    recurrence: str
    days_left: int | None
    document: str
    section: str
    label: str
    quote: str
    doubtful: bool
    doubts: list[DoubtOut] = []
    address: str


class DeadlinesOut(BaseModel):
    """Deadlines of the documents in force: the coming ones first, then the passed ones, then the recurring ones."""

    today: str
    deadlines: list[DeadlineOut]


class ContactOut(BaseModel):
    """A person or desk to call."""

    name: str
    role: str
    phone: str
    email: str
    channel: str
    document: str
    section: str
    label: str
    quote: str
    doubtful: bool
    doubts: list[DoubtOut] = []
    address: str


class SystemOut(BaseModel):
    """A software, site or form with its address."""

    name: str
    url: str
    purpose: str
    document: str
    section: str
    label: str
    quote: str
    doubtful: bool
    doubts: list[DoubtOut] = []
    address: str


class ContactsOut(BaseModel):
    """Whom to call and which systems there are."""

    contacts: list[ContactOut]
    systems: list[SystemOut]
