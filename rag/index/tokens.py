"""The words of every entry as numbers, in order, so that a hundred candidates are compared with a question at once.

::

    tokens.npy      uint16 or uint32: the exact tokens of all entries, one entry after another, headings before text
    bounds.npy      int64 (entries, 3): where an entry's headings begin, its text begins, its text ends
    rows.npy        int32: row of each entry by its id, -1 where there is none
    words.txt       the exact tokens by number

The arrays stay on disk and are mapped into memory: only what is looked at is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rag.language.text import folded, normalise, syllables

if TYPE_CHECKING:
    from rag.index.lexical import Entry

Numbers = NDArray[np.unsignedinteger[Any]]
_MAX_TOKENS = 20_000  # of an entry's text; the longest articles are tables


class TokenIndex:
    """A read-only index of tokens, safe for several threads."""

    def __init__(self, path: Path) -> None:
        self._tokens: Numbers = _mapped(path / "tokens.npy")
        self._bounds: NDArray[np.int64] = _mapped(path / "bounds.npy")
        self._rows: NDArray[np.int32] = _mapped(path / "rows.npy")
        self._words = (path / "words.txt").read_text(encoding="utf-8").split("\n")[:-1]

    @classmethod
    def build(cls, path: Path, entries: Iterable[Entry]) -> None:
        """Write a new index into the folder ``path``. Raises ``OSError`` when it cannot be written."""
        path.mkdir(parents=True)
        numbers = _Numbers()
        parts: list[NDArray[np.uint32]] = []
        bounds: list[tuple[int, int, int]] = []
        ids: list[int] = []
        at = 0
        for entry in entries:
            headings, text = numbers.of(entry.headings), numbers.of(entry.text)[:_MAX_TOKENS]
            parts += (headings, text)
            bounds.append((at, at + len(headings), at := at + len(headings) + len(text)))
            ids.append(entry.id)
        rows = np.full(max(ids, default=-1) + 1, -1, dtype=np.int32)
        rows[ids] = np.arange(len(ids))
        np.save(path / "tokens.npy", np.concatenate([*parts, np.zeros(0, dtype=np.uint32)]).astype(np.min_scalar_type(len(numbers))))
        np.save(path / "bounds.npy", np.array(bounds, dtype=np.int64).reshape(-1, 3))
        np.save(path / "rows.npy", rows)
        (path / "words.txt").write_text("".join(f"{word}\n" for word in numbers), encoding="utf-8")

    @property
    def size(self) -> int:
        """The number of entries."""
        return len(self._bounds)

    @cached_property
    def mean_length(self) -> float:
        """The mean number of tokens of an entry, headings counted twice."""
        if not self.size:
            return 1.0
        start, middle, end = (self._bounds[:, column] for column in range(3))
        return float((end - start + middle - start).mean())

    @cached_property
    def mean_heading(self) -> float:
        """The mean number of tokens of an entry's headings."""
        return float((self._bounds[:, 1] - self._bounds[:, 0]).mean()) if self.size else 1.0

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

    def has(self, id_: int) -> bool:
        """Say whether there is an entry of this id; inline items have none."""
        return 0 <= id_ < len(self._rows) and self._rows[id_] >= 0

    def entries(self, ids: Iterable[int]) -> Iterator[tuple[Numbers, Numbers]]:
        """Yield the tokens of the headings and of the text of each entry."""
        for id_ in ids:
            start, middle, end = self._bounds[self._rows[id_]]
            yield self._tokens[start:middle], self._tokens[middle:end]


def _mapped(path: Path) -> NDArray[Any]:
    """A plain view of a mapped array: slices of ``np.memmap`` itself cost ten times as much."""
    return np.asarray(np.load(path, mmap_mode="r"))


class _Numbers(dict[str, int]):
    """Token → number, in the order in which they come."""

    def __missing__(self, token: str) -> int:
        self[token] = len(self)
        return self[token]

    def of(self, text: str) -> NDArray[np.uint32]:
        return np.array([self[token] for token in syllables(normalise(text))], dtype=np.uint32)
