"""Addresses of documents and provisions: ``2607/SGDĐT-GDPT``, ``Điều 5.2`` ↔ ``/van-ban/2607-SGDDT-GDPT/Dieu-5.2``."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import quote
from weakref import WeakKeyDictionary

from rag.documents import Document, Provision
from rag.finding.search import Searcher
from rag.index.store import Store
from rag.language.numbers import document_slug, number_key
from rag.language.text import fold, squeeze, strip_marks
from rag.question.mentions import find_mentions

_LONGEST = 500
"""Characters of an address of ours, with all its parts; a longer one means nothing."""
_DIGITS = re.compile(r"\d+")
_LONE_D = re.compile(r"(?<!\w)đ(?!\w)")


def section_slug(section: str) -> str:
    """Return a section path as the end of an address (``Điều 5.2`` → ``Dieu-5.2``), not yet percent-encoded.

    A point ``đ`` becomes ``dd``: there is a point ``d`` beside it.
    """
    return re.sub(r"\s+", "-", strip_marks(_LONE_D.sub("dd", section)).strip())


class Addresses:
    """Which address means which document, in one index; two numbers that look alike get different addresses."""

    def __init__(self, documents: list[Document]) -> None:
        self._slugs: dict[str, str] = {}
        self._numbers: dict[str, str] = {}
        self._keys: dict[str, str] = {}
        self._most_parts = max((number_key(document.number).count("/") for document in documents), default=0) + 1
        for document in sorted(documents, key=lambda document: not document.present):
            slug, again = document_slug(document.number), 1
            while slug.lower() in self._numbers:
                again += 1
                slug = f"{document_slug(document.number)}.{again}"
            self._slugs[document.number] = slug
            self._numbers[slug.lower()] = document.number
            self._keys.setdefault(number_key(document.number), document.number)
        for document in documents:  # as the product itself calls them
            self._keys.setdefault(number_key(document.name), document.number)

    def number(self, written: str) -> str | None:
        """Return the number of the document that an address or a number (in any spelling) means."""
        if len(written) > _LONGEST:
            return None
        return self._numbers.get(written.lower()) or self._keys.get(number_key(written))

    def split(self, path: str) -> tuple[str, str] | None:
        """Take ``number/section`` apart, where both may contain slashes; the section may be missing."""
        if len(path) > _LONGEST:
            return None
        parts = path.strip("/").split("/")
        for end in range(min(len(parts), self._most_parts), 0, -1):
            if number := self.number("/".join(parts[:end])):
                return number, "/".join(parts[end:])
        return None

    def of(self, number: str, section: str = "") -> str:
        """Return the path of a document's or provision's page."""
        path = f"/van-ban/{quote(self._slugs.get(number) or document_slug(number))}"
        return f"{path}/{quote(section_slug(section))}" if section else path


_of_index: WeakKeyDictionary[Searcher, Addresses] = WeakKeyDictionary()


def addresses(searcher: Searcher) -> Addresses:
    """Return the addresses in the index that is searched; made once for each, and forgotten with it."""
    found = _of_index.get(searcher)
    if found is None:
        found = _of_index[searcher] = Addresses(list(searcher.documents.values()))
    return found


def find_section(store: Store, number: str, written: str) -> Provision | None:
    """Return the provision that a section path, or the end of an address, means; ``None`` when there is none.

    A label (``mục IV.2``) means what it stands on, and so does a place as questions name it (``phụ lục 4``).
    """
    if len(written) > _LONGEST:
        return None
    if exact := store.section(number, written):
        return exact
    provisions = store.of_document(number)
    for spelling in (_as_address, _bare):
        wanted = spelling(written)
        if found := next((provision for provision in provisions if spelling(provision.section) == wanted), None):
            return found
    wanted = _as_label(written)
    if found := next((provision for provision in provisions if _as_label(provision.label) == wanted), None):
        return store.section(number, found.section)
    path = find_mentions(written).path
    return store.section(number, path) if path and _names_all(path, written) else None


def _as_label(label: str) -> str:
    return squeeze(fold(_LONE_D.sub("dd", label)))


def _names_all(path: str, written: str) -> bool:
    """Whether no number was passed over: what is below a place that is there may not be."""
    return not Counter(_DIGITS.findall(written)) - Counter(_DIGITS.findall(path))


def _as_address(section: str) -> str:
    return section_slug(section).lower()


def _bare(section: str) -> str:
    return _as_address(section).replace("-", "")
