"""What kind of provision each is, as numbers that the chooser looks at: what it holds, how long it is, where it stands.

::

    traits.npy      float32 (ids, len(TRAITS)): a row for every provision by its id
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.documents import FRAME, Contact, Deadline, Provision, Record, Reference, System

_HOLDS: tuple[type[Record], ...] = (Deadline, Contact, System, Reference)
_AROUND = (*FRAME, "closing")
_LEGAL = ("chapter", "article", "clause", "point")
_LISTED = ("bullet", "item")
TRAITS = (
    *(f"has_{kind.__name__.lower()}" for kind in _HOLDS),
    *("has_digits", "children", "heading_only", "annex", "head_or_end", "text_length", "legal", "listed", "footnotes"),
)
_CHILDREN = TRAITS.index("children")
_LONG = 3000


def traits(provisions: Iterable[Provision], records: Iterable[Record]) -> NDArray[np.float32]:
    """Return a row of ``TRAITS`` for every id up to the largest; what an inline item holds counts for its provision."""
    numbers, outers, parents, values = array("i"), array("i"), array("i"), array("f")
    for provision in provisions:
        numbers.append(provision.id)
        outers.append(provision.outer)
        parents.append(-1 if provision.parent is None else provision.parent)
        values.extend(_own(provision))
    ids = np.array(numbers, dtype=np.int64)
    size = int(ids.max(initial=-1)) + 1
    rows = np.zeros((size, len(TRAITS)), dtype=np.float32)
    rows[ids, len(_HOLDS) :] = np.array(values, dtype=np.float32).reshape(len(ids), len(TRAITS) - len(_HOLDS))
    outer = np.zeros(size, dtype=np.int64)
    outer[ids] = outers
    rows[ids, _CHILDREN] = np.bincount([parent for parent in parents if parent >= 0], minlength=size)[ids]
    for record in records:
        if record.provision < size:
            rows[outer[record.provision], _HOLDS.index(type(record))] = 1
    return rows


def _own(provision: Provision) -> tuple[float, ...]:
    """What a provision says of itself: the traits behind those of its records; its children are counted elsewhere."""
    text = provision.text + "".join(note.text for note in provision.footnotes)
    return (
        any(letter.isdigit() for letter in text),
        0,
        not provision.text,
        provision.kind == "annex",
        provision.kind in _AROUND,
        min(len(text), _LONG),
        provision.kind in _LEGAL,
        provision.kind in _LISTED,
        len(provision.footnotes),
    )


def write_traits(path: Path, provisions: Iterable[Provision], records: Iterable[Record]) -> None:
    """Write ``traits`` into the file ``path``. Raises ``OSError``."""
    np.save(path, traits(provisions, records))
