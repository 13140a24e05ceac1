"""The encoder that ships: a text is the sum of learnt vectors of its folded syllables and syllable pairs.

Static embeddings (https://huggingface.co/blog/static-embeddings) over the tokens that search uses anyway, so that a
question without diacritics has the vector of the same question with them. Numpy and safetensors are all it needs; the
folder is also a sentence-transformers model (``rag/finding/static_module.py``), which is how it is trained.

::

    model.safetensors    weight int8 (tokens, dimensions), scale float32 (tokens), pairs int64 (pairs of syllables)
    syllables.txt        the folded syllables, one a line; their rows come before those of the pairs
    training.json        data, seed, settings and figures of the training
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.disk import checksum
from rag.language.text import folded, normalise, syllables

WEIGHTS = "model.safetensors"
SYLLABLES = "syllables.txt"
SHIPPED = Path(__file__).parents[1] / "data" / "encoder"
_LARGEST = 127  # of an int8


class Vocabulary:
    """The tokens of a static encoder: folded syllables and pairs of them that stand side by side.

    ``pairs`` are the numbers ``first * len(syllables) + second``, ascending.
    """

    def __init__(self, known: Sequence[str], pairs: NDArray[np.int64]) -> None:
        self.syllables = list(known)
        self.pairs = pairs
        self._rows = _Rows({syllable: row for row, syllable in enumerate(known)})

    def __len__(self) -> int:
        return len(self.syllables) + len(self.pairs)

    def rows(self, texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the rows of the tokens of all texts, one after another, and where each text begins, and the end.

        Unknown tokens are left out.
        """
        parts = [self.syllable_rows(text) for text in texts]
        ends = np.cumsum([len(part) + 1 for part in parts], dtype=np.int64)
        singles = np.full(ends[-1] if parts else 0, -1, dtype=np.int64)  # a gap after every text: no pair reaches over
        for part, end in zip(parts, ends, strict=True):
            singles[end - len(part) - 1 : end - 1] = part
        tokens = np.stack([singles, np.append(self.pair_rows(singles), -1)[: len(singles)]], axis=1).ravel()
        known = tokens >= 0
        before = np.concatenate([[0], np.cumsum(known)])
        return tokens[known], before[np.append(0, 2 * ends)].astype(np.int64)

    def syllable_rows(self, text: str) -> NDArray[np.int64]:
        """Return the row of every syllable of ``text`` in order, -1 for an unknown one."""
        rows = self._rows
        return np.array([rows[token] for token in syllables(normalise(text))], dtype=np.int64)

    def pair_rows(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the row of the pair that each syllable opens, -1 where there is none; one shorter than ``rows``."""
        first, second = rows[:-1], rows[1:]
        keys = np.where((first >= 0) & (second >= 0), first * len(self.syllables) + second, -1)
        at = np.minimum(np.searchsorted(self.pairs, keys), len(self.pairs) - 1)
        return np.where(self.pairs[at] == keys, at + len(self.syllables), -1)


class StaticEncoder:
    """The weights of a folder, ready to encode; safe for several threads."""

    def __init__(self, name: str, vocabulary: Vocabulary, weight: NDArray[np.int8], scale: NDArray[np.float32]) -> None:
        self.name = name
        self.vocabulary = vocabulary
        self.dimensions = int(weight.shape[1])
        self._weight = weight
        self._scale = scale

    @classmethod
    def load(cls, folder: Path = SHIPPED) -> StaticEncoder:
        """Read a folder. Raises ``OSError`` or ``ValueError`` where it is not whole."""
        return cls(name_of(folder), *read_weights(folder))

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of questions, shape (len(texts), dimensions)."""
        rows, starts = self.vocabulary.rows(texts)
        scales = self._scale[rows]
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for vector, (start, end) in zip(vectors, pairwise(starts), strict=True):
            if end > start:
                np.matmul(scales[start:end], self._weight[rows[start:end]], out=vector)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return vectors

    encode_passages = encode_queries


def name_of(folder: Path = SHIPPED) -> str:
    """Return the name of the encoder in a folder, which tells trainings apart. Raises ``OSError``."""
    return f"tracuu-{checksum(folder / WEIGHTS)[:8]}"


def quantise(vectors: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return ``vectors`` as int8 with one scale a row: ``vectors ≈ weight * scale[:, None]``."""
    scale = (np.abs(vectors).max(axis=1) / _LARGEST).astype(np.float32)
    return np.rint(vectors / np.maximum(scale, 1e-12)[:, None]).astype(np.int8), scale


def write_weights(folder: Path, vocabulary: Vocabulary, vectors: NDArray[np.float32]) -> None:
    """Write what ``read_weights`` reads."""
    from safetensors.numpy import save_file

    weight, scale = quantise(vectors)
    save_file({"weight": weight, "scale": scale, "pairs": vocabulary.pairs}, str(folder / WEIGHTS))
    (folder / SYLLABLES).write_text("".join(f"{syllable}\n" for syllable in vocabulary.syllables), encoding="utf-8")


class StaticWeights(NamedTuple):
    """What a folder holds: the vector of each token of ``vocabulary`` is its row of ``weight`` times its ``scale``."""

    vocabulary: Vocabulary
    weight: NDArray[np.int8]
    scale: NDArray[np.float32]


def read_weights(folder: Path) -> StaticWeights:
    """Return what a folder holds. Raises ``OSError`` or ``ValueError``."""
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        tensors = load_file(str(folder / WEIGHTS))
        known = (folder / SYLLABLES).read_text(encoding="utf-8").split()
        vocabulary = Vocabulary(known, tensors["pairs"])
        weight, scale = tensors["weight"], tensors["scale"]
    except (SafetensorError, KeyError) as error:
        raise ValueError(f"{folder / WEIGHTS}: {error}") from error
    if not len(vocabulary) == len(weight) == len(scale):
        raise ValueError(f"{folder}: {len(vocabulary)} tokens, {len(weight)} vectors")
    return StaticWeights(vocabulary, weight, scale)


class _Rows(dict[str, int]):
    """Exact syllable → row of its folded form, learnt as it is asked."""

    def __missing__(self, token: str) -> int:
        row = self[token] = self.get(folded(token), -1)
        return row
