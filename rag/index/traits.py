"""What kind of provision each is, as numbers that the chooser looks at: what it holds, how long it is, where it stands.

::

    traits.npy      float32 (ids, len(TRAITS)): a row for every provision by its id
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.documents import Contact, Deadline, Provision, Record, Reference, System

_HOLDS: tuple[type[Record], ...] = (Deadline, Contact, System, Reference)
_LAST = ("head", "signature", "closing")
_LEGAL = ("chapter", "article", "clause", "point")
_LISTED = ("bullet", "item")
TRAITS = (
    *(f"has_{kind.__name__.lower()}" for kind in _HOLDS),
    *("has_digits", "children", "heading_only", "annex", "head_or_end", "text_length", "legal", "listed", "footnotes"),
)
_LONG = 3000


def traits(provisions: Sequence[Provision], records: Sequence[Record]) -> NDArray[np.float32]:
    """Return a row of ``TRAITS`` for every id up to the largest; what an inline item holds counts for its provision."""
    outer = {provision.id: provision.outer for provision in provisions}
    holders = [{outer.get(record.provision) for record in records if isinstance(record, kind)} for kind in _HOLDS]
    children = Counter(provision.parent for provision in provisions)
    rows = np.zeros((max(outer, default=-1) + 1, len(TRAITS)), dtype=np.float32)
    for provision in provisions:
        text = provision.text + "".join(note.text for note in provision.footnotes)
        rows[provision.id] = [
            *(provision.id in holder for holder in holders),
            any(letter.isdigit() for letter in text),
            children[provision.id],
            not provision.text,
            provision.kind == "annex",
            provision.kind in _LAST,
            min(len(text), _LONG),
            provision.kind in _LEGAL,
            provision.kind in _LISTED,
            len(provision.footnotes),
        ]
    return rows


def write_traits(path: Path, provisions: Sequence[Provision], records: Sequence[Record]) -> None:
    """Write ``traits`` into the file ``path``. Raises ``OSError``."""
    np.save(path, traits(provisions, records))


def open_traits(path: Path) -> NDArray[np.float32]:
    """Map the rows from disk. Raises ``OSError`` or ``ValueError``."""
    return np.asarray(np.load(path, mmap_mode="r"))
