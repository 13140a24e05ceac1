"""Composed messages as the learner of the core sees them (``rag.training.core``): their features, their labels, what leans where."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from rag.question.core import tokens_of
from rag.question.tagger import BITS, LEAN_BITS, Features, Token, features_of, lean_rows
from rag.training.core_messages import Composer, Edges, gold_labels
from rag.training.core_sources import Sources, filled, folded_words, in_folds

_LENGTH = 60  # tokens of a composed message, at most


@dataclass(frozen=True, slots=True)
class Training:
    """Settings; ``lost`` and ``left`` are the margins of a question's token taken away and of a wrapping's token kept."""

    questions: int = 12500
    messages: int = 70000
    epochs: int = 3
    batch: int = 256
    rate: float = 0.1
    dropped: float = 0.4  # of the features, in every step
    unworded: float = 0.3  # of the messages lose all features that know words
    unheard: float = 0.06
    kept: int = 40000
    folds: int = 5
    lost: float = 3.0
    left: float = 1.0
    seed: int = 7


@dataclass(frozen=True, slots=True)
class Example:
    """A message as the learner sees it."""

    features: Features
    labels: list[int]


class Counts:
    """How many questions and how many wrappings have each word and each pair of words (by the row of their leaning)."""

    def __init__(self, sources: Sources, edges: Edges) -> None:
        draw = random.Random(0)
        asked = {piece for question in sources.questions for piece, asks in edges.pieces(question) if asks}
        around = {" ".join(folded_words(text)) or text: text for pair in sources.wrappings for text in pair if text}
        around |= {text: text for _, text in sources.smalltalk}
        self._sizes = [len(asked), len(around)]
        self._asked = [np.zeros(2**bits) for bits in LEAN_BITS]
        self._around = [np.zeros(2**bits) for bits in LEAN_BITS]
        for question in asked:
            self._add(self._asked, [question])
        for text in around.values():
            self._add(self._around, [filled(text, sources.slots, draw) for _ in range(10 if "{" in text else 1)])

    @staticmethod
    def _add(counts: list[np.ndarray], texts: Iterable[str]) -> None:
        rows = [lean_rows(tokens) for text in texts if (tokens := tokens_of(text))]
        for at, count in enumerate(counts):
            count[np.unique(np.concatenate([each[at] for each in rows] or [np.zeros(0, np.int64)]))] += 1

    def leans(self, tokens: Sequence[Token]) -> list[np.ndarray]:
        """Return the leanings of the tokens and of the pairs that they begin."""
        return [self._lean(self._asked[at][row], self._around[at][row]) for at, row in enumerate(lean_rows(tokens))]

    def all_leans(self) -> list[np.ndarray]:
        """Return the leanings of all words and of all pairs."""
        return [self._lean(asked, around) for asked, around in zip(self._asked, self._around, strict=True)]

    def _lean(self, asked: np.ndarray, around: np.ndarray) -> np.ndarray:
        odds = np.log((asked + 0.5) / (self._sizes[0] + 1)) - np.log((around + 0.5) / (self._sizes[1] + 1))
        return np.where(asked + around > 0, np.clip(np.rint(1.2 * odds), -4, 4), 0).astype(np.int8)


def examples_of(sources: Sources, edges: Edges, training: Training) -> list[Example]:
    """Draw messages, each as the learner sees it; a share of their words gives way to words that never come again.

    A message is drawn from one fold of the sources, and its leanings are counted in the others: as in use, where what
    people write was not counted.
    """
    draw = random.Random(training.seed)
    examples: list[Example] = []
    for fold_number, (inside, others) in enumerate(in_folds(sources, training.folds, training.seed), 1):
        composer = Composer(inside, edges, training.seed + fold_number)
        counts = Counts(others, edges)
        while len(examples) < training.messages * fold_number // training.folds:
            message = composer.message()
            tokens = tokens_of(message.text)
            if 0 < len(tokens) <= _LENGTH:
                labels = gold_labels(message, tokens, edges.particles)
                rare = training.unheard * draw.choice((0, 0, 3))
                told = [
                    token._replace(code=draw.getrandbits(32)) if token.sort == "word" and draw.random() < rare else token
                    for token in tokens
                ]
                examples.append(Example(features_of(message.text, told, counts.leans(told)), labels))
    return examples


def commonest(examples: list[Example], count: int) -> np.ndarray:
    """Return the ``count`` rows of features that stand in most examples, in order."""
    seen = np.zeros(2**BITS, dtype=np.int64)
    for example in examples:
        seen[np.unique(example.features.rows)] += 1
        seen[np.unique(example.features.bags)] += 1
    return np.sort(np.argsort(-seen, kind="stable")[:count])
