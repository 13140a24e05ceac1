"""What the page of a whole document shows besides its text."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from weakref import WeakKeyDictionary

from fastapi import Request
from markupsafe import Markup

from bot.recent import Recent
from bot.web.addresses import section_slug
from bot.web.dressing import Dresser
from bot.web.passages import blocks, outline
from bot.web.places_named import PlacesNamed
from bot.web.templates import written
from rag.documents import Document, Provision, Reference
from rag.finding.search import Searcher

_MOST_KEPT = 16  # documents: people read the same few


@dataclass(frozen=True, slots=True)
class NamedOnly:
    """A document that another one names and whose text is not there; ``first`` is the provision that names it first."""

    number: str
    kind: str
    title: str
    issued: str
    first: Provision


@dataclass(frozen=True, slots=True)
class Whole:
    """What a document's page shows that does not change while the index is in use: its text as HTML, with its links."""

    text: Markup
    outline: list[tuple[Provision, int]]
    lacking: list[NamedOnly]


_kept: WeakKeyDictionary[Searcher, Recent[str, Whole]] = WeakKeyDictionary()
_lock = Lock()


def whole(request: Request, searcher: Searcher, document: Document) -> Whole:
    """Return a document as its page shows it; a long law takes a tenth of a second to dress, so the latest are kept."""
    with _lock:
        kept = _kept.setdefault(searcher, Recent(_MOST_KEPT))
    if (known := kept.get(document.number)) is not None:
        return known
    provisions = searcher.store.of_document(document.number)
    dress = Dresser(searcher, PlacesNamed(document, provisions, lambda section: f"#{section_slug(section)}"))
    text = Markup(written(request, "blocks.html", blocks=blocks(provisions), dress=dress))  # a template's: escaped there
    made = Whole(text, outline(provisions), named_only(searcher, provisions))
    kept.put(document.number, made)
    return made


def named_only(searcher: Searcher, provisions: list[Provision]) -> list[NamedOnly]:
    """Return the documents that these provisions name and that are not loaded, in reading order, each once."""
    by_id = {provision.id: provision for provision in provisions}
    found: dict[str, NamedOnly] = {}
    for reference in searcher.store.records_of(by_id, Reference):
        known = searcher.documents.get(reference.number)
        if reference.number in found or (known is not None and known.present):
            continue
        of = known or Document(reference.number, kind=reference.kind, title=reference.title, issued=reference.issued)
        found[reference.number] = NamedOnly(reference.number, of.kind, of.title, of.issued, by_id[reference.provision])
    return list(found.values())
