"""How well a tagger parts messages whose questions are known, and tells the kinds of small talk apart."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rag.language.lexicon import stop_phrases
from rag.language.text import fold
from rag.question.core import core_of, spans_of, tokens_of
from rag.question.tagger import Tagger, Token
from rag.training.core_messages import Composer, Edges, gold_labels
from rag.training.core_sources import Sources, filled


def measure(sources: Sources, edges: Edges, tagger: Tagger, count: int, seed: int) -> dict[str, float]:
    """Return the shares, in per cent, of drawn messages that are parted rightly, and of small talk whose kind is."""
    composer = Composer(sources, edges, seed)
    found: Counter[str] = Counter()
    for _ in range(count):
        message = composer.message()
        tokens = tokens_of(message.text)
        if not tokens or not message.spans:
            continue
        gold = spans_of(message.text, tokens, gold_labels(message, tokens, edges.particles))
        got = _located(message.text, core_of(message.text, tagger).questions)
        wanted, kept = (_inside(tokens, spans) for spans in (gold, got))
        light = {at for at, token in enumerate(tokens) if _is_light(message.text[token.start : token.end])}
        both = len(wanted & kept)
        found["messages"] += 1
        found["equal"] += 2 * both >= 0.98 * (len(wanted) + len(kept))
        found["lost"] += not wanted <= kept | light
        found["cut"] += not wanted <= kept
        found["number"] += len(gold) == len(got)
        if message.wrapped:
            found["wrapped"] += 1
            found["left"] += not kept <= wanted | light
            found["over"] += not kept <= wanted
    draw = random.Random(seed)
    talk = [core_of(filled(text, sources.slots, draw), tagger).chat == kind for kind, text in sources.smalltalk]
    shares = {name: found[name] / found["messages"] for name in ("equal", "lost", "cut", "number")}
    shares |= {name: found[name] / max(found["wrapped"], 1) for name in ("left", "over")}
    shares |= {"chat": sum(talk) / max(len(talk), 1)}
    return {name: round(100 * share, 2) for name, share in shares.items()} | {"messages": found["messages"], "smalltalk": len(talk)}


@lru_cache(maxsize=65536)
def _is_light(word: str) -> bool:
    """Say whether a word carries no topic, by the list that the search uses (without marks), or is a single letter."""
    return len(word) == 1 or fold(word) in {fold(phrase[0]) for phrase in stop_phrases() if len(phrase) == 1}


def _located(text: str, questions: Iterable[str]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    at = 0
    for question in questions:
        at = text.index(question, at)
        spans.append((at, at + len(question)))
        at += len(question)
    return spans


def _inside(tokens: Sequence[Token], spans: Iterable[tuple[int, int]]) -> set[int]:
    """The words and numbers within ``spans``."""
    held = list(spans)
    return {at for at, token in enumerate(tokens) if token.says and any(start <= token.start < end for start, end in held)}
