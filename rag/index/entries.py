"""What is looked for in a snapshot, and what comes back of it: one form, whether the snapshot lies here or on other machines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.index.near import Near

Ids = NDArray[np.int64]
Tokens = NDArray[np.unsignedinteger[Any]]
Rarity = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Sought:
    """What a question looks for: weighed terms in both forms, a vector, and the document that it names, if any.

    ``rarity`` has the idf of every term in every field over the whole snapshot, of which only a part may lie where it is searched.
    ``pool`` is how many of each way of searching are wanted of the whole.
    """

    folded: Mapping[str, float]
    exact: Mapping[str, float]
    rarity: Rarity
    pool: int
    vector: NDArray[np.float32] | None = None
    document: str = ""


class EntryText(NamedTuple):
    """An entry with the tokens of its headings and of its text."""

    id: int
    document: str
    headings: Tokens
    text: Tokens


@dataclass(frozen=True, slots=True)
class Entries:
    """All that is looked at of some provisions when they are ranked, by rising id.

    ``tokens`` has the exact tokens of all in a row, headings before text; ``lengths``, shape (entries, 2), how many of each;
    ``traits`` has one row of ``TRAITS`` each.
    """

    ids: Ids
    documents: list[str]
    sections: list[str]
    lengths: NDArray[np.int64]
    tokens: Tokens
    traits: NDArray[np.float32]

    @classmethod
    def joined(cls, parts: Sequence[Entries]) -> Entries:
        """Return the entries of several parts, each once."""
        if len(parts) == 1:
            return parts[0]
        together = cls(
            np.concatenate([part.ids for part in parts]),
            [number for part in parts for number in part.documents],
            [section for part in parts for section in part.sections],
            np.concatenate([part.lengths for part in parts]),
            np.concatenate([part.tokens for part in parts]),
            np.concatenate([part.traits for part in parts]),
        )
        return together.taken(np.unique(together.ids, return_index=True)[1])

    def texts(self) -> Iterator[EntryText]:
        """Yield each entry with its tokens."""
        at = 0
        for id_, number, (headings, text) in zip(self.ids.tolist(), self.documents, self.lengths.tolist(), strict=True):
            yield EntryText(id_, number, self.tokens[at : at + headings], self.tokens[at + headings : at + headings + text])
            at += headings + text

    def taken(self, rows: NDArray[np.integer[Any]]) -> Entries:
        """Return the entries in ``rows``."""
        if len(rows) == len(self.ids) and (rows == np.arange(len(rows))).all():
            return self
        whole = self.lengths.sum(axis=1)
        starts = np.cumsum(whole) - whole
        pieces = [self.tokens[starts[row] : starts[row] + whole[row]] for row in rows]
        return Entries(
            self.ids[rows],
            [self.documents[row] for row in rows],
            [self.sections[row] for row in rows],
            self.lengths[rows],
            np.concatenate(pieces) if pieces else self.tokens[:0],
            self.traits[rows],
        )


@dataclass(frozen=True, slots=True)
class Hits:
    """What a part brings: the entries that its words and its vectors found, and the nearest by its vectors.

    No entry that it left out has a score by its words above ``beyond``, none in the document that is named one above ``beyond_inside``.
    """

    entries: Entries
    near: Near
    beyond: float
    beyond_inside: float


class Parts(Protocol):
    """A snapshot to search: one part where it lies here, else one for each of its shards."""

    @property
    def number(self) -> int:
        """How many parts there are."""

    def search(self, sought: Sought, depths: Mapping[int, int]) -> dict[int, Hits]:
        """Search the parts named in ``depths`` so deep, all at once."""

    def missing(self) -> list[str]:
        """Return a Vietnamese line for each part that cannot be searched at this moment."""

    def entries(self, ids: Sequence[int]) -> Entries:
        """Return the entries of these provisions; those that have none are left out."""

    def holding(self, terms: Sequence[str], better: Sequence[str], form: str, k: int) -> list[tuple[int, float]]:
        """Return the ``k`` best of the entries that hold all of these terms (``LexicalIndex.holding``)."""
