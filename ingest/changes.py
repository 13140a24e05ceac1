"""What differs between two indexes: documents, and in them provisions added, removed and changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ingest.given import FIELDS, STANDING
from rag.documents import Document, Provision
from rag.index.making import Contents
from rag.index.store import Store

HowChanged = Literal["added", "removed", "changed"]
HAS = "có"
"""What is said of a document whose text is there."""
_FIELDS = {
    "present": "toàn văn",
    **{name: FIELDS[name] for name in ("kind", "issuer", "title", "issued", "effective")},
    **{name: STANDING[name] for name in ("validity", "validity_by")},
    "validity_source": "nguồn của hiệu lực",
    "followed_by": "văn bản tiếp nối",
    "source": "tệp",
    "url": "địa chỉ",
}


@dataclass(frozen=True, slots=True)
class ProvisionChange:
    """A provision that came, went, or reads otherwise; ``text`` is how it begins now (or began, when it went)."""

    what: HowChanged
    section: str
    text: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What is known of a document and was otherwise; ``name`` is a field of ``Document``."""

    name: str
    before: str
    after: str

    @property
    def words(self) -> str:
        """What the field is called in Vietnamese."""
        return _FIELDS[self.name]


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """A document that came, went, or is not as it was.

    ``present``: its text is, or was, there; ``whole``: all of the text came or went.
    """

    what: HowChanged
    number: str
    title: str
    present: bool
    whole: bool = False
    fields: tuple[FieldChange, ...] = ()
    provisions: tuple[ProvisionChange, ...] = ()

    def count(self, what: HowChanged) -> int:
        """Return how many provisions came, went or changed."""
        return sum(change.what == what for change in self.provisions)


@dataclass(frozen=True, slots=True)
class IndexOutline:
    """The documents and provisions of an index, as they are compared."""

    documents: Mapping[str, Document] = field(default_factory=dict)
    provisions: Mapping[str, Sequence[Provision]] = field(default_factory=dict)

    @classmethod
    def of_store(cls, store: Store) -> IndexOutline:
        """Return the outline of a published snapshot."""
        documents = {document.number: document for document in store.documents()}
        return cls(documents, {number: store.of_document(number) for number, document in documents.items() if document.present})

    @classmethod
    def of_contents(cls, contents: Contents) -> IndexOutline:
        """Return the outline of what would be published."""
        provisions: dict[str, list[Provision]] = {}
        for provision in contents.provisions:
            provisions.setdefault(provision.document, []).append(provision)
        return cls({document.number: document for document in contents.documents}, provisions)


def compare(before: IndexOutline, after: IndexOutline) -> list[DocumentChange]:
    """Return what is not the same in two outlines, loaded documents first; empty when nothing differs."""
    changes = []
    for number in dict.fromkeys([*before.documents, *after.documents]):
        old, new = before.documents.get(number), after.documents.get(number)
        provisions = tuple(_provisions(before.provisions.get(number, ()), after.provisions.get(number, ())))
        fields = tuple(_fields(old, new)) if old and new else ()
        if old and new and not fields and not provisions:
            continue
        what: HowChanged = "changed" if old and new else "added" if new else "removed"
        known = new or old
        assert known is not None
        present = bool((old and old.present) or (new and new.present))
        whole = bool(old and old.present) != bool(new and new.present)
        changes.append(DocumentChange(what, number, known.title, present, whole, fields, provisions))
    return sorted(changes, key=lambda change: not change.present)


def _fields(old: Document, new: Document) -> Iterable[FieldChange]:
    for name in _FIELDS:
        before, after = _said(old, name), _said(new, name)
        if before != after:
            yield FieldChange(name, before, after)


def _said(document: Document, name: str) -> str:
    value = getattr(document, name)
    return (HAS if value else "chưa có") if name == "present" else str(value)


def _provisions(before: Sequence[Provision], after: Sequence[Provision]) -> Iterable[ProvisionChange]:
    old, new = _by_path(before), _by_path(after)
    for path, provision in new.items():
        if path not in old:
            yield ProvisionChange("added", provision.section, _wording(provision))
        elif _wording(provision) != _wording(old[path]):
            yield ProvisionChange("changed", provision.section, _wording(provision))
    for path, provision in old.items():
        if path not in new:
            yield ProvisionChange("removed", provision.section, _wording(provision))


def _by_path(provisions: Iterable[Provision]) -> dict[tuple[str, int], Provision]:
    """Provisions by section; where several have one section, by which of them it is."""
    seen: Counter[str] = Counter()
    found = {}
    for provision in provisions:
        found[provision.section, seen[provision.section]] = provision
        seen[provision.section] += 1
    return found


def _wording(provision: Provision) -> str:
    notes = (f"[{note.mark}] {note.text}" for note in provision.footnotes)
    return "\n".join(filter(None, [provision.heading, provision.text, *notes]))
