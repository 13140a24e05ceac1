"""The catalog: what is known of documents beyond their text, and which documents are named but not loaded.

Two files in the corpus folder, of one shape: ``catalog.yaml`` is kept by people, ``added.yaml`` by ``tracuu add``
(what the admin said of the files it copied there). Where both speak of a field, ``catalog.yaml`` wins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import yaml

from rag.documents import Document, Doubt, Provision, Reference
from rag.errors import ReadError
from rag.numbers import number_key

CATALOG = "catalog.yaml"
ADDED = "added.yaml"
GIVEN = ("number", "kind", "issuer", "issued", "title", "effective")
"""The fields that say what a document is."""

Entry = dict[str, Any]


@dataclass(frozen=True)
class Catalog:
    """Entries by document number and by file, each a mapping of what is known."""

    entries: tuple[Entry, ...] = ()
    added: tuple[Entry, ...] = ()

    @classmethod
    def load(cls, corpus: Path) -> Catalog:
        """Read the catalog of a corpus folder; absent files are empty. Raises ``ReadError``."""
        return cls(_entries(corpus / CATALOG), _entries(corpus / ADDED))

    def entry(self, number: str) -> Entry:
        """Return what is known of a document, empty when nothing is."""
        key = number_key(number)
        return {**self._by_number[1].get(key, {}), **self._by_number[0].get(key, {})}

    def entry_of_file(self, name: str) -> Entry:
        """Return what the entry says that is this file's."""
        return {**_of_file(self.added, name), **_of_file(self.entries, name)}

    def with_added(self, entries: Iterable[Entry], without: Iterable[str] = ()) -> Catalog:
        """Return the catalog with other added entries; those of the same files, and of the files ``without``, go."""
        new = tuple(entries)
        gone = {entry["file"] for entry in new} | set(without)
        return replace(self, added=(*(entry for entry in self.added if entry.get("file") not in gone), *new))

    def save_added(self, corpus: Path) -> None:
        """Write ``added.yaml``, or delete it when there is nothing in it. Raises ``OSError``."""
        path = corpus / ADDED
        if not self.added:
            path.unlink(missing_ok=True)
            return
        head = "# Viết bởi `tracuu add`: điều người quản trị đã khai khi nạp. Muốn sửa, hãy ghi vào catalog.yaml (được ưu tiên).\n"
        new = path.with_name(f".{ADDED}.new")
        new.write_text(head + yaml.safe_dump({"documents": list(self.added)}, allow_unicode=True, sort_keys=False), encoding="utf-8")
        new.replace(path)

    @cached_property
    def _by_number(self) -> tuple[dict[str, Entry], dict[str, Entry]]:
        kept, added = ({number_key(str(e["number"])): e for e in reversed(part)} for part in (self.entries, self.added))
        return kept, added


def _entries(path: Path) -> tuple[Entry, ...]:
    if not path.exists():
        return ()
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        entries = tuple(cast(list[Entry], content.get("documents", [])))
        if not all(isinstance(entry, dict) and entry.get("number") for entry in entries):
            raise ValueError("mỗi văn bản phải có `number`")
    except (yaml.YAMLError, UnicodeDecodeError, AttributeError, TypeError, ValueError) as error:
        raise ReadError(f"Không đọc được {path.name}: {' '.join(str(error).split())[:200]}") from error
    return entries


def _of_file(entries: Iterable[Entry], name: str) -> Entry:
    return next((entry for entry in entries if entry.get("file") == name), {})


def given_metadata(entry: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields of an entry that say what the document is, dates as ISO."""
    return {key: str(entry[key]) for key in GIVEN if entry.get(key)}


def described(document: Document, entry: Mapping[str, Any]) -> Document:
    """Return the document as the catalog describes it: what it is, and its official page."""
    given = given_metadata(entry)
    return replace(
        document,
        number=given.get("number", document.number),
        kind=given.get("kind", document.kind),
        issuer=given.get("issuer", document.issuer),
        issued=given.get("issued", document.issued),
        title=given.get("title", document.title),
        effective=given.get("effective", document.effective),
        url=str(entry.get("url", document.url)),
    )


def with_doubts(provisions: Iterable[Provision], entry: Mapping[str, Any]) -> list[Provision]:
    """Mark the provisions in whose text, heading or footnotes a doubtful reading of the catalog stands."""
    doubts = [
        (Doubt(str(d["reading"]), d.get("certainty", "low"), str(d.get("why", ""))), str(d.get("section", "")))
        for d in entry.get("doubts", [])
    ]
    marked = []
    for provision in provisions:
        text = "\n".join([provision.heading, provision.text, *(note.text for note in provision.footnotes)])
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
    for entry in (*catalog.entries, *catalog.added):
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
