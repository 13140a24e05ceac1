"""Learns the core of a message (``rag.question.core``) from questions and from what people write around them.

Messages are composed (``rag.training.core_messages``), so that their labels are known; a linear-chain conditional random field
(Lafferty et al. 2001) is fitted to them with torch, its margin larger for what would be lost of a question. A fifth of
the wrappings, of the small talk and of the question writers are first kept out to measure; what ships has seen all.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag.language.text import strip_marks
from rag.question.core import tokens_of
from rag.question.tagger import (
    BAGS,
    BITS,
    INSIDE,
    KIND_BITS,
    MESSAGE_KINDS,
    OUTSIDE,
    WORDED,
    kind_rows,
    pools_of,
    tagger_of,
)
from rag.training.core_examples import Counts, Example, Training, commonest, examples_of
from rag.training.core_measuring import measure
from rag.training.core_messages import EMOJI, Edges
from rag.training.core_sources import (
    Sources,
    filled,
    is_one,
    parted,
    read_lines,
    read_questions,
    read_slots,
    spelt_out,
)

if TYPE_CHECKING:
    import torch


def _fit_labels(examples: list[Example], rows: np.ndarray, training: Training, say: Callable[[str], None]) -> tuple[np.ndarray, np.ndarray]:
    """Return the weights of rows and of steps."""
    import torch

    torch.manual_seed(training.seed)
    examples = sorted(examples, key=lambda example: len(example.labels))
    batches = [examples[at : at + training.batch] for at in range(0, len(examples), training.batch)]
    weights = torch.zeros(len(rows) + 1, 3, requires_grad=True)  # the last row: a feature that is rare or dropped
    place = torch.full((2**BITS,), len(rows))
    place[torch.from_numpy(rows)] = torch.arange(len(rows))
    steps = torch.zeros(3, 3, requires_grad=True)
    optimizer = torch.optim.Adagrad([weights, steps], lr=training.rate)
    total = training.epochs * len(batches)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.02, total)
    order = random.Random(training.seed)
    for epoch in range(training.epochs):
        order.shuffle(batches)
        losses = 0.0
        for batch in batches:
            loss = _loss(batch, place, weights, steps, training)
            losses += float(loss.detach())
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
        say(f"  epoch {epoch + 1}: loss {losses / len(batches):.3f}")
    return weights.detach().numpy()[:-1], steps.detach().numpy()


def _loss(batch: list[Example], place: torch.Tensor, weights: torch.Tensor, steps: torch.Tensor, training: Training) -> torch.Tensor:
    """The mean negative log likelihood of the labels, wrong ones made likelier by their margin (Gimpel and Smith 2010)."""
    import torch

    longest = max(len(example.labels) for example in batch)
    flat, bags = _dropped(batch, place, len(weights) - 1, training)
    kept = 1 - training.dropped
    sums = torch.nn.functional.embedding_bag(flat, weights, mode="sum", padding_idx=len(weights) - 1) / kept
    bagged = torch.nn.functional.embedding(bags, weights, padding_idx=len(weights) - 1).sum(dim=2).flatten(1) / kept
    gold = torch.zeros(len(batch), longest, dtype=torch.long)
    there = torch.zeros(len(batch), longest, dtype=torch.bool)
    for at, example in enumerate(batch):
        gold[at, : len(example.labels)] = torch.tensor(example.labels)
        there[at, : len(example.labels)] = True
    own = torch.zeros(len(batch), longest, 3).masked_scatter(there[:, :, None], sums)
    pools = torch.zeros(len(batch), BAGS, longest, longest)
    for at, example in enumerate(batch):
        size = len(example.labels)
        pools[at, :, :size, :size] = torch.from_numpy(pools_of(example.features.sentence, example.features.clause))
    spread = torch.zeros(len(batch), longest, 3 * BAGS).masked_scatter(there[:, :, None], bagged)
    own = own + (pools @ spread.view(len(batch), longest, BAGS, 3).transpose(1, 2)).sum(dim=1)
    margins = torch.tensor([[0.0, training.left, training.left], [training.lost, 0.0, 0.5], [training.lost, 0.5, 0.0]])
    scores = own + margins[gold]
    forbidden = torch.zeros(3, 3)
    forbidden[OUTSIDE, INSIDE] = -1e4
    moves = steps + forbidden
    right = own.gather(2, gold[:, :, None]).squeeze(2)
    reached = right[:, 0]
    best = scores[:, 0] + torch.tensor([0.0, 0.0, -1e4])
    for at in range(1, longest):
        here = there[:, at]
        following = torch.logsumexp(best[:, :, None] + moves[None], dim=1) + scores[:, at]
        best = torch.where(here[:, None], following, best)
        reached = reached + torch.where(here, right[:, at] + moves[gold[:, at - 1], gold[:, at]], torch.zeros(()))
    return (torch.logsumexp(best, dim=1) - reached).mean()


def _dropped(batch: list[Example], place: torch.Tensor, nowhere: int, training: Training) -> tuple[torch.Tensor, torch.Tensor]:
    """The places of the features; some lost by chance, and in some messages all that know words: new wrappings have new ones."""
    import torch

    lengths = torch.tensor([len(example.labels) for example in batch])
    unworded = (torch.rand(len(batch)) < training.unworded).repeat_interleave(lengths)
    flat = torch.from_numpy(np.concatenate([example.features.rows for example in batch]).astype(np.int64))
    bags = torch.from_numpy(np.concatenate([example.features.bags for example in batch]).astype(np.int64))
    flat = place[flat].masked_fill(unworded[:, None] & torch.tensor(WORDED), nowhere)
    bags = place[bags].masked_fill(unworded[:, None, None], nowhere)
    return tuple(rows.masked_fill(torch.rand(rows.shape) < training.dropped, nowhere) for rows in (flat, bags))  # type: ignore[return-value]


def _fit_kinds(sources: Sources, seed: int) -> np.ndarray:
    """Return the weights of kinds: logistic regression on small talk in many spellings, and on questions."""
    import torch

    torch.manual_seed(seed)
    draw = random.Random(seed)
    texts = [(MESSAGE_KINDS.index(kind), text) for kind, text in sources.smalltalk for _ in range(12)]
    texts += [(MESSAGE_KINDS.index("other"), question) for question in draw.sample(sources.questions, min(4000, len(sources.questions)))]
    samples = [(kind, _respelt(filled(text, sources.slots, draw), draw)) for kind, text in texts]
    rows = [kind_rows(text, tokens_of(text)) for _, text in samples]
    gold = torch.tensor([kind for kind, _ in samples])
    offsets = torch.tensor(np.cumsum([0, *map(len, rows[:-1])]))
    flat = torch.from_numpy(np.concatenate(rows).astype(np.int64))
    weights = torch.zeros(2**KIND_BITS, len(MESSAGE_KINDS), requires_grad=True)
    optimizer = torch.optim.Adam([weights], lr=0.3)
    for _ in range(120):
        scores = torch.nn.functional.embedding_bag(flat, weights, offsets, mode="mean")
        loss = torch.nn.functional.cross_entropy(scores, gold) + 2e-6 * (weights**2).sum()
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return weights.detach().numpy()


def _respelt(text: str, draw: random.Random) -> str:
    if draw.random() < 0.4:
        text = strip_marks(text)
    text = draw.choice((text, text, text.lower(), text.upper(), text.rstrip("?!. "), f"{text} {draw.choice(EMOJI)}"))
    return text or "."


def learn(sources: Sources, edges: Edges, training: Training, say: Callable[[str], None]) -> dict[str, np.ndarray]:
    """Return the arrays of ``core.npz``: for the labels, of the ``kept`` commonest rows."""
    examples = examples_of(sources, edges, training)
    rows = commonest(examples, training.kept)
    weights, steps = _fit_labels(examples, rows, training, say)
    gaps = np.diff(rows, prepend=0)
    stored: dict[str, np.ndarray] = {"steps": steps.astype(np.float32), "gaps": gaps.astype(np.uint16)}
    stored["word_leans"], stored["pair_leans"] = Counts(sources, edges).all_leans()
    for name, array in (("label", weights), ("kind", _fit_kinds(sources, training.seed))):
        units = np.maximum(np.abs(array).max(axis=0), 1e-6) / 127
        stored[f"{name}s"] = np.rint(array / units).astype(np.int8)
        stored[f"{name}_units"] = units.astype(np.float32)
    return stored


def learn_core(folder: Path, into: Path, training: Training, say: Callable[[str], None]) -> dict[str, dict[str, float]]:
    """Learn from the files in ``folder``, measure on what is kept out, learn again from all, and write ``core.npz`` and its figures."""
    wrappings, smalltalk = read_lines(folder / "wrappings.tsv"), read_lines(folder / "smalltalk.tsv")
    written = [(writer, question) for writer, question in read_questions(folder) if is_one(question)]
    random.Random(training.seed).shuffle(written)
    slots = read_slots(folder / "wrapping_words.tsv")
    edges = Edges(spelt_out(wrappings, slots), [question for _, question in written])
    everything = Sources([question for _, question in written][: training.questions], wrappings, smalltalk, slots)
    seen, unseen = parted(everything, written, training.seed)
    known = Sources(unseen.questions, seen.wrappings, unseen.smalltalk, slots)
    tagger = tagger_of(learn(seen, edges, training, say))
    figures = {
        "new writers, new wrappings": measure(unseen, edges, tagger, 4000, training.seed + 1),
        "new writers, known wrappings": measure(known, edges, tagger, 4000, training.seed + 1),
    }
    say(json.dumps(figures, indent=1))
    stored = learn(everything, edges, training, say)
    np.savez_compressed(into / "core.npz", **stored)  # type: ignore[arg-type]
    told = {"training": asdict(training), "held_out": figures, "wrappings": len(wrappings), "smalltalk": len(smalltalk)}
    (into / "core.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return figures


def main() -> None:
    """``python -m rag.training.core [questions folder]``, by default that of the corpus; writes into ``rag/data``."""
    here = Path(__file__).resolve().parents[2]
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else here / "corpus" / "questions"
    learn_core(folder, here / "rag" / "data", Training(), print)


if __name__ == "__main__":
    main()
