"""The catalog: what is known of documents beyond their text, and which documents are named but not loaded.

Two files in the corpus folder, of one shape: ``catalog.yaml`` is kept by people, ``added.yaml`` by ``tracuu add`` and
``edit`` (what the admin said of the files there) and ``tracuu remove`` (the documents that a collection is to be read
without). Where both speak of a field, ``added.yaml`` wins; both win over what is read from the text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from ingest.filenames import same_name
from ingest.given import FIELDS, SOURCE, STANDING, wrong_days
from rag.disk import read_yaml
from rag.documents import Document, Doubt, Provision, Reference
from rag.errors import ReadError
from rag.language.numbers import number_key

CATALOG = "catalog.yaml"
ADDED = "added.yaml"

Entry = dict[str, Any]


@dataclass(frozen=True)
class Catalog:
    """Entries by document number and by file, each a mapping of what is known; ``removed``: (file, number key)."""

    entries: tuple[Entry, ...] = ()
    added: tuple[Entry, ...] = ()
    removed: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def load(cls, corpus: Path) -> Catalog:
        """Read the catalog of a corpus folder; absent files are empty. Raises ``ReadError``."""
        added = _content(corpus / ADDED)
        try:
            removed = frozenset((str(row["file"]), number_key(str(row["number"]))) for row in added.get("removed", []))
        except (TypeError, KeyError) as error:
            raise ReadError(f"Không đọc được {ADDED}: phần `removed` viết sai.") from error
        return cls(_entries(_content(corpus / CATALOG), CATALOG, "number"), _entries(added, ADDED, "file"), removed)

    def entry(self, number: str) -> Entry:
        """Return what is known of a document, empty when nothing is."""
        key = number_key(number)
        return {**self._by_number[0].get(key, {}), **self._by_number[1].get(key, {})}

    def entry_of_file(self, name: str) -> Entry:
        """Return what the entry says that is this file's."""
        return {**_of_file(self.entries, name), **_of_file(self.added, name)}

    def entry_of(self, file: str, number: str) -> Entry:
        """Return what is known of a document read from a file, whose number was read as ``number``."""
        by_file = self.entry_of_file(file)
        return {**by_file, **self.entry(str(by_file.get("number") or number)), **_of_file(self.added, file)}

    def said_of(self, file: str) -> Entry:
        """Return what the admin said of a file."""
        return _of_file(self.added, file)

    def standing(self, document: Document) -> Entry:
        """Return what is known of a document's validity: of its number, and what the admin said of its file."""
        said = self.said_of(document.source) if document.present else {}
        return {**self.entry(document.number), **{name: said[name] for name in (*STANDING, SOURCE) if name in said}}

    def is_removed(self, file: str, number: str) -> bool:
        """Say whether this collection is to be read without this document."""
        key = number_key(number)
        return any(key == gone and same_name(file, name) for name, gone in self.removed)

    def with_added(self, entry: Entry) -> Catalog:
        """Return the catalog with what the admin says of a file; ``entry`` has ``file``."""
        return replace(self, added=(*self.without_files([entry["file"]]).added, entry))

    def with_edited(self, file: str, said: Mapping[str, str]) -> Catalog:
        """Return the catalog with what the admin now says of a file, beside what was said of it before."""
        entry = {**_of_file(self.added, file), "file": file, **said}
        return replace(self, added=(*(other for other in self.added if other.get("file") != file), entry))

    def without_files(self, names: Collection[str]) -> Catalog:
        """Return the catalog without what the admin said of these files."""
        return replace(
            self,
            added=tuple(entry for entry in self.added if not _is_one_of(entry["file"], names)),
            removed=frozenset(pair for pair in self.removed if not _is_one_of(pair[0], names)),
        )

    def with_removed(self, file: str, number: str) -> Catalog:
        """Return the catalog that leaves a document out of a collection."""
        return replace(self, removed=self.removed | {(file, number_key(number))})

    def save_added(self, corpus: Path) -> None:
        """Write ``added.yaml``, or delete it when there is nothing in it. Raises ``OSError``."""
        path = corpus / ADDED
        if not self.added and not self.removed:
            path.unlink(missing_ok=True)
            return
        head = "# Viết bởi `tracuu add`, `tracuu edit`, `tracuu remove`: điều người quản trị đã khai, được ưu tiên hơn catalog.yaml.\n"
        content: dict[str, list[Entry]] = {"documents": list(self.added)}
        if self.removed:
            content["removed"] = [{"file": file, "number": number} for file, number in sorted(self.removed)]
        new = path.with_name(f".{ADDED}.new")
        new.write_text(head + yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
        new.replace(path)

    @cached_property
    def _by_number(self) -> tuple[dict[str, Entry], dict[str, Entry]]:
        kept, added = ({number_key(str(e["number"])): e for e in reversed(part) if e.get("number")} for part in (self.entries, self.added))
        return kept, added


def _content(path: Path) -> Entry:
    if not path.exists():
        return {}
    try:
        content = read_yaml(path.read_text(encoding="utf-8")) or {}
        if not isinstance(content, dict):
            raise ValueError("cần phần `documents`")
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise ReadError(f"Không đọc được {path.name}: {' '.join(str(error).split())[:200]}") from error
    return content


def _entries(content: Entry, name: str, key: str) -> tuple[Entry, ...]:
    entries = content.get("documents") or []
    if not isinstance(entries, list) or not all(isinstance(entry, dict) and entry.get(key) for entry in entries):
        raise ReadError(f"Không đọc được {name}: mỗi văn bản phải có `{key}`.")
    said = tuple({field: value for field, value in entry.items() if value is not None} for entry in entries)
    for entry in said:
        if wrong := wrong_days({field: str(value) for field, value in entry.items()}):
            field, value = wrong[0], entry[wrong[0]]
            raise ReadError(
                f"Không đọc được {name}: {entry[key]}: `{field}: {value}` không phải một ngày có thật, viết năm-tháng-ngày như 2026-01-31."
            )
    return said


def _of_file(entries: Iterable[Entry], name: str) -> Entry:
    """What is said of the file of this name; else of one whose name only looks the same."""
    named = [entry for entry in entries if same_name(str(entry.get("file", "")), name)]
    return next((entry for entry in named if entry["file"] == name), named[0] if named else {})


def _is_one_of(file: object, names: Collection[str]) -> bool:
    return any(same_name(str(file), name) for name in names)


def given_metadata(entry: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields of an entry that say what the document is, dates as ISO; what is emptied on purpose is ``""``."""
    return {key: str(entry[key]) for key in FIELDS if entry.get(key) is not None}


def described(document: Document, entry: Mapping[str, Any]) -> Document:
    """Return the document as the catalog describes it: what it is, and its official page."""
    given = given_metadata(entry)
    return replace(
        document,
        number=given.get("number") or document.number,
        kind=given.get("kind", document.kind),
        issuer=given.get("issuer", document.issuer),
        issued=given.get("issued", document.issued),
        title=given.get("title", document.title),
        effective=given.get("effective", document.effective),
        url=str(entry.get("url", document.url)),
        followed_by=str(entry.get("followed_by", "")),
        doubts=_undecided(document, entry),
    )


def _undecided(document: Document, entry: Mapping[str, Any]) -> tuple[Doubt, ...]:
    """The doubts of a document that nobody has decided: its file's own entry says nothing of what was read."""
    said = given_metadata(entry) if entry.get("file") == document.source else {}
    decided = {getattr(document, name) for name in said}
    return tuple(doubt for doubt in document.doubts if doubt.reading not in decided)


def with_doubts(provisions: Iterable[Provision], entry: Mapping[str, Any]) -> list[Provision]:
    """Mark the provisions in whose text, heading or footnotes a doubtful reading of the catalog stands."""
    doubts = [
        (Doubt(str(d["reading"]), d.get("certainty", "low"), str(d.get("why", ""))), str(d.get("section", "")))
        for d in entry.get("doubts", [])
    ]
    marked = []
    for provision in provisions:
        text = provision.whole_text
        found = tuple(doubt for doubt, section in doubts if doubt.reading in text and section in ("", provision.section))
        marked.append(replace(provision, doubts=(*provision.doubts, *found)) if found else provision)
    return marked


def named_documents(references: Iterable[Reference], loaded: Iterable[str], catalog: Catalog) -> list[Document]:
    """Return the documents that are named but not loaded: from the catalog, else as the references describe them."""
    best: dict[str, Reference] = {}
    keys: dict[str, str] = {}  # of the spellings already seen
    for reference in references:
        key = keys.setdefault(reference.number, number_key(reference.number))
        known = best.get(key)
        if known is None or _fullness(reference) > _fullness(known):
            best[key] = reference
    present = {number_key(number) for number in loaded}
    documents = [_from_reference(reference, catalog) for key, reference in best.items() if key not in present]
    seen = {*present, *best, *(number_key(document.number) for document in documents)}
    for entry in catalog.entries:
        if (key := number_key(str(entry["number"]))) not in seen:
            seen.add(key)
            documents.append(described(Document(number=str(entry["number"]), present=False), catalog.entry(str(entry["number"]))))
    return documents


def _fullness(reference: Reference) -> tuple[bool, bool, int]:
    return bool(reference.title), bool(reference.issued), len(reference.title)


def _from_reference(reference: Reference, catalog: Catalog) -> Document:
    document = Document(
        number=reference.number,
        kind=reference.kind,
        issuer=reference.issuer,
        title=reference.title,
        issued=reference.issued,
        present=False,
    )
    return described(document, catalog.entry(reference.number))
