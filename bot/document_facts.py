"""What a document is, and what of that should be looked at: for the verbs of admins and for their pages."""

from __future__ import annotations

from collections.abc import Container, Mapping

from ingest.given import FIELDS
from rag.documents import Document

RELATIONS = {"replaces": "thay thế", "repeals": "bãi bỏ", "amends": "sửa đổi, bổ sung"}
"""What a document does to others, by its name in the catalog."""


def facts_of(document: Document) -> dict[str, str]:
    """Return what a document is by ``FIELDS``; a file's name is no number."""
    return {name: str(getattr(document, name)) if name != "number" or document.numbered else "" for name in FIELDS}


def doubts_of(document: Document, beside: Container[str] = ()) -> list[str]:
    """Return what of a document should be looked at, a sentence each; without the readings ``beside`` which that is told."""
    return [f"Hãy kiểm tra “{doubt.reading}”: {doubt.why}." for doubt in document.doubts if doubt.reading not in beside]


def doubts_about(document: Document, facts: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the names of the ``facts`` that were read with doubt, each with the reasons."""
    found = {name: [doubt.why for doubt in document.doubts if doubt.reading == value] for name, value in facts.items() if value}
    return {name: reasons for name, reasons in found.items() if reasons}
