"""The store of a library that was cut: its rows lie with the shards."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter

from rag.index.cut import Where
from rag.index.store import OF_A_DOCUMENT, OF_PROVISIONS, OF_THE_HEAD, Row, Rows

Asking = Callable[[str, Mapping[int, tuple[object, ...]]], Mapping[int, Sequence[Row]]]


class ShardedRows:
    """The rows of several stores, in the order in which one store would have them.

    ``ask`` asks the stores with these numbers, each for one query with its values, all at once. ``head`` has the documents.
    """

    def __init__(self, head: Rows, ask: Asking, where: Where) -> None:
        self._head = head
        self._ask = ask
        self._where = where

    def rows(self, query: str, *values: object) -> Sequence[Row]:
        """Return the rows that the query of ``QUERIES`` finds, in order. Raises what ``ask`` does."""
        if query in OF_THE_HEAD:
            return self._head.rows(query, *values)
        if query in OF_PROVISIONS:
            asked = {shard: (json.dumps(ids), *values[1:]) for shard, ids in self._where.parted(json.loads(str(values[0]))).items()}
        elif query in OF_A_DOCUMENT:
            asked = {self._where.shard_of(str(values[0])): values}
        else:
            asked = dict.fromkeys(range(self._where.number), values)
        return sorted((row for rows in self._ask(query, asked).values() for row in rows), key=itemgetter(0))
