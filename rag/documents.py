"""The words all of Tra Cứu uses: documents, provisions, records, citations, answers.

Dates are ISO strings (``2026-01-10``) or empty; page numbers start at 1, and 0 means "the source has no pages".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ReadAs = Literal["text", "ocr", "transcription"]
Validity = Literal["in_force", "amended", "replaced", "expired", "not_yet", "unknown"]
Status = Literal["answered", "offered", "not_found", "chat"]
ProvisionKind = Literal[
    "head",
    "part",
    "chapter",
    "section",
    "article",
    "clause",
    "point",
    "bullet",
    "item",
    "annex",
    "closing",
    "signature",
]


@dataclass(frozen=True, slots=True)
class Document:
    """A document (văn bản), either loaded in full or only named by another one (``present=False``)."""

    number: str
    kind: str = ""
    issuer: str = ""
    title: str = ""
    issued: str = ""
    effective: str = ""
    validity: Validity = "unknown"
    validity_by: str = ""
    source: str = ""
    checksum: str = ""
    read_as: ReadAs = "text"
    confidence: float = 1.0
    present: bool = True
    pages: int = 0
    url: str = ""


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote (chú thích) tied to the provision that carries its mark; ``anchor`` is the clause it is a note on."""

    mark: str
    text: str
    page: int
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A reading of the source that may be wrong: ``reading`` as printed in our text, and why it is doubted."""

    reading: str
    certainty: Literal["low", "medium", "high"]
    why: str


@dataclass(frozen=True, slots=True)
class Provision:
    """A node of a document's tree (phần, chương, mục, điều, khoản, điểm, gạch đầu dòng, phụ lục …).

    ``text`` is the node's own text, verbatim, without its heading and without its children. An inline enumeration
    ``(1) …; (2) …`` makes child nodes of kind ``item`` whose text is a part of the parent's (``inline=True``).
    ``page_starts`` says where in ``text`` a new page begins: ``((0, 2), (181, 3))``.
    """

    id: int
    document: str
    section: str
    kind: ProvisionKind
    label: str
    heading: str
    text: str
    page: int
    parent: int | None = None
    headings: tuple[str, ...] = ()
    page_starts: tuple[tuple[int, int], ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    inline: bool = False
    confidence: float = 1.0

    @property
    def whole_text(self) -> str:
        """Its heading, text and footnotes, one below the other."""
        return "\n".join([self.heading, self.text, *(note.text for note in self.footnotes)])

    @property
    def outer(self) -> int:
        """The id of the provision that people mean: of an inline item the one it stands in, of any other its own."""
        return self.parent if self.inline and self.parent is not None else self.id

    def page_at(self, offset: int) -> int:
        """The page on which the character ``offset`` of ``text`` stands."""
        page = self.page
        for start, number in self.page_starts:
            if start <= offset:
                page = number
        return page


@dataclass(frozen=True, slots=True)
class Deadline:
    """Who owes what to whom, by when (thời hạn). ``date`` is ISO, or empty when only ``recurrence`` is known."""

    what: str
    who: str
    to: str
    when: str
    date: str
    recurrence: str
    provision: int
    quote: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A person or desk to call (đầu mối liên hệ)."""

    name: str
    role: str
    phone: str
    channel: str
    email: str
    provision: int
    quote: str


@dataclass(frozen=True, slots=True)
class System:
    """A software, site or form (hệ thống, phần mềm, biểu mẫu) with its address."""

    name: str
    address: str
    purpose: str
    provision: int
    quote: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A document named in a provision (văn bản được viện dẫn)."""

    number: str
    kind: str
    issuer: str
    issued: str
    title: str
    provision: int
    quote: str


Record = Deadline | Contact | System | Reference


@dataclass(frozen=True, slots=True)
class Citation:
    """The source of a fact; ``quote`` stands verbatim in the document."""

    document: str
    section: str
    page: int
    quote: str
    label: str
    validity: Validity = "unknown"
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Related:
    """A provision near the question that does not answer it; ``title`` is its heading, or how it begins."""

    document: str
    section: str
    page: int
    label: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """What a language model wrote on an answer, every sentence held to its source; ``[n]`` is ``citations[n - 1]``."""

    text: str
    citations: tuple[Citation, ...]
    model: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the reader gets.

    ``answered`` always has a citation and stands behind it; ``offered`` has up to three and claims nothing. ``wording``
    comes below the text, where there is one.
    """

    question: str
    status: Status
    text: str
    citations: tuple[Citation, ...] = ()
    related: tuple[Related, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    kind: str = ""
    wording: Wording | None = None
