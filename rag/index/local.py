"""A snapshot, or a shard of one, that lies here: searched in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rag.index.entries import Entries, Hits, Sought
from rag.index.near import Near

if TYPE_CHECKING:
    from rag.index.lexical import LexicalIndex
    from rag.index.store import Store
    from rag.index.token_index import TokenIndex

Nearest = Callable[[NDArray[np.float32], int], Near]
Found = Sequence[tuple[int, float]]
_MORE = 8  # hits of the words: tantivy's order is not quite that of the exact scores
_ROUNDED = 1 + 1e-5  # how far tantivy's scores may be below the exact ones
_WITHIN = 2  # times as many are looked for in a document that is named


class LocalPart:
    """A snapshot that lies here."""

    number = 1

    def __init__(self, store: Store, lexical: LexicalIndex, tokens: TokenIndex, traits: NDArray[np.float32], nearest: Nearest) -> None:
        """``nearest`` brings what may be among so many nearest provisions of the whole."""
        self._store = store
        self._lexical = lexical
        self._tokens = tokens
        self._traits = traits
        self._nearest = nearest
        self._members: dict[str, NDArray[np.int64]] = {}

    def search(self, sought: Sought, depths: Mapping[int, int]) -> dict[int, Hits]:
        """Search the one part that there is so deep."""
        return {at: self.hits(sought, depth, self._nearest) for at, depth in depths.items()}

    def hits(self, sought: Sought, depth: int, nearest: Nearest, means: Mapping[str, float] | None = None) -> Hits:
        """Return what this part brings; ``means`` are the mean lengths over all parts, where this is one of several."""
        slack = max([1.0, *(means[part] / mean for part, mean in self._lexical.means.items())]) if means else 1.0
        rarity = sought.rarity if means else None
        most, most_inside = depth + _MORE, _WITHIN * depth + _MORE
        words = self._lexical.search(sought.folded, sought.exact, most, rarity)
        near = nearest(sought.vector, sought.pool) if sought.vector is not None else Near.of_all([])
        inside: Found = []
        if sought.document and len(members := self._ids(sought.document)):
            ends = (int(members.min()), int(members.max()))
            inside = self._lexical.search(sought.folded, sought.exact, most_inside, rarity, ends)
        ids = {id_ for found in (words, near.best(depth), inside) for id_, _ in found}
        return Hits(self.entries(ids), near, _beyond(words, most, slack), _beyond(inside, most_inside, slack))

    def missing(self) -> list[str]:
        """What lies here is there."""
        return []

    def entries(self, ids: Iterable[int]) -> Entries:
        """Return the entries of these provisions; those that have none are left out."""
        places = self._store.places_of(id_ for id_ in ids if self._tokens.has(id_))
        known = np.array(list(places), dtype=np.int64)
        lengths, tokens = self._tokens.together(known)
        documents, sections = zip(*places.values(), strict=True) if places else ((), ())
        return Entries(known, list(documents), list(sections), lengths, tokens, self._traits[known])

    def holding(self, terms: Sequence[str], better: Sequence[str], form: str, k: int) -> list[tuple[int, float]]:
        """Return the ``k`` best of the entries that hold all of these terms (``LexicalIndex.holding``)."""
        return self._lexical.holding(terms, better, form, k)

    def _ids(self, document: str) -> NDArray[np.int64]:
        """The provisions of a document, looked up once."""
        if document not in self._members:
            self._members[document] = np.array(self._store.ids_of(document), dtype=np.int64)
        return self._members[document]


def _beyond(found: Found, most: int, slack: float) -> float:
    """What an entry that tantivy left out may score at most."""
    return found[-1][1] * slack * _ROUNDED if len(found) == most else -np.inf
