"""What goes between machines: MessagePack, arrays as their bytes. Nothing of it can carry a program."""

from __future__ import annotations

from typing import Any

import numpy as np
import ormsgpack
from numpy.typing import NDArray

from rag.index.entries import Entries, Hits, Sought
from rag.index.near import Near

Message = dict[str, Any]


class Garbled(ValueError):
    """What came is not what was to come."""


def packed(message: Message) -> bytes:
    """Return a message as bytes."""
    return ormsgpack.packb(message)


def unpacked(content: bytes) -> Message:
    """Return the message. Raises ``Garbled``."""
    try:
        message = ormsgpack.unpackb(content)
    except ormsgpack.MsgpackDecodeError as error:
        raise Garbled(str(error)) from error
    if not isinstance(message, dict):
        raise Garbled("no message")
    return message


def of_sought(sought: Sought) -> Message:
    return {
        "folded": dict(sought.folded),
        "exact": dict(sought.exact),
        "rarity": {field: dict(terms) for field, terms in sought.rarity.items()},
        "vector": None if sought.vector is None else _of_array(sought.vector),
        "document": sought.document,
        "pool": sought.pool,
    }


def to_sought(message: Message) -> Sought:
    """Raises ``Garbled``."""
    try:
        vector = message.pop("vector")
        return Sought(**message, vector=None if vector is None else _to_array(vector))
    except (TypeError, KeyError, AttributeError) as error:
        raise Garbled(str(error)) from error


def of_hits(hits: Hits) -> Message:
    return {
        "beyond": [hits.beyond, hits.beyond_inside],
        "near": [_of_array(part) for part in (hits.near.distances, hits.near.ids, hits.near.cosines, hits.near.counts)],
        "entries": of_entries(hits.entries),
    }


def to_hits(message: Message) -> Hits:
    """Raises ``Garbled``."""
    try:
        near = Near(*map(_to_array, message["near"]))
        return Hits(to_entries(message["entries"]), near, *message["beyond"])
    except (TypeError, KeyError) as error:
        raise Garbled(str(error)) from error


def of_entries(entries: Entries) -> Message:
    arrays = {name: _of_array(getattr(entries, name)) for name in _ARRAYS}
    return {**arrays, "documents": entries.documents, "sections": entries.sections}


def to_entries(message: Message) -> Entries:
    """Raises ``Garbled``."""
    try:
        arrays = {name: _to_array(message[name]) for name in _ARRAYS}
        return Entries(**arrays, documents=message["documents"], sections=message["sections"])
    except (TypeError, KeyError) as error:
        raise Garbled(str(error)) from error


_ARRAYS = ("ids", "lengths", "tokens", "traits")


def _of_array(array: NDArray[Any]) -> list[Any]:
    return [array.dtype.str, list(array.shape), np.ascontiguousarray(array).tobytes()]


def _to_array(content: list[Any]) -> NDArray[Any]:
    kind, shape, numbers = content
    try:
        return np.frombuffer(numbers, dtype=np.dtype(kind)).reshape(shape)
    except (ValueError, TypeError) as error:
        raise Garbled(str(error)) from error
