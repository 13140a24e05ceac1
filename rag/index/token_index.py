"""The words of every entry as numbers, in order, so that a hundred candidates are compared with a question at once.

::

    tokens.npy      uint8, uint16 or uint32: the exact tokens of all entries, one entry after another, headings before text
    bounds.npy      int64 (entries, 3): where an entry's headings begin, its text begins, its text ends
    rows.npy        int32: row of each entry by its id, -1 where there is none
    words.txt       the exact tokens by number

The arrays stay on disk and are mapped into memory: only what is looked at is read.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from rag.index.arrays import GrowingArray, mapped
from rag.language.text import folded, normalise, syllables

if TYPE_CHECKING:
    from rag.index.lexical import Entry

Numbers = NDArray[np.unsignedinteger[Any]]
_MAX_TOKENS = 20_000  # of an entry's text that are compared with a question; the longest articles are tables


class TokenNumbers:
    """The numbers of the tokens in a folder, how many entries there are and how long they are; safe for several threads."""

    def __init__(self, path: Path, size: int, mean_length: float, mean_heading: float) -> None:
        self._words = (path / "words.txt").read_text(encoding="utf-8").split("\n")[:-1]
        self.size = size
        """The number of entries."""
        self.mean_length = mean_length
        """The mean number of tokens of an entry, headings counted twice."""
        self.mean_heading = mean_heading
        """The mean number of tokens of an entry's headings."""

    def write_words(self, path: Path) -> None:
        """Write which token has which number into the folder ``path``. Raises ``OSError``."""
        (path / "words.txt").write_text("".join(f"{word}\n" for word in self._words), encoding="utf-8")

    @cached_property
    def exact(self) -> dict[str, int]:
        """The number of each exact token."""
        return {word: number for number, word in enumerate(self._words)}

    @cached_property
    def folded(self) -> dict[str, int]:
        """The number of each folded token."""
        numbers: dict[str, int] = {}
        for word in self._words:
            numbers.setdefault(folded(word), len(numbers))
        return numbers

    @cached_property
    def to_folded(self) -> NDArray[np.int32]:
        """The folded number of each exact number."""
        return np.array([self.folded[folded(word)] for word in self._words], dtype=np.int32)


class TokenIndex(TokenNumbers):
    """A read-only index of tokens, safe for several threads."""

    def __init__(self, path: Path) -> None:
        self._tokens: Numbers = mapped(path / "tokens.npy")
        self._bounds: NDArray[np.int64] = mapped(path / "bounds.npy")
        self._rows: NDArray[np.int32] = mapped(path / "rows.npy")
        start, middle, end = (self._bounds[:, column] for column in range(3))
        headings, texts = (middle - start, np.minimum(end - middle, _MAX_TOKENS)) if len(self._bounds) else (np.ones(1), np.zeros(1))
        super().__init__(path, len(self._bounds), float((2 * headings + texts).mean()), float(headings.mean()))

    @classmethod
    def build(cls, path: Path, entries: Iterable[Entry]) -> None:
        """Write a new index into the folder ``path``. Raises ``OSError`` when it cannot be written."""
        path.mkdir(parents=True)
        numbers = _Numbers()
        ids = array("i")
        bounds = array("q")
        with GrowingArray(path / "tokens.npy", (), np.uint32) as tokens:
            for entry in entries:
                headings, text = numbers.of(entry.headings), numbers.of(entry.text)
                start = tokens.rows
                tokens.append(headings)
                tokens.append(text)
                bounds.extend((start, start + len(headings), tokens.rows))
                ids.append(entry.id)
        rows = np.full(max(ids, default=-1) + 1, -1, dtype=np.int32)
        rows[np.array(ids, dtype=np.int64)] = np.arange(len(ids))
        if np.min_scalar_type(len(numbers)).itemsize < np.dtype(np.uint32).itemsize:
            _make_small(path / "tokens.npy", np.min_scalar_type(len(numbers)))
        np.save(path / "bounds.npy", np.array(bounds, dtype=np.int64).reshape(-1, 3))
        np.save(path / "rows.npy", rows)
        (path / "words.txt").write_text("".join(f"{word}\n" for word in numbers), encoding="utf-8")

    def has(self, id_: int) -> bool:
        """Say whether there is an entry of this id; inline items have none."""
        return 0 <= id_ < len(self._rows) and self._rows[id_] >= 0

    def entries(self, ids: Iterable[int]) -> Iterator[tuple[Numbers, Numbers]]:
        """Yield the tokens of the headings and of the text of each entry."""
        for id_ in ids:
            start, middle, end = self._bounds[self._rows[id_]]
            yield self._tokens[start:middle], self._tokens[middle:end]

    def together(self, ids: NDArray[np.int64]) -> tuple[NDArray[np.int64], Numbers]:
        """Return how many tokens the headings and the text of each entry have, shape (entries, 2), and all of them in a row.

        Of a very long text there is the beginning.
        """
        start, middle, end = self._bounds[self._rows[ids]].T
        end = np.minimum(end, middle + _MAX_TOKENS)
        pieces = [self._tokens[first:last] for first, last in zip(start.tolist(), end.tolist(), strict=True)]
        return np.stack([middle - start, end - middle], axis=1), np.concatenate(pieces) if pieces else self._tokens[:0]

    def cut(self, path: Path, ids: NDArray[np.int64]) -> None:
        """Write the entries of these provisions, by rising id, into the new folder ``path``; tokens keep their numbers.

        Raises ``OSError``.
        """
        path.mkdir(parents=True)
        bounds = self._bounds[self._rows[ids]]
        rows = np.full(int(ids.max(initial=-1)) + 1, -1, dtype=np.int32)
        rows[ids] = np.arange(len(ids))
        with GrowingArray(path / "tokens.npy", (), self._tokens.dtype) as tokens:
            for start, end in bounds[:, ::2].tolist():
                tokens.append(self._tokens[start:end])
        ends = np.cumsum(bounds[:, 2] - bounds[:, 0])
        np.save(path / "bounds.npy", bounds - bounds[:, :1] + (ends - (bounds[:, 2] - bounds[:, 0]))[:, None])
        np.save(path / "rows.npy", rows)
        self.write_words(path)

    def texts(self, ids: Iterable[int]) -> Iterator[tuple[list[str], list[str]]]:
        """Yield the exact tokens of the headings and of the text of each entry."""
        for headings, text in self.entries(ids):
            yield [self._words[number] for number in headings.tolist()], [self._words[number] for number in text.tolist()]


def _make_small(path: Path, dtype: DTypeLike) -> None:
    np.save(path.with_suffix(".small.npy"), mapped(path).astype(dtype))
    path.with_suffix(".small.npy").replace(path)


class _Numbers(dict[str, int]):
    """Token → number, in the order in which they come."""

    def __missing__(self, token: str) -> int:
        self[token] = len(self)
        return self[token]

    def of(self, text: str) -> NDArray[np.uint32]:
        return np.array([self[token] for token in syllables(normalise(text))], dtype=np.uint32)
