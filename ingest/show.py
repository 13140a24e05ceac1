"""The text of a document or provision as it was read: provisions in order, each behind its own mark."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.documents import Document, Provision
from rag.errors import TracuuError
from rag.index.store import Store
from rag.language.numbers import same_number
from rag.language.text import fold

_COUNTER = re.compile(r" \[\d+\]$")
_LAST = re.compile(r"([^.()]+)\)?$")
_MARKS = {
    "chapter": "{}.",
    "article": "{}.",
    "part": "{}.",
    "section": "{}.",
    "clause": "{}.",
    "point": "{})",
    "item": "({})",
    "bullet": "-",
}


def text_of(store: Store, number: str, section: str = "") -> str:
    """Return the text of a document, or of one section with all below it, footnotes last.

    Raises ``TracuuError`` when there is no such document or section, or only its name is known.
    """
    document = loaded_document(store, number)
    provisions = store.of_document(document.number)
    return "\n".join(lines_of(below(provisions, section, document.number) if section else provisions))


def loaded_document(store: Store, number: str) -> Document:
    """Return the document of this number, in any spelling. Raises ``TracuuError`` where its text is not there."""
    found = [document for document in store.documents() if same_number(document.number, number)]
    if not found:
        raise TracuuError(f"Không có văn bản {number}. Xem các văn bản đang có: tracuu status")
    if not found[0].present:
        raise TracuuError(f"Văn bản {found[0].number} chỉ được nhắc tới, chưa có toàn văn.")
    return found[0]


def below(provisions: Sequence[Provision], section: str, number: str) -> list[Provision]:
    """Return the provisions whose path is ``section`` (in any spelling) and all their descendants."""
    wanted = spelling(section)
    kept: set[int] = set()
    for provision in provisions:
        if spelling(provision.section) == wanted or provision.parent in kept:
            kept.add(provision.id)
    if not kept:
        raise TracuuError(f"Văn bản {number} không có mục {section}. Xem cả văn bản: tracuu show {number}")
    return [provision for provision in provisions if provision.id in kept]


def spelling(section: str) -> str:
    """Return one spelling for all spellings of a section path."""
    return re.sub(r"\s+", "", fold(_COUNTER.sub("", section)))


def lines_of(provisions: Sequence[Provision]) -> list[str]:
    """Return provisions as lines, footnotes last."""
    ids = {provision.id for provision in provisions}
    lines = [_line(provision) for provision in provisions if not (provision.inline and provision.parent in ids)]
    notes = [f"[{note.mark}] {note.text}" for provision in provisions for note in provision.footnotes]
    return [*lines, *(["", *notes] if notes else [])]


def _line(provision: Provision) -> str:
    parts = [mark_of(provision), provision.heading]
    head = " ".join(part for part in parts if part)
    if provision.text and (provision.heading or provision.kind == "annex"):
        return f"{head}\n{provision.text}"
    return f"{head} {provision.text}".strip()


def mark_of(provision: Provision) -> str:
    """Return the mark that opens the provision on paper (``2.1.``, ``a)``, ``Điều 5.``).

    An article of a collection, and what an older version has read, has it from its path.
    """
    if provision.inline:
        return ""  # stands in its text
    if provision.mark or provision.kind not in _MARKS:
        return provision.mark
    found = _LAST.search(_COUNTER.sub("", provision.section))
    return _MARKS[provision.kind].format(found.group(1) if found else "")
