"""What a document's text says of places in that same document (``khoản 2 Điều 7``, ``Phụ lục 3``), as links there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rag.documents import Document, Provision
from rag.language.text import fold

_PLACE = re.compile(
    r"(?:điểm\s+(?P<point>[a-zđ])\s*,?\s*)?(?:khoản\s+(?P<clause>\d{1,3})\s*,?\s*)?Điều\s+(?P<article>\d{1,3}[a-zđ]?|này)(?![\w/])"
    r"|\bmục\s+(?P<section>[IVX]+(?:\.\d{1,2})*|\d{1,2}(?:\.\d{1,2})+)(?![\w/])"
    r"|\bphụ\s+lục\s+(?:số\s+)?(?P<annex>\d{1,2}|[IVX]+)(?![\w/])",
    re.IGNORECASE,
)
_FURTHER = re.compile(r"(?:[\s,;]+(?:và|hoặc|đến|khoản|điểm|điều|mục|phụ lục|\d{1,3}[a-zđ]?|[IVX]+|[a-zđ])(?!\w))*", re.IGNORECASE)
_DOCUMENT = re.compile(
    r"[\s,]*\(?(?:của|tại|trong|theo|ban hành|kèm theo|\s)*\s*(?:Thông tư|Nghị định|Luật|Bộ luật|Quyết định|Nghị quyết|Pháp lệnh|"
    r"Quy chế|Quy định|Điều lệ|Công văn|Kế hoạch|Hiến pháp|Hướng dẫn|Chỉ thị|Thông báo|Hiệp định|"
    r"Chương trình)(?P<this>[^.;,\n]{0,40}?\snày\b)?",
    re.IGNORECASE,
)
_PLACES = ("điều", "mục", "phụ")
_LOOKED_AT = 120  # characters after a place that say of which document it is
_ARTICLE = re.compile(r"Điều \d+\w?")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10"}


@dataclass(frozen=True, slots=True)
class Link:
    """Characters ``start`` to ``end`` of a text lead to ``address``."""

    start: int
    end: int
    address: str


class PlacesNamed:
    """Finds the places of one document that its own text names; a place that may be another document's is left alone."""

    def __init__(self, document: Document, provisions: Sequence[Provision], address: Callable[[str], str]) -> None:
        """``address`` says where a section path leads."""
        self._sections = {provision.section for provision in provisions}
        self._amends = "sua doi" in fold(document.title) or "sua doi" in fold(document.kind)
        self._address = address

    def links(self, text: str, provision: Provision) -> Iterator[Link]:
        """Yield the places that ``text``, a part of ``provision``, names."""
        lower = text.lower()
        if not any(word in lower for word in _PLACES):  # most paragraphs and cells: much quicker than the pattern
            return
        for found in _PLACE.finditer(text):
            if not self._is_elsewhere(text[found.end() : found.end() + _LOOKED_AT]) and (section := self._section(found, provision)):
                yield Link(*found.span(), self._address(section))

    def _is_elsewhere(self, following: str) -> bool:
        """Whether what follows says that the place is in another document; one that amends others mostly means those."""
        named = _DOCUMENT.match(following, _further(following))
        return not named["this"] if named else self._amends

    def _section(self, found: re.Match[str], provision: Provision) -> str:
        if found["annex"]:
            return self._known(f"PL{_ROMAN.get(found['annex'].lower(), found['annex'].lstrip('0'))}", "")
        annex = provision.section.partition(".")[0] if provision.section.startswith("PL") else ""
        if found["section"]:
            return self._known(found["section"].upper(), annex)
        article = found["article"]
        if article.lower() == "này":
            own = _ARTICLE.search(provision.section)
            article = own.group().removeprefix("Điều ") if own else ""
            if not found["clause"]:
                return ""  # the article in which the reader is
        whole = ".".join(part for part in (f"Điều {article}", found["clause"], found["clause"] and found["point"]) if part)
        while whole not in self._sections and f"{annex}.{whole}" not in self._sections and "." in whole:
            whole = whole.rpartition(".")[0]
        return self._known(whole, annex)

    def _known(self, section: str, annex: str) -> str:
        """The path of a place; none where an annex and the document itself both have it."""
        paths = {section, f"{annex}.{section}"} & self._sections
        return paths.pop() if len(paths) == 1 else ""


def _further(following: str) -> int:
    """Where a list of places (``, Điều 6 và Điều 7``) ends."""
    found = _FURTHER.match(following)
    return found.end() if found else 0
