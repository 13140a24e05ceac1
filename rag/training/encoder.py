"""Trains the static encoder on the articles of an index: contrastive, with the other passages of a batch as negatives.

The loss is InfoNCE in both directions (van den Oord et al. 2018, https://arxiv.org/abs/1807.03748), on cosines times
``scale``. Vectors begin at random with the length of their token's inverse document frequency, which alone is half of
the way. The folder written is a sentence-transformers model.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import cross_entropy, embedding_bag, normalize

from rag.finding.static_encoder import Vocabulary
from rag.finding.static_module import StaticSyllables, as_model
from rag.training.pairs import Article, Pairs, Rows, learn_vocabulary

_REPORTED = 20  # steps


@dataclass(frozen=True, slots=True)
class Training:
    """Settings of a training; ``window`` in syllables, ``min_*`` in articles."""

    steps: int = 1000
    batch: int = 2048
    together: int = 4
    dimensions: int = 256
    window: int = 150
    min_syllable: int = 3
    min_pair: int = 10
    rate: float = 0.002
    scale: float = 20.0
    seed: int = 0


def train(articles: Sequence[Article], training: Training, folder: Path, say: Callable[[str], None]) -> None:
    """Train on ``articles`` and write the model into ``folder``. Raises ``ValueError`` where there are too few."""
    torch.manual_seed(training.seed)
    say("Đếm âm tiết")
    vocabulary = learn_vocabulary(articles, training.min_syllable, training.min_pair)
    if not len(vocabulary.pairs):
        raise ValueError("quá ít văn bản để học")
    pairs = Pairs(articles, vocabulary, training.window, training.seed)
    module = StaticSyllables(vocabulary, _beginning(vocabulary, pairs, len(articles), training.dimensions))
    loss = _learn(module, pairs, training, say)
    folder.mkdir(parents=True, exist_ok=True)
    as_model(module).save(str(folder), create_model_card=False)
    told = {"articles": len(articles), "data_sha256": _checksum(articles), "tokens": len(vocabulary), "loss": round(loss, 4)}
    (folder / "training.json").write_text(json.dumps({**asdict(training), **told}, indent=1) + "\n", encoding="utf-8")


def _beginning(vocabulary: Vocabulary, pairs: Pairs, articles: int, dimensions: int) -> torch.Tensor:
    rarity = np.log((articles + 1) / (pairs.token_counts(len(vocabulary)) + 1)) + 0.3
    lengths = torch.tensor(rarity / rarity.mean(), dtype=torch.float32)
    vectors: torch.Tensor = torch.randn(len(vocabulary), dimensions) / dimensions**0.5 * lengths[:, None]
    return vectors


def _learn(module: StaticSyllables, pairs: Pairs, training: Training, say: Callable[[str], None]) -> float:
    """Return the mean loss of the last steps."""
    weight = module.embedding.weight
    optimizer = torch.optim.Adam([weight], lr=training.rate, fused=True, eps=1e-10)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.02, training.steps)
    losses: list[float] = []
    for step in range(1, training.steps + 1):
        short, passages = pairs.batch(training.batch, training.together)
        cosines = _embed(weight, short) @ _embed(weight, passages).T
        own = torch.arange(len(short))
        loss = (cross_entropy(cosines * training.scale, own) + cross_entropy(cosines.T * training.scale, own)) / 2
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
        if step % _REPORTED == 0:
            say(f"Bước {step}/{training.steps}, sai số {np.mean(losses[-_REPORTED:]):.3f}")
    return float(np.mean(losses[-_REPORTED:]))


def _embed(weight: torch.Tensor, texts: Sequence[Rows]) -> torch.Tensor:
    offsets = torch.from_numpy(np.cumsum([0, *map(len, texts[:-1])], dtype=np.int64))
    embedded: torch.Tensor = normalize(embedding_bag(torch.from_numpy(np.concatenate(texts)), weight, offsets, mode="sum"), dim=1)
    return embedded


def _checksum(articles: Sequence[Article]) -> str:
    digest = sha256()
    for article in articles:
        digest.update(f"{article.document}\0{article.title}\0{article.text}\n".encode())
    return digest.hexdigest()
