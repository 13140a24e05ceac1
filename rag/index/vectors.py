"""Which provisions are near a question in meaning: the vectors of all passages in plain files, and exact arithmetic.

::

    ids.npy         int32: the provision of each passage
    vectors.npy     float16 (passages, dimensions), of norm 1; of more than MOST passages int8
    scales.npy      float32: what the int8 of each passage are multiplied by
    signs.npy       uint64 (blocks, words, _BLOCK): the signs of the int8, a bit each

Among some thousand passages no engine is faster than comparing them all. Of more, those are compared whose signs agree
best with the question's (``rag.index.near``), so that 32 bytes of each passage are looked at; what is found depends on
nothing but the vectors.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.index.arrays import GrowingArray, mapped
from rag.index.near import Distances, Near, best_of, radius

MOST = 30_000
"""Passages that are all compared with a question, and held in memory."""
_LEAST, _SHARE = 8192, 64  # of more: so many are compared, and at least one in so many
_BLOCK = 32_768  # passages whose signs fit into a processor's cache
_WORDS = 4  # of which the bits can be counted in a byte
_LARGEST = 127  # of an int8

Batch = tuple[Sequence[int], NDArray[np.float32]]
"""The provisions of some passages, and their vectors, shape (passages, dimensions)."""


class Encoder(Protocol):
    """Anything that turns texts into vectors.

    Vectors are float32, one row a text, of L2 norm 1 (or 0, for a text without a known word).
    """

    name: str
    dimensions: int

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of questions, shape (len(texts), dimensions)."""

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of passages, shape (len(texts), dimensions)."""


def compared(passages: int) -> int:
    """Return with how many of so many passages a question is compared."""
    return passages if passages <= MOST else max(_LEAST, passages // _SHARE)


class VectorIndex:
    """Read-only vectors, safe for several threads."""

    def __init__(self, path: Path) -> None:
        """Open the folder ``path``. Raises ``OSError`` or ``ValueError``."""
        self._ids: NDArray[np.int32] = mapped(path / "ids.npy")
        kept = mapped(path / "vectors.npy")
        if kept.ndim != 2 or len(kept) != len(self._ids):
            raise ValueError(f"{path}: {len(self._ids)} ids, vectors of shape {kept.shape}")
        self._coarse = kept.dtype == np.int8
        self._vectors = kept if self._coarse else kept.astype(np.float32)
        if self._coarse:
            self._scales: NDArray[np.float32] = mapped(path / "scales.npy")
            self._signs: NDArray[np.uint64] = mapped(path / "signs.npy")

    @classmethod
    def build(cls, path: Path, batches: Iterable[Batch]) -> int:
        """Write the vectors of all passages, by rising id, into the new folder ``path``; return their number.

        Raises ``ValueError`` when there are none, some do not fit their ids or the others, or are not finite, and ``OSError``.
        """
        path.mkdir(parents=True)
        whole = iter(batches)
        first = next(whole, None)
        if first is None:
            raise ValueError("there are no vectors")
        with (
            GrowingArray(path / "ids.npy", (), np.int32) as ids,
            GrowingArray(path / "vectors.npy", first[1].shape[1:], np.float16) as rows,
        ):
            for numbers, vectors in chain((first,), whole):
                if vectors.shape != (len(numbers), *first[1].shape[1:]) or not np.isfinite(vectors).all():
                    raise ValueError(f"{len(numbers)} ids do not fit vectors of shape {vectors.shape}, or some are not finite")
                ids.append(np.asarray(numbers))
                rows.append(vectors)
        if rows.rows > MOST:
            _make_coarse(path)
        return rows.rows

    def cut(self, path: Path, renumbered: NDArray[np.int32]) -> int:
        """Write the passages of some provisions into the new folder ``path``, as they are kept here; return their number.

        ``renumbered`` has the new number of each provision by its id, rising, and -1 for those that are left out. Raises ``OSError``.
        """
        path.mkdir(parents=True)
        numbers = renumbered[self._ids]
        rows = np.flatnonzero(numbers >= 0)
        np.save(path / "ids.npy", numbers[rows])
        if not self._coarse:
            np.save(path / "vectors.npy", self._vectors[rows].astype(np.float16))
            return len(rows)
        np.save(path / "scales.npy", self._scales[rows])
        with GrowingArray(path / "vectors.npy", self._vectors.shape[1:], np.int8) as vectors:
            for start in range(0, len(rows), _BLOCK):
                vectors.append(self._vectors[rows[start : start + _BLOCK]])
        _write_signs(path)
        return len(rows)

    @property
    def size(self) -> int:
        """The number of passages."""
        return len(self._ids)

    def search(self, vector: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """Return the ``k`` nearest provisions, each by its nearest passage, as (id, cosine), best first; ties by id.

        ``vector`` has the shape (dimensions,).
        """
        if self._coarse:
            return self.near(vector, compared(self.size)).best(k)
        return best_of(self._ids, np.vecdot(self._vectors, vector), k)

    def part(self, vector: NDArray[np.float32], most: int, k: int) -> Near:
        """Return what may be among the ``k`` nearest of the whole, which compares ``most`` passages and of which this is a part."""
        return self.near(vector, most).needed(k) if self._coarse else Near.of_all(self.search(vector, k))

    def near(self, vector: NDArray[np.float32], most: int) -> Near:
        """Compare ``vector`` with the ``most`` passages whose signs agree best with its own, and all that agree as well as the last.

        Only of more than ``MOST`` passages, or a part of them.
        """
        distances = self._distances(vector)
        rows = np.flatnonzero(distances <= radius(distances, most))
        # one product a row, whatever stands beside it: a passage has the same cosine in every part of an index
        cosines = np.vecdot(self._vectors[rows].astype(np.float32), vector) * self._scales[rows]
        return Near.of(distances[rows], self._ids[rows], cosines)

    def _distances(self, vector: NDArray[np.float32]) -> Distances:
        """In how many signs each passage differs from ``vector``."""
        asked = _signs_of(vector[None, :])[0]
        # one of 256 bits that differs in all of them has 0, and is compared in vain
        found: Distances = np.empty(len(self._signs) * _BLOCK, dtype=np.uint8 if len(asked) <= _WORDS else np.uint16)
        differ, bits = np.empty(_BLOCK, dtype=np.uint64), np.empty(_BLOCK, dtype=np.uint8)
        for at, block in enumerate(self._signs):
            part = found[at * _BLOCK : (at + 1) * _BLOCK]
            part[:] = 0
            for signs, of_asked in zip(block, asked, strict=True):
                np.add(part, np.bitwise_count(np.bitwise_xor(signs, of_asked, out=differ), out=bits), out=part)
        return found[: self.size]


def _make_coarse(path: Path) -> None:
    """Put int8 in the place of float16, with their scales and signs."""
    fine = mapped(path / "vectors.npy")
    shape = fine.shape[1:]
    with GrowingArray(path / "coarse.npy", shape, np.int8) as coarse, GrowingArray(path / "scales.npy", (), np.float32) as scales:
        for start in range(0, len(fine), _BLOCK):
            block = fine[start : start + _BLOCK].astype(np.float32)
            scale = np.abs(block).max(axis=1) / _LARGEST
            coarse.append(np.rint(block / np.maximum(scale, 1e-12)[:, None]))
            scales.append(scale)
    (path / "coarse.npy").replace(path / "vectors.npy")
    _write_signs(path)


def _write_signs(path: Path) -> None:
    vectors = mapped(path / "vectors.npy")
    with GrowingArray(path / "signs.npy", (-(-vectors.shape[1] // 64), _BLOCK), np.uint64) as signs:
        for block in _blocks(vectors):
            signs.append(block[None])


def _blocks(vectors: NDArray[np.int8]) -> Iterator[NDArray[np.uint64]]:
    """Yield the signs of ``_BLOCK`` passages after another, shape (words, _BLOCK)."""
    for start in range(0, len(vectors), _BLOCK):
        signs = _signs_of(vectors[start : start + _BLOCK])
        yield np.pad(signs, ((0, _BLOCK - len(signs)), (0, 0))).T


def _signs_of(vectors: NDArray[Any]) -> NDArray[np.uint64]:
    """Shape (rows, words): the sign of each number as a bit, filled up to whole words."""
    bits = np.packbits(vectors > 0, axis=1)
    filled: NDArray[np.uint8] = np.pad(bits, ((0, 0), (0, -bits.shape[1] % 8)))
    return filled.view(np.uint64)
