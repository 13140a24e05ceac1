"""Provisions with their words, as they were met last: cutting a long article into words takes a millisecond."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from threading import Lock

from rag.choosing.evidence import Passage
from rag.documents import Document, Provision
from rag.index.store import Store
from rag.language.definitions import DEFINITIONS, Definition

_MOST = 2000
_LEAD = 600  # characters of the provision above


class KeptPassages:
    """The passages of one store, safe for several threads."""

    def __init__(self, store: Store, documents: Mapping[str, Document]) -> None:
        self._store = store
        self._documents = documents
        kept: dict[str, list[tuple[str, str]]] = json.loads(store.meta(DEFINITIONS) or "{}")
        self._defined = {number: [Definition(*pair) for pair in pairs] for number, pairs in kept.items()}
        self._kept: OrderedDict[int, Passage] = OrderedDict()
        self._lock = Lock()

    def of(self, provision: Provision) -> Passage:
        """Return a provision with its words."""
        known = self._known([provision.id])
        return known[provision.id] if known else self._read(provision)

    def by_id(self, ids: Iterable[int]) -> list[Passage]:
        """Return the provisions with these ids, with their words, in the order of ``ids``; unknown ids are left out."""
        wanted = list(ids)
        found = self._known(wanted)
        missing = self._store.provisions(id_ for id_ in wanted if id_ not in found)
        found |= {id_: self._read(provision) for id_, provision in missing.items()}
        return [found[id_] for id_ in wanted if id_ in found]

    def _known(self, ids: Iterable[int]) -> dict[int, Passage]:
        found = {}
        with self._lock:
            for id_ in ids:
                if id_ in self._kept:
                    self._kept.move_to_end(id_)
                    found[id_] = self._kept[id_]
        return found

    def _read(self, provision: Provision) -> Passage:
        document = self._documents.get(provision.document)
        parent = self._store.provision(provision.parent) if provision.parent is not None else None
        title = f"{document.title}\n{document.issuer}" if document else ""
        made = Passage(provision, title, parent.text[:_LEAD] if parent else "", self._defined.get(provision.document, ()))
        with self._lock:
            self._kept[provision.id] = made
            if len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return made
