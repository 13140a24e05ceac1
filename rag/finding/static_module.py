"""The static encoder as a sentence-transformers module: how it is trained, and how other programs load the folder.

``SentenceTransformer("rag/data/encoder", trust_remote_code=True)`` gives the vectors of ``StaticEncoder`` where this
package can be imported.
"""

from __future__ import annotations

from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule
from sentence_transformers.sentence_transformer.modules import Normalize
from torch import nn

from rag.finding.static_encoder import Vocabulary, read_weights, write_weights


class StaticSyllables(InputModule):
    """An ``EmbeddingBag`` over the tokens of a ``Vocabulary``. ``vectors``: float32 (tokens, dimensions)."""

    def __init__(self, vocabulary: Vocabulary, vectors: torch.Tensor) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.vocabulary = vocabulary
        self.embedding = nn.EmbeddingBag.from_pretrained(vectors, freeze=False, mode="sum")

    def preprocess(self, inputs: list[str], prompt: str | None = None, **_: object) -> dict[str, torch.Tensor]:  # type: ignore[override]
        """Return the rows of all texts in a row, and where each begins."""
        texts = self._prepend_prompt(inputs, prompt) if prompt else inputs
        rows, starts = self.vocabulary.rows(texts)
        return {"input_ids": torch.from_numpy(rows), "offsets": torch.from_numpy(starts[:-1])}

    def forward(self, features: dict[str, torch.Tensor], **_: object) -> dict[str, torch.Tensor]:
        """Add ``sentence_embedding``, shape (texts, dimensions)."""
        features["sentence_embedding"] = self.embedding(features["input_ids"], features["offsets"])
        return features

    def get_embedding_dimension(self) -> int:
        """Return the number of dimensions."""
        return self.embedding.embedding_dim

    def save(self, output_path: str, *_: object, **__: object) -> None:
        """Write the weights as int8, and the vocabulary."""
        write_weights(Path(output_path), self.vocabulary, self.embedding.weight.detach().numpy())

    @classmethod
    def load(cls, model_name_or_path: str, **_: object) -> StaticSyllables:  # type: ignore[override]
        """Read what ``save`` wrote."""
        vocabulary, weight, scale = read_weights(Path(model_name_or_path))
        return cls(vocabulary, torch.from_numpy(weight * scale[:, None]))


def as_model(module: StaticSyllables) -> SentenceTransformer:
    """Return a whole sentence-transformers model, whose ``save`` writes the folder that ships."""
    return SentenceTransformer(modules=[module, Normalize()], device="cpu")
