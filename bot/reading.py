"""Reading on in a document: the provision that was cited, whole, and its neighbours."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.show import lines_of
from rag.documents import Provision
from rag.finding.search import Hit, Searcher
from rag.index.store import Store
from rag.language.text import squeeze

_RELATED = 5
_QUERY = 300


@dataclass(frozen=True, slots=True)
class Unit:
    """What is read in one piece: an article, a bullet, a numbered section, always whole; ``text`` ends in its footnotes."""

    provision: Provision
    text: str
    before: Provision | None
    after: Provision | None


def unit_at(store: Store, number: str, section: str = "") -> Unit | None:
    """Return the unit that holds a section of a document (its first one without a section), ``None`` when it is not there."""
    provisions = store.of_document(number)
    by_id = {provision.id: provision for provision in provisions}
    members: dict[int, list[Provision]] = {}
    for provision in provisions:
        members.setdefault(_root(provision, by_id).id, []).append(provision)
    # The closing paragraph of a part has the part's own path: what has words is meant.
    named = sorted((provision for provision in provisions if provision.section == section), key=lambda provision: not provision.text)
    wanted = _root(named[0], by_id).id if named else -1
    roots = [id for id, parts in members.items() if id == wanted or any(part.text for part in parts)]
    if not section and roots:
        wanted = roots[0]
    if wanted < 0:
        return None
    at = roots.index(wanted)
    before = by_id[roots[at - 1]] if at else None
    after = by_id[roots[at + 1]] if at + 1 < len(roots) else None
    parts = members[wanted] if any(part.text for part in members[wanted]) else _below(by_id[wanted], provisions)
    return Unit(by_id[wanted], "\n".join(lines_of(parts)), before, after)


def heading_of(store: Store, number: str, section: str) -> str:
    """Return the nearest heading of a provision, which says what it is about; often there is none."""
    provision = store.section(number, section)
    headings = (*provision.headings, provision.heading) if provision else ()
    return next((squeeze(heading) for heading in reversed(headings) if heading), "")


def related_to(searcher: Searcher, provision: Provision, search: list[Hit]) -> list[Hit]:
    """Return the best of ``search`` that are not the provision itself or a part of it."""
    own = {provision.section, *(child.section for child in searcher.store.children(provision.id))}
    others = [hit for hit in search if not (hit.document == provision.document and hit.section in own)]
    return others[:_RELATED]


def topic_of(provision: Provision) -> str:
    """Return the words to search for what is related to a provision."""
    return squeeze(f"{provision.heading} {provision.text}")[:_QUERY]


def _root(provision: Provision, by_id: dict[int, Provision]) -> Provision:
    """Climb to the article; where there is none, to what an inline item or a footnote stands in."""
    root, at = provision, provision
    while at.inline and at.parent in by_id:
        at = root = by_id[at.parent]
    while at.parent in by_id:
        at = by_id[at.parent]
        if at.kind == "article":
            root = at
    return root


def _below(provision: Provision, provisions: list[Provision]) -> list[Provision]:
    """Return a provision that is only a heading with everything under it."""
    kept = {provision.id}
    for each in provisions:
        if each.parent in kept:
            kept.add(each.id)
    return [each for each in provisions if each.id in kept]
