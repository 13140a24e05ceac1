"""Changes between two indexes as people read them, what concerns a teacher first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from bot.records import parties
from bot.render import VALIDITY_WORDS
from bot.web.templates import day
from ingest.changes import HAS, DocumentChange, FieldChange, IndexOutline, compare
from ingest.record_changes import Placed, R, RecordChange, contact_changes, deadline_changes, system_changes
from rag.answers.base import sentence_case
from rag.documents import Contact, Deadline, Document, Provision, System
from rag.index.store import Store
from rag.language.text import squeeze
from rag.question.audience import audience_of
from rag.slots.due import due_of

Kind = Literal["deadline", "document", "contact", "system", "named"]
Sign = Literal["added", "removed", "changed"]

_INTERNAL = ("source", "validity_source", "validity_by")
"""What of a document changes without meaning anything to who reads it, or is told together with its validity."""
_VALIDITY = {str(validity): words for validity, words in VALIDITY_WORDS.items()}
_MOST = 6  # sections that are named of a document whose text changed


@dataclass(frozen=True, slots=True)
class Told:
    """A change in words: a heading and lines under it; where it stands, and whom it concerns (``who``, ``to``: a deadline's)."""

    kind: Kind
    sign: Sign
    title: str
    lines: tuple[str, ...] = ()
    number: str = ""
    section: str = ""
    date: str = ""
    who: str = ""
    to: str = ""

    @classmethod
    def of_json(cls, fields: Mapping[str, Any]) -> Told:
        """Return the change that was kept as JSON, which knows no tuples."""
        return cls(**{**fields, "lines": tuple(fields["lines"])})


def told_changes(before: Store, after: Store) -> list[Told]:
    """Return what is not the same in two stores: what schools and communes must do by its day, then documents, contacts, systems."""
    documents = _outlines(before, after)
    deadlines = [_deadline(change) for change in deadline_changes(before, after) if _counts(change)]
    deadlines.sort(key=lambda told: (told.sign == "removed", told.date or "9999"))
    found = [
        *filter(_is_near, deadlines),
        *_documents(documents, _labels(documents, before, after)),
        *(_contact(change) for change in contact_changes(before, after)),
        *(_system(change) for change in system_changes(before, after)),
        *(told for told in deadlines if not _is_near(told)),
        *_named(documents),
    ]
    return list(dict.fromkeys(found))


def _is_near(told: Told) -> bool:
    """Whether a deadline may be one of schools or communes: theirs, or nobody's by name."""
    return not told.who or bool(audience_of(told.who, told.to) & {"school", "commune"})


def _outlines(before: Store, after: Store) -> list[DocumentChange]:
    """Compare documents; texts only of files that changed: what reads otherwise of the same file is no news."""
    old, new = ({document.number: document for document in store.documents()} for store in (before, after))
    changed = {number for number in {*old, *new} if _sum(old.get(number)) != _sum(new.get(number))}
    return compare(_outline(before, old, changed), _outline(after, new, changed))


def _sum(document: Document | None) -> str:
    return document.checksum if document and document.present else ""


def _outline(store: Store, documents: dict[str, Document], changed: set[str]) -> IndexOutline:
    return IndexOutline(documents, {number: store.of_document(number) for number in changed if number in documents})


def _labels(changes: Iterable[DocumentChange], *stores: Store) -> dict[tuple[str, str], str]:
    """How people call the places in the documents that read otherwise now, by number and section."""
    numbers = [change.number for change in changes if change.provisions]
    provisions = (provision for store in stores for number in numbers for provision in store.of_document(number))
    return {(provision.document, provision.section): provision.label for provision in provisions}


def _documents(changes: Iterable[DocumentChange], labels: Mapping[tuple[str, str], str]) -> Iterable[Told]:
    found = filter(None, (_document(change, labels) for change in changes))
    return sorted(found, key=lambda told: ("added", "changed", "removed").index(told.sign))


def _document(change: DocumentChange, labels: Mapping[tuple[str, str], str]) -> Told | None:
    fields = [each for each in change.fields if each.name not in ("present", *_INTERNAL)]
    if not change.present:
        fields = [each for each in fields if each.name == "validity"]
        if change.what != "changed" or not fields:
            return None  # only named, and told of in sum
    what = _came_or_went(change) if change.whole else change.what
    if what == "changed" and not fields and not change.provisions:
        return None
    head = {"added": "Thêm văn bản", "removed": "Bỏ văn bản", "changed": "Văn bản thay đổi:"}[what]
    lines = [sentence_case(squeeze(change.title))] if change.title else []
    if what == "changed":
        lines += [*map(_field, fields), *_texts(change, labels)]
    return Told("document", what, f"{head} {change.number}", tuple(lines), change.number)


def _came_or_went(change: DocumentChange) -> Sign:
    """Whether the whole text of a document came or went, also where the document was named before or still is."""
    if change.what != "changed":
        return change.what
    return "added" if any(each.name == "present" and each.after == HAS for each in change.fields) else "removed"


def _field(change: FieldChange) -> str:
    before, after = change.before, change.after
    if change.name == "validity":
        before, after = _VALIDITY.get(before, before), _VALIDITY.get(after, after)
    elif change.name in ("issued", "effective"):
        before, after = day(before), day(after)
    return f"{sentence_case(change.words)}: {before or 'chưa ghi'} → {after or 'không ghi nữa'}"


def _texts(change: DocumentChange, labels: Mapping[tuple[str, str], str]) -> Iterable[str]:
    for what, words in (("changed", "Sửa"), ("added", "Thêm"), ("removed", "Bỏ")):
        found = (labels.get((change.number, each.section), each.section) for each in change.provisions if each.what == what)
        sections = list(dict.fromkeys(filter(None, found)))
        if sections:
            more = f" và {len(sections) - _MOST} chỗ khác" if len(sections) > _MOST else ""
            yield f"{words} nội dung ở {'; '.join(sections[:_MOST])}{more}"


def _named(changes: Iterable[DocumentChange]) -> Iterable[Told]:
    numbers = [change.number for change in changes if change.what == "added" and not change.present]
    if numbers:
        more = f" và {len(numbers) - _MOST} văn bản khác" if len(numbers) > _MOST else ""
        said = f"{', '.join(numbers[:_MOST])}{more} (kho chưa có toàn văn)."
        yield Told("named", "added", f"{len(numbers)} văn bản được nhắc tới lần đầu", (said,))


def _counts(change: RecordChange[Deadline]) -> bool:
    """Whether something is, or was, due: not the day on which a document comes into force."""
    return any(bool(due_of(each.record)) if each.record.date else bool(each.record.recurrence) for each in _both(change))


def _both(change: RecordChange[R]) -> list[Placed[R]]:
    return [placed for placed in (change.before, change.after) if placed is not None]


def _deadline(change: RecordChange[Deadline]) -> Told:
    known, record = change.known, change.known.record
    head = {"added": "Thời hạn mới", "removed": "Không còn thời hạn", "changed": "Thời hạn đổi"}[change.what]
    lines = [*_when(change), parties(record)]
    if change.before and change.after:
        lines += _otherwise(_Field("Việc", change.before.record.what, record.what), _Field("Ai làm", change.before.record.who, record.who))
    return _told("deadline", change.what, f"{head}: {sentence_case(squeeze(record.what))}", lines, known.provision, record)


def _when(change: RecordChange[Deadline]) -> Iterable[str]:
    if change.before and change.after and change.before.record.when != change.after.record.when:
        yield f"{sentence_case(change.before.record.when)} → {change.after.record.when}"
    else:
        yield sentence_case(change.known.record.when)


class _Field(NamedTuple):
    """What is said of somebody or something, before and now."""

    name: str
    before: str
    after: str


def _otherwise(*fields: _Field) -> Iterable[str]:
    """Say which of these are not as they were; what only came or went besides speaks for itself."""
    for name, before, after in fields:
        if before and after and squeeze(before) != squeeze(after):
            yield f"{name}: {squeeze(before)} → {squeeze(after)}"


def _told(kind: Kind, sign: Sign, title: str, lines: Iterable[str], provision: Provision, record: Deadline | None = None) -> Told:
    due = (record.date, record.who, record.to) if record else ("", "", "")
    return Told(kind, sign, title, tuple(line for line in lines if line), provision.document, provision.section, *due)


def _contact(change: RecordChange[Contact]) -> Told:
    record = change.known.record
    head = {"added": "Đầu mối mới", "removed": "Không còn đầu mối", "changed": "Đầu mối đổi"}[change.what]
    lines = [sentence_case(record.role)]
    if change.before and change.after:
        old = change.before.record
        name, phone = _Field("Tên", old.name, record.name), _Field("Số máy", old.phone, record.phone)
        lines += _otherwise(name, phone, _Field("Thư", old.email, record.email))
    elif change.after:
        lines += [record.phone, record.email]
    return _told("contact", change.what, f"{head}: {record.name or record.channel or record.phone}", lines, change.known.provision)


def _system(change: RecordChange[System]) -> Told:
    record = change.known.record
    head = "Phần mềm, biểu mẫu mới" if change.what == "added" else "Không còn phần mềm, biểu mẫu"
    lines = [sentence_case(record.name or record.purpose)]
    return _told("system", change.what, f"{head}: {record.address}", lines, change.known.provision)
