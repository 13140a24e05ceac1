"""The catalog: what is known of documents beyond their text, and which documents are named but not loaded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import yaml

from rag.documents import Document, Doubt, Provision, Reference, Validity
from rag.errors import ReadError
from rag.numbers import same_number

CATALOG = "catalog.yaml"


@dataclass(frozen=True, slots=True)
class Catalog:
    """``corpus/catalog.yaml``: entries by document number, each a mapping of what is known."""

    entries: tuple[dict[str, Any], ...] = ()

    @classmethod
    def load(cls, corpus: Path) -> Catalog:
        """Read the catalog of a corpus folder; an absent one is empty. Raises ``ReadError``."""
        path = corpus / CATALOG
        if not path.exists():
            return cls()
        try:
            content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
            entries = tuple(cast(list[dict[str, Any]], content.get("documents", [])))
            if not all(isinstance(entry, dict) and entry.get("number") for entry in entries):
                raise ValueError("mỗi văn bản phải có `number`")
        except (yaml.YAMLError, UnicodeDecodeError, AttributeError, ValueError) as error:
            raise ReadError(f"Không đọc được {path.name}: {' '.join(str(error).split())[:200]}") from error
        return cls(entries)

    def entry(self, number: str) -> dict[str, Any]:
        """Return what is known of a document, empty when nothing is."""
        return next((entry for entry in self.entries if same_number(str(entry["number"]), number)), {})

    def entry_of_file(self, name: str) -> dict[str, Any]:
        """Return the entry that says it is this file's."""
        return next((entry for entry in self.entries if entry.get("file") == name), {})


def given_metadata(entry: dict[str, Any]) -> dict[str, str]:
    """Return the fields of an entry that say what the document is, dates as ISO."""
    return {key: str(entry[key]) for key in ("number", "kind", "issuer", "issued", "title", "effective") if entry.get(key)}


def with_validity(document: Document, entry: dict[str, Any]) -> Document:
    """Return the document with the validity and address that the catalog gives it."""
    return replace(
        document,
        validity=cast(Validity, entry.get("validity", document.validity)),
        validity_by=str(entry.get("validity_by", document.validity_by)),
        url=str(entry.get("url", document.url)),
    )


def with_doubts(provisions: Iterable[Provision], entry: dict[str, Any]) -> list[Provision]:
    """Mark the provisions in whose text, heading or footnotes a doubtful reading of the catalog stands."""
    doubts = [
        (Doubt(str(d["reading"]), d.get("certainty", "low"), str(d.get("why", ""))), str(d.get("section", "")))
        for d in entry.get("doubts", [])
    ]
    marked = []
    for provision in provisions:
        text = "\n".join([provision.heading, provision.text, *(note.text for note in provision.footnotes)])
        found = tuple(doubt for doubt, section in doubts if doubt.reading in text and section in ("", provision.section))
        marked.append(replace(provision, doubts=found) if found else provision)
    return marked


def named_documents(references: Iterable[Reference], loaded: Iterable[str], catalog: Catalog) -> list[Document]:
    """Return the documents that are named but not loaded: from the catalog, else as the references describe them."""
    present = list(loaded)
    best: dict[str, Reference] = {}
    for reference in references:
        known = best.get(reference.number)
        if known is None or _fullness(reference) > _fullness(known):
            best[reference.number] = reference
    documents = [_from_reference(reference, catalog) for reference in best.values() if not _stands_in(reference.number, present)]
    seen = [*present, *best]
    documents += [_from_entry(entry) for entry in catalog.entries if not _stands_in(str(entry["number"]), seen)]
    return documents


def _stands_in(number: str, numbers: list[str]) -> bool:
    return any(same_number(number, other) for other in numbers)


def _fullness(reference: Reference) -> tuple[bool, bool, int]:
    return bool(reference.title), bool(reference.issued), len(reference.title)


def _from_reference(reference: Reference, catalog: Catalog) -> Document:
    entry = catalog.entry(reference.number)
    document = Document(
        number=str(entry.get("number", reference.number)),
        kind=str(entry.get("kind", reference.kind)),
        issuer=str(entry.get("issuer", reference.issuer)),
        title=str(entry.get("title", reference.title)),
        issued=str(entry.get("issued", reference.issued)),
        effective=str(entry.get("effective", "")),
        present=False,
    )
    return with_validity(document, entry)


def _from_entry(entry: dict[str, Any]) -> Document:
    return with_validity(Document(present=False, **given_metadata(entry)), entry)
