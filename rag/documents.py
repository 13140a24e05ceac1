"""The words all of Tra Cứu uses: documents, provisions, records, citations, answers.

Dates are ISO strings (``2026-01-10``) or empty; page numbers start at 1, and 0 means "the source has no pages".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rag.signatures import Signature

ReadAs = Literal["text", "ocr", "transcription"]
Validity = Literal["in_force", "amended", "replaced", "expired", "not_yet", "unknown"]
ENDED: tuple[Validity, ...] = ("replaced", "expired")
"""No longer in force."""
NOT_IN_FORCE: tuple[Validity, ...] = (*ENDED, "not_yet")
"""Not in force: no longer, or not yet."""
CHANGED: tuple[Validity, ...] = ("amended", *ENDED)
"""What another document may have made of one."""
CAUTIONED: tuple[Validity, ...] = (*CHANGED, "not_yet")
"""What readers are warned of: what is written there is not, or not all, what holds."""
Status = Literal["answered", "offered", "not_found", "chat"]
NOTHING_CLAIMED: tuple[Status, ...] = ("offered", "not_found")
"""Answers that stand behind nothing."""
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
    "paragraph",
    "signature",
]

HEAD = "Mở đầu"
"""The section path of a head, and of what a body without numbers says."""
FRAME: tuple[ProvisionKind, ...] = ("head", "signature")
"""What stands around the text of a document."""
_CALLED = 90
"""Characters of a title that stands for a number."""

NO_SUCH_DAY = "ngày không có trong lịch"
"""Why a day like ``30/02`` is doubted."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A reading of the source that may be wrong: ``reading`` as printed in our text, and why it is doubted."""

    reading: str
    certainty: Literal["low", "medium", "high"]
    why: str

    @property
    def of_no_day(self) -> bool:
        """Whether it was read well, and is a day that no calendar has."""
        return self.why == NO_SUCH_DAY


@dataclass(frozen=True, slots=True)
class Document:
    """A document (văn bản), either loaded in full or only named by another one (``present=False``).

    ``validity_source``: where its validity is known from, when not from the loaded texts (``theo nguồn thứ cấp …``).
    ``followed_by``: what goes on with its matter without replacing it, such as next year's directive.
    ``office`` is what tells its issuer from others of its kind (``tỉnh Minh Lĩnh``, ``trường THCS Lê Lợi``), empty for one of
    the whole country; ``within`` are the names of the places that this is in, ``;`` between them.
    """

    number: str
    kind: str = ""
    issuer: str = ""
    title: str = ""
    issued: str = ""
    effective: str = ""
    validity: Validity = "unknown"
    validity_by: str = ""
    validity_source: str = ""
    followed_by: str = ""
    source: str = ""
    checksum: str = ""
    read_as: ReadAs = "text"
    confidence: float = 1.0
    present: bool = True
    pages: int = 0
    url: str = ""
    signatures: tuple[Signature, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    office: str = ""
    within: str = ""

    @property
    def numbered(self) -> bool:
        """Whether ``number`` is one that an office gave it, not the name of the file that it was read from."""
        return "/" in self.number

    @property
    def name(self) -> str:
        """What it is called: ``Công văn 2607/SGDĐT-GDPT``; without a number by its title, ``Quy chế đào tạo (08-quy-che)``."""
        if not self.numbered:
            return f"{self.called} ({self.number})" if self.called else self.number
        return self.number if self.number.lower().startswith(self.kind.lower()) else f"{self.kind} {self.number}"

    @property
    def called(self) -> str:
        """Its kind and, as far as it is short, its title."""
        title = self.title
        if self.kind and not title.lower().startswith(self.kind.lower()):
            title = f"{self.kind} {title[:1].lower()}{title[1:]}" if title[1:2].islower() else f"{self.kind} {title}"
        short = title.strip() if len(title) <= _CALLED else f"{title[:_CALLED].rpartition(' ')[0]}…"
        return short.strip(" ,")


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote (chú thích) tied to the provision that carries its mark; ``anchor`` is the clause it is a note on."""

    mark: str
    text: str
    page: int
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Provision:
    """A node of a document's tree (phần, chương, mục, điều, khoản, điểm, gạch đầu dòng, phụ lục …).

    ``text`` is the node's own text, verbatim, without its heading and without its children. An inline enumeration
    ``(1) …; (2) …`` makes child nodes of kind ``item`` whose text is a part of the parent's (``inline=True``).
    ``page_starts`` says where in ``text`` a new page begins: ``((0, 2), (181, 3))``. ``mark`` is what opens it on
    paper (``2.1.``, ``a)``, ``+``).
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
    mark: str = ""

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
    """Who owes what to whom, by when (thời hạn). ``date`` is ISO, or empty when only ``recurrence`` is known.

    Both are empty where the source names a day that is not in the calendar (``30/02``).
    """

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
    comes below the text, where there is one. ``why`` says to admins why nothing is claimed; readers never see it.
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
    why: str = ""
